/**
 * A booted Debian 12 for tests: systemd 252 as PID 1, D-Bus, and real software with units, init scripts and resource
 * agents, in a container of systemd-nspawn. It shares the machine's network, so a server of the test is reachable at
 * 127.0.0.1; its file system is thrown away with it. The checkout is at `checkoutInside`, read-only, and `node` runs.
 *
 * A test that shall run inside is a file `inside/NAME.test.ts`; booted.test.ts boots one machine and runs them all in
 * it, each in a unit of its own. One alone, with its output as it comes: `node dist/test/booted/run-inside.js FILE...`
 * where FILE is the compiled test (`dist/test/booted/inside/NAME.test.js`, or that of another out dir). It may start
 * what it likes: what it leaves running ends with its unit, but it is one of several in its machine. A file
 * `inside/NAME.private-network.test.ts` has a network of its own, with nothing in it but `lo`, to do with as it likes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join, relative } from 'node:path';
import { isRunning, readProcess } from '../../agent/executors/process-table.js';
import { packageRoot } from '../../launcher/package-root.js';
import { machineCgroup } from './machine-cgroup.js';
import { insiders, isInside, killQuietly, namespacePids, readQuietly } from './machine-processes.js';

export interface BootOptions {
  /** Host name inside, and part of the machine's name outside. */
  readonly name?: string;
  /** Credentials for units (systemd.exec(5), LoadCredential). */
  readonly credentials?: Readonly<Record<string, string>>;
  /** Files and directories outside by where they are inside from the first moment on, read-only. */
  readonly mounts?: Readonly<Record<string, string>>;
}

export interface RunOptions {
  /** Beyond PATH, HOME and LANG: nothing of this process' own environment comes along. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input?: string | Uint8Array;
  /** After it everything of the command is killed, and `run` rejects. */
  readonly timeoutMs?: number;
}

export interface CommandEnd {
  /** Exit code; 128 and the signal's number when one ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BootedMachine {
  readonly name: string;
  /** Pid of its PID 1 outside. */
  readonly leader: number;
  /** Runs a program inside to its end. */
  readonly run: (argv: readonly string[], options?: RunOptions) => Promise<CommandEnd>;
  /** `run`, but rejects with all that was said when the exit code is not 0; returns standard output. */
  readonly mustRun: (argv: readonly string[], options?: RunOptions) => Promise<string>;
  /**
   * Starts a program inside. The child is its parent outside and leads a process group of all of it:
   * `process.kill(-child.pid, signal)` reaches it. What still runs when the machine ends goes with it.
   */
  readonly spawn: (
    argv: readonly string[],
    environment?: Readonly<Record<string, string>>,
    stdio?: 'inherit' | 'pipe',
  ) => ChildProcess;
  /** With the directories above it. `mode` is octal text. */
  readonly writeFile: (path: string, content: string | Uint8Array, mode?: string) => Promise<void>;
  /** The pid outside of a process inside; undefined when there is none. */
  readonly pidOutside: (inside: number) => number | undefined;
  /** The pid inside of a process outside; undefined when it is not in the machine. */
  readonly pidInside: (outside: number) => number | undefined;
  /** The last of what was written to its console. */
  readonly console: () => string;
  /** The last lines of its journal; never rejects. */
  readonly journal: (lines?: number) => Promise<string>;
  /** Powers it off and removes every trace of it. Rejects when something cannot be removed. May be called twice. */
  readonly end: () => Promise<void>;
}

/** Where the checkout is inside. */
export const checkoutInside = '/opt/cpe';

const bootDeadlineMs = 60_000;
const stopDeadlineMs = 20_000;
const pollMs = 20;
const environmentInside = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};
/** Below the machine's own group: where the programs of `run` and `spawn` are. */
const commandsGroup = 'payload/commands';

/** Why no machine can be booted here; undefined when one should boot. */
export function explainNoMachine(): string | undefined {
  if (process.platform !== 'linux') return 'systemd-nspawn needs Linux';
  if (process.getuid?.() !== 0) return 'only root can boot a machine with systemd-nspawn: run the tests as root';
  return undefined;
}

/** A path below the checkout, as it is called inside. */
export function pathInside(path: string): string {
  const below = relative(packageRoot(), path);
  if (below.startsWith('..')) throw new Error(`${path} is not below the checkout, nothing else is mounted`);
  return join(checkoutInside, below);
}

