import { Ocf } from '../core/operation.js';
import type { Launch } from './exec-launch.js';
import { findLeader } from './find-leader.js';
import { failed, type ProcessStarter, type StartOptions, type StartResult } from './process-starter.js';
import { outcome } from './script-outcome.js';
import { Spawner } from './spawner.js';
import { installSpawner, settleExecutions, settleSpawners } from './spawner-file.js';
import { isTokenCarried } from './token-scan.js';

export interface SpawnerSettings {
  /** The program is put there; nobody else's. */
  readonly directory: string;
  /** Starts what the spawner cannot while it is not to be had. */
  readonly otherwise: ProcessStarter;
  /** Told when the spawner is not to be had, or has ended, with the reason. */
  readonly onTrouble: (reason: string) => void;
  /** Default: the program of this package. Undefined: it has none for this machine. */
  readonly binary?: () => Promise<Buffer | undefined>;
}

/** After it could not be started, or has ended so many times in this time, it is left alone for as long. */
const pauseMs = 60_000;
const maxEnds = 3;
/** Of one command, with one spawner each. */
const maxAttempts = 2;

/**
 * Starts commands by a small process beside the agent (native/spawner.c), which is started with the first of them. When
 * that dies, or does not answer, nothing is lost and nothing is started twice: what runs is watched otherwise, what it
 * was about to start is looked for by its token, and the next start gets a new one.
 */
export class SpawnerStarter implements ProcessStarter {
  readonly #settings: SpawnerSettings;
  #current: Spawner | undefined;
  #starting: Promise<Spawner | undefined> | undefined;
  #settling: Promise<void> | undefined;
  #pausedUntil = 0;
  /** When it has ended lately. */
  #ends: number[] = [];
  #isClosed = false;

  constructor(settings: SpawnerSettings) {
    this.#settings = settings;
  }

  async start(launch: Launch, how: StartOptions): Promise<StartResult> {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const spawner = this.#current?.isAlive() === true ? this.#current : await this.#start();
      if (spawner === undefined) return this.#settings.otherwise.start(launch, how);
      const answer = await spawner.start(launch, how);
      if (answer.kind !== 'lost') return answer;
      if (this.#isClosed) break;
      const found = await this.#findLost(how);
      if (found !== undefined) return found;
    }
    return failed(outcome(Ocf.genericError, 'error', `${launch.path}: the spawner ended before it answered`));
  }

  prepare(): void {
    if (this.#current?.isAlive() !== true) void this.#start();
  }

  /** All that ask at the same time wait for the same. */
  settle(): Promise<void> {
    this.#settling ??= this.#settle().finally(() => {
      this.#settling = undefined;
    });
    return this.#settling;
  }

  close(): void {
    this.#isClosed = true;
    this.#current?.close();
  }

  async #settle(): Promise<void> {
    // One that runs was started after the others had settled.
    const hasSettled = this.#current?.isAlive() === true || (await this.#starting) !== undefined;
    if (!hasSettled) await settleSpawners(this.#settings.directory);
    await settleExecutions();
  }

  /** Undefined while it is not to be had. */
  #start(): Promise<Spawner | undefined> {
    this.#starting ??= this.#open().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #open(): Promise<Spawner | undefined> {
    if (this.#isClosed || performance.now() < this.#pausedUntil) return undefined;
    const opened = await this.#run();
    if (typeof opened === 'string') {
      this.#pause();
      this.#settings.onTrouble(opened);
      return undefined;
    }
    if (this.#isClosed) {
      opened.close();
      return undefined;
    }
    this.#current = opened;
    void opened.ended.then((why) => this.#onEnd(why));
    return opened;
  }

  async #run(): Promise<Spawner | string> {
    try {
      const binary = await (this.#settings.binary ?? ownBinary)();
      if (binary === undefined) return 'this agent has none for this machine';
      // There is one at a time: what an earlier one was about to start is either a command by then, or nothing.
      await settleSpawners(this.#settings.directory);
      return await Spawner.start(installSpawner(this.#settings.directory, binary));
    } catch (error) {
      return (error as Error).message;
    }
  }

  #onEnd(why: string): void {
    if (this.#isClosed) return;
    const now = performance.now();
    this.#ends = [...this.#ends.filter((at) => at > now - pauseMs), now];
    if (this.#ends.length >= maxEnds) this.#pause();
    this.#settings.onTrouble(why);
  }

  #pause(): void {
    this.#pausedUntil = performance.now() + pauseMs;
  }

  /** What a spawner had started when it ended, and could not tell any more. */
  async #findLost({ token }: StartOptions): Promise<StartResult | undefined> {
    await this.settle();
    const identity = (await isTokenCarried(token)) ? findLeader(token) : undefined;
    if (identity === undefined) return undefined;
    const ended = Promise.resolve({ kind: 'untold' } as const);
    return { kind: 'started', process: { identity, isInCgroup: true, ended } };
  }
}

async function ownBinary(): Promise<Buffer | undefined> {
  const { readSpawnerBinary } = await import('./spawner-binary.js');
  return readSpawnerBinary();
}
