import { availableParallelism } from 'node:os';
import { isSettledIn } from '../is-settled-in.js';
import { type Done, done, type Invocation, type Invoked, problem, type ResourceOp } from '../matahari.js';
import { operationKey } from '../operation-key.js';
import { quoted } from './check-argument.js';
import type { SequenceNumbers } from './sequence-numbers.js';
import { slots } from './slots.js';
import { turns } from './turns.js';

/** How a run of an action ended: only `rc` is the resource agent's word; `unavailable` says nothing of the resource. */
export type ActionEnd =
  | { readonly kind: 'rc'; readonly rc: number }
  | { readonly kind: 'timeout' | 'cancelled' | 'failed' | 'unavailable'; readonly reason: string };

export interface DeskSettings {
  /** Runs an action once; never rejects. Aborted, it ends as soon as it can. */
  run(invocation: Invocation, signal: AbortSignal): Promise<ActionEnd>;
  readonly sequence: SequenceNumbers;
  readonly clock: { now(): { readonly unixMs: number; readonly bootMs: number } };
  /** Hears every change; must not throw. */
  tell(op: ResourceOp): void;
}

/** An action that was invoked, and has neither ended nor been cancelled. */
interface Entry {
  readonly key: string;
  readonly invocation: Invocation;
  readonly abort: AbortController;
  /** CLOCK_BOOTTIME of the next run. */
  dueAt: number;
  timer: NodeJS.Timeout | undefined;
  lastRc: number | undefined;
  /** The run that waits for its turn, or is under way. */
  run: Promise<ActionEnd> | undefined;
}

const maxEntries = 1000;
/** Of one name; a recurring action waits for its turn as well. */
const maxWaiting = 64;
/** Of resources that `fail` knows by an invocation. */
const maxRemembered = 1000;
/** Matahari's code of an action that was not done in time (OCF_TIMEOUT), and OCF's of any other failure. */
const timeoutRc = 198;
const failureRc = 1;

/**
 * Actions on resources that are run because somebody invoked them: one at a time per name, a bounded number at once and
 * in all. A name, an action and an interval are one operation; invoked again, a recurring one takes the place of the
 * one before. A recurring action keeps its phase: it is due every interval after its first run began, and what could not
 * be run meanwhile is left out. Everything is in memory: with the agent it ends.
 */
export class ResourceDesk {
  readonly #settings: DeskSettings;
  readonly #entries = new Map<string, Set<Entry>>();
  readonly #remembered = new Map<string, ToldOfOp>();
  readonly #turns = turns(maxWaiting);
  readonly #slots = slots(availableParallelism() * 4);
  #count = 0;
  #isClosed = false;

  constructor(settings: DeskSettings) {
    this.#settings = settings;
  }

