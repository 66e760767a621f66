import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseInstanceId, renderInstanceId } from '../../proto/instance-id.js';
import type { AgentIdentity } from '../identity.js';
import type { GuestConfiguration, GuestDirectories } from './parse-guest-files.js';

/** Of the directory `run`: there from the moment on at which the guest knows who it is, until its next boot. */
export const keptIdentityName = 'identity.json';

/**
 * Writes identity and credentials to `run`, for root alone. Another agent of this boot takes them from there: what they
 * came from may be gone, and credentials may have been renewed since. The identity comes last: with it all is there.
 */
export function keepGuest({ identity, bus }: GuestConfiguration, { run }: Pick<GuestDirectories, 'run'>): void {
  mkdirSync(run, { recursive: true, mode: 0o700 });
  chmodSync(run, 0o700);
  const content = { ...identity, instance: renderInstanceId(identity.instance) };
  replace(identity.credentialsFile, bus);
  replace(join(run, keptIdentityName), `${JSON.stringify(content, undefined, 2)}\n`);
}

/**
 * Removes what agents of other instances have left in `state`, as on the clone of a disk: an id lives once, so nobody
 * can need it. Returns their ids.
 */
export function removeOtherInstances(identity: AgentIdentity, { state }: Pick<GuestDirectories, 'state'>): string[] {
  const own = renderInstanceId(identity.instance);
  mkdirSync(state, { recursive: true, mode: 0o755 });
  const others = readdirSync(state).filter((name) => name !== own && parseInstanceId(name) !== undefined);
  for (const name of others) rmSync(join(state, name), { recursive: true, force: true });
  return others;
}

function replace(path: string, text: string): void {
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, path);
}
