/** How much each identity may say: what is over it is dropped unread, so that no flood takes the time of the others. */
import { LRUCache } from 'lru-cache';

export interface AdmissionOptions {
  readonly perSecond: number;
  /** Messages that may come at once, after a silence. */
  readonly burst: number;
  /** Steady clock, ms. */
  readonly now: () => number;
  /** One that goes on far beyond what anybody has a reason for; told again as long as it does, at most once a second. */
  readonly onFlood?: (subject: string) => void;
}

interface Allowance {
  tokens: number;
  at: number;
  dropped: number;
  countedSince: number;
}

/** Subjects remembered at a time: whoever was silent for long has its whole burst again anyway. */
const remembered = 20_000;
/** Messages over the limit within a second that no mistake and no backlog explains. */
const floodsAt = 2_000;

/**
 * A token bucket for each subject: who says it is proven by the bus, since nobody else may. False: drop it.
 */
export function admission({ perSecond, burst, now, onFlood }: AdmissionOptions): (subject: string) => boolean {
  const allowances = new LRUCache<string, Allowance>({ max: remembered });
  return (subject) => {
    const at = now();
    let allowance = allowances.get(subject);
    if (allowance === undefined) {
      allowance = { tokens: burst, at, dropped: 0, countedSince: at };
      allowances.set(subject, allowance);
    }
    allowance.tokens = Math.min(burst, allowance.tokens + ((at - allowance.at) * perSecond) / 1_000);
    allowance.at = at;
    if (allowance.tokens >= 1) {
      allowance.tokens -= 1;
      return true;
    }
    if (at - allowance.countedSince >= 1_000) {
      allowance.dropped = 0;
      allowance.countedSince = at;
    }
    allowance.dropped += 1;
    if (allowance.dropped === floodsAt) onFlood?.(subject);
    return false;
  };
}
