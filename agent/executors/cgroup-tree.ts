import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { childrenOf, isPopulated, killCgroup, listCgroup, moveIntoCgroup, removeCgroup } from './cgroup.js';
import { findOwnCgroup, type OwnCgroup } from './cgroup-mount.js';

/**
 * The agent's cgroups, below its own one:
 *
 *     cpe-INSTANCE.DIGEST/RESOURCE/run/RUN   what an operation that may start daemons has started
 *     cpe-INSTANCE.DIGEST/RESOURCE/op        what any other operation runs
 *     cpe-INSTANCE.DIGEST/RESOURCE/op/RUN    the same, while an earlier one has left something in `op`
 *     cpe-INSTANCE.DIGEST/RESOURCE/left      what a successful stop has left running
 *     cpe-INSTANCE.DIGEST/RESOURCE/exec      a command, and what it has started since (class `exec`)
 *
 * DIGEST, of the state directory, tells apart instances of the same name: every coordinator on a machine counts its own
 * from 1. `run` as a whole is the resource's life: its `cgroup.events` tells of the end of its last process. Everything
 * here is optional: where there are no cgroups, no directory is given and nothing is told.
 */
export interface CgroupTree {
  /** Why there are none; undefined when there are. */
  readonly unavailable: string | undefined;
  /** Makes the cgroup for one run of an operation. Undefined when that is impossible. */
  enter(resource: string, part: 'run' | 'op', run: string): string | undefined;
  /** The directory of a part of the resource's processes; undefined when there are none, or not in a cgroup. */
  populated(resource: string, part: CgroupPart): string | undefined;
  /** Where a command is to be started; whoever starts it makes that cgroup. Undefined when there is none. */
  place(resource: string): string | undefined;
  /**
   * Moves a command's process, and what it will start from then on, into `exec`: a little later, when nothing more
   * urgent is being started. (While a process moves, no other one can fork.)
   */
  adopt(resource: string, pid: number): void;
  /** Puts what is in `run` away as left over, so that the next start finds `run` empty. Returns its pids. */
  putAside(resource: string): readonly number[];
  /** Kills a part of a resource's processes. Returns what could not be killed. */
  kill(resource: string, part: CgroupPart): Promise<readonly number[]>;
  /** Removes those of the resource's cgroups that are empty. */
  tidy(resource: string): void;
  /** What an earlier agent has left. */
  leftovers(): readonly Leftover[];
  /** Removes what is empty; what runs stays where it is. */
  close(): void;
}

export interface Leftover {
  readonly resource: string;
  /** Whether it was started and not stopped, and left processes then. */
  readonly isStarted: boolean;
  /** Whether any of those runs. */
  readonly isRunning: boolean;
  /** Whether an operation is under way that nobody waits for any more. */
  readonly isBusy: boolean;
}

export type CgroupPart = 'run' | 'op' | 'left' | 'exec';

export interface CgroupTreeSettings {
  readonly instance: string;
  /** Its file `cgroup` tells the next agent, and who cleans up after the instance, where the tree is. */
  readonly stateDirectory: string;
  /** Default: what the kernel says. */
  readonly own?: OwnCgroup;
}

const maxNameBytes = 200;
const adoptAfterMs = 20;

/** Never throws: what stands in the way is `unavailable`. */
export function openCgroupTree(settings: CgroupTreeSettings): CgroupTree {
  const place = findPlace(settings);
  return place.kind === 'found' ? treeIn(place.directory) : noTree(place.reason);
}

/** The tree of no cgroups. */
export function noTree(reason: string): CgroupTree {
  return {
    unavailable: reason,
    enter: () => undefined,
    populated: () => undefined,
    place: () => undefined,
    adopt: () => undefined,
    putAside: () => [],
    kill: async () => [],
    tidy: () => undefined,
    leftovers: () => [],
    close: () => undefined,
  };
}

