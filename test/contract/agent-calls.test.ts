import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CallLink, type CallLinkOptions } from '../../agent/call-link.js';
import type { AgentIdentity } from '../../agent/identity.js';
import { done } from '../../agent/matahari/matahari.js';
import { type ScriptedMatahari, scriptedMatahari } from '../../agent/matahari/scripted-matahari.js';
import type { Bus, RequestOutcome } from '../../proto/bus.js';
import type { Body, BodyDraft, Role } from '../../proto/messages.js';
import { agentCall, allAgents } from '../../proto/subjects.js';
import { startBusFixture } from './bus-server-fixture.js';

/** An agent's calls over a real bus, with the credentials of every role. */
const instance = { deployable: 'shop', assembly: 'web', host: 'local', incarnation: '1-1' };
const identity: AgentIdentity = {
  deployable: 'shop',
  assembly: 'web',
  instance,
  launcherHost: 'local',
  epoch: 3,
  busServers: [],
  credentialsFile: '/none',
  heartbeatIntervalMs: 1000,
  address: '127.0.0.1',
  hostname: 'web',
  stateDirectory: '/none',
};
const subject = agentCall(instance);

interface Stage {
  readonly matahari: ScriptedMatahari;
  readonly link: CallLink;
  readonly opened: () => number;
  connect(role: Role): Promise<Bus>;
  ask(body: BodyDraft, more?: { readonly deadlineMs?: number; readonly deployable?: string }): Promise<RequestOutcome>;
}

async function stage(context: TestContext, options: Partial<CallLinkOptions> = {}): Promise<Stage> {
  const fixture = await startBusFixture(context);
  const matahari = scriptedMatahari();
  let opened = 0;
  const bus = await fixture.connect('agent', 'shop.web.local.1-1');
  const link = new CallLink({
    identity,
    bus,
    openMatahari: async () => {
      opened += 1;
      return matahari;
    },
    describe: (resource, backends) => ({ kind: 'agentDescription', value: { version: resource, backends } }),
    epoch: () => 3,
    log: () => {},
    eventsAfterMs: 3_600_000,
    ...options,
  });
  context.after(() => link.close());
  await bus.flush();
  const operator = await fixture.connect('operator', 'me');
  return {
    matahari,
    link,
    opened: () => opened,
    connect: (role) => fixture.connect(role),
    ask: (body, { deadlineMs = 20_000, deployable } = {}) =>
      operator.request(subject, { body, deployable }, { deadlineMs }),
  };
}

function answerOf(outcome: RequestOutcome): Body {
  return outcome.kind === 'reply'
    ? outcome.envelope.body
    : assert.fail(`${outcome.error.code}: ${outcome.error.message}`);
}

function codeOf(outcome: RequestOutcome): string {
  return outcome.kind === 'error' ? outcome.error.code : `answered with ${outcome.envelope.body.kind}`;
}

const getUuid: BodyDraft = { kind: 'hostGetUuid', value: { lifetime: 'Agent' } };
const runString: BodyDraft = { kind: 'sysconfigRunString', value: { text: 'x', scheme: 'script', key: 'k' } };

test('a call is answered; the objects are made at the first one, once', async (context) => {
  const { ask, matahari, opened } = await stage(context);
  matahari.replies.set('host.getUuid', () => done('u'));
  assert.equal(opened(), 0);
  assert.deepEqual(answerOf(await ask(getUuid)), { kind: 'hostUuid', value: { uuid: 'u' } });
  assert.deepEqual(answerOf(await ask(getUuid, { deployable: 'shop' })), { kind: 'hostUuid', value: { uuid: 'u' } });
  assert.equal(opened(), 1);
});

test('who asks for a change is in the log, and what with is not', async (context) => {
  const logged: unknown[] = [];
  const { ask, matahari } = await stage(context, { log: (...line) => logged.push(line) });
  matahari.replies.set('host.getUuid', () => done('u'));
  matahari.replies.set('sysconfig.runString', () => done('OK'));
  await ask(getUuid);
  await ask(runString);
  assert.deepEqual(logged, [
    ['info', 'asked to change the machine', { call: 'sysconfigRunString', by: 'operator me' }],
  ]);
});

test('the description says which backend each object has', async (context) => {
  const { ask } = await stage(context);
  const body = answerOf(await ask({ kind: 'agentDescribe', value: { resource: 'web.app' } }));
  assert.equal(body.kind, 'agentDescription');
  if (body.kind !== 'agentDescription') return;
  assert.equal(body.value.version, 'web.app');
  assert.deepEqual(body.value.backends.Resources, 'dbus');
});

test('objects that cannot be made are asked for again, and the description does without them', async (context) => {
  let isBroken = true;
  const matahari = scriptedMatahari();
  matahari.replies.set('host.getUuid', () => done('u'));
  const { ask } = await stage(context, {
    openMatahari: async () => {
      if (isBroken) throw new Error('no disk');
      return matahari;
    },
  });
  assert.equal(codeOf(await ask(getUuid)), 'unavailable');
  const body = answerOf(await ask({ kind: 'agentDescribe', value: {} }));
  assert.deepEqual(body.kind === 'agentDescription' && body.value.backends, {});
  isBroken = false;
  assert.equal(answerOf(await ask(getUuid)).kind, 'hostUuid');
});

