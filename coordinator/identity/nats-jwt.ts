import { createHash } from 'node:crypto';
import { MAX_ENVELOPE_BYTES } from '../../proto/codec.js';
import { renderIdentityName } from '../../proto/credentials-identity.js';
import type { Role } from '../../proto/messages.js';
import { encodeBase32, type Nkey } from './nkey.js';
import { type Identity, type Permissions, permissionsOf } from './permissions.js';

/**
 * NATS' JSON web tokens, version 2 (github.com/nats-io/jwt): claims of an operator, account or user, signed by the key
 * above it. Signed by Node's Ed25519: a DPE makes one for every instance that it starts.
 */
export interface UserDraft {
  readonly identity: Identity;
  readonly user: Pick<Nkey, 'publicKey'>;
  /** Public key of the account that the user belongs to. */
  readonly account: string;
  readonly signer: Nkey;
  readonly issuedUnixMs: number;
  /** Undefined: the token does not end. */
  readonly expiresUnixMs: number | undefined;
  /** Instead of those of the identity's role. */
  readonly permissions?: Permissions | undefined;
}

export function encodeUserJwt({ identity, user, account, signer, permissions, ...times }: UserDraft): string {
  return encodeJwt(
    { name: renderIdentityName(identity.role, identity.id), sub: user.publicKey, signer, ...times },
    { type: 'user', issuer_account: account, ...userClaims(identity, permissions) },
  );
}

/** The claims that say what a user may do. */
export function userClaims(identity: Identity, permissions = permissionsOf(identity)): Record<string, unknown> {
  const { publish, subscribe, answers } = permissions;
  return {
    pub: { allow: publish },
    sub: { allow: subscribe },
    ...(answers ? { resp: RESPONSE_PERMISSION } : {}),
    ...NO_LIMITS,
    subs: subscriptionsOf[identity.role],
    payload: MAX_ENVELOPE_BYTES,
  };
}

/** Of one connection. An agent has three: its inbox, orders and calls. */
const subscriptionsOf = {
  cpe: 4_096,
  dpe: 65_536,
  launcher: 64,
  agent: 32,
  operator: 256,
  viewer: 256,
} as const satisfies Record<Role, number>;

export interface AccountDraft {
  readonly name: string;
  readonly account: Nkey;
  readonly operator: Nkey;
  /** Public keys that sign users of the account. */
  readonly signingKeys: readonly string[];
  /** Public key of a user to the time (s since 1970) until which its tokens are void. */
  readonly revocations: Readonly<Record<string, number>>;
  readonly issuedUnixMs: number;
  /** JetStream is for it. */
  readonly hasStore: boolean;
}

export function encodeAccountJwt(draft: AccountDraft): string {
  const { name, account, operator, signingKeys, revocations, issuedUnixMs } = draft;
  return encodeJwt(
    { name, sub: account.publicKey, signer: operator, issuedUnixMs, expiresUnixMs: undefined },
    {
      type: 'account',
      limits: { ...NO_LIMITS, ...NO_ACCOUNT_LIMITS, ...(draft.hasStore ? NO_STORE_LIMITS : {}) },
      ...(signingKeys.length === 0 ? {} : { signing_keys: signingKeys }),
      ...(Object.keys(revocations).length === 0 ? {} : { revocations }),
    },
  );
}

/** `systemAccount`: public key of the account in which the server takes new account tokens. */
export function encodeOperatorJwt(operator: Nkey, systemAccount: string, issuedUnixMs: number): string {
  return encodeJwt(
    { name: 'cpe', sub: operator.publicKey, signer: operator, issuedUnixMs, expiresUnixMs: undefined },
    { type: 'operator', system_account: systemAccount },
  );
}

/** The claims of a token, unverified; undefined when it is none. */
export function decodeJwt(jwt: string): Record<string, unknown> | undefined {
  const [, payload, signature] = jwt.trim().split('.');
  if (payload === undefined || signature === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A NATS .creds file; `authorities`: PEM certificates by which its holder knows the server. */
export function renderCredentials(jwt: string, seed: string, authorities: string): string {
  return `-----BEGIN NATS USER JWT-----
${jwt}
------END NATS USER JWT------

-----BEGIN USER NKEY SEED-----
${seed}
------END USER NKEY SEED------

${authorities}`;
}

/** An absent limit is zero, which allows nothing; -1 is none. */
const NO_LIMITS = { subs: -1, data: -1, payload: -1 } as const;
const NO_ACCOUNT_LIMITS = { imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 } as const;
/** Where the bus is a cluster it has the store of the site. The system account has none. */
const NO_STORE_LIMITS = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 } as const;

/** One answer to each question, as long as the longest request may take (nanoseconds). */
const RESPONSE_PERMISSION = { max: 1, ttl: 3_600_000_000_000 } as const;

interface Head {
  readonly name: string;
  readonly sub: string;
  readonly signer: Nkey;
  readonly issuedUnixMs: number;
  readonly expiresUnixMs: number | undefined;
}

function encodeJwt({ name, sub, signer, issuedUnixMs, expiresUnixMs }: Head, nats: Record<string, unknown>): string {
  const claims = {
    aud: 'NATS',
    iat: Math.floor(issuedUnixMs / 1000),
    ...(expiresUnixMs === undefined ? {} : { exp: Math.floor(expiresUnixMs / 1000) }),
    iss: signer.publicKey,
    name,
    sub,
    nats: { ...nats, version: 2 },
  };
  const jti = encodeBase32(createHash('sha512-256').update(JSON.stringify(claims)).digest());
  const signed = `${base64url({ typ: 'JWT', alg: 'ed25519-nkey' })}.${base64url({ jti, ...claims })}`;
  return `${signed}.${Buffer.from(signer.sign(Buffer.from(signed))).toString('base64url')}`;
}

function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
