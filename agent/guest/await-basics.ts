import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.js';

const intervalMs = 20;
const usualDeadlineMs = 30_000;

/**
 * Waits for the file that the machine makes when all is there that resources may need (`CPE_AGENT_AFTER` of the unit). It
 * takes the place of an order of units, which would have the agent loaded later than it could be; and as with such an
 * order, what has failed is not waited for for ever.
 */
export async function awaitBasics(file: string | undefined, log: Log, deadlineMs = usualDeadlineMs): Promise<void> {
  if (file === undefined) return;
  const startedAt = performance.now();
  while (!existsSync(file)) {
    if (performance.now() - startedAt >= deadlineMs) {
      log('warn', 'the machine does not tell that its basics are set up; going on without them', { file, deadlineMs });
      return;
    }
    await delay(intervalMs);
  }
}
