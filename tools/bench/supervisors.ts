import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Something that keeps one program alive. */
export interface Supervisor {
  readonly name: string;
  /** It only looks every so often (ms): the phase of a failure decides how long it takes, so phases are spread evenly. */
  readonly cycleMs?: number;
  /** Why it cannot be measured here; undefined when it can. */
  missing(): string | undefined;
  /** Keeps `command` (argv, absolute paths, no blanks) running; what it writes is below `directory`, which is its own. */
  start(command: readonly string[], directory: string): Promise<RunningSupervisor>;
}

export interface RunningSupervisor {
  /** Ends the supervisor, and the program as far as the supervisor does that. */
  end(): Promise<void>;
}

/** The floor: a Node process that spawns when told of the exit, and does nothing else (respawn.ts). */
export const nodeFloor: Supervisor = {
  name: 'node',
  missing: () => undefined,
  start: (command) => startProcess(process.execPath, [ownProgram('respawn'), ...command]),
};

/** Process supervisors as their users run them: with default timing, by the configuration that each is known for. */
export const peerSupervisors: readonly Supervisor[] = [
  {
    name: 'pm2',
    missing: () => undefined,
    start: (command, directory) => startProcess(process.execPath, [ownProgram('pm2-peer'), directory, ...command]),
  },
  fromPath('runit', 'runsv', (command, directory) => [writeRunScript(directory, command)]),
  fromPath('s6', 's6-supervise', (command, directory) => [writeRunScript(directory, command)]),
  fromPath('supervisord', 'supervisord', (command, directory) => {
    const file = join(directory, 'supervisord.conf');
    writeFileSync(file, supervisordConfiguration(command, directory));
    return ['-n', '-c', file];
  }),
  {
    ...fromPath('monit', 'monit', (command, directory) => {
      const file = join(directory, 'monitrc');
      // monit refuses a control file that others may read.
      writeFileSync(file, monitConfiguration(command, directory), { mode: 0o600 });
      return ['-I', '-c', file];
    }),
    cycleMs: 10_000,
  },
];

function fromPath(
  name: string,
  program: string,
  prepare: (command: readonly string[], directory: string) => readonly string[],
): Supervisor {
  return {
    name,
    missing: () => (isOnPath(program) ? undefined : `${program} is not installed`),
    start: (command, directory) => startProcess(program, prepare(command, directory)),
  };
}

/** The service directory of the daemontools family. */
function writeRunScript(directory: string, command: readonly string[]): string {
  const service = join(directory, 'stamp');
  mkdirSync(service);
  writeFileSync(join(service, 'run'), `#!/bin/sh\nexec ${command.join(' ')}\n`);
  chmodSync(join(service, 'run'), 0o755);
  return service;
}

function supervisordConfiguration(command: readonly string[], directory: string): string {
  return `[supervisord]
logfile=${directory}/supervisord.log
pidfile=${directory}/supervisord.pid
childlogdir=${directory}
[program:stamp]
command=${command.join(' ')}
autorestart=true
`;
}

/** A 10 s cycle, as the monitor interval that it is compared with. */
function monitConfiguration(command: readonly string[], directory: string): string {
  const pidFile = join(directory, 'stamp.pid');
  return `set daemon 10
set logfile ${directory}/monit.log
set pidfile ${directory}/monit.pid
set idfile ${directory}/monit.id
set statefile ${directory}/monit.state
check process stamp with pidfile ${pidFile}
  start program = "/bin/sh -c '${command.join(' ')} ${pidFile} &'"
  stop program = "/bin/sh -c 'kill $(cat ${pidFile})'"
`;
}

function ownProgram(name: string): string {
  return join(import.meta.dirname, `${name}.js`);
}

const endPatienceMs = 10_000;

async function startProcess(program: string, args: readonly string[]): Promise<RunningSupervisor> {
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  await once(child, 'spawn');
  return { end: () => endProcess(child) };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), endPatienceMs);
  child.kill('SIGTERM');
  await once(child, 'exit');
  clearTimeout(timer);
}

export function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
