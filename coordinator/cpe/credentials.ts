import { join } from 'node:path';
import {
  createAccount,
  createOperator,
  createUser,
  decode,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  fromSeed,
  type KeyPair,
  type User,
} from '@nats-io/jwt';
import type { Role } from '../../proto/messages.js';
import { cpeRequest, inboxesOf, rolePatterns, type SubjectPattern } from '../../proto/subjects.js';
import { readIfThere, readOrCreatePrivateFile, replacePrivateFile } from './private-file.js';

/** What the bus server has to know, and where each role's credentials lie. The JWTs are public; the files are not. */
export interface BusCredentials {
  readonly operatorJwt: string;
  readonly accountId: string;
  readonly accountJwt: string;
}

export const ROLES = ['cpe', 'dpe', 'launcher', 'agent', 'operator'] as const satisfies readonly Role[];

/** The NATS .creds file of a role. */
export function credentialsFile(home: string, role: Role): string {
  return join(home, 'credentials', `${role}.creds`);
}

/**
 * Makes sure that the keys (`<home>/keys`) and the credentials of every role (`<home>/credentials`, all 0600) exist.
 * Keys are made once and kept; credentials are minted again when the permissions of their role have changed since.
 * Rejects when a file cannot be written, or holds what is no key.
 */
export async function ensureCredentials(home: string): Promise<BusCredentials> {
  const operator = await key(home, 'bus-operator', createOperator);
  const account = await key(home, 'bus-account', createAccount);
  for (const role of ROLES) await ensureRole(home, role, account);
  return {
    operatorJwt: await encodeOperator('cpe', operator),
    accountId: account.getPublicKey(),
    accountJwt: await encodeAccount('cpe', account, { limits: UNLIMITED }, { signer: operator }),
  };
}

/** What a role may say and hear, besides answering what it was asked. */
export const ROLE_PERMISSIONS = {
  cpe: {
    // Orders: only to forget the instances of a deleted deployable, which has no DPE any more.
    publish: [rolePatterns.dpeRequests, rolePatterns.launcherLists, rolePatterns.launcherOrders, rolePatterns.events],
    subscribe: [cpeRequest, rolePatterns.launcherBeats, rolePatterns.events],
  },
  dpe: {
    publish: [
      rolePatterns.launcherOrders,
      rolePatterns.launcherLists,
      rolePatterns.agentOrders,
      rolePatterns.events,
      rolePatterns.silenceCounts,
    ],
    subscribe: [
      rolePatterns.dpeRequests,
      rolePatterns.launcherBeats,
      rolePatterns.launcherReports,
      rolePatterns.agentRegistrations,
      rolePatterns.agentHeartbeats,
      rolePatterns.agentReports,
      rolePatterns.events,
      rolePatterns.silenceCounts,
    ],
  },
  launcher: {
    publish: [rolePatterns.launcherBeats, rolePatterns.launcherReports],
    subscribe: [rolePatterns.launcherOrders, rolePatterns.launcherLists],
  },
  agent: {
    publish: [
      rolePatterns.agentRegistrations,
      rolePatterns.agentHeartbeats,
      rolePatterns.agentReports,
      rolePatterns.agentEvents,
    ],
    subscribe: [rolePatterns.agentOrders, rolePatterns.agentCalls],
  },
  operator: { publish: [rolePatterns.everything], subscribe: [rolePatterns.everything] },
} as const satisfies Record<Role, { publish: readonly SubjectPattern[]; subscribe: readonly SubjectPattern[] }>;

/** An account without explicit limits may do nothing: 0 means zero, -1 means without limit. */
const UNLIMITED = {
  subs: -1,
  data: -1,
  payload: -1,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: -1,
} as const;

/** One answer to each question, as long as the longest request may take (nanoseconds). */
const RESPONSE_PERMISSION = { max: 1, ttl: 3_600_000_000_000 } as const;

function userClaims(role: Role): Partial<User> {
  const { publish, subscribe } = ROLE_PERMISSIONS[role];
  return {
    pub: { allow: [...publish], deny: [] },
    sub: { allow: [...subscribe, inboxesOf(role)], deny: [] },
    resp: RESPONSE_PERMISSION,
    subs: -1,
    data: -1,
    payload: -1,
  };
}

async function ensureRole(home: string, role: Role, account: KeyPair): Promise<void> {
  const claims = userClaims(role);
  const file = credentialsFile(home, role);
  const existing = await readIfThere(file);
  if (existing !== undefined && isMintedWith(existing, claims, account)) return;
  const user = await key(home, `bus-user-${role}`, createUser);
  const jwt = await encodeUser(role, user, account, claims);
  await replacePrivateFile(file, fmtCreds(jwt, user));
}

function isMintedWith(creds: string, wanted: Partial<User>, account: KeyPair): boolean {
  const jwt = /-----BEGIN NATS USER JWT-----\s+(\S+)\s/.exec(creds)?.[1];
  if (jwt === undefined) return false;
  try {
    const { iss, nats } = decode<User>(jwt);
    const same = (part: 'pub' | 'sub' | 'resp') => JSON.stringify(nats[part]) === JSON.stringify(wanted[part]);
    return iss === account.getPublicKey() && same('pub') && same('sub') && same('resp');
  } catch {
    return false;
  }
}

async function key(home: string, name: string, create: () => KeyPair): Promise<KeyPair> {
  const file = join(home, 'keys', `${name}.nk`);
  const seed = await readOrCreatePrivateFile(file, () => new TextDecoder().decode(create().getSeed()));
  try {
    return fromSeed(new TextEncoder().encode(seed.trim()));
  } catch (error) {
    throw new Error(`${file} holds no key`, { cause: error });
  }
}