const refused: readonly [string, BodyDraft, string | undefined][] = [
  ['a body that is no call', { kind: 'adoptAgent', value: {} }, undefined],
  ['an answer', { kind: 'hostUuid', value: { uuid: 'u' } }, undefined],
  ['a call for another deployable', getUuid, 'other'],
];
for (const [what, body, deployable] of refused) {
  test(`${what} is refused`, async (context) => {
    const { ask, matahari } = await stage(context);
    assert.equal(codeOf(await ask(body, deployable === undefined ? {} : { deployable })), 'invalid-request');
    assert.deepEqual(matahari.asked, []);
  });
}

test('nobody but an operator reaches an agent', async (context) => {
  const { connect, matahari } = await stage(context);
  for (const role of ['cpe', 'dpe', 'launcher', 'agent'] as const) {
    const bus = await connect(role);
    assert.equal(codeOf(await bus.request(subject, { body: getUuid }, { deadlineMs: 20_000 })), 'refused', role);
  }
  assert.deepEqual(matahari.asked, []);
});

test('calls that take their time hold up no quick one, and are refused beyond their limit', async (context) => {
  const { ask, matahari } = await stage(context);
  const ends: (() => void)[] = [];
  matahari.replies.set('host.getUuid', () => done('u'));
  matahari.replies.set('sysconfig.runString', () => new Promise((resolve) => ends.push(() => resolve(done('OK')))));
  const long = Array.from({ length: 40 }, () => ask(runString, { deadlineMs: 60_000 }));
  const firstCodes = await Promise.race([Promise.all(long.slice(32)), Promise.all(long.slice(0, 1))]);
  assert.deepEqual(
    firstCodes.map(codeOf),
    Array.from({ length: 8 }, () => 'unavailable'),
  );
  assert.equal(answerOf(await ask(getUuid)).kind, 'hostUuid');
  assert.equal(ends.length, 32);
  for (const end of ends.splice(0)) end();
  for (const outcome of await Promise.all(long.slice(0, 32))) assert.equal(answerOf(outcome).kind, 'sysconfigStatus');
  matahari.replies.set('sysconfig.runString', () => done('OK'));
  assert.equal(answerOf(await ask(runString)).kind, 'sysconfigStatus');
});

test('shortly before the caller stops waiting it is told that the call goes on', async (context) => {
  const { ask, matahari } = await stage(context);
  matahari.replies.set('sysconfig.runString', () => new Promise(() => {}));
  const outcome = await ask(runString, { deadlineMs: 1000 });
  assert.ok(outcome.kind === 'error');
  assert.deepEqual(
    [outcome.error.code, outcome.error.message],
    ['deadline', 'sysconfigRunString is still under way; it goes on'],
  );
});

test('what happens to the machine is published for the deployable', async (context) => {
  const { ask, connect, matahari, link } = await stage(context);
  const listener = await connect('operator');
  const heard: Body[] = [];
  let wake = () => {};
  listener.subscribe(allAgents('shop', 'event'), ({ envelope }) => {
    assert.deepEqual([envelope.sender.role, envelope.deployable, envelope.epoch], ['agent', 'shop', 3]);
    heard.push(envelope.body);
    wake();
  });
  assert.ok(await listener.flush());
  await ask(getUuid);
  const op = { name: 'ip', standard: 'ocf', provider: 'heartbeat', agent: 'IPaddr2', action: 'monitor', userdata: 'u' };
  matahari.beat({ timestampUnixMs: 5, sequence: 1, hostname: 'web', uuid: 'f' });
  matahari.raise({ ...op, timestampUnixMs: 6, sequence: 2, intervalMs: 10, rc: 7, expectedRc: 0 });
  while (heard.length < 2) await new Promise<void>((resolve) => (wake = resolve));
  assert.deepEqual(heard, [
    { kind: 'hostHeartbeat', value: { timestampUnixMs: 5, sequence: 1, hostname: 'web', uuid: 'f' } },
    { kind: 'resourceOp', value: { ...op, timestampUnixMs: 6, sequence: 2, interval: 10, rc: 7, expectedRc: 0 } },
  ]);
  await link.close();
  assert.ok(matahari.isClosed());
});

test('an agent that ends waits for no objects that are still being made, and leaves none open', async (context) => {
  let make: () => void = () => assert.fail('nobody asked');
  const matahari = scriptedMatahari();
  const { ask, link } = await stage(context, {
    openMatahari: () =>
      new Promise((resolve) => {
        make = () => resolve(matahari);
      }),
  });
  const asked = ask(getUuid, { deadlineMs: 500 });
  assert.equal(codeOf(await asked), 'deadline');
  await link.close();
  assert.ok(!matahari.isClosed());
  make();
  while (!matahari.isClosed()) await new Promise((resolve) => setImmediate(resolve));
});

test('without any call heartbeats begin by themselves', async (context) => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const matahari = scriptedMatahari();
  await stage(context, {
    eventsAfterMs: 1,
    openMatahari: async () => {
      open();
      return matahari;
    },
  });
  await opened;
});