/**
 * Builds the tree if it is not there yet (a minute), boots it, and resolves when every unit has started (a second).
 * Rejects with what the machine wrote when that does not happen, and leaves nothing behind then.
 */
export async function bootMachine(options: BootOptions = {}): Promise<BootedMachine> {
  const { name = 'booted', credentials = {}, mounts = {} } = options;
  const obstacle = explainNoMachine();
  if (obstacle !== undefined) throw new Error(obstacle);
  const tree = await bootedTree();
  // Pids would not do: others that boot machines here may be in another PID namespace.
  const machine = `${name}-${randomUUID().slice(0, 8)}`;
  const cgroup = machineCgroup(machine);
  const container = spawnInCgroup(cgroup.directories, nspawnCommand({ tree, machine, name, credentials, mounts }));
  const exited = once(container, 'exit');
  const console = consoleTail(container);

  let isEnding: Promise<void> | undefined;
  const end = () => {
    isEnding ??= (async () => {
      if (container.exitCode === null && container.signalCode === null) {
        // The shutdown inside stops every process before it kills it, and nsenter stops itself with its child: it would
        // not see its end, and the shutdown would wait for that.
        for (const pid of cgroup.processes(commandsGroup)) if (namespacePids(pid).length > 1) killQuietly(pid);
        container.kill('SIGTERM');
        await within(stopDeadlineMs, exited);
      }
      await cgroup.remove();
      await within(stopDeadlineMs, exited);
      rmSync(join('/run/systemd/nspawn/propagate', machine), { recursive: true, force: true });
    })();
    return isEnding;
  };

  try {
    const leader = await awaitLeader(container, exited);
    const inside = commandsInside(leader, cgroup.directories);
    await awaitBoot(inside, exited);
    return { name: machine, leader, ...inside, console, end };
  } catch (error) {
    await end().catch(() => undefined);
    throw new Error(`the machine did not boot: ${error instanceof Error ? error.message : error}\n${console()}`);
  }
}

