import { readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { parseCredentialsIdentity } from '../../proto/credentials-identity.js';
import type { Role } from '../../proto/messages.js';
import { type Authority, mintCredentials, openAuthority } from '../identity/authority.js';
import { decodeJwt, userClaims } from '../identity/nats-jwt.js';
import type { Identity } from '../identity/permissions.js';
import { readIfThere, replacePrivateFile } from '../identity/private-file.js';

/** Identities that every home has; launchers and DPEs are added by name. */
const OWN_ROLES = ['cpe', 'operator', 'viewer'] as const satisfies readonly Role[];

/** The NATS .creds file of one of the home's own identities. Launchers and DPEs have one each, by their name. */
export function credentialsFile(home: string, role: Role, id?: string): string {
  return join(home, 'credentials', `${role}${id === undefined ? '' : `-${id}`}.creds`);
}

/**
 * Makes sure that the site's keys (`<home>/keys`) and the credentials of the coordinator and of its local operator and
 * viewer (`<home>/credentials`, all 0600) exist and fit their roles. Rejects when a file cannot be written, or holds what
 * is no key.
 */
export async function ensureCredentials(home: string): Promise<Authority> {
  const authority = await openAuthority(home);
  for (const role of OWN_ROLES) {
    const file = credentialsFile(home, role);
    const before = parseCredentialsIdentity((await readIfThere(file)) ?? '');
    const id = role === 'cpe' ? 'main' : before?.role === role ? before.id : userName();
    await ensureFile(authority, file, { role, id });
  }
  // For other programs: ours read it from their credentials.
  await replacePrivateFile(join(home, 'credentials', 'bus-ca.crt'), authority.certificates);
  return authority;
}

/** The credentials file of a launcher or DPE of this home, minted where there is none that fits. */
export async function ensureIdentity(home: string, role: 'launcher' | 'dpe', id: string): Promise<string> {
  const file = credentialsFile(home, role, id);
  await ensureFile(await openAuthority(home), file, { role, id });
  return file;
}

/**
 * All files of the home's own identities are as today's keys have them. Resolves with those that were made anew; identities
 * that were made with `cpectl auth create` are not among them: their files are somebody else's.
 */
export async function ensureOwnIdentities(home: string): Promise<readonly string[]> {
  const authority = await openAuthority(home);
  const renewed: string[] = [];
  for (const name of await readdir(join(home, 'credentials'))) {
    const [, role, id] = /^(launcher|dpe)-(.+)\.creds$/.exec(name) ?? [];
    if ((role !== 'launcher' && role !== 'dpe') || id === undefined) continue;
    if (await ensureFile(authority, join(home, 'credentials', name), { role, id })) renewed.push(`${role} ${id}`);
  }
  return renewed;
}

/** True when it was made anew. */
async function ensureFile(authority: Authority, file: string, identity: Identity): Promise<boolean> {
  const existing = await readIfThere(file);
  if (existing !== undefined && isMintedFor(existing, authority, identity)) return false;
  await replacePrivateFile(file, mintCredentials(authority, identity, { issuedUnixMs: Date.now() }));
  return true;
}

/** Signed by today's key, with today's permissions, for the same key and the same authorities. */
function isMintedFor(credentials: string, authority: Authority, identity: Identity): boolean {
  const known = parseCredentialsIdentity(credentials);
  if (known?.role !== identity.role || known.id !== identity.id || !credentials.endsWith(authority.certificates)) {
    return false;
  }
  const { seed, publicKey } = authority.keyOf(identity);
  const claims = decodeJwt(/-----BEGIN NATS USER JWT-----\s+(\S+)\s/.exec(credentials)?.[1] ?? '');
  if (claims === undefined || !credentials.includes(seed) || claims.sub !== publicKey) return false;
  if (claims.iss !== authority.signing.publicKey) return false;
  const wanted = Object.entries(userClaims(identity));
  const given = (claims.nats ?? {}) as Record<string, unknown>;
  return wanted.every(([key, value]) => JSON.stringify(given[key]) === JSON.stringify(value));
}

/** Who set up the home: the name of its local operator. */
function userName(): string {
  try {
    const name = userInfo()
      .username.replace(/[^A-Za-z0-9_-]/g, '_')
      .slice(0, 62);
    return /^[A-Za-z_]/.test(name) ? name : `_${name}`;
  } catch {
    // A uid without an entry in the user database.
    return `uid-${process.getuid?.() ?? 0}`;
  }
}