/** An earlier agent's tree goes on being used wherever it is: what runs is in it. */
function findPlace({ instance, stateDirectory, own }: CgroupTreeSettings): OwnCgroup {
  const name = `cpe-${encodeURIComponent(instance)}.${digestOf(stateDirectory)}`;
  const record = join(stateDirectory, 'cgroup');
  try {
    const known = readRecord(record);
    if (known !== undefined && basename(known) === name && existsSync(join(known, 'cgroup.procs'))) {
      return { kind: 'found', directory: known };
    }
    const parent = own ?? readOwnCgroup();
    if (parent.kind === 'unavailable') return parent;
    // Who moves a process needs to be allowed to write to the nearest cgroup that both places share.
    accessSync(join(parent.directory, 'cgroup.procs'), constants.W_OK);
    const directory = join(parent.directory, name);
    writeFileSync(record, `${directory}\n`, { mode: 0o644 });
    mkdirSync(directory, { recursive: true });
    return { kind: 'found', directory };
  } catch (error) {
    const { code, path, message } = error as NodeJS.ErrnoException;
    return { kind: 'unavailable', reason: path === undefined ? message : `${path}: ${code}` };
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function readRecord(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

function readOwnCgroup(): OwnCgroup {
  return findOwnCgroup(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'));
}

function treeIn(root: string): CgroupTree {
  const of = (resource: string, ...parts: string[]): string => join(root, encodeURIComponent(resource), ...parts);
  const hasName = (resource: string): boolean => Buffer.byteLength(encodeURIComponent(resource)) <= maxNameBytes;
  const make = (resource: string, ...parts: string[]): string | undefined => {
    if (!hasName(resource)) return undefined;
    const directory = of(resource, ...parts);
    try {
      mkdirSync(directory, { recursive: true });
      return directory;
    } catch {
      return undefined;
    }
  };
  const waiting = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  const moveWaiting = (): void => {
    for (const [resource, pid] of waiting) {
      const directory = make(resource, 'exec');
      if (directory !== undefined) void writeFile(join(directory, 'cgroup.procs'), String(pid)).catch(() => undefined);
    }
    waiting.clear();
  };
  return {
    unavailable: undefined,
    enter(resource, part, run) {
      const shared = of(resource, 'op');
      if (part === 'run' || isPopulated(shared)) return make(resource, part, encodeURIComponent(run));
      return existsSync(shared) ? shared : make(resource, 'op');
    },
    populated(resource, part) {
      const directory = of(resource, part);
      return isPopulated(directory) ? directory : undefined;
    },
    place: (resource) => (hasName(resource) ? of(resource, 'exec') : undefined),
    adopt(resource, pid) {
      waiting.set(resource, pid);
      clearTimeout(timer);
      timer = setTimeout(moveWaiting, adoptAfterMs);
      timer.unref();
    },
    putAside(resource) {
      const run = of(resource, 'run');
      if (!isPopulated(run)) return [];
      const left = make(resource, 'left');
      const pids = new Set<number>();
      // Again for what they have forked meanwhile; who forks without end stays where it is.
      for (let round = 0; round < 5 && isPopulated(run); round += 1) {
        for (const pid of listCgroup(run)) {
          if (left !== undefined) moveIntoCgroup(left, pid);
          pids.add(pid);
        }
      }
      return [...pids];
    },
    kill: (resource, part) => killCgroup(of(resource, part)),
    tidy(resource) {
      waiting.delete(resource);
      removeCgroup(of(resource));
    },
    leftovers: () =>
      childrenOf(root).flatMap((directory) => {
        const [run, op] = [join(directory, 'run'), join(directory, 'op')];
        const resource = decoded(basename(directory));
        if (resource === undefined) return [];
        return [{ resource, isStarted: existsSync(run), isRunning: isPopulated(run), isBusy: isPopulated(op) }];
      }),
    close() {
      clearTimeout(timer);
      for (const directory of childrenOf(root)) removeCgroup(directory);
      try {
        rmdirSync(root);
      } catch {
        // Something runs in it.
      }
    },
  };
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined;
  }
}
