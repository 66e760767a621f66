import { followCgroup } from './follow-cgroup.js';
import type { ProcessEnd } from './process-starter.js';
import { isRunning, mayBeRunning, type ProcessIdentity } from './process-table.js';

const pollMs = 100;
/** When its cgroup tells too: then only a process that its own children outlive has to be looked for. */
const slowPollMs = 1000;
/** Every so many polls the identity is checked too: a zombie, or a new owner of the pid. */
const identityEvery = 5;

/** How the end of the process is seen. */
export interface WatchSource {
  /** Who started it tells; undefined when that was an earlier agent, and the process has to be asked. */
  readonly ended: Promise<ProcessEnd> | undefined;
  /** The cgroup that it lives in; undefined when there is none. */
  readonly cgroup: () => string | undefined;
}

/** Sees at once that a process ends. */
export class ProcessWatch {
  /** Resolves when the process has ended, or the watch. */
  readonly ended: Promise<void>;
  readonly #identity: ProcessIdentity;
  #isAlive = true;
  #isWatching = true;
  #how = '';
  #timer: NodeJS.Timeout | undefined;
  #unfollow: (() => void) | undefined;
  #settle: () => void = () => undefined;
  #onEnd: (() => void) | undefined;

  /** @param onEnd called once, when the process ends while it is watched. */
  constructor(identity: ProcessIdentity, source: WatchSource, onEnd: () => void) {
    this.#identity = identity;
    this.#onEnd = onEnd;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    if (source.ended === undefined) this.#poll(source.cgroup());
    else void source.ended.then((end) => this.#told(end, source.cgroup));
  }

  isAlive(): boolean {
    return this.#isAlive;
  }

  /** "process 123 was ended by SIGKILL"; only after its end. */
  describeEnd(): string {
    return `process ${this.#identity.pid} ${this.#how || 'is no longer watched'}`;
  }

  /** Looks for itself: whoever should tell of the end may be stuck. */
  look(): void {
    if (this.#isAlive && !isRunning(this.#identity)) this.#ended('is gone');
  }

  /** Stops watching without saying anything. */
  end(): void {
    this.#isWatching = false;
    this.#onEnd = undefined;
    this.#unfollow?.();
    clearInterval(this.#timer);
    this.#settle();
  }

  #told(end: ProcessEnd, cgroup: () => string | undefined): void {
    switch (end.kind) {
      case 'exited':
        this.#ended(`ended with exit code ${end.code}`);
        return;
      case 'signalled':
        this.#ended(`was ended by ${end.signal}`);
        return;
      case 'untold':
        if (!this.#isWatching) return;
        this.#poll(cgroup());
        this.look();
    }
  }

  #poll(cgroup: string | undefined): void {
    let polls = 0;
    if (cgroup !== undefined) this.#unfollow = followCgroup(cgroup, () => this.#ended('is gone'));
    this.#timer = setInterval(
      () => {
        polls += 1;
        const isThere = polls % identityEvery === 0 ? isRunning(this.#identity) : mayBeRunning(this.#identity.pid);
        if (!isThere) this.#ended('is gone');
      },
      this.#unfollow === undefined ? pollMs : slowPollMs,
    );
    this.#timer.unref();
  }

  #ended(how: string): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#how = how;
    this.#unfollow?.();
    clearInterval(this.#timer);
    this.#settle();
    this.#onEnd?.();
  }
}
