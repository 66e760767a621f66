import { readFileSync } from 'node:fs';
import type { Role } from './messages.js';

/** Whose credentials these are: what the bus takes their holder for. */
export interface CredentialsIdentity {
  readonly role: Role;
  readonly id: string;
  /** When they were made, and end (ms since 1970); undefined: they do not end. */
  readonly issuedUnixMs: number;
  readonly expiresUnixMs: number | undefined;
}

const ROLES = ['cpe', 'dpe', 'launcher', 'agent', 'operator', 'viewer'] as const satisfies readonly Role[];

/**
 * Reads a NATS .creds file of ours. Nothing is verified: that is the server's part.
 *
 * @throws Error when the file cannot be read or names no identity (its message names the file, and shows nothing of it).
 */
export function credentialsIdentity(file: string): CredentialsIdentity {
  const identity = parseCredentialsIdentity(readFileSync(file, 'utf8'));
  if (identity === undefined) throw new Error(`${file} holds no credentials of this system`);
  return identity;
}

/** The same of a file's content; undefined when it names no identity. */
export function parseCredentialsIdentity(credentials: string): CredentialsIdentity | undefined {
  const payload = /-----BEGIN NATS USER JWT-----\s+[\w-]+\.([\w-]+)\.[\w-]+\s/.exec(credentials)?.[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? readClaims(claims) : undefined;
  } catch {
    return undefined;
  }
}

/** The name of the user in its JWT. */
export function renderIdentityName(role: Role, id: string): string {
  return `${role}:${id}`;
}

function readClaims(claims: { name?: unknown; iat?: unknown; exp?: unknown }): CredentialsIdentity | undefined {
  const { name, iat, exp } = claims;
  if (typeof name !== 'string' || typeof iat !== 'number') return undefined;
  const [, given = '', id = ''] = /^([a-z]+):(.+)$/.exec(name) ?? [];
  const role = ROLES.find((each) => each === given);
  if (role === undefined) return undefined;
  return { role, id, issuedUnixMs: iat * 1000, expiresUnixMs: typeof exp === 'number' ? exp * 1000 : undefined };
}