  /** Runs an action; a recurring one from then on, unless its first run ends without a return code. */
  async invoke(invocation: Invocation): Promise<Done<Invoked>> {
    const { name, action, intervalMs, userdata } = invocation;
    const key = operationKey(name, action, intervalMs);
    if (this.#isClosed) return problem('unavailable', 'the agent ends');
    if (intervalMs > 0) this.#replace(key);
    if (this.#count >= maxEntries) return problem('unavailable', `${maxEntries} operations are known already`);
    const entry = this.#add(key, invocation);
    const sequence = await this.#settings.sequence.next();
    this.#remember(invocation);
    const { bootMs } = this.#settings.clock.now();
    const end = await this.#run(entry);
    if (end.kind !== 'rc' || intervalMs === 0) this.#remove(entry);
    if (end.kind !== 'rc') return toProblem(end, invocation);
    entry.lastRc = end.rc;
    if (intervalMs > 0) this.#schedule(entry, bootMs);
    return done({ rc: end.rc, sequence, userdata });
  }

  /** Ends what is known by that name, action and interval, and resolves when nothing of it runs any more. */
  async cancel(name: string, action: string, intervalMs: number, timeoutMs: number): Promise<Done<void>> {
    const entries = [...(this.#entries.get(operationKey(name, action, intervalMs)) ?? [])];
    if (entries.length === 0) {
      return problem('not-found', `no operation ${action} of ${quoted(name)} with interval ${intervalMs} is known`);
    }
    for (const entry of entries) this.#end(entry);
    const runs = Promise.all(entries.map((entry) => entry.run));
    if (await isSettledIn(timeoutMs, runs)) return done(undefined);
    return problem('timeout', `${action} of ${quoted(name)} has not ended within ${timeoutMs / 1000} s; it ends later`);
  }

  /** Tells that a resource has that result; false for a name that was not invoked. */
  async fail(name: string, rc: number): Promise<boolean> {
    const told = this.#remembered.get(name);
    if (told === undefined) return false;
    for (const entries of this.#entries.values()) {
      for (const entry of entries) if (entry.invocation.name === name) entry.lastRc = rc;
    }
    await this.#raise(told, rc);
    return true;
  }

  /** Nothing is repeated any more, and nobody is told; what runs comes to its end. */
  close(): void {
    this.#isClosed = true;
    for (const entries of this.#entries.values()) for (const entry of entries) clearTimeout(entry.timer);
    this.#entries.clear();
  }

  #add(key: string, invocation: Invocation): Entry {
    const abort = new AbortController();
    const entry: Entry = {
      key,
      invocation,
      abort,
      dueAt: 0,
      timer: undefined,
      lastRc: undefined,
      run: undefined,
    };
    const entries = this.#entries.get(key) ?? new Set();
    entries.add(entry);
    this.#entries.set(key, entries);
    this.#count += 1;
    return entry;
  }

  #remove(entry: Entry): void {
    clearTimeout(entry.timer);
    const entries = this.#entries.get(entry.key);
    if (entries?.delete(entry) !== true) return;
    this.#count -= 1;
    if (entries.size === 0) this.#entries.delete(entry.key);
  }

  #isKnown(entry: Entry): boolean {
    return this.#entries.get(entry.key)?.has(entry) === true;
  }

  #end(entry: Entry): void {
    this.#remove(entry);
    entry.abort.abort();
  }

  /** A run of the one before comes to its end, which is still the answer to who waits for it. */
  #replace(key: string): void {
    for (const entry of [...(this.#entries.get(key) ?? [])]) this.#remove(entry);
  }

  #remember(invocation: Invocation): void {
    this.#remembered.delete(invocation.name);
    this.#remembered.set(invocation.name, toldOf(invocation));
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRemembered && oldest !== undefined) this.#remembered.delete(oldest);
  }

  #run(entry: Entry): Promise<ActionEnd> {
    const { invocation, abort } = entry;
    const work = async (): Promise<ActionEnd> =>
      abort.signal.aborted
        ? { kind: 'cancelled', reason: 'cancelled before it ran' }
        : this.#settings.run(invocation, abort.signal);
    const run =
      this.#turns.take(invocation.name, () => this.#slots.run(work)) ??
      Promise.resolve<ActionEnd>({ kind: 'unavailable', reason: `too much waits for ${quoted(invocation.name)}` });
    entry.run = run.finally(() => {
      entry.run = undefined;
    });
    return entry.run;
  }

  #schedule(entry: Entry, beganAt: number): void {
    if (!this.#isKnown(entry)) return;
    const { intervalMs } = entry.invocation;
    const { bootMs } = this.#settings.clock.now();
    entry.dueAt = beganAt + Math.max(1, Math.ceil((bootMs - beganAt) / intervalMs)) * intervalMs;
    entry.timer = setTimeout(() => void this.#repeat(entry), entry.dueAt - bootMs);
    entry.timer.unref();
  }

  async #repeat(entry: Entry): Promise<void> {
    const end = await this.#run(entry);
    if (!this.#isKnown(entry)) return;
    const rc = rcOf(end);
    if (rc !== undefined && rc !== entry.lastRc) {
      entry.lastRc = rc;
      await this.#raise(toldOf(entry.invocation), rc);
    }
    this.#schedule(entry, entry.dueAt);
  }

  async #raise(told: ToldOfOp, rc: number): Promise<void> {
    const sequence = await this.#settings.sequence.next();
    const op: ResourceOp = { ...told, rc, sequence, timestampUnixMs: this.#settings.clock.now().unixMs };
    if (!this.#isClosed) this.#settings.tell(op);
  }
}

/** What an event says of the invocation. */
type ToldOfOp = Omit<Invocation, 'parameters' | 'timeoutMs'>;

function toldOf({ parameters: _parameters, timeoutMs: _timeoutMs, ...told }: Invocation): ToldOfOp {
  return told;
}

/** Of a recurring run; undefined when it has no result, and the next one has to tell. */
function rcOf(end: ActionEnd): number | undefined {
  switch (end.kind) {
    case 'rc':
      return end.rc;
    case 'timeout':
      return timeoutRc;
    case 'failed':
      return failureRc;
    case 'cancelled':
    case 'unavailable':
      return undefined;
  }
}

function toProblem(end: Exclude<ActionEnd, { kind: 'rc' }>, { action, name }: Invocation): Done<never> {
  const code = end.kind === 'cancelled' ? 'failed' : end.kind;
  return problem(code, `${action} of ${quoted(name)}: ${end.reason}`);
}
