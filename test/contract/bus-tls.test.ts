import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'nats';
import { openBusAccounts } from '../../coordinator/cpe/bus-accounts.js';
import { renewServerCertificate } from '../../coordinator/cpe/bus-certificate.js';
import { serverCertificateFile } from '../../coordinator/cpe/bus-server.js';
import { ensureCredentials } from '../../coordinator/cpe/credentials.js';
import { signingProbe } from '../../coordinator/cpe/key-rotation.js';
import { mintForAgent, openAuthority } from '../../coordinator/identity/authority.js';
import { announceKey, changeKey, forgetKey, rotationState } from '../../coordinator/identity/signing-rotation.js';
import { authorityFile, ensureServerCertificate, replaceSiteCa } from '../../coordinator/identity/site-ca.js';
import { openMemoryStore } from '../../coordinator/store/memory-store.js';
import type { Bus } from '../../proto/bus.js';
import { connectBus } from '../../proto/nats-bus.js';
import { startBusFixture, untilStatus } from './bus-server-fixture.js';
import { plainConnect } from './plain-client.js';

const LONG = { timeout: 180_000 };
const dayMs = 24 * 3_600_000;
const own = { natsServer: 'nats-server' };
const agent = { role: 'agent', id: 'shop.web.local.1-1' } as const;

interface Watched {
  readonly bus: Bus;
  /** The first reason that says this. */
  untilTrouble(said: RegExp): Promise<string>;
}

