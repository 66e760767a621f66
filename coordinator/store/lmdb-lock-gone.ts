import { setTimeout as delay } from 'node:timers/promises';
import { storeError } from './store-error.js';

const maxAttempts = 20;
const maxDelayMs = 100;

/**
 * Whether opening an environment failed because its last user was just leaving. mdb_env_close_active destroys the mutexes
 * in the lock file when no one else holds it; who opens it in that moment waits for the leaver, is no longer the first
 * and makes no new ones, so that every lock fails with EINVAL until all who came then have left again.
 */
export function isLockGone(error: unknown): boolean {
  const EINVAL = 22;
  return (error as { code?: unknown }).code === EINVAL;
}

/** Opens again, in a new thread or process each time, until the answer is another one. */
export async function whileLockGone<T>(directory: string, open: () => Promise<T | 'lock-gone'>): Promise<T> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const answer = await open();
    if (answer !== 'lock-gone') return answer;
    // Unequal, so that of several who try again one is alone.
    await delay(Math.random() * maxDelayMs);
  }
  const message = `the store in ${directory} was being closed by another process at each of ${maxAttempts} attempts to open it`;
  throw storeError('failed', message);
}
