import { isPopulated, listCgroup } from './cgroup.js';
import { followCgroup } from './follow-cgroup.js';
import { readPidFile } from './pid-file.js';
import type { PidPoll } from './pid-poll.js';
import { type ProcessIdentity, readProcess } from './process-table.js';
import type { Watch } from './resource-executor.js';

export interface RunWatchSettings {
  /** The cgroup that the resource's daemons live in; undefined when none does. */
  readonly directory: string | undefined;
  /** Where the resource writes the pid of its main process, if that is known. */
  readonly pidFile: string | undefined;
  readonly poll: PidPoll;
  /** Called once, when a process has ended whose end may be that of the resource. */
  readonly onEnd: () => void;
}

/** Of the processes without a parent in the cgroup so many are looked at; a resource rarely has more than one. */
const maxMains = 32;

/**
 * Watches the processes of one running resource until the first of those ends that matter: the last one of its cgroup
 * (the kernel tells), a main process (one whose parent is not of the resource; the others may well outlive it), or the
 * one that the pid file names.
 */
export class RunWatch {
  /** What is seen, and how; `interval` when nothing is. */
  readonly watch: Watch;
  readonly #settings: RunWatchSettings;
  readonly #mains: readonly ProcessIdentity[];
  #file: ProcessIdentity | undefined;
  #unwatch: () => void = () => undefined;
  #unpoll: () => void = () => undefined;
  #isOver = false;

  constructor(settings: RunWatchSettings) {
    this.#settings = settings;
    const { directory, pidFile } = settings;
    const pids = directory === undefined ? [] : listCgroup(directory);
    this.#file = pidFile === undefined ? undefined : readPidFile(pidFile);
    const isFileEnough = this.#file === undefined || pids.includes(this.#file.pid);
    const isToldAll = directory !== undefined && this.#follow(directory) && pids.length === 1 && isFileEnough;
    this.#mains = isToldAll ? [] : mainsOf(pids);
    if (!isToldAll) this.#poll();
    this.watch = describe(isToldAll ? pids.length : undefined, this.#polled());
    // It may have ended between the look and the watch.
    if (directory !== undefined && pids.length > 0 && !isPopulated(directory)) setImmediate(() => this.#ended());
  }

  /** Whether it still sees everything: a process that has got company has to be looked at in another way. */
  isUpToDate(): boolean {
    const { directory } = this.#settings;
    if (this.watch.kind !== 'cgroup' || directory === undefined) return this.watch.kind !== 'interval';
    return listCgroup(directory).length <= 1;
  }

  end(): void {
    this.#isOver = true;
    this.#unwatch();
    this.#unpoll();
  }

  /** Without a word from the kernel the processes are polled. */
  #follow(directory: string): boolean {
    const unwatch = followCgroup(directory, () => this.#ended());
    if (unwatch !== undefined) this.#unwatch = unwatch;
    return unwatch !== undefined;
  }

  #polled(): readonly ProcessIdentity[] {
    const file = this.#file;
    if (file === undefined || this.#mains.some(({ pid }) => pid === file.pid)) return this.#mains;
    return [...this.#mains, file];
  }

  #poll(): void {
    const processes = this.#polled();
    if (processes.length === 0) return;
    const { pidFile, poll } = this.#settings;
    const onLook = pidFile === undefined ? undefined : () => this.#lookAtFile(pidFile);
    this.#unpoll = poll.add({ processes, onEnd: () => this.#ended(), onLook });
  }

  /** A pid file that names another process than before: the resource is looked at, and that one watched from then on. */
  #lookAtFile(path: string): void {
    const named = readPidFile(path);
    if (named !== undefined && named.pid !== this.#file?.pid) this.#ended();
  }

  #ended(): void {
    if (this.#isOver) return;
    this.end();
    this.#settings.onEnd();
  }
}

function describe(processes: number | undefined, polled: readonly ProcessIdentity[]): Watch {
  if (processes !== undefined) return { kind: 'cgroup', processes };
  if (polled.length > 0) return { kind: 'processes', pids: polled.map(({ pid }) => pid) };
  return { kind: 'interval', reason: 'no process of it is known' };
}

function mainsOf(pids: readonly number[]): readonly ProcessIdentity[] {
  const members = new Set(pids);
  const mains: ProcessIdentity[] = [];
  for (const pid of pids) {
    const entry = readProcess(pid);
    if (entry !== undefined && !members.has(entry.parent)) mains.push({ pid, startTime: entry.startTime });
    if (mains.length === maxMains) break;
  }
  return mains;
}
