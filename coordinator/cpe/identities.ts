/** Identities that operators have made: records of who may enter, never of what lets them in. */
import type { Answer } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import { isName, parseInstanceId } from '../../proto/instance-id.js';
import type { AuthCreate, AuthIdentity, AuthRotate, Draft } from '../../proto/messages.js';
import { type Authority, mintCredentials } from '../identity/authority.js';
import { createNkey, type Nkey } from '../identity/nkey.js';
import type { Identity } from '../identity/permissions.js';
import { listRevocations, revoke } from '../identity/revocation-record.js';
import { revokeAgent } from '../identity/revoke-agent.js';
import type { JsonValue } from '../state/json.js';
import type { Store } from '../store/store.js';

export interface IdentityRecord {
  readonly role: 'operator' | 'viewer' | 'launcher';
  /** What it may see or change; empty: all. */
  readonly deployables: readonly string[];
  readonly publicKey: string;
  /** Of the credentials before these, which may still be good. */
  readonly publicKeyBefore?: string;
  /** Unix ms, as the others; 0: never. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number;
  readonly createdBy: string;
}

export interface IdentityContext {
  readonly store: Store;
  readonly authority: Authority;
  /** Names that the coordinator's own identities have. */
  readonly ownNames: readonly string[];
  readonly by: string;
  readonly now: number;
}

const prefix = 'identity/';
const maxIdentities = 10_000;
const maxDeployables = 100;
const dayMs = 24 * 3_600_000;
const yearMs = 365 * dayMs;
const maxGraceMs = 30 * dayMs;
/** Of people's; a launcher host has nobody who would bring it new ones. */
const defaultLifetimeMs = { operator: yearMs, viewer: yearMs, launcher: 0 } as const;

/** Undefined: it was not made here, so nothing limits it but its role. */
export async function readIdentity(store: Store, name: string): Promise<IdentityRecord | undefined> {
  return (await store.get(`${prefix}${name}`))?.value as unknown as IdentityRecord | undefined;
}

export async function createIdentity(context: IdentityContext, wish: AuthCreate): Promise<Answer> {
  const { store, authority, ownNames, by, now } = context;
  const { name, role, deployables, lifetimeMs } = wish;
  if (!isName(name)) return busError('invalid-request', `${JSON.stringify(name.slice(0, 70))} is not a name`);
  if (role !== 'operator' && role !== 'viewer' && role !== 'launcher') {
    return busError('invalid-request', `there is no role "${role.slice(0, 70)}": operator, viewer, launcher`);
  }
  const stranger = deployables.find((each) => !isName(each));
  if (stranger !== undefined || deployables.length > maxDeployables) {
    const what = stranger === undefined ? `more than ${maxDeployables}` : JSON.stringify(stranger.slice(0, 70));
    return busError('invalid-request', `deployables: ${what}; names of at most ${maxDeployables} are allowed`);
  }
  if (role === 'launcher' && deployables.length > 0) {
    return busError('invalid-request', 'a launcher host is everybody’s: it has no deployables of its own');
  }
  if (ownNames.includes(name)) return busError('already-exists', `"${name}" is an identity of the coordinator itself`);
  const user = createNkey('user');
  const lifetime = lifetimeMs || defaultLifetimeMs[role];
  const expiresAt = lifetime === 0 ? 0 : now + lifetime;
  const record: IdentityRecord = {
    ...{ role, deployables: [...deployables], publicKey: user.publicKey },
    ...{ createdAt: now, expiresAt, revokedAt: 0, createdBy: by },
  };
  const stored = await store.put(`${prefix}${name}`, record as unknown as JsonValue, 'absent');
  if (stored.kind === 'refused') return busError('unavailable', stored.message);
  if (stored.kind !== 'stored') {
    return busError('already-exists', `there is an identity "${name}", or was one; choose another name`);
  }
  await tell(store, now, 'identity-created', `${role} ${name}, by ${by}`);
  return created(authority, name, record, user);
}

