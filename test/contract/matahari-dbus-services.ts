import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DialectTraits, ServiceError, type ServiceObject } from './matahari-dbus-dialect.js';
import {
  agentEnvironment,
  listDirectory,
  type RunningScript,
  readMetadata,
  runScript,
  type ScriptedMachine,
} from './matahari-scripted-machine.js';

type Methods = ServiceObject['methods'];

export function servicesMethods(machine: ScriptedMachine, traits: DialectTraits): { readonly methods: Methods } {
  const { errors, isComplete, unsigned } = traits;
  const script = (name: string) => join(machine.files.initDirectory, name);
  const act = (action: string) => ({
    in: [
      ['name', 's'],
      ['timeout', unsigned],
    ] as const,
    out: [['rc', unsigned]] as const,
    run: async ([name, timeout]: [string, number]) => {
      const argv = [script(name), action] as const;
      if (isComplete) return [(await runScript(argv, {}, timeout).end).rc];
      return [await runSynchronously(argv, timeout)];
    },
  });
  const setEnabled = (isEnabled: boolean) => ({
    in: [['name', 's']] as const,
    out: [['rc', unsigned]] as const,
    run: ([name]: [string]) => {
      if (isEnabled) machine.enabled.add(name);
      else machine.enabled.delete(name);
      // The released service answers with TRUE.
      return [isComplete ? 0 : 1];
    },
  });
  const describe = {
    in: [['name', 's']] as const,
    out: [['xml', 's']] as const,
    run: ([name]: [string]) => {
      if (!isComplete) throw new ServiceError(errors.notImplemented, 'Not implemented');
      return [`<?xml version="1.0"?><resource-agent name="${name}"/>`];
    },
  };
  return {
    methods: {
      list: { in: [], out: [['agents', 'as']], run: () => [listDirectory(machine.files.initDirectory, 'files')] },
      enable: setEnabled(true),
      disable: setEnabled(false),
      start: act('start'),
      stop: act('stop'),
      status: act('status'),
      describe,
    },
  };
}

/** services_os_action_execute: looks once a second, and has the code 0 for what it ended. */
async function runSynchronously(argv: readonly [string, string], timeoutMs: number): Promise<number> {
  const running = runScript(argv, {}, 600_000);
  let ended: number | undefined;
  void running.end.then(({ rc }) => {
    ended = rc;
  });
  for (let left = 1 + Math.floor(timeoutMs / 1000); left > 0; left -= 1) {
    if (ended !== undefined) return ended;
    if (left > 0) await delay(1000);
  }
  running.kill();
  return 0;
}

export function resourcesMethods(machine: ScriptedMachine, traits: DialectTraits) {
  const { errors, isComplete, unsigned, parameters: parametersType } = traits;
  const resourceDirectory = join(machine.files.ocfRoot, 'resource.d');
  const running = new Map<string, { readonly script: RunningScript; isCancelled: boolean }>();
  let operations = 0;
  const agentsOf = (standard: string, provider: string): readonly string[] => {
    if (standard === 'lsb') return listDirectory(machine.files.initDirectory, 'files');
    if (standard !== 'ocf') return [];
    const directory = join(resourceDirectory, provider || 'heartbeat');
    return listDirectory(resourceDirectory, 'directories').includes(provider) ? listDirectory(directory, 'files') : [];
  };
  const invoke = async ([name, standard, provider, agent, action, , parameters, timeout, , userdata]: Invoke) => {
    if (standard !== 'ocf' && standard !== 'lsb') {
      throw new ServiceError(errors.notImplemented, `${standard} is not a known resource standard`);
    }
    const sequence = ++operations;
    const program =
      standard === 'lsb' ? join(machine.files.initDirectory, agent) : join(resourceDirectory, provider, agent);
    const script = runScript([program, action], agentEnvironment(machine, name, parameters), timeout);
    const operation = { script, isCancelled: false };
    running.set(`${name}_${action}`, operation);
    const { rc } = await script.end;
    running.delete(`${name}_${action}`);
    return [operation.isCancelled ? 197 : rc, sequence, userdata];
  };
  const methods: Methods = {
    list_standards: { in: [], out: [['standards', 'as']], run: () => [['ocf', 'lsb']] },
    list_providers: {
      in: [['standard', 's']],
      out: [['providers', 'as']],
      run: ([standard]: [string]) => [standard === 'ocf' ? listDirectory(resourceDirectory, 'directories') : []],
    },
    list: {
      in: [
        ['standard', 's'],
        ['provider', 's'],
      ],
      out: [['agents', 'as']],
      run: ([standard, provider]: [string, string]) => [agentsOf(standard, provider)],
    },
    describe: {
      in: [
        ['standard', 's'],
        ['provider', 's'],
        ['agent', 's'],
      ],
      out: [['xml', 's']],
      run: ([, provider, agent]: [string, string, string]) => {
        if (!isComplete) throw new ServiceError(errors.notImplemented, 'Not implemented');
        return [readMetadata(machine, provider, agent)];
      },
    },
    invoke: {
      in: [
        ['name', 's'],
        ['standard', 's'],
        ['provider', 's'],
        ['agent', 's'],
        ['action', 's'],
        ['interval', unsigned],
        ['parameters', parametersType],
        ['timeout', unsigned],
        ['expected-rc', unsigned],
        ['userdata_in', 's'],
      ],
      out: [
        ['rc', unsigned],
        ['sequence', unsigned],
        ['userdata_out', 's'],
      ],
      run: invoke,
    },
    cancel: {
      in: [
        ['name', 's'],
        ['action', 's'],
        ['interval', unsigned],
        ['timeout', unsigned],
      ],
      out: [],
      run: ([name, action]: [string, string]) => {
        const operation = isComplete ? running.get(`${name}_${action}`) : undefined;
        if (operation === undefined) return [];
        operation.isCancelled = true;
        operation.script.kill();
        return [];
      },
    },
    fail: {
      in: [
        ['name', 's'],
        ['rc', unsigned],
      ],
      out: [],
      run: () => {
        if (!isComplete) throw new ServiceError(errors.notImplemented, 'Not implemented');
        return [];
      },
    },
  };
  const close = (): void => {
    for (const { script } of running.values()) script.kill();
  };
  return { methods, close };
}

type Invoke = readonly [
  name: string,
  standard: string,
  provider: string,
  agent: string,
  action: string,
  interval: number,
  parameters: Readonly<Record<string, string>>,
  timeout: number,
  expectedRc: number,
  userdata: string,
];
