import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { accessSync, appendFileSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { cpus, machine as hardwareName, hostname, release, type } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContractMachine } from './matahari-machine.js';

/**
 * A machine for Matahari's services to show: init scripts and resource agents are real files and processes; interfaces,
 * power profiles, uuids and configuration are kept here, and stay when a service is started again.
 */
export interface ScriptedMachine {
  readonly files: ContractMachine;
  readonly uuids: { readonly filesystem: string; readonly hardware: string; readonly reboot: string; custom: string };
  readonly profiles: readonly string[];
  profile: string;
  readonly interfaces: Map<string, ScriptedInterface>;
  readonly enabled: Set<string>;
  /** Results by key. */
  readonly keys: Map<string, string>;
  postbootConfigured: number;
  /** What a text of `count` adds a line to. */
  readonly counted: string;
  readonly orders: string[];
}

export interface ScriptedInterface {
  isUp: boolean;
  readonly address: string;
  readonly mac: string;
}

export interface ScriptedOptions {
  readonly profiles?: readonly string[];
  readonly hardware?: string;
}

export function scriptedMachine(files: ContractMachine, { profiles = [], hardware = '' }: ScriptedOptions = {}) {
  const machine: ScriptedMachine = {
    files,
    uuids: { filesystem: randomUUID().replaceAll('-', ''), hardware, reboot: randomUUID(), custom: '' },
    profiles,
    profile: 'unknown',
    interfaces: new Map([
      ['lo', { isUp: true, address: '127.0.0.1', mac: '00:00:00:00:00:00' }],
      ['test0', { isUp: true, address: '192.0.2.5', mac: '02:00:5E:AB:CD:EF' }],
      ['bare0', { isUp: false, address: '0.0.0.0', mac: '02:00:5E:00:00:01' }],
    ]),
    enabled: new Set(),
    keys: new Map(),
    postbootConfigured: 0,
    counted: join(files.directory, 'counted'),
    orders: [],
  };
  return machine;
}

export interface ScriptEnd {
  readonly rc: number;
  readonly isTimeout: boolean;
}

export interface RunningScript {
  readonly end: Promise<ScriptEnd>;
  /** With all its processes. */
  kill(): void;
}

/** A program in a process group of its own, which ends after its time. */
export function runScript(
  argv: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): RunningScript {
  const [program, ...args] = argv;
  const child = spawn(program, args, { detached: true, stdio: 'ignore', env: { PATH: process.env.PATH, ...env } });
  let isTimeout = false;
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  const timer = setTimeout(() => {
    isTimeout = true;
    kill();
  }, timeoutMs);
  const end = once(child, 'exit').then(
    ([code, signal]: unknown[]): ScriptEnd => ({
      rc: isTimeout ? 198 : typeof code === 'number' ? code : signal === null ? 199 : 194,
      isTimeout,
    }),
    (): ScriptEnd => ({ rc: 5, isTimeout: false }),
  );
  void end.then(() => clearTimeout(timer));
  return { end, kill };
}

export function agentEnvironment(machine: ScriptedMachine, name: string, parameters: Readonly<Record<string, string>>) {
  const environment: Record<string, string> = {
    OCF_ROOT: machine.files.ocfRoot,
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '0',
    OCF_RESOURCE_INSTANCE: name,
  };
  for (const [key, value] of Object.entries(parameters)) environment[`OCF_RESKEY_${key}`] = value;
  return environment;
}

/** Executable files, or directories, without hidden ones. */
export function listDirectory(path: string, what: 'files' | 'directories'): readonly string[] {
  return readdirSync(path).filter((name) => {
    const at = join(path, name);
    if (name.startsWith('.')) return false;
    if (what === 'directories') return statSync(at).isDirectory();
    try {
      accessSync(at, constants.X_OK);
      return statSync(at).isFile();
    } catch {
      return false;
    }
  });
}

/** The result of a configuration text: `count` and `fail CODE` are all that it may say. */
export function configure(machine: ScriptedMachine, scheme: string, text: string): string {
  if (text === 'count') {
    appendFileSync(machine.counted, 'run\n');
    return scheme === 'augeas' ? 'OK\n/files/counted = more' : 'OK';
  }
  const code = /^fail (-?[0-9]+)$/.exec(text)?.[1] ?? '1';
  return scheme === 'augeas' ? `FAILED\n${code}\nno such command` : `FAILED\n${code}`;
}

/** Undefined when there is nothing. */
export function download(uri: string): string | undefined {
  try {
    return readFileSync(fileURLToPath(uri), 'utf8');
  } catch {
    return undefined;
  }
}

/** The machine that the tests run on, as the properties of Host tell it. */
export function hostFacts() {
  const memory = readFileSync('/proc/meminfo', 'latin1');
  const kilobytes = (key: string) => BigInt(new RegExp(`^${key}: +([0-9]+)`, 'm').exec(memory)?.[1] ?? '0');
  const cpuInfo = readFileSync('/proc/cpuinfo', 'latin1');
  const line = (key: string) => new RegExp(`^${key}\\s*: (.*)$`, 'm').exec(cpuInfo)?.[1]?.trim() ?? 'unknown';
  return {
    hostname: hostname(),
    os: `${type()} (${release()})`,
    arch: hardwareName(),
    wordsize: 64,
    memory: kilobytes('MemTotal'),
    swap: kilobytes('SwapTotal'),
    free_mem: kilobytes('MemFree'),
    free_swap: kilobytes('SwapFree'),
    cpu_count: cpus().length,
    cpu_cores: cpus().length,
    cpu_model: line('model name'),
    cpu_flags: line('flags'),
    load: Object.fromEntries(
      readFileSync('/proc/loadavg', 'latin1')
        .split(' ', 3)
        .map((average, index) => [['1', '5', '15'][index] ?? '', Number(average)]),
    ),
    process_statistics: { total: 9, idle: 1, zombie: 0, running: 2, stopped: 0, sleeping: 6 },
  };
}

/** The meta-data of an agent, as a complete service describes it. */
export function readMetadata(machine: ScriptedMachine, provider: string, agent: string): string {
  const script = readFileSync(join(machine.files.ocfRoot, 'resource.d', provider, agent), 'utf8');
  return script.slice(script.indexOf('<?xml'), script.indexOf('\nEND\n'));
}