async function watched(context: TestContext, server: string, credentialsFile: string): Promise<Watched> {
  const reasons: string[] = [];
  const waiting = new Set<() => void>();
  const bus = await connectBus({
    servers: [server],
    credentialsFile,
    identity: agent,
    name: 'agent',
    firstConnectMs: 1,
    onProblem: (problem) => {
      if (problem.kind === 'connection') reasons.push(problem.reason);
      for (const look of waiting) look();
    },
  });
  context.after(() => bus.close());
  return {
    bus,
    untilTrouble: (said) =>
      new Promise((resolve) => {
        const look = () => {
          const found = reasons.find((reason) => said.test(reason));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

async function scratch(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tls-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('without TLS, or with the authorities of the world, nobody comes in', LONG, async (context) => {
  const fixture = await startBusFixture(context);
  await fixture.connect('operator');
  const creds = await readFile(await fixture.credentials('agent', agent.id), 'utf8');
  const [withoutAuthority = ''] = creds.split('-----BEGIN CERTIFICATE');
  await assert.rejects(plainConnect(fixture.server.url, withoutAuthority), /certificate|self-signed|issuer/i);
  await assert.rejects(connect({ servers: fixture.server.url, tls: null, reconnect: false }), /SERVER_OPTION|tls/i);
  await (await plainConnect(fixture.server.url, creds)).close();
});

test(
  'the bus of another site is named as that, and left as soon as the credentials are right',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    const other = await scratch(context);
    const file = join(other, 'agent.creds');
    await writeFile(file, mintForAgent(await openAuthority(other), agent.id, Date.now()));
    const { bus, untilTrouble } = await watched(context, fixture.server.url, file);
    await untilTrouble(
      /not of the authority that the credentials name \([0-9a-f]{16}\): it is the bus of another site/,
    );
    await writeFile(file, mintForAgent(await openAuthority(fixture.home), agent.id, Date.now()));
    await untilStatus(bus, 'connected');
  },
);

test('a server without TLS, and one whose certificate is over, are named as that', LONG, async (context) => {
  const fixture = await startBusFixture(context);
  const file = await fixture.credentials('agent', agent.id);
  const port = await freePort();
  const plain = spawn(fixture.server.command, ['-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  context.after(() => plain.kill('SIGKILL'));
  const toPlain = await watched(context, `nats://127.0.0.1:${port}`, file);
  await toPlain.untilTrouble(/offers no TLS, and the credentials ask for it/);

  await rm(serverCertificateFile(fixture.home));
  const long = Date.now() - 400 * dayMs;
  await ensureServerCertificate(fixture.home, serverCertificateFile(fixture.home), { now: long, addresses: [] });
  await fixture.kill();
  fixture.start();
  const { bus, untilTrouble } = await watched(context, fixture.server.url, file);
  await untilTrouble(/certificate is over, or the clock of this machine is wrong/);
  assert.equal(await renewServerCertificate(fixture.home, own, Date.now()), true);
  await untilStatus(bus, 'connected');
});

test('a certificate is made anew when a third of its life is left, and not before', LONG, async (context) => {
  const home = await scratch(context);
  const file = join(home, 'server.pem');
  const at = (days: number) =>
    ensureServerCertificate(home, file, { now: Date.now() + days * dayMs, addresses: ['10.0.0.1'] });
  assert.equal(await at(0), true);
  assert.equal(await at(0), false);
  assert.equal(await at(240), false);
  assert.equal(await at(245), true);
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.equal((await stat(authorityFile(home))).mode & 0o777, 0o600);
  // Another address, a file that is no certificate, a key that is another's.
  assert.equal(await ensureServerCertificate(home, file, { now: Date.now(), addresses: ['10.0.0.2'] }), true);
  await writeFile(file, 'nonsense');
  assert.equal(await at(0), true);
  await writeFile(authorityFile(home), 'nonsense');
  await assert.rejects(at(0), /bus-ca.pem holds no certificate authority/);
});

test('two who make the authority at once make one', LONG, async (context) => {
  const home = await scratch(context);
  const [one, two] = await Promise.all([openAuthority(home), openAuthority(home)]);
  assert.equal(one.certificates, two.certificates);
});

test(
  'with a new authority who knows the old one stays in, and who knows the new one comes in',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    const old = await fixture.credentials('agent', agent.id);
    const { bus } = await watched(context, fixture.server.url, old);
    await untilStatus(bus, 'connected');
    // Twice: there is a way from the first of them to the last.
    await replaceSiteCa(fixture.home);
    await replaceSiteCa(fixture.home);
    assert.equal(await renewServerCertificate(fixture.home, own, Date.now()), true);
    const fresh = await fixture.credentials('agent', 'shop.db.local.1-1');
    assert.notEqual(authoritiesIn(await readFile(fresh, 'utf8')), authoritiesIn(await readFile(old, 'utf8')));
    // Whoever knows the new one alone comes in as soon as the server shows it.
    const newcomer = await watched(context, fixture.server.url, fresh);
    await untilStatus(newcomer.bus, 'connected');
    await (await plainConnect(fixture.server.url, await readFile(old))).close();
    await untilStatus(bus, 'connected');
    assert.equal(await renewServerCertificate(fixture.home, own, Date.now()), false);
  },
);

test(
  'the signing key is changed: who has credentials of the one before is in until that is ended',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    const { home } = fixture;
    await fixture.connect('operator');
    const authority = { now: await openAuthority(home) };
    const troubles: string[] = [];
    const accounts = openBusAccounts({
      store: openMemoryStore(),
      authority: () => authority.now,
      servers: [fixture.server.url],
      isLeading: () => true,
      log: { info: () => {}, warn: (fields) => troubles.push(JSON.stringify(fields)), error: () => {} },
    });
    const look = async () => {
      authority.now = await openAuthority(home);
      await accounts.look();
    };
    const enter = () => plainConnect(fixture.server.url, mintForAgent(authority.now, agent.id, Date.now()));
    await look();
    const before = mintForAgent(authority.now, agent.id, Date.now());
    const held = await plainConnect(fixture.server.url, before, { reconnect: false });

    const isKnown = signingProbe(home, [fixture.server.url], await announceKey(home));
    assert.equal((await rotationState(home)).kind, 'announced');
    assert.equal(await isKnown(), false);
    await look();
    assert.equal(await isKnown(), true);
    assert.equal(authority.now.signingKeys.length, 2);
    await changeKey(home);
    assert.equal((await rotationState(home)).kind, 'changed');
    await look();
    await (await enter()).close();
    await (await plainConnect(fixture.server.url, before)).close();
    assert.equal(held.isClosed(), false);

    await forgetKey(home);
    await look();
    await held.closed();
    await assert.rejects(plainConnect(fixture.server.url, before), /Authorization/);
    await (await enter()).close();
    assert.equal((await rotationState(home)).kind, 'idle');
    assert.deepEqual(troubles, []);
  },
);

test('a change of the signing key that was cut off goes on where it was', LONG, async (context) => {
  const home = await scratch(context);
  await ensureCredentials(home);
  const first = await announceKey(home);
  assert.equal(await announceKey(home), first);
  const { signing } = await openAuthority(home);
  await writeFile(join(home, 'keys', 'bus-signing-before.nk'), signing.seed);
  await changeKey(home);
  const after = await openAuthority(home);
  assert.equal(after.signing.seed, first);
  assert.deepEqual(after.signingKeys, [after.signing.publicKey, signing.publicKey]);
});

function authoritiesIn(credentials: string): string {
  return credentials.slice(credentials.indexOf('-----BEGIN CERTIFICATE'));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
