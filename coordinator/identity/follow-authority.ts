import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, openAuthority } from './authority.js';

const lookMs = 500;

/**
 * The site's keys as they are now: `cpectl auth rotate` changes them under whoever runs. Rejects as openAuthority does;
 * what is wrong with them later is told to `onTrouble`, and the last good ones are used.
 */
export async function followAuthority(home: string, onTrouble: (reason: string) => void): Promise<() => Authority> {
  const directory = join(home, 'keys');
  let authority = await openAuthority(home);
  let seen = changeOf(directory);
  let isLooking = false;
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();
  return () => authority;

  async function look(): Promise<void> {
    const now = changeOf(directory);
    if (now === undefined || now === seen || isLooking) return;
    isLooking = true;
    try {
      authority = await openAuthority(home);
      seen = now;
    } catch (error) {
      onTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      isLooking = false;
    }
  }
}

/** Every key is replaced by renaming a file. */
function changeOf(directory: string): bigint | undefined {
  return statSync(directory, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
}
