import type { BusCounters, BusProblem } from './bus.js';
import type { GarbageReason } from './codec.js';
import { rateLimitedReport } from './rate-limited-report.js';

/** What a bus connection counts and tells; what outsiders can cause is told at a bounded rate. */
export interface BusReports {
  received(): void;
  reconnected(): void;
  garbage(subject: string, reason: GarbageReason): void;
  overflow(subject: string): void;
  handlerFailed(subject: string, error: unknown): void;
  refused(subject: string, reason: string): void;
  connectionTrouble(reason: string): void;
  counters(): BusCounters;
  close(): void;
}

const INTERVAL_MS = 10_000;

export function createBusReports(onProblem: (problem: BusProblem) => void): BusReports {
  const counted = { received: 0, garbage: 0, overflowed: 0, handlerFailures: 0, reconnects: 0 };
  const sameKey = () => '';
  const garbage = rateLimitedReport<{ subject: string; reason: string }>(INTERVAL_MS, sameKey, (latest, count) =>
    tell({ kind: 'garbage', ...latest, count }),
  );
  const overflow = rateLimitedReport<{ subject: string }>(INTERVAL_MS, sameKey, (latest, count) =>
    tell({ kind: 'overflow', ...latest, count }),
  );
  const trouble = rateLimitedReport<string>(
    INTERVAL_MS,
    (reason) => reason,
    (reason) => tell({ kind: 'connection', reason }),
  );

  /** Not from within the client library's parser: it would swallow what a listener throws, and stop reading. */
  function tell(problem: BusProblem): void {
    queueMicrotask(() => onProblem(problem));
  }

  return {
    received() {
      counted.received += 1;
    },
    reconnected() {
      counted.reconnects += 1;
    },
    garbage(subject, { code, message }) {
      counted.garbage += 1;
      garbage.add({ subject, reason: `${code}: ${message}` });
    },
    overflow(subject) {
      counted.overflowed += 1;
      overflow.add({ subject });
    },
    handlerFailed(subject, error) {
      counted.handlerFailures += 1;
      tell({ kind: 'handler-failed', subject, error });
    },
    refused: (subject, reason) => tell({ kind: 'refused', subject, reason }),
    connectionTrouble: (reason) => trouble.add(reason),
    counters: () => ({ ...counted }),
    close() {
      for (const report of [garbage, overflow, trouble]) report.close();
    },
  };
}
