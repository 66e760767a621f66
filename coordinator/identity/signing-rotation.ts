/** The key that signs everybody's credentials is changed in three steps, and whoever holds old ones stays in until the last. */
import { rename, rm, stat } from 'node:fs/promises';
import { agentCredentialsMs, keyFile, signingKeyNames } from './authority.js';
import { createNkey } from './nkey.js';
import { readIfThere, readOrCreatePrivateFile } from './private-file.js';

export type RotationState =
  | { readonly kind: 'idle' }
  /** The next key is made, and the bus is to know it before anything is signed with it. */
  | { readonly kind: 'announced' }
  /** The next key signs; the one before is still good. */
  | { readonly kind: 'changed'; readonly since: number; readonly endsAt: number };

/** Unix ms, both: since when the new key signs, and when no agent holds what the old one has signed. */
export async function rotationState(home: string): Promise<RotationState> {
  const before = keyFile(home, signingKeyNames.before);
  const next = keyFile(home, signingKeyNames.next);
  if ((await readIfThere(next)) !== undefined) return { kind: 'announced' };
  if ((await readIfThere(before)) === undefined) return { kind: 'idle' };
  const { mtimeMs } = await stat(before);
  return { kind: 'changed', since: mtimeMs, endsAt: mtimeMs + agentCredentialsMs };
}

/** Resolves with the seed of the next key, which is made when there is none. */
export function announceKey(home: string): Promise<string> {
  return readOrCreatePrivateFile(keyFile(home, signingKeyNames.next), () => createNkey('account').seed);
}

/** The announced key signs from now on. May be cut off at any moment, and be called again. */
export async function changeKey(home: string): Promise<void> {
  const [current, next, before] = [signingKeyNames.current, signingKeyNames.next, signingKeyNames.before].map((name) =>
    keyFile(home, name),
  ) as [string, string, string];
  const seed = await readIfThere(current);
  if (seed === undefined) throw new Error(`${current} is missing`);
  await readOrCreatePrivateFile(before, () => seed);
  await rename(next, current);
}

/** What the key before has signed is void from now on. */
export async function forgetKey(home: string): Promise<void> {
  await rm(keyFile(home, signingKeyNames.before), { force: true });
}
