import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** argv of a program: absolute paths, no blanks. */
export type Command = readonly string[];

/** Something that keeps programs alive. */
export interface Supervisor {
  readonly name: string;
  /** It only looks every so often (ms): the phase of a failure decides how long it takes, so phases are spread evenly. */
  readonly cycleMs?: number;
  /** Why it cannot be measured here; undefined when it can. */
  missing(): string | undefined;
  /** Keeps the programs running; what it writes is below `directory`, which is its own. */
  start(commands: readonly Command[], directory: string): Promise<RunningSupervisor>;
}

export interface RunningSupervisor {
  /** Its own processes, without the programs. */
  readonly pids: readonly number[];
  /** Ends the supervisor, and the programs as far as the supervisor does that. */
  end(): Promise<void>;
}

/** The floor: a Node process that spawns when told of the exit, and does nothing else (respawn.ts). */
export const nodeFloor: Supervisor = {
  name: 'node',
  missing: () => undefined,
  start: (commands) => startProcesses(process.execPath, [[ownProgram('respawn'), JSON.stringify(commands)]]),
};

/** Process supervisors as their users run them: with default timing, by the configuration that each is known for. */
export const peerSupervisors: readonly Supervisor[] = [
  {
    name: 'pm2',
    missing: () => undefined,
    start: (commands, directory) =>
      startProcesses(process.execPath, [[ownProgram('pm2-peer'), directory, JSON.stringify(commands)]]),
  },
  // One of these per service is what runsvdir and s6-svscan start.
  fromPath('runit', 'runsv', serviceDirectories),
  fromPath('s6', 's6-supervise', serviceDirectories),
  fromPath('supervisord', 'supervisord', (commands, directory) => {
    const file = join(directory, 'supervisord.conf');
    writeFileSync(file, supervisordConfiguration(commands, directory));
    return [['-n', '-c', file]];
  }),
  {
    ...fromPath('monit', 'monit', (commands, directory) => {
      const file = join(directory, 'monitrc');
      // monit refuses a control file that others may read.
      writeFileSync(file, monitConfiguration(commands, directory), { mode: 0o600 });
      return [['-I', '-c', file]];
    }),
    cycleMs: 10_000,
  },
];

/** @param prepare writes its configuration; returns the arguments of each process of it. */
function fromPath(
  name: string,
  program: string,
  prepare: (commands: readonly Command[], directory: string) => readonly (readonly string[])[],
): Supervisor {
  return {
    name,
    missing: () => (isOnPath(program) ? undefined : `${program} is not installed`),
    start: (commands, directory) => startProcesses(program, prepare(commands, directory)),
  };
}

/** The service directories of the daemontools family. */
function serviceDirectories(commands: readonly Command[], directory: string): readonly (readonly string[])[] {
  return commands.map((command, index) => {
    const service = join(directory, `stamp-${index}`);
    mkdirSync(service);
    writeFileSync(join(service, 'run'), `#!/bin/sh\nexec ${command.join(' ')}\n`);
    chmodSync(join(service, 'run'), 0o755);
    return [service];
  });
}

function supervisordConfiguration(commands: readonly Command[], directory: string): string {
  const programs = commands.map(
    (command, index) => `[program:stamp-${index}]
command=${command.join(' ')}
autorestart=true
`,
  );
  return `[supervisord]
logfile=${directory}/supervisord.log
pidfile=${directory}/supervisord.pid
childlogdir=${directory}
minfds=4096
${programs.join('')}`;
}

/** A 10 s cycle, as the monitor interval that it is compared with. */
function monitConfiguration(commands: readonly Command[], directory: string): string {
  const checks = commands.map((command, index) => {
    const pidFile = join(directory, `stamp-${index}.pid`);
    return `check process stamp-${index} with pidfile ${pidFile}
  start program = "/bin/sh -c '${command.join(' ')} ${pidFile} &'"
  stop program = "/bin/sh -c 'kill $(cat ${pidFile})'"
`;
  });
  return `set daemon 10
set logfile ${directory}/monit.log
set pidfile ${directory}/monit.pid
set idfile ${directory}/monit.id
set statefile ${directory}/monit.state
${checks.join('')}`;
}

function ownProgram(name: string): string {
  return join(import.meta.dirname, `${name}.js`);
}

const endPatienceMs = 10_000;

async function startProcesses(
  program: string,
  argumentLists: readonly (readonly string[])[],
): Promise<RunningSupervisor> {
  const children = argumentLists.map((args) => spawn(program, args, { stdio: 'ignore', detached: true }));
  await Promise.all(children.map((child) => once(child, 'spawn')));
  return {
    pids: children.flatMap(({ pid }) => pid ?? []),
    end: async () => {
      await Promise.all(children.map(endProcess));
    },
  };
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
