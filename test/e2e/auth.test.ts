import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pidsOf, type Ran, type Site, startSite, until } from './site.js';

const mark = `6${process.pid}`;
const document = (name: string, seconds: number) =>
  `deployable: ${name}\nassemblies: { web: { resources: { app: { exec: { command: [sleep, "${seconds}${mark}"] } } } } }\n`;

let site: Site;
const file = (name: string) => join(site.home, '..', `${name}.creds`);
const as = (name: string, ...args: readonly string[]): Promise<Ran> =>
  site.run('--identity', file(name), '--timeout', '20s', ...args);

before(async () => {
  site = await startSite();
  for (const [index, name] of ['shop', 'blog'].entries()) {
    await site.launch(name, document(name, index + 1));
    await site.settled(name);
  }
});
after(() => site.end());

test('an identity is made once, in a file for its owner only', async () => {
  await site.must('auth', 'create', 'ann', '--role', 'operator', '--deployable', 'shop', '--out', file('ann'));
  await site.must('auth', 'create', 'vic', '--role', 'viewer', '--out', file('vic'));
  assert.equal(statSync(file('ann')).mode & 0o777, 0o600);
  const twice = await site.run('auth', 'create', 'ann', '--role', 'operator', '--out', file('ann-2'));
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /there is an identity "ann"/);
  assert.equal(existsSync(file('ann-2')), false);
  const over = await site.run('auth', 'create', 'eve', '--role', 'viewer', '--out', file('ann'));
  assert.match(over.stderr, /cannot be written/);
  const listed = JSON.parse(await site.must('--json', 'auth', 'list')) as { name: string; role: string }[];
  assert.deepEqual(listed.map(({ name, role }) => `${role} ${name}`).sort(), ['operator ann', 'viewer vic']);
});

test('an operator of one deployable sees and changes that one; a viewer sees all and changes nothing', async () => {
  assert.equal((await as('ann', 'deployable', 'stop', 'shop', '--force')).code, 0);
  assert.equal((await as('ann', 'deployable', 'start', 'shop')).code, 0);
  const other = await as('ann', 'deployable', 'stop', 'blog');
  assert.notEqual(other.code, 0);
  assert.match(other.stderr, /"operator ann" is limited to shop; "blog" is none of them/);
  assert.doesNotMatch((await as('ann', 'deployable', 'list')).stdout, /blog/);
  assert.match((await as('vic', 'deployable', 'list')).stdout, /blog[\s\S]*shop/);
  const stop = await as('vic', 'deployable', 'stop', 'shop');
  assert.notEqual(stop.code, 0);
  assert.match(stop.stderr, /may look and change nothing/);
  const audit = JSON.parse(await site.must('audit', '--json')) as Record<
    'who' | 'deployable' | 'outcome' | 'from',
    string
  >[];
  for (const { from } of audit) assert.match(from, /^127\.0\.0\.1:\d+$/);
  const refusals = audit.filter(({ outcome, deployable }) => outcome === 'refused' && deployable !== '');
  assert.deepEqual(
    refusals.map(({ who, deployable }) => `${who}: ${deployable}`),
    ['operator ann: blog', 'viewer vic: shop'],
  );
});

test('an identity is enough where there is no coordinator', async () => {
  const { busUrl } = JSON.parse(await site.must('--json', 'info')) as { busUrl: string };
  const elsewhere = ['--home', join(site.home, '..', 'nowhere'), '--server', busUrl];
  const ran = await site.run(...elsewhere, '--identity', file('ann'), 'deployable', 'status', 'shop');
  assert.equal(ran.code, 0, ran.stderr);
  for (const [args, said] of [
    [[...elsewhere, 'deployable', 'list'], /--server needs to know who asks/],
    [['--server', 'nonsense', '--identity', file('ann'), 'info'], /"nonsense" is no address of a bus server/],
    [['--server', 'nats://127.0.0.1:1', '--identity', file('ann'), 'info'], /nothing listens at nats:\/\/127.0.0.1:1/],
  ] as const) {
    const refused = await site.run(...args);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, said);
  }
});

test('credentials that are rotated are void after their grace, and the identity goes on with new ones', async () => {
  await site.must('auth', 'rotate', 'vic', '--grace', '1s', '--out', file('vic-2'));
  assert.equal((await as('vic-2', 'deployable', 'list')).code, 0);
  await until('the old ones are refused', 60_000, async () => (await refused('vic')) || undefined);
  assert.equal((await as('vic-2', 'deployable', 'list')).code, 0);
});

test('who is revoked is out within moments', async () => {
  await site.must('auth', 'revoke', 'vic');
  await until('vic is refused', 60_000, async () => (await refused('vic-2')) || undefined);
  assert.equal((await as('ann', 'deployable', 'list')).code, 0);
  const never = await site.run('auth', 'revoke', 'nobody');
  assert.match(never.stderr, /no identity "nobody" was made here/);
});

test('keys and the certificate authority are changed under what runs, and nothing of it notices', async () => {
  const before = [1, 2].map((seconds) => pidsOf(`sleep ${seconds}${mark}`));
  const since = await site.lastSeq();
  assert.match(await site.must('auth', 'rotate', '--certificate'), /who knows the one before stays in/);
  await site.must('auth', 'rotate', '--signing-key');
  const again = await site.run('auth', 'rotate', '--signing-key');
  assert.match(again.stderr, /the one before is still good[\s\S]*--finish/);
  const early = await site.run('auth', 'rotate', '--signing-key', '--finish');
  assert.equal(early.code, 1);
  assert.match(early.stderr, /agents, for at most 14 days; operator ann/);
  assert.equal((await as('ann', 'deployable', 'list')).code, 0);
  // What is new has credentials of the new keys, and works beside what has those of the old.
  await site.launch('wiki', document('wiki', 3));
  await site.settled('wiki');
  for (const name of ['shop', 'blog']) await site.settled(name);
  assert.deepEqual(
    [1, 2].map((seconds) => pidsOf(`sleep ${seconds}${mark}`)),
    before,
  );
  const events = await site.events(since);
  assert.deepEqual(
    events.filter(({ kind }) => /lost|failed|recover/.test(kind)).map(({ kind }) => kind),
    [],
  );
});

test('what a command of this group says when it is misused', async () => {
  for (const [args, said] of [
    [['auth', 'rotate'], /say one of: the name of an identity, --signing-key, --certificate/],
    [['auth', 'rotate', 'ann', '--certificate'], /say one of/],
    [['auth', 'create', 'x', '--role', 'king'], /operator, viewer, launcher/],
    [['auth', 'create', 'x', '--role', 'launcher', '--deployable', 'shop', '--out', file('x')], /everybody’s/],
    [['auth', 'rotate', '--signing-key', '--finish', '--force', 'ann'], /say one of/],
  ] as const) {
    const ran = await site.run(...args);
    assert.notEqual(ran.code, 0, args.join(' '));
    assert.match(ran.stderr, said, args.join(' '));
  }
});

async function refused(name: string): Promise<boolean> {
  const ran = await site.run('--identity', file(name), '--timeout', '2s', 'deployable', 'list');
  return ran.code !== 0 && /authorization|refuse/i.test(ran.stderr);
}