/** By name, or an agent by its instance's id. The bus refuses it within a second. */
export async function revokeIdentity(context: IdentityContext, name: string): Promise<Answer> {
  const { store, authority, by, now } = context;
  if (parseInstanceId(name) !== undefined) {
    await revokeAgent(store, authority, { instance: name, at: now, now });
    await tell(store, now, 'identity-revoked', `agent ${name}, by ${by}`);
    return { kind: 'ack', value: {} };
  }
  const found = isName(name) ? await store.get(`${prefix}${name}`) : undefined;
  if (found === undefined) return unknownIdentity(context, name);
  const record = found.value as unknown as IdentityRecord;
  if (record.revokedAt !== 0) return { kind: 'ack', value: {} };
  const { role, expiresAt } = record;
  const until = expiresAt === 0 ? undefined : expiresAt;
  for (const publicKey of [record.publicKey, record.publicKeyBefore]) {
    if (publicKey === undefined) continue;
    await revoke(store, { publicKey, who: `${role} ${name}`, reason: `by ${by}`, at: now, until });
  }
  await store.put(`${prefix}${name}`, { ...record, revokedAt: now } as unknown as JsonValue, found.revision);
  await tell(store, now, 'identity-revoked', `${role} ${name}, by ${by}`);
  return { kind: 'ack', value: {} };
}

/** New credentials for the same identity, for as long as those before were made for; those are void after a grace. */
export async function rotateIdentity(context: IdentityContext, { name, graceMs }: AuthRotate): Promise<Answer> {
  const { store, authority, by, now } = context;
  if (graceMs > maxGraceMs) return busError('invalid-request', `at most ${maxGraceMs / dayMs} days of grace`);
  const found = isName(name) ? await store.get(`${prefix}${name}`) : undefined;
  if (found === undefined) return unknownIdentity(context, name);
  const before = found.value as unknown as IdentityRecord;
  const { role, createdAt, expiresAt } = before;
  if (before.revokedAt !== 0) return busError('invalid-request', `"${name}" is revoked; create another one`);
  // Revoked first: were it cut off here, the same request again ends well.
  const until = expiresAt === 0 ? undefined : expiresAt;
  const reason = `rotated by ${by}`;
  await revoke(store, { publicKey: before.publicKey, who: `${role} ${name}`, reason, at: now + graceMs, until });
  const user = createNkey('user');
  const ends = expiresAt === 0 ? 0 : now + (expiresAt - createdAt);
  const keys = { publicKey: user.publicKey, publicKeyBefore: before.publicKey };
  const record: IdentityRecord = { ...before, ...keys, createdAt: now, expiresAt: ends };
  const stored = await store.put(`${prefix}${name}`, record as unknown as JsonValue, found.revision);
  if (stored.kind === 'refused') return busError('unavailable', stored.message);
  if (stored.kind !== 'stored') return busError('unavailable', `"${name}" was changed meanwhile; try again`);
  await tell(store, now, 'identity-rotated', `${role} ${name}, by ${by}`);
  return created(authority, name, record, user);
}

function created(authority: Authority, name: string, record: IdentityRecord, user: Nkey): Answer {
  const { role, deployables, createdAt, expiresAt } = record;
  const identity: Identity = { role, id: name, ...(deployables.length === 0 ? {} : { deployables }) };
  const times = { issuedUnixMs: createdAt, expiresUnixMs: expiresAt === 0 ? undefined : expiresAt };
  const credentials = mintCredentials(authority, identity, { user, ...times });
  return { kind: 'authCreated', value: { identity: shown(name, record), credentials } };
}

function unknownIdentity({ ownNames }: IdentityContext, name: string): Answer {
  const own = ownNames.includes(name) ? ': it is one of the coordinator itself' : '';
  return busError('invalid-request', `no identity ${JSON.stringify(name.slice(0, 70))} was made here${own}`);
}

/** With `instances` also the agents whose credentials are void before their end. */
export async function listIdentities(store: Store, instances: boolean, now: number): Promise<Answer> {
  const made = (await store.list(prefix, maxIdentities)).map(({ key, value }) =>
    shown(key.slice(prefix.length), value as unknown as IdentityRecord),
  );
  const agents = instances ? (await listRevocations(store, now)).filter(({ who }) => who.startsWith('agent ')) : [];
  const ended = agents.map(({ publicKey, who, at, until = 0 }) => ({
    name: who.slice('agent '.length),
    role: 'agent',
    publicKey,
    expiresUnixMs: until,
    revokedUnixMs: at,
  }));
  return { kind: 'authIdentities', value: { identities: [...made, ...ended] } };
}

function shown(name: string, record: IdentityRecord): Draft<AuthIdentity> {
  const { role, deployables, publicKey, createdAt, expiresAt, revokedAt, createdBy } = record;
  return {
    ...{ name, role, deployables: [...deployables], publicKey, createdBy },
    ...{ createdUnixMs: createdAt, expiresUnixMs: expiresAt, revokedUnixMs: revokedAt },
  };
}

async function tell(store: Store, time: number, kind: string, reason: string): Promise<void> {
  await store.appendEvents([{ time, deployable: '', kind, reason }]);
}
