/** A real agent in a PID namespace of its own, as the local driver runs it, with a scripted DPE. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { agentProgram } from '../../launcher/agent-program.js';
import { findAgentPid } from '../../launcher/drivers/local/agent-process.js';
import { removeInstanceCgroup } from '../../launcher/drivers/local/instance-cgroup.js';
import type { Draft, ExecuteOperation, OperationResult } from '../../proto/messages.js';
import { orderResult, type ScriptedDpe, scriptedDpe } from './agent-scripted-dpe.js';

/** As in agent-scripted-dpe.ts. */
const instance = 'shop.web.local.1763807520123-1';

export interface AgentInstance {
  readonly dpe: ScriptedDpe;
  readonly directory: string;
  /** OCF_ROOT of the agent, with the machine's agents and those of provider `test`. */
  readonly agent: (type: string, script: string) => void;
  readonly run: (resource: string, operation: string, more?: Draft<ExecuteOperation>) => Promise<OperationResult>;
  readonly delegate: (resources: readonly string[], more?: { failures?: number; periodMs?: number }) => Promise<void>;
  /** SIGKILL; init starts the next one at once. Resolves when it runs. */
  readonly killAgent: () => Promise<void>;
  /** Pids of this machine of all processes in the instance whose command line contains the text. */
  readonly pidsOf: (text: string) => readonly number[];
  readonly log: () => string;
  readonly end: () => Promise<void>;
}

export async function startAgentInstance(): Promise<AgentInstance> {
  let directory = '';
  const ocfRoot = () => join(directory, 'ocf');
  const dpe = await scriptedDpe({
    command: (identityFile, ofTest) => {
      directory = join(ofTest, 'state');
      prepareOcfRoot(join(directory, 'ocf'));
      const root = packageRoot();
      const env = ['/usr/bin/env', `OCF_ROOT=${ocfRoot()}`];
      const agent = [process.execPath, agentProgram(), '--identity', identityFile];
      return [join(root, '.native/cpe-instance-init'), directory, ...env, ...agent];
    },
  });
  await dpe.startAgent();
  const initPid = Number(readFileSync(join(directory, 'init.pid'), 'utf8').split(' ')[0]);
  let orders = 0;
  const agentPid = () => findAgentPid(directory, initPid);

  return {
    dpe,
    directory,
    agent(type, script) {
      const path = join(ocfRoot(), 'resource.d/test', type);
      writeFileSync(path, script.startsWith('#!') ? script : `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
    },
    async run(resource, operation, more = {}) {
      orders += 1;
      const operationId = `1-again-${orders}`;
      const value = { resource: `web.${resource}`, resourceClass: 'ocf', operation, timeoutMs: 20_000, ...more };
      // An agent that is killed answers nothing: the order is repeated as a DPE does.
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await dpe.request({ kind: 'executeOperation', value }, { operationId });
        if (outcome.kind === 'reply') break;
        if (outcome.error.code !== 'deadline' || attempt === 5) throw new Error(outcome.error.message);
      }
      return dpe.until(`the result of ${operation} ${resource}`, () => orderResult(dpe.reports, operationId));
    },
    async delegate(resources, { failures = 1000, periodMs = 600_000 } = {}) {
      const timeouts = { startTimeoutMs: 20_000, stopTimeoutMs: 20_000, monitorTimeoutMs: 20_000 };
      const delegations = resources.map((name) => ({
        resource: `web.${name}`,
        failures,
        periodMs,
        ...timeouts,
      }));
      const outcome = await dpe.request({ kind: 'setDelegation', value: { delegations } });
      if (outcome.kind === 'error') throw new Error(outcome.error.message);
    },
    async killAgent() {
      const before = agentPid();
      const registrations = dpe.registrations();
      if (before !== undefined) process.kill(before, 'SIGKILL');
      await dpe.until('the next agent', () => (dpe.registrations() > registrations ? true : undefined));
    },
    pidsOf: (text) => listInstance(initPid).filter((pid) => commandLine(pid).includes(text)),
    log: () => readFileSync(join(directory, 'agent.log'), 'utf8'),
    async end() {
      process.kill(initPid, 'SIGKILL');
      await dpe.until('the end of the instance', () => (existsSync(`/proc/${initPid}/root/`) ? undefined : true));
      await removeInstanceCgroup(directory, instance);
      await dpe.close();
    },
  };
}

/** The machine's agents, and a place for the test's own. */
function prepareOcfRoot(root: string): void {
  mkdirSync(join(root, 'resource.d/test'), { recursive: true });
  for (const provider of ['heartbeat', 'pacemaker']) {
    symlinkSync(`/usr/lib/ocf/resource.d/${provider}`, join(root, 'resource.d', provider));
  }
  symlinkSync('/usr/lib/ocf/lib', join(root, 'lib'));
}

/** Everything in the PID namespace of this init. */
function listInstance(initPid: number): readonly number[] {
  const namespace = readLink(`/proc/${initPid}/ns/pid_for_children`);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && namespace !== '' && readLink(`/proc/${pid}/ns/pid`) === namespace);
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function packageRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}
