import { setTimeout as delay } from 'node:timers/promises';
import type { BusError } from '../../proto/bus-error.js';
import type { DeployableStatus } from '../../proto/messages.js';
import type { Progress } from './assess-progress.js';
import type { Coordinator } from './coordinator.js';
import { eventPage, readEvents } from './event-feed.js';
import { isPassing } from './explain-error.js';
import type { ProgressDisplay } from './progress-display.js';

/** What is waited for, and how. Times in ms. */
export interface Waiting {
  readonly name: string;
  /** How far the deployable is on its way to what is waited for. */
  readonly assess: (status: DeployableStatus) => Progress;
  /** What it means when the deployable is deleted meanwhile. */
  readonly whenGone: 'reached' | 'gone';
  /** Events after this one are progress. */
  readonly since: number;
  readonly timeoutMs: number;
  readonly display: ProgressDisplay;
  /** Ends the wait, not what is waited for. */
  readonly signal: AbortSignal;
}

export type WaitResult = { readonly status: DeployableStatus | undefined; readonly elapsedMs: number } & (
  | { readonly kind: 'reached' | 'gone' | 'interrupted' }
  | { readonly kind: 'failed' | 'deferred'; readonly reason: string }
  | { readonly kind: 'overruled'; readonly desired: string }
  | { readonly kind: 'timed-out'; readonly missing: readonly string[] }
  | { readonly kind: 'error'; readonly error: BusError }
);

const statusDeadlineMs = 6_000;
/** The event request waits this long for news, and so paces the loop. */
const pollMs = 150;
/** No two rounds follow each other faster, however many events there are. */
const leastRoundMs = 50;
/** A failure with something still to be tried counts when it lasts as long as this. */
const failedGraceMs = 3_000;

/** Looks at the deployable until the goal is reached or out of reach. A coordinator that restarts is waited for. */
export async function waitUntilSettled(coordinator: Coordinator, waiting: Waiting): Promise<WaitResult> {
  const { name, timeoutMs, display, signal } = waiting;
  const startedAt = performance.now();
  const elapsed = () => performance.now() - startedAt;
  let since = waiting.since;
  let status: DeployableStatus | undefined;
  let missing: readonly string[] = ['the coordinator has not answered'];
  let failedSince: number | undefined;
  const takeEvents = async (waitMs: number) => {
    const page = await eventPage(coordinator, { deployable: name, since, limit: 500 }, waitMs);
    if (page.kind === 'error' || signal.aborted) return;
    for (const event of page.value.events) if (event.seq > since) display.event(event);
    since = Math.max(since, page.value.events.at(-1)?.seq ?? 0);
  };
  const end = async <R>(result: R): Promise<R & { status: DeployableStatus | undefined; elapsedMs: number }> => {
    const elapsedMs = Math.round(elapsed());
    // What happened up to the end belongs to the picture.
    if (!signal.aborted) await readEvents(coordinator, { deployable: name, since, limit: 1_000 }, display.event);
    display.end();
    return { ...result, status, elapsedMs };
  };
  while (!signal.aborted) {
    const roundAt = elapsed();
    const leftMs = timeoutMs - roundAt;
    if (leftMs <= 0) return end({ kind: 'timed-out', missing } as const);
    const deadlineMs = Math.ceil(Math.min(statusDeadlineMs, leftMs));
    const answered = await coordinator.ask('getStatus', { deployable: name }, { deadlineMs });
    if (answered.kind === 'answer') {
      status = answered.value;
      const progress = waiting.assess(status);
      if (progress.kind === 'reached' || progress.kind === 'overruled' || progress.kind === 'deferred') {
        return end(progress);
      }
      if (progress.kind === 'failed') {
        failedSince ??= roundAt;
        missing = [progress.reason];
        if (progress.isFinal || elapsed() - failedSince >= failedGraceMs) return end(progress);
      } else {
        failedSince = undefined;
        missing = progress.missing;
      }
    } else if (answered.error.code === 'unknown-deployable') {
      return end({ kind: waiting.whenGone } as const);
    } else if (!isPassing(answered.error)) {
      return end({ kind: 'error', error: answered.error } as const);
    }
    display.status(status, elapsed());
    await takeEvents(pollMs);
    await delay(Math.max(0, leastRoundMs - (elapsed() - roundAt)), undefined, { signal }).catch(() => {});
  }
  return end({ kind: 'interrupted' } as const);
}
