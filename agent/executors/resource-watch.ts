import type { CgroupTree } from './cgroup-tree.js';
import { PidPoll } from './pid-poll.js';
import type { ResourceListener, Watch } from './resource-executor.js';
import { RunWatch } from './run-watch.js';

export interface ResourceWatchSettings {
  readonly cgroups: CgroupTree;
  /** Told that a monitor should look at a resource now. It stays the judge. */
  readonly onChange: ResourceListener;
}

/** What of a resource's definition helps to watch it. */
export interface WatchedBy {
  /** Absolute path. */
  readonly pidFile: string | undefined;
}

interface Watched {
  by: WatchedBy;
  run: RunWatch | undefined;
  timer: NodeJS.Timeout | undefined;
  /** Looks in a row that a monitor has answered with good. */
  fruitless: number;
  /** performance.now() of the last look that was asked for. */
  lookedAt: number;
}

const firstPauseMs = 100;
const maxPauseMs = 10_000;
/** After so long without a look, the next one is at once again. */
const calmMs = 10_000;
/** So often a resource whose processes are all gone is looked at although its monitor is good. */
const maxEmptyLooks = 12;
/** A daemon has started its workers by then. */
const settledMs = 1000;

/**
 * Sees between two monitors that something happened to the processes of a running resource, and asks for a monitor. One
 * that turns out good makes it watch again; the next event then waits a little longer, so that a resource whose
 * processes come and go costs no more than its share. (And a daemon whose parent reaps it late is a zombie for a while,
 * which monitors take for life: it is looked at again.)
 */
export class ResourceWatches {
  readonly #settings: ResourceWatchSettings;
  readonly #watched = new Map<string, Watched>();
  readonly #poll = new PidPoll();

  constructor(settings: ResourceWatchSettings) {
    this.#settings = settings;
  }

  /** The resource is known to run now. Goes on watching it, or begins to. */
  begin(resource: string, by: WatchedBy): void {
    const known = this.#watched.get(resource);
    if (known?.run?.isUpToDate() === true && known.by.pidFile === by.pidFile) return;
    const watched: Watched = known ?? { by, run: undefined, timer: undefined, fruitless: 0, lookedAt: -calmMs };
    watched.by = by;
    watched.run?.end();
    clearTimeout(watched.timer);
    this.#watched.set(resource, watched);
    if (known !== undefined && watched.run === undefined) watched.fruitless += 1;
    this.#open(resource, watched);
  }

  /** Nothing of the resource is watched from now on: it is about to change, or does not run. */
  end(resource: string): void {
    const watched = this.#watched.get(resource);
    if (watched === undefined) return;
    watched.run?.end();
    clearTimeout(watched.timer);
    this.#watched.delete(resource);
  }

  /**
   * Watches what an earlier agent has left running. What has ended meanwhile, what may have lost its main process, and
   * what is in the middle of a monitor, is told to the listener.
   */
  takeOver(): void {
    for (const { resource, isStarted, isRunning, isBusy } of this.#settings.cgroups.leftovers()) {
      if (isRunning) this.begin(resource, { pidFile: undefined });
      const watch = this.watch(resource);
      const isIntact = watch?.kind === 'cgroup' || (watch?.kind === 'processes' && watch.pids.length === 1);
      // A new operation also ends what is left of the last one.
      if (isBusy || (isStarted && !isIntact)) this.#settings.onChange(resource);
    }
  }

  /** How the resource is seen between two monitors; undefined when it is not known to run. */
  watch(resource: string): Watch | undefined {
    const watched = this.#watched.get(resource);
    if (watched === undefined) return undefined;
    const watch = watched.run?.watch;
    if (watch !== undefined && watch.kind !== 'interval') return watch;
    const { unavailable } = this.#settings.cgroups;
    const reason =
      unavailable === undefined ? 'no process of it runs in its cgroup' : `there are no cgroups: ${unavailable}`;
    return { kind: 'interval', reason };
  }

  close(): void {
    for (const resource of [...this.#watched.keys()]) this.end(resource);
    this.#poll.close();
  }

  #open(resource: string, watched: Watched): void {
    const { cgroups } = this.#settings;
    const run = new RunWatch({
      directory: cgroups.populated(resource, 'run'),
      pidFile: watched.by.pidFile,
      poll: this.#poll,
      onEnd: () => {
        watched.run = undefined;
        this.#look(resource, watched);
      },
    });
    watched.run = run;
    if (run.watch.kind === 'cgroup') {
      this.#later(watched, settledMs, () => {
        if (!run.isUpToDate()) this.#reopen(resource, watched);
      });
    } else if (run.watch.kind === 'interval' && watched.fruitless > 0 && watched.fruitless <= maxEmptyLooks) {
      watched.run = undefined;
      this.#look(resource, watched);
    }
  }

  #reopen(resource: string, watched: Watched): void {
    watched.run?.end();
    this.#open(resource, watched);
  }

  /** Asks for a monitor: at once, or after a pause when the last looks were in vain. */
  #look(resource: string, watched: Watched): void {
    const now = performance.now();
    if (now - watched.lookedAt > calmMs) watched.fruitless = 0;
    const pauseMs = watched.fruitless === 0 ? 0 : Math.min(maxPauseMs, firstPauseMs * 2 ** (watched.fruitless - 1));
    watched.lookedAt = now + pauseMs;
    if (pauseMs === 0) this.#settings.onChange(resource);
    else this.#later(watched, pauseMs, () => this.#settings.onChange(resource));
  }

  #later(watched: Watched, ms: number, act: () => void): void {
    clearTimeout(watched.timer);
    watched.timer = setTimeout(act, ms);
    watched.timer.unref();
  }
}
