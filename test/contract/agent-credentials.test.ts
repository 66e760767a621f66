/** Credentials of one agent on a real bus: renewed in time, and good for nothing but its own instance. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { CredentialsRenewal, newestCredentials } from '../../agent/credentials-renewal.js';
import { openBusAccounts } from '../../coordinator/cpe/bus-accounts.js';
import { mintCredentials, mintForAgent, openAuthority } from '../../coordinator/identity/authority.js';
import { revokeAgent } from '../../coordinator/identity/revoke-agent.js';
import { openMemoryStore } from '../../coordinator/store/memory-store.js';
import { parseCredentialsIdentity } from '../../proto/credentials-identity.js';
import { connectBus } from '../../proto/nats-bus.js';
import { agentHeartbeat, allAgents } from '../../proto/subjects.js';
import { until } from '../e2e/site.js';
import { startBusFixture } from './bus-server-fixture.js';
import { plainConnect } from './plain-client.js';

const instance = { deployable: 'shop', assembly: 'web', host: 'local', incarnation: '1-1' };
const id = 'shop.web.local.1-1';
const deadlineMs = 60_000;

test('they are renewed at half of their life, and the agent outlives the old ones', async (context) => {
  const fixture = await startBusFixture(context);
  const authority = await openAuthority(fixture.home);
  const lifeMs = 4_000;
  const short = mintCredentials(
    authority,
    { role: 'agent', id },
    { issuedUnixMs: Date.now(), expiresUnixMs: Date.now() + lifeMs },
  );
  const given = join(fixture.home, 'given.creds');
  await writeFile(given, short);
  const file = await newestCredentials(given, fixture.home);
  const expires = parseCredentialsIdentity(short)?.expiresUnixMs ?? 0;
  const bus = await connectBus({
    servers: [fixture.server.url],
    credentialsFile: file,
    identity: { role: 'agent', id },
    name: 'agent',
    onProblem: () => undefined,
    firstConnectMs: deadlineMs,
  });
  context.after(() => bus.close());
  const dpe = await fixture.connect('dpe', 'dped-shop');
  const asked: string[] = [];
  dpe.subscribe(allAgents('shop', 'renew'), ({ envelope }) => {
    asked.push(envelope.sender.id);
    return { kind: 'credentials', value: { credentials: mintForAgent(authority, id, Date.now()) } };
  });
  await dpe.flush();
  const renewal = new CredentialsRenewal({
    identity: { deployable: 'shop', instance },
    bus,
    file,
    log: () => {},
    checkMs: 100,
  });
  context.after(() => renewal.close());
  const newest = async () => parseCredentialsIdentity(await readFile(file, 'utf8'))?.expiresUnixMs ?? 0;
  await until('newer credentials', deadlineMs, async () => ((await newest()) > expires ? true : undefined));
  assert.deepEqual(asked, [id]);
  const beats: number[] = [];
  dpe.subscribe(allAgents('shop', 'heartbeat'), ({ envelope: { body } }) => {
    if (body.kind === 'heartbeat') beats.push(Date.now());
  });
  await until('a beat after the old ones have ended', deadlineMs, async () => {
    bus.publish(agentHeartbeat(instance), { deployable: 'shop', body: { kind: 'heartbeat', value: {} } });
    return (beats.at(-1) ?? 0) > expires + 1_000 ? true : undefined;
  });
  assert.equal(await newestCredentials(given, fixture.home), file, 'those from the launcher are older');
  assert.ok((await newest()) > expires);
});

test('what is stolen from one instance says and hears nothing of another', async (context) => {
  const fixture = await startBusFixture(context);
  const authority = await openAuthority(fixture.home);
  await fixture.connect('operator');
  const stolen = mintForAgent(authority, id, Date.now());
  const thief = await plainConnect(fixture.server.url, stolen, { inboxPrefix: '_INBOX.thief' });
  context.after(() => thief.close());
  const refused: string[] = [];
  void (async () => {
    for await (const status of thief.status())
      refused.push(
        `${(status as { permissionContext?: unknown }).permissionContext === undefined ? status.data : JSON.stringify((status as { permissionContext?: unknown }).permissionContext)}`,
      );
  })();
  const others = [
    'cpe.v1.agent.shop.db.local.1-1.order',
    'cpe.v1.agent.shop.web.local.1-2.order',
    'cpe.v1.agent.shop.web.local.1-1.>',
    'cpe.v1.agent.>',
    'cpe.v1.launcher.>',
    'cpe.v1.>',
    '_INBOX.>',
    '$SYS.>',
    '$JS.>',
    '>',
  ];
  for (const subject of others) thief.subscribe(subject, { callback: () => undefined });
  await thief.flush();
  for (const subject of others) {
    thief.publish(subject.replaceAll('>', 'x'));
  }
  await thief.flush();
  const all = () => refused.join('\n');
  await until(
    'every refusal',
    deadlineMs,
    async () =>
      others.every((subject) => all().includes(`"operation":"subscription","subject":"${subject}"`)) &&
      others.every((subject) => all().includes(`"operation":"publish","subject":"${subject.replaceAll('>', 'x')}"`))
        ? true
        : undefined,
    async () => all(),
  );
});

test('what is revoked ends at once, stays refused when the server is started anew, and nobody else notices', async (context) => {
  const fixture = await startBusFixture(context);
  const authority = await openAuthority(fixture.home);
  const store = openMemoryStore();
  const accounts = openBusAccounts({
    store,
    authority: () => authority,
    servers: [fixture.server.url],
    isLeading: () => true,
    log: { info: () => {}, warn: (fields) => troubles.push(JSON.stringify(fields)), error: () => {} },
  });
  const troubles: string[] = [];
  const enter = (instance: string) =>
    plainConnect(fixture.server.url, mintForAgent(authority, instance, Date.now() - 5_000), { reconnect: false });
  await fixture.connect('operator');
  const [ended, other] = [await enter(id), await enter('shop.db.local.1-1')];
  await revokeAgent(store, authority, { instance: id, at: Date.now(), now: Date.now() });
  await accounts.look();
  assert.deepEqual(troubles, []);
  assert.match(String(await ended.closed()), /Revoked/i);
  await assert.rejects(enter(id), /Authorization/);
  assert.equal(other.isClosed(), false);
  await other.close();
  await fixture.kill();
  fixture.start();
  await fixture.connect('operator', 'another');
  await assert.rejects(enter(id), /Authorization/);
  await (await enter('shop.db.local.1-1')).close();
});
