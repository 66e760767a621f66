import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { prepareBusServer } from './bus-server.js';
import { credentialsFile, ensureCredentials, ensureIdentity } from './credentials.js';

const ROLES = ['cpe', 'operator', 'viewer'] as const;

async function homeFor(context: TestContext): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'cpe-home-'));
  context.after(() => rm(home, { recursive: true, force: true }));
  return home;
}

/** A listener on a port of 127.0.0.1, for as long as the test runs. */
async function occupy(context: TestContext, port: number): Promise<number> {
  const server = createServer();
  server.listen({ host: '127.0.0.1', port });
  await once(server, 'listening');
  context.after(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : assert.fail();
}

test('a home keeps its port, keys and credentials', async (context) => {
  const home = await homeFor(context);
  const first = await prepareBusServer(home);
  const before = await Promise.all(ROLES.map((role) => readFile(credentialsFile(home, role), 'utf8')));
  const second = await prepareBusServer(home);
  const after = await Promise.all(ROLES.map((role) => readFile(credentialsFile(home, role), 'utf8')));
  assert.deepEqual(second, first);
  assert.deepEqual(after, before);
  assert.equal(new Set(before).size, ROLES.length);
});

test('keys and credentials are for their owner only, and no secret is in the configuration', async (context) => {
  const home = await homeFor(context);
  const prepared = await prepareBusServer(home);
  assert.equal(prepared.kind, 'ready');
  for (const folder of ['keys', 'credentials', 'nats']) {
    assert.equal((await stat(join(home, folder))).mode & 0o777, 0o700, folder);
    for (const file of await readdir(join(home, folder))) {
      assert.equal((await stat(join(home, folder, file))).mode & 0o777, 0o600, file);
    }
  }
  const config = await readFile(join(home, 'nats', 'nats-server.conf'), 'utf8');
  // A seed of the nkeys format: S, the type (operator, account, user), base32.
  assert.doesNotMatch(config, /\bS[OAU][A-Z2-7]{56}\b/);
});

test('two that set up one home at once end with the same keys', async (context) => {
  const home = await homeFor(context);
  const [one, other] = await Promise.all([ensureCredentials(home), ensureCredentials(home)]);
  assert.equal(one.account.publicKey, other.account.publicKey);
  assert.equal(
    (await readdir(join(home, 'keys'))).some((file) => file.endsWith('.new')),
    false,
  );
});

test('credentials that do not fit the permissions of their role are minted again, with the same key', async (context) => {
  const home = await homeFor(context);
  await ensureCredentials(home);
  const file = await ensureIdentity(home, 'launcher', 'left');
  const minted = await readFile(file, 'utf8');
  for (const stale of ['', 'nonsense', await readFile(await ensureIdentity(home, 'dpe', 'left'), 'utf8')]) {
    await writeFile(file, stale);
    await ensureIdentity(home, 'launcher', 'left');
    const again = await readFile(file, 'utf8');
    assert.equal(seedIn(again), seedIn(minted));
  }
});

test('a key file that holds no key is named', async (context) => {
  const home = await homeFor(context);
  await ensureCredentials(home);
  const file = join(home, 'keys', 'bus-account.nk');
  await writeFile(file, 'nonsense');
  await assert.rejects(ensureCredentials(home), (error: Error) => error.message.includes(file));
});

test('a port that is asked for is taken and remembered; one in use is named', async (context) => {
  const home = await homeFor(context);
  const taken = await occupy(context, 0);
  const refused = await prepareBusServer(home, { port: taken });
  assert.equal(refused.kind, 'port-in-use');
  assert.ok(refused.kind === 'port-in-use' && refused.message.includes(String(taken)));

  const own = await prepareBusServer(home);
  assert.equal(own.kind, 'ready');
  if (own.kind !== 'ready') return;
  await occupy(context, own.server.port);
  const lost = await prepareBusServer(home);
  assert.deepEqual(lost.kind === 'port-in-use' && lost.port, own.server.port);
});

test('CPE_NATS_SERVER chooses the program', async (context) => {
  const home = await homeFor(context);
  const { CPE_NATS_SERVER } = process.env;
  context.after(() => {
    if (CPE_NATS_SERVER === undefined) delete process.env.CPE_NATS_SERVER;
    else process.env.CPE_NATS_SERVER = CPE_NATS_SERVER;
  });
  process.env.CPE_NATS_SERVER = process.execPath;
  const chosen = await prepareBusServer(home);
  assert.equal(chosen.kind === 'ready' && chosen.server.command, process.execPath);
  process.env.CPE_NATS_SERVER = '/nonexistent/nats-server';
  const missing = await prepareBusServer(home);
  assert.match(missing.kind === 'no-server-program' ? missing.message : '', /CPE_NATS_SERVER names \/nonexistent/);
});

function seedIn(creds: string): string | undefined {
  return /\bSU[A-Z2-7]{56}\b/.exec(creds)?.[0];
}
