import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '@nats-io/jwt';
import { createAccount, createOperator, createUser, fromPublic, fromSeed } from 'nkeys.js';
import { encodeUserJwt } from './nats-jwt.js';
import { createNkey, parseNkeySeed } from './nkey.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const kinds = [
  ['operator', createOperator],
  ['account', createAccount],
  ['user', createUser],
] as const;
for (const [kind, create] of kinds) {
  test(`a key of kind ${kind} is what the library of NATS makes of its seed, both ways`, () => {
    const own = createNkey(kind);
    const theirs = fromSeed(bytes(own.seed));
    assert.equal(theirs.getPublicKey(), own.publicKey);
    assert.ok(fromPublic(own.publicKey).verify(bytes('text'), own.sign(bytes('text'))));
    const other = create();
    const read = parseNkeySeed(kind, new TextDecoder().decode(other.getSeed()));
    assert.equal(read.publicKey, other.getPublicKey());
  });
}

test('what is no seed of the kind is refused', () => {
  const { seed, publicKey } = createNkey('user');
  const damaged = `${seed.slice(0, 20)}${seed[20] === 'A' ? 'B' : 'A'}${seed.slice(21)}`;
  for (const text of ['', 'SU', publicKey, seed.slice(1), damaged, createNkey('account').seed, `${seed}!`]) {
    assert.throws(() => parseNkeySeed('user', text), Error);
  }
});

test("a user's token is one for the library of NATS", () => {
  const [user, signer, account] = [createNkey('user'), createNkey('account'), createNkey('account')];
  const jwt = encodeUserJwt({
    identity: { role: 'agent', id: 'shop.web.left.1-1' },
    user,
    account: account.publicKey,
    signer,
    issuedUnixMs: 1_800_000_000_123,
    expiresUnixMs: 1_800_000_100_000,
  });
  const claims = decode<Record<string, unknown>>(jwt);
  assert.deepEqual(
    [claims.name, claims.sub, claims.iss, claims.iat, claims.exp, claims.nats.issuer_account],
    ['agent:shop.web.left.1-1', user.publicKey, signer.publicKey, 1_800_000_000, 1_800_000_100, account.publicKey],
  );
});