async function bootedTree(): Promise<string> {
  const script = join(packageRoot(), 'tools/setup/booted-tree.sh');
  const child = spawn(script, [], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [path, problems] = ['', ''];
  child.stdout.on('data', (chunk) => {
    path += chunk;
  });
  child.stderr.on('data', (chunk) => {
    problems += chunk;
    process.stderr.write(chunk);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(problems.trim() || `${script} ended with ${code}`);
  return path.trim();
}

interface Container {
  readonly tree: string;
  readonly machine: string;
  readonly name: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly mounts: Readonly<Record<string, string>>;
}

function nspawnCommand({ tree, machine, name, credentials, mounts }: Container): readonly string[] {
  return [
    ...['systemd-nspawn', '--quiet', '--boot', '--register=no', '--keep-unit'],
    // So that one of its units may have a network of its own to change.
    '--capability=CAP_NET_ADMIN',
    ...['--volatile=overlay', '--console=read-only', '--link-journal=no', '--resolv-conf=copy-host'],
    ...[`--machine=${machine}`, `--hostname=${name}`, `--directory=${tree}`],
    `--bind-ro=${process.execPath}:/usr/bin/node`,
    `--bind-ro=${packageRoot()}:${checkoutInside}`,
    ...Object.entries(mounts).map(([inside, outside]) => `--bind-ro=${outside}:${inside}`),
    ...Object.entries(credentials).map(([id, value]) => `--set-credential=${id}:${value}`),
  ];
}

/** Starts a program that is in the groups before its first instruction. */
function spawnInCgroup(directories: readonly string[], argv: readonly string[]): ChildProcess {
  const script = 'for group in $1; do echo $$ >"$group/cgroup.procs" || exit; done; shift; exec "$@"';
  return spawn('/bin/sh', ['-c', script, 'sh', directories.join(' '), ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Several machines of one tree: none writes into it.
    env: { PATH: environmentInside.PATH, SYSTEMD_NSPAWN_LOCK: '0', SYSTEMD_COLORS: '0' },
  });
}

function consoleTail(container: ChildProcess): () => string {
  let text = '';
  const push = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-8000);
  };
  container.stdout?.on('data', push);
  container.stderr?.on('data', push);
  return () => text;
}

/** PID 1 of the machine is the one child of nspawn that has that number in a namespace below ours. */
async function awaitLeader(container: ChildProcess, exited: Promise<unknown>): Promise<number> {
  const { pid } = container;
  if (pid === undefined) throw new Error('systemd-nspawn could not be started');
  return poll('PID 1 of the machine', exited, async () => {
    const children = readQuietly(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
    return children.find((child) => {
      const pids = namespacePids(child);
      return pids.length > 1 && pids.at(-1) === 1 && /systemd|init/.test(readQuietly(`/proc/${child}/comm`));
    });
  });
}

async function awaitBoot({ run }: Pick<BootedMachine, 'run'>, exited: Promise<unknown>): Promise<void> {
  const state = await poll('the end of the boot', exited, async () => {
    const { stdout } = await run(['systemctl', 'is-system-running', '--wait']);
    return ['running', 'degraded'].find((word) => stdout.trim() === word);
  });
  if (state === 'degraded') {
    const { stdout } = await run(['systemctl', '--failed', '--no-pager', '--no-legend', '--plain']);
    throw new Error(`units failed: ${stdout.trim()}`);
  }
}

type Inside = Omit<BootedMachine, 'name' | 'leader' | 'console' | 'end'>;

function commandsInside(leader: number, groups: readonly string[]): Inside {
  const identity = { pid: leader, startTime: readProcess(leader)?.startTime ?? 0 };
  // A leaf beside systemd's own groups: there may be no processes in a group with groups (cgroups(7)).
  const leaves = groups.map((group) => join(group, commandsGroup));

  const start: BootedMachine['spawn'] = (argv, environment = {}, stdio = 'pipe') => {
    if (!isRunning(identity)) throw new Error('the machine has ended');
    for (const leaf of leaves) mkdirSync(leaf, { recursive: true });
    const script = 'for group in $1; do echo $$ >"$group/cgroup.procs" || exit; done; shift; exec nsenter "$@"';
    const options = ['--target', String(leader), '--all', '--wdns=/', '--'];
    return spawn('/bin/sh', ['-c', script, 'sh', leaves.join(' '), ...options, ...argv], {
      detached: true,
      stdio: ['pipe', stdio, stdio],
      env: { ...environmentInside, ...environment },
    });
  };

  const run: BootedMachine['run'] = async (argv, { environment, input, timeoutMs = 120_000 } = {}) => {
    const child = start(argv, environment);
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
        output[stream] += chunk;
      });
    }
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      if (child.pid !== undefined) killQuietly(-child.pid);
    }, timeoutMs);
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    if (isLate) throw new Error(`${argv.join(' ')}: not done in ${timeoutMs} ms\n${output.stdout}${output.stderr}`);
    return { code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]), ...output };
  };

  const mustRun: BootedMachine['mustRun'] = async (argv, options) => {
    const { code, stdout, stderr } = await run(argv, options);
    if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}\n${stdout}${stderr}`);
    return stdout;
  };

  return {
    spawn: start,
    run,
    mustRun,
    async writeFile(path, content, mode = '644') {
      const script = 'mkdir -p "$(dirname "$1")" && cat >"$1" && chmod "$2" "$1"';
      await mustRun(['sh', '-c', script, 'sh', path, mode], { input: content });
    },
    pidOutside: (inside) => insiders(leader).find((pid) => namespacePids(pid).at(-1) === inside),
    pidInside: (outside) => (isInside(outside, leader) ? namespacePids(outside).at(-1) : undefined),
    async journal(lines = 200) {
      try {
        return (await run(['journalctl', '--no-pager', '--quiet', `--lines=${lines}`])).stdout;
      } catch (error) {
        return `(no journal: ${error instanceof Error ? error.message : error})`;
      }
    },
  };
}

/** Looks again until there is something; rejects when `exited` has settled or the boot's time is up. */
async function poll<T>(what: string, exited: Promise<unknown>, probe: () => Promise<T | undefined>): Promise<T> {
  let hasExited = false;
  void exited.then(() => {
    hasExited = true;
  });
  const deadline = performance.now() + bootDeadlineMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (hasExited) throw new Error(`systemd-nspawn ended before ${what} was seen`);
    if (performance.now() > deadline) throw new Error(`in ${bootDeadlineMs} ms not seen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function within(ms: number, settled: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([settled, late]);
  clearTimeout(timer);
}
