import { setTimeout as pause } from 'node:timers/promises';
import type { IdentitySource, Look } from './identity-source.js';

export interface AwaitOptions {
  /** In the order in which they are believed. */
  readonly sources: readonly IdentitySource[];
  /** Infinity: as long as it takes. */
  readonly deadlineMs: number;
  /** Called once, when the first look found nothing. */
  readonly onWaiting: () => void;
  /** What was looked for in vain, and where: told when it has lasted for a while, and again now and then. */
  readonly onInVain: (message: string) => void;
  readonly signal?: AbortSignal;
}

export type FoundIdentity = Exclude<Look, { readonly kind: 'nothing' | 'unusable' }> & { readonly waitedMs: number };

const pollMs = 100;
/** Files may be looked at while they are being written. */
const unusableMs = 2000;
const firstComplaintMs = 30_000;
const complaintMs = 600_000;

/**
 * Looks in all sources until one has an identity. Rejects when one has something else in its place (taking the next one
 * could make this machine an instance that it is not), when the deadline has passed, and when `signal` is aborted.
 */
export async function awaitIdentity(options: AwaitOptions): Promise<FoundIdentity> {
  const { sources, deadlineMs, onWaiting, onInVain, signal } = options;
  const startedAt = performance.now();
  const places = sources.map(({ name }) => name).join('; ');
  let complaintAt = firstComplaintMs;
  let unusableSince: number | undefined;
  for (let round = 0; ; round += 1) {
    const look = await lookEverywhere(sources);
    const now = performance.now();
    const waitedMs = now - startedAt;
    if (look.kind === 'unusable') {
      unusableSince ??= now;
      if (now - unusableSince >= unusableMs || waitedMs >= deadlineMs) throw new Error(look.problem);
    } else if (look.kind !== 'nothing') return { ...look, waitedMs };
    else unusableSince = undefined;

    const inVain = `after ${Math.round(waitedMs / 1000)} s there is no identity in any of: ${places}`;
    if (waitedMs >= deadlineMs) throw new Error(inVain);
    if (waitedMs >= complaintAt) {
      onInVain(inVain);
      complaintAt += complaintMs;
    }
    if (round === 0) onWaiting();
    await pause(Math.min(pollMs, deadlineMs - waitedMs), undefined, { ...(signal === undefined ? {} : { signal }) });
  }
}

/** What the first source says that does not say nothing. */
async function lookEverywhere(sources: readonly IdentitySource[]): Promise<Look> {
  for (const source of sources) {
    const look = await source.look();
    if (look.kind !== 'nothing') return look;
  }
  return { kind: 'nothing' };
}
