import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSchedulerChild } from '../../coordinator/scheduler/scheduler-child.js';
import { type Comparison, compareCase, type GoldenCase, type Verdict } from './golden-compare.js';

const LONGEST_DECISION_MS = 300_000;

/** Compares all cases; the answers are in their order. One scheduler, and two lanes at most: the work is crm_simulate's. */
export async function compareAll(cases: readonly GoldenCase[]): Promise<Comparison[]> {
  const queue = [...cases.entries()];
  const done: Comparison[] = [];
  const scheduler = openSchedulerChild({ deadlineMs: LONGEST_DECISION_MS });
  const lane = async (): Promise<void> => {
    const scratch = mkdtempSync(join(tmpdir(), 'golden-'));
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [at, golden] = next;
        done[at] = await compareCase(scheduler, scratch, golden).catch((error) => incomparable(golden, error));
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  } finally {
    await scheduler.close();
  }
  return done;
}

/** One case that breaks the comparison leaves the others theirs. */
function incomparable({ name }: GoldenCase, error: unknown): Comparison {
  const verdict: Verdict = { kind: 'different', detail: `not compared: ${String(error)}` };
  const verdicts = { graph: verdict, order: verdict, 'end state': verdict };
  return { name, verdicts, unanswered: undefined, order: [], failures: [] };
}
