/**
 * Machines on one network, as network namespaces: each has its own address, loopback and packet filter, and a cable
 * (veth) to a switch in a namespace of its own. Nothing of the test's machine is touched, and its networks do not matter.
 * Processes share the file system and the process table: give each machine a home of its own. Needs root, iproute2,
 * util-linux and iptables.
 */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface Namespaces {
  /** IPv4 address of a machine; every machine reaches every other one. */
  address(machine: string): string;
  /** The words of a command that runs `command` in there. */
  inside(machine: string, command: readonly string[]): readonly string[];
  /** Runs a program there. It is the caller's to end; `end` kills what is left. */
  spawn(machine: string, command: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Pids of everything that runs there. */
  pids(machine: string): readonly number[];
  /** From now on two machines lose every packet between them, without a word to either: connections stay open. */
  cut(one: string, other: string): void;
  /** What `from` sends to `to` is lost; the other way is open. */
  cutOneWay(from: string, to: string): void;
  /** Cuts a machine off from all others, or only from those named. */
  isolate(machine: string, from?: readonly string[]): void;
  /** Of the packets from `from` to `to` this share (0 to 1) is lost at random. */
  lose(from: string, to: string, share: number): void;
  /** Undoes cuts and losses between two machines. */
  heal(one: string, other: string): void;
  healAll(): void;
  /** A machine whose power fails: everything that runs there is killed in the same instant. */
  powerOff(machine: string): void;
  /** Removes everything. Resolves with the command lines of what still ran and was killed. */
  end(): Promise<readonly string[]>;
}

/** Whether namespaces can be made here; otherwise why not. */
export function namespacesMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  try {
    run('iptables', '--version');
    run('ip', 'netns', 'list');
    return undefined;
  } catch (error) {
    return `ip and iptables are needed (tools/setup/setup.sh tests): ${String(error)}`;
  }
}

let networks = 0;

/** Lays the network. What runs of this program that were killed have left of theirs is removed first. */
export function layNetwork(machines: readonly string[]): Namespaces {
  removeAbandoned();
  networks += 1;
  const prefix = `${family}${process.pid}-${startTicks(process.pid)}-${networks}-`;
  const space = (machine: string) => {
    if (!machines.includes(machine)) throw new Error(`there is no machine ${machine}`);
    return `${prefix}${machine}`;
  };
  const address = (machine: string) => `10.99.0.${machines.indexOf(machine) + 1}`;
  const hub = `${prefix}-`;
  layCables(
    hub,
    machines.map((machine) => [space(machine), address(machine)] as const),
  );

  const filter = (machine: string, ...rule: readonly string[]) =>
    run('nsenter', `--net=/run/netns/${space(machine)}`, 'iptables', '-w', ...rule);
  const drop = (from: string, to: string, ...match: readonly string[]) =>
    filter(to, '-A', 'INPUT', '-s', address(from), ...match, '-j', 'DROP');
  const open = (from: string, to: string) => {
    for (const rule of rulesOf(filter(to, '-S', 'INPUT'), address(from))) filter(to, '-D', ...rule);
  };
  const cutOneWay = (from: string, to: string) => {
    open(from, to);
    drop(from, to);
  };
  const cut = (one: string, other: string) => {
    cutOneWay(one, other);
    cutOneWay(other, one);
  };
  const inside = (machine: string, command: readonly string[]) => [
    // Not `ip netns exec`, which mounts another /sys: without the cgroups in it.
    ...['nsenter', `--net=/run/netns/${space(machine)}`, '--'],
    ...command,
  ];
  return {
    address: (machine) => {
      space(machine);
      return address(machine);
    },
    inside,
    spawn(machine, command, options = {}) {
      const [program = '', ...args] = inside(machine, command);
      return spawn(program, args, options);
    },
    pids: (machine) => pidsIn(space(machine)),
    cut,
    cutOneWay,
    isolate(machine, from = machines.filter((each) => each !== machine)) {
      for (const other of from) cut(machine, other);
    },
    lose(from, to, share) {
      open(from, to);
      drop(from, to, '-m', 'statistic', '--mode', 'random', '--probability', String(share));
    },
    heal(one, other) {
      open(one, other);
      open(other, one);
    },
    healAll() {
      for (const machine of machines) filter(machine, '-F', 'INPUT');
    },
    powerOff(machine) {
      killAll(space(machine));
    },
    async end() {
      const left = [...machines.map(space), hub].flatMap((each) => killAll(each));
      for (const each of [...machines.map(space), hub]) run('ip', 'netns', 'delete', each);
      return left;
    },
  };
}

const family = 'cpenet-';

function layCables(hub: string, machines: readonly (readonly [space: string, address: string])[]): void {
  run('ip', 'netns', 'add', hub);
  run('ip', '-n', hub, 'link', 'add', 'switch', 'type', 'bridge');
  run('ip', '-n', hub, 'link', 'set', 'switch', 'up');
  for (const [index, [space, address]] of machines.entries()) {
    const port = `port${index}`;
    run('ip', 'netns', 'add', space);
    run('ip', '-n', hub, 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    run('ip', '-n', hub, 'link', 'set', port, 'master', 'switch', 'up');
    run('ip', '-n', space, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    for (const link of ['lo', 'eth0']) run('ip', '-n', space, 'link', 'set', link, 'up');
  }
}

/** Kills until nothing is left: what is told of a death may start something. Returns what ran first. */
function killAll(space: string): readonly string[] {
  const first = pidsIn(space);
  const names = first.map(commandLine);
  for (let left = first; left.length > 0; left = pidsIn(space)) {
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
  }
  return names;
}

function pidsIn(space: string): readonly number[] {
  return run('ip', 'netns', 'pids', space).split('\n').filter(Boolean).map(Number).filter(isAlive);
}

/** A dead one that nobody has waited for yet is no more in anybody's way. */
function isAlive(pid: number): boolean {
  const state = statFields(pid)?.[0];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Of runs whose process is gone. A pid may be somebody else's by now: its start time tells. */
function removeAbandoned(): void {
  let names: readonly string[];
  try {
    names = readdirSync('/run/netns');
  } catch {
    return;
  }
  for (const name of names) {
    const [, pid, ticks] = /^cpenet-(\d+)-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || startTicks(Number(pid)) === ticks) continue;
    try {
      killAll(name);
      run('ip', 'netns', 'delete', name);
    } catch {
      // Another run that started just now does the same.
    }
  }
}

/** The rules that concern what comes from an address, without their `-A`. */
function rulesOf(listed: string, source: string): readonly (readonly string[])[] {
  return listed
    .split('\n')
    .filter((line) => line.startsWith('-A ') && line.includes(` -s ${source}/32 `))
    .map((line) => line.split(' ').slice(1));
}

/** When a process was started (clock ticks since boot, proc(5)); undefined when there is none. */
function startTicks(pid: number): string | undefined {
  return statFields(pid)?.[19];
}

/** The fields of /proc/PID/stat from the state on: the program's name before them may contain anything. */
function statFields(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean).join(' ').slice(0, 200);
  } catch {
    return `pid ${pid}`;
  }
}

function run(program: string, ...args: readonly string[]): string {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  return execFileSync(program, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 10_000 });
}
