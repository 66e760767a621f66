import { createHmac, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeAccountJwt, encodeOperatorJwt, encodeUserJwt, renderCredentials } from './nats-jwt.js';
import { createNkey, type KeyKind, type Nkey, parseNkeySeed } from './nkey.js';
import type { Identity, Permissions } from './permissions.js';
import { readIfThere, readOrCreatePrivateFile, replacePrivateFile } from './private-file.js';
import { openSiteCa } from './site-ca.js';

/** The keys of a site, by which its bus knows who is who. All of its coordinator's machines have the same. */
export interface Authority {
  readonly operator: Nkey;
  readonly account: Nkey;
  /** Signs everybody's credentials. */
  readonly signing: Nkey;
  /** Public keys whose signatures are good: while the signing key is changed there are two. */
  readonly signingKeys: readonly string[];
  readonly systemAccount: Nkey;
  /** PEM certificates by which the bus is known; empty where it has no TLS. */
  readonly certificates: string;
  /** The key of an instance's agent, or of one of the coordinator's own processes: always the same for the same identity. */
  keyOf(identity: Identity): Nkey;
}

export interface MintOptions {
  /** Undefined: the one that `keyOf` says. */
  readonly user?: Nkey | undefined;
  readonly issuedUnixMs: number;
  readonly expiresUnixMs?: number | undefined;
  /** Instead of those of the role. */
  readonly permissions?: Permissions | undefined;
}

/** The content of a credentials file for an identity: a secret. */
export function mintCredentials(authority: Authority, identity: Identity, options: MintOptions): string {
  const { user = authority.keyOf(identity), issuedUnixMs, expiresUnixMs, permissions } = options;
  const { account, signing: signer, certificates } = authority;
  const times = { issuedUnixMs, expiresUnixMs };
  const jwt = encodeUserJwt({ identity, user, account: account.publicKey, signer, permissions, ...times });
  return renderCredentials(jwt, user.seed, certificates);
}

/** Of whoever replaces the tokens of accounts on the servers: may do that and nothing else, for a minute. */
export function mintSystemCredentials(authority: Authority, subject: string, now: number): string {
  const { systemAccount } = authority;
  const user = createNkey('user');
  const permissions = { publish: [subject], subscribe: ['_INBOX.>'], answers: false } as unknown as Permissions;
  const jwt = encodeUserJwt({
    identity: { role: 'cpe', id: 'accounts' },
    user,
    account: systemAccount.publicKey,
    signer: systemAccount,
    permissions,
    issuedUnixMs: now - 60_000,
    expiresUnixMs: now + 60_000,
  });
  return renderCredentials(jwt, user.seed, authority.certificates);
}

/**
 * How long the credentials of an agent last. They are renewed at half of it, so an agent may be without a coordinator for
 * the other half.
 */
export const agentCredentialsMs = 14 * 24 * 3_600_000;

/** @param instance its id */
export function mintForAgent(authority: Authority, instance: string, now: number): string {
  const identity = { role: 'agent', id: instance } as const;
  return mintCredentials(authority, identity, { issuedUnixMs: now, expiresUnixMs: now + agentCredentialsMs });
}

/** Keys are made once and kept in `<home>/keys`. Rejects when a file cannot be written, or holds what is no key. */
export async function openAuthority(home: string): Promise<Authority> {
  const operator = await key(home, 'bus-operator', 'operator');
  const account = await key(home, 'bus-account', 'account');
  const signing = await key(home, signingKeyNames.current, 'account');
  const systemAccount = await key(home, 'bus-system', 'account');
  const others = [signingKeyNames.next, signingKeyNames.before].map((name) => keyIfThere(home, name));
  const secrets = { own: await secret(home, 'own-identities'), instances: await secret(home, 'instances') };
  return {
    operator,
    account,
    signing,
    signingKeys: [...new Set([signing, ...(await Promise.all(others)).flat()].map(({ publicKey }) => publicKey))],
    systemAccount,
    certificates: (await isPlain(home)) ? '' : await openSiteCa(home),
    keyOf: ({ role, id }) =>
      createNkey(
        'user',
        createHmac('sha256', role === 'agent' ? secrets.instances : secrets.own)
          .update(`${role}:${id}`)
          .digest(),
      ),
  };
}

/** The site's bus servers are the operator's, and have no TLS: said at every machine of the site (`--bus-tls off`). */
export async function isPlain(home: string): Promise<boolean> {
  return (await readIfThere(plainFile(home))) !== undefined;
}

export async function setPlain(home: string, isPlainNow: boolean): Promise<void> {
  const file = plainFile(home);
  if (isPlainNow) await replacePrivateFile(file, 'The bus servers of this site have no TLS.\n');
  else await rm(file, { force: true });
}

/** Its presence says it. */
function plainFile(home: string): string {
  return join(home, 'keys', 'bus-plain');
}

/** Files of signing keys: the one that signs, and while it is changed the one that will, or did (signing-rotation.ts). */
export const signingKeyNames = {
  current: 'bus-signing',
  next: 'bus-signing-next',
  before: 'bus-signing-before',
} as const;

export function keyFile(home: string, name: string): string {
  return join(home, 'keys', `${name}.nk`);
}

/** The tokens of the bus server's configuration. `revocations`: see encodeAccountJwt. */
export function serverTokens(
  authority: Authority,
  { revocations, now }: { readonly revocations: Readonly<Record<string, number>>; readonly now: number },
): { readonly operatorJwt: string; readonly accountJwt: string; readonly systemJwt: string } {
  const { operator, account, systemAccount, signingKeys } = authority;
  const common = { operator, issuedUnixMs: now };
  return {
    operatorJwt: encodeOperatorJwt(operator, systemAccount.publicKey, now),
    accountJwt: encodeAccountJwt({ name: 'cpe', account, signingKeys, revocations, hasStore: true, ...common }),
    systemJwt: encodeAccountJwt({
      name: 'system',
      account: systemAccount,
      signingKeys: [],
      revocations: {},
      hasStore: false,
      ...common,
    }),
  };
}

async function key(home: string, name: string, kind: KeyKind): Promise<Nkey> {
  const file = keyFile(home, name);
  return parseKey(file, kind, await readOrCreatePrivateFile(file, () => createNkey(kind).seed));
}

async function keyIfThere(home: string, name: string): Promise<readonly Nkey[]> {
  const file = keyFile(home, name);
  const seed = await readIfThere(file);
  return seed === undefined ? [] : [parseKey(file, 'account', seed)];
}

function parseKey(file: string, kind: KeyKind, seed: string): Nkey {
  try {
    return parseNkeySeed(kind, seed);
  } catch (error) {
    throw new Error(`${file} holds no key of the bus`, { cause: error });
  }
}

async function secret(home: string, name: string): Promise<Buffer> {
  const file = join(home, 'keys', `${name}.secret`);
  const text = await readOrCreatePrivateFile(file, () => randomBytes(32).toString('hex'));
  if (!/^[0-9a-f]{64}\s*$/.test(text)) throw new Error(`${file} holds no secret of 32 bytes`);
  return Buffer.from(text.trim(), 'hex');
}
