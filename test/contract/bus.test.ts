import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { connect, type TlsOptions } from 'nats';
import type { RequestOutcome } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import { encodeEnvelope, MAX_ENVELOPE_BYTES } from '../../proto/codec.js';
import { cpe } from '../../proto/generated/cpe.js';
import type { MessageDraft, Role } from '../../proto/messages.js';
import { connectBus } from '../../proto/nats-bus.js';
import { openOutbox } from '../../proto/outbox.js';
import {
  agentHeartbeat,
  agentOrder,
  agentReport,
  allAgents,
  allEvents,
  cpeRequest,
  dpeRequest,
  events,
  launcherBeat,
  launcherList,
  launcherOrder,
  launcherReport,
  type Subject,
} from '../../proto/subjects.js';
import { everything, startBusFixture, untilStatus } from './bus-server-fixture.js';
import { plainConnect } from './plain-client.js';

const INSTANCE = { deployable: 'shop', assembly: 'web', host: 'local', incarnation: '1-1' } as const;
const ASK = cpeRequest('operator', 'operator');
const GET_INFO: MessageDraft = { body: { kind: 'getInfo', value: {} } };
const LONG = { timeout: 120_000 } as const;

function codeOf(outcome: RequestOutcome): string {
  return outcome.kind === 'error' ? outcome.error.code : `reply ${outcome.envelope.body.kind}`;
}

test('a request is answered, with the ids and the sender of both sides', LONG, async (context) => {
  const { connect: open } = await startBusFixture(context);
  const [dpe, agent] = [await open('dpe', 'shop'), await open('agent', 'shop.web.local.1-1')];
  agent.subscribe(agentOrder(INSTANCE), ({ envelope, wantsReply }) => {
    assert.ok(wantsReply);
    assert.equal(envelope.epoch, 7);
    assert.ok(envelope.deadlineUnixMs > Date.now());
    return { kind: 'operationAccepted', value: { operationId: envelope.operationId } };
  });
  await agent.flush();
  const outcome = await dpe.request(
    agentOrder(INSTANCE),
    { body: { kind: 'executeOperation', value: {} }, operationId: 'op-1', deployable: 'shop', epoch: 7 },
    { deadlineMs: 20_000 },
  );
  assert.equal(outcome.kind, 'reply');
  if (outcome.kind !== 'reply') return;
  const { envelope } = outcome;
  assert.deepEqual(envelope.body, { kind: 'operationAccepted', value: { operationId: 'op-1', repeatedOrder: false } });
  assert.equal(envelope.operationId, 'op-1');
  assert.equal(envelope.deployable, 'shop');
  assert.notEqual(envelope.inReplyTo, '');
  assert.equal(envelope.sender.role, 'agent');
  assert.equal(envelope.sender.id, 'shop.web.local.1-1');
});

test('typed errors come back whole; a handler that throws is `internal`, and reported', LONG, async (context) => {
  const { connect: open, problems } = await startBusFixture(context);
  const [server, operator] = [await open('cpe'), await open('operator')];
  const problem = { severity: 'error', line: 3, column: 1, path: '/a', message: 'no', allowed: 'b' };
  const refusal = busError('invalid-document', 'one problem', { details: { name: 'shop' }, problems: [problem] });
  server.subscribe(ASK, ({ envelope }) => {
    if (envelope.body.kind === 'createDeployable') return refusal;
    throw new Error('broken');
  });
  await server.flush();
  const created = await operator.request(
    ASK,
    { body: { kind: 'createDeployable', value: {} } },
    { deadlineMs: 20_000 },
  );
  assert.deepEqual(created, { kind: 'error', error: refusal });
  assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 20_000 })), 'internal');
  const kinds = problems.map(({ kind }) => kind).filter((kind) => kind !== 'connection');
  assert.deepEqual(kinds, ['handler-failed']);
});

test('silence ends at the deadline, an empty subject at once', LONG, async (context) => {
  const { connect: open } = await startBusFixture(context);
  const [server, operator] = [await open('cpe'), await open('operator')];
  assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 60_000 })), 'no-responder');
  server.subscribe(ASK, () => undefined);
  await server.flush();
  const before = performance.now();
  assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 100 })), 'deadline');
  assert.ok(performance.now() - before >= 99);
});

test('a request with retry that nobody answers is sent again, for whoever takes over', LONG, async (context) => {
  const { connect: open } = await startBusFixture(context);
  const [server, operator] = [await open('cpe'), await open('operator')];
  const messageIds: string[] = [];
  server.subscribe(ASK, ({ envelope }) => {
    messageIds.push(envelope.messageId);
    return messageIds.length === 1 ? undefined : { kind: 'info', value: {} };
  });
  await server.flush();
  assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 60_000, retry: true })), 'reply info');
  assert.deepEqual(messageIds, [messageIds[0], messageIds[0]]);
});

test('a request with retry meets a responder that comes later', LONG, async (context) => {
  const { connect: open } = await startBusFixture(context);
  const [server, operator] = [await open('cpe'), await open('operator')];
  const waiting = operator.request(ASK, GET_INFO, { deadlineMs: 60_000, retry: true });
  assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 60_000 })), 'no-responder');
  server.subscribe(ASK, () => ({ kind: 'info', value: {} }));
  assert.equal(codeOf(await waiting), 'reply info');
  const unheard = operator.request(launcherList('local'), GET_INFO, { deadlineMs: 400, retry: true });
  assert.equal(codeOf(await unheard), 'no-responder');
});

test(
  'a killed server: pending requests fail at once, subscriptions and retried requests go on after it',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    const [server, operator] = [await fixture.connect('cpe'), await fixture.connect('operator')];
    let heard = () => {};
    const arrived = new Promise<void>((resolve) => {
      heard = resolve;
    });
    let isSilent = true;
    server.subscribe(ASK, () => {
      heard();
      return isSilent ? undefined : { kind: 'info', value: {} };
    });
    await server.flush();
    const pending = operator.request(ASK, GET_INFO, { deadlineMs: 3_600_000 });
    const retried = operator.request(ASK, GET_INFO, { deadlineMs: 60_000, retry: true });
    await arrived;
    await fixture.kill();
    assert.equal(codeOf(await pending), 'disconnected');
    await untilStatus(operator, 'disconnected');
    assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 3_600_000 })), 'disconnected');
    const published = operator.publish(events('shop'), GET_INFO);
    assert.equal(published.kind === 'error' && published.error.code, 'disconnected');
    isSilent = false;
    fixture.start();
    assert.equal(codeOf(await retried), 'reply info');
    assert.equal(operator.counters().reconnects, 1);
    assert.equal(server.counters().handlerFailures, 0);
  },
);

test('a server that stood still while it was dialled: nothing is heard twice afterwards', LONG, async (context) => {
  const fixture = await startBusFixture(context);
  const [server, operator] = [await fixture.connect('cpe'), await fixture.connect('operator')];
  let handled = 0;
  server.subscribe(ASK, () => {
    handled += 1;
    return { kind: 'info', value: {} };
  });
  await server.flush();
  await fixture.kill();
  const held: Socket[] = [];
  const frozen = createServer((socket) => held.push(socket.on('error', () => undefined)));
  frozen.listen(fixture.server.port, '127.0.0.1');
  context.after(() => {
    for (const socket of held) socket.destroy();
    frozen.close();
  });
  const leaving = await connectBus({
    servers: [fixture.server.url],
    credentialsFile: await fixture.credentials('operator', 'leaving'),
    identity: { role: 'operator', id: 'leaving' },
    name: 'leaving',
    onProblem: () => undefined,
    firstConnectMs: 0,
  });
  const leftAt = performance.now();
  await leaving.close();
  assert.ok(performance.now() - leftAt < 2500, 'who wants to end does not wait for an attempt to');
  // The other two have given up at least one attempt.
  while (held.length < 5) await once(frozen, 'connection');
  frozen.close();
  fixture.start();
  // What was given up hears of the server after all, and then loses it.
  const info = { server_id: 'X', version: '2.10.0', proto: 1, headers: true, max_payload: 1_048_576, nonce: 'n' };
  for (const socket of held) socket.write(`INFO ${JSON.stringify(info)}\r\n`);
  await Promise.all([untilStatus(server, 'connected'), untilStatus(operator, 'connected')]);
  for (const socket of held) socket.end();
  const asked = 40;
  for (let count = 0; count < asked; count += 1) {
    assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 30_000, retry: true })), 'reply info');
    // A reconnect that should not be needs its time.
    await setTimeout(25);
  }
  assert.equal(handled, asked);
  assert.deepEqual([server.counters().reconnects, operator.counters().reconnects], [1, 1]);
});

test(
  'a bus that comes later: connectBus returns without it, subscriptions made before work after',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    await fixture.kill();
    const bus = await connectBus({
      servers: [fixture.server.url],
      credentialsFile: await fixture.credentials('operator', 'operator', everything),
      identity: { role: 'operator', id: 'operator' },
      name: 'early',
      onProblem: (problem) => fixture.problems.push(problem),
      firstConnectMs: 50,
    });
    context.after(() => bus.close());
    assert.equal(bus.isConnected(), false);
    bus.subscribe(ASK, () => ({ kind: 'info', value: {} }));
    const waiting = bus.request(ASK, GET_INFO, { deadlineMs: 60_000, retry: true });
    fixture.start();
    assert.equal(codeOf(await waiting), 'reply info');
    assert.equal(fixture.problems[0]?.kind, 'connection');
  },
);

test(
  'an outbox delivers each entry once and in order while the server is killed again and again',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    const directory = await mkdtemp(join(tmpdir(), 'outbox-'));
    context.after(() => rm(directory, { recursive: true, force: true }));
    const [dpe, agent] = [await fixture.connect('dpe', 'shop'), await fixture.connect('agent', 'shop.web.local.1-1')];
    const outbox = await openOutbox({ directory });
    context.after(() => outbox.close());

    // The DPE commits a report before it acknowledges it, and drops what it has committed already.
    const committed: number[] = [];
    let doubles = 0;
    dpe.subscribe(
      allAgents('shop', 'report'),
      ({ envelope }) => {
        if (envelope.body.kind !== 'agentReport') return busError('invalid-request', envelope.body.kind);
        const { sequence } = envelope.body.value;
        if (sequence > (committed.at(-1) ?? 0)) committed.push(sequence);
        else doubles += 1;
        return { kind: 'reportAck', value: { sequence } };
      },
      { concurrency: 1 },
    );
    await dpe.flush();
    agent.onStatus(({ kind }) => {
      if (kind === 'connected') outbox.kick();
    });
    outbox.deliver(async (sequence) => {
      const body = { kind: 'agentReport', value: { sequence } } as const;
      const outcome = await agent.request(agentReport(INSTANCE), { body }, { deadlineMs: 10_000 });
      return outcome.kind === 'reply' ? 'acknowledged' : 'retry';
    });
    const ENTRIES = 600;
    const appending = (async () => {
      for (let entry = 0; entry < ENTRIES; entry += 1) await outbox.append(Buffer.from(String(entry)));
    })();
    for (let round = 0; round < 4; round += 1) {
      const target = Math.min(committed.length + 60, ENTRIES);
      while (committed.length < target) await new Promise((resolve) => setImmediate(resolve));
      await fixture.kill();
      await untilStatus(agent, 'disconnected');
      fixture.start();
      await untilStatus(agent, 'connected');
    }
    await appending;
    await outbox.drained();
    assert.deepEqual(
      committed,
      Array.from({ length: ENTRIES }, (_, index) => index + 1),
    );
    assert.ok(doubles <= 4, `${doubles} doubles: at most the one in flight at each kill`);
  },
);

test('garbage on every subject is counted, answered where someone waits, and harms nobody', LONG, async (context) => {
  const fixture = await startBusFixture(context);
  const everyone = await fixture.connectEverything('everyone');
  const subjects: Subject[] = [
    ASK,
    dpeRequest('shop'),
    launcherOrder('local'),
    launcherList('local'),
    launcherBeat('local'),
    launcherReport('local', 'shop'),
    agentOrder(INSTANCE),
    agentHeartbeat(INSTANCE),
    agentReport(INSTANCE),
    events('shop'),
  ];
  let handled = 0;
  for (const subject of subjects) {
    everyone.subscribe(subject, () => {
      handled += 1;
      return { kind: 'ack', value: {} };
    });
  }
  await everyone.flush();
  const creds = await readFile(await fixture.credentials('operator', 'attacker', everything));
  const attacker = await plainConnect(fixture.server.url, creds);
  context.after(() => attacker.close());
  const whole = encodeEnvelope({
    messageId: 'm',
    sender: { role: 'operator', id: 'x', incarnation: 'x' },
    body: { kind: 'startDeployable', value: { name: 'shop' } },
  });
  const sender = { role: cpe.v1.Role.ROLE_DPE };
  const major = cpe.v1.Envelope.encode({ protocolMajor: 2, sender, ack: {} }).finish();
  const garbage: [Uint8Array, string][] = [
    [randomBytes(200).fill(0xff, 0, 2), 'invalid-request'],
    [whole.subarray(0, whole.length - 1), 'invalid-request'],
    [new Uint8Array(), 'unsupported-version'],
    [major, 'unsupported-version'],
    [Buffer.alloc(MAX_ENVELOPE_BYTES, 0xff), 'invalid-request'],
  ];
  for (const subject of subjects) {
    for (const [bytes, code] of garbage) {
      attacker.publish(subject, bytes);
      const reply = await attacker.request(subject, bytes, {
        timeout: 30_000,
        noMux: true,
        reply: '_INBOX.operator.a.b',
      });
      assert.equal(cpe.v1.Envelope.decode(reply.data).error?.code, code);
    }
  }
  assert.equal(handled, 0);
  assert.equal(everyone.counters().garbage, subjects.length * garbage.length * 2);
  assert.ok(everyone.isConnected());
  for (const subject of subjects) {
    assert.equal(codeOf(await everyone.request(subject, GET_INFO, { deadlineMs: 30_000 })), 'reply ack');
  }
  assert.ok(fixture.problems.filter(({ kind }) => kind === 'garbage').length <= 10);
});

test(
  'what exceeds the limit is refused before it is sent, and as an answer becomes a typed error',
  LONG,
  async (context) => {
    const { connect: open } = await startBusFixture(context);
    const [server, operator] = [await open('cpe'), await open('operator')];
    const xml = 'x'.repeat(MAX_ENVELOPE_BYTES);
    const draft: MessageDraft = { body: { kind: 'cib', value: { xml } } };
    const published = operator.publish(events('shop'), draft);
    assert.equal(published.kind === 'error' && published.error.code, 'too-large');
    assert.equal(codeOf(await operator.request(ASK, draft, { deadlineMs: 30_000 })), 'too-large');
    server.subscribe(ASK, () => ({ kind: 'cib', value: { xml } }));
    await server.flush();
    assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 30_000 })), 'too-large');
  },
);

test('a full queue drops, counts and says so; order is kept with one handler at a time', LONG, async (context) => {
  const { connect: open } = await startBusFixture(context);
  const [server, operator] = [await open('cpe'), await open('operator')];
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const order: string[] = [];
  server.subscribe(
    ASK,
    async ({ envelope }) => {
      await gate;
      order.push(envelope.operationId);
      return { kind: 'ack', value: {} };
    },
    { concurrency: 1, queueLimit: 2 },
  );
  await server.flush();
  const asked = ['1', '2', '3', '4'].map((operationId) =>
    operator.request(ASK, { ...GET_INFO, operationId }, { deadlineMs: 60_000 }),
  );
  assert.equal(codeOf(await (asked[3] ?? assert.fail())), 'unavailable');
  release();
  assert.deepEqual((await Promise.all(asked)).map(codeOf), ['reply ack', 'reply ack', 'reply ack', 'unavailable']);
  assert.deepEqual(order, ['1', '2', '3']);
  assert.equal(server.counters().overflowed, 1);
});

test('requests of a closed bus end, and later ones too', LONG, async (context) => {
  const { connect: open } = await startBusFixture(context);
  const [server, operator] = [await open('cpe'), await open('operator')];
  server.subscribe(ASK, () => undefined);
  await server.flush();
  const pending = operator.request(ASK, GET_INFO, { deadlineMs: 3_600_000 });
  await operator.close();
  assert.equal(codeOf(await pending), 'closed');
  assert.equal(codeOf(await operator.request(ASK, GET_INFO, { deadlineMs: 3_600_000 })), 'closed');
});

/** Who may say what: everyone else is refused by the server. */
const MAY_PUBLISH: readonly [Subject, readonly Role[]][] = [
  [ASK, ['operator']],
  [dpeRequest('shop'), ['cpe']],
  [launcherOrder('local'), ['cpe', 'dpe']],
  [launcherList('local'), ['cpe', 'dpe', 'operator']],
  [launcherBeat('local'), ['launcher']],
  [launcherReport('local', 'shop'), ['launcher']],
  [agentOrder(INSTANCE), ['dpe']],
  [agentHeartbeat(INSTANCE), ['agent']],
  [agentReport(INSTANCE), ['agent']],
  [events('shop'), ['cpe', 'dpe']],
];
for (const role of ['cpe', 'dpe', 'launcher', 'agent', 'operator'] as const) {
  test(`the credentials of ${role} allow what the role is for, and nothing else`, LONG, async (context) => {
    const fixture = await startBusFixture(context);
    const [operator, bus] = [await fixture.connectEverything('listener'), await fixture.connect(role)];
    for (const [subject] of MAY_PUBLISH) operator.subscribe(subject, () => ({ kind: 'ack', value: {} }));
    await operator.flush();
    for (const [subject, allowed] of MAY_PUBLISH) {
      const expected = allowed.includes(role) ? 'reply ack' : 'refused';
      assert.equal(codeOf(await bus.request(subject, GET_INFO, { deadlineMs: 30_000 })), expected, subject);
    }
  });
}

test("a role hears neither another role's orders nor its answers", LONG, async (context) => {
  const fixture = await startBusFixture(context);
  const refused: string[] = [];
  const creds = await readFile(await fixture.credentials('agent'));
  await fixture.connect('operator');
  const spy = await plainConnect(fixture.server.url, creds);
  context.after(() => spy.close());
  for (const subject of ['>', '_INBOX.>', '_INBOX.operator.>', launcherOrder('local'), allEvents, 'cpe.v1.>']) {
    await new Promise<void>((resolve) => {
      spy.subscribe(subject, {
        callback: (error) => {
          if (error !== null) refused.push(subject);
          resolve();
        },
      });
    });
  }
  assert.equal(refused.length, 6);
});

test(
  'credentials are read again at reconnect, and the last good ones used while there are none',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    const file = join(fixture.home, 'own.creds');
    await writeFile(file, await readFile(await fixture.credentials('viewer', 'root')));
    const bus = await connectBus({
      servers: [fixture.server.url],
      credentialsFile: file,
      identity: { role: 'operator', id: 'root' },
      name: 'renewed',
      onProblem: (problem) => fixture.problems.push(problem),
      firstConnectMs: 30_000,
    });
    context.after(() => bus.close());
    assert.equal(codeOf(await bus.request(launcherOrder('local'), GET_INFO, { deadlineMs: 30_000 })), 'refused');

    await rm(file);
    await restart();
    assert.equal(codeOf(await bus.request(launcherOrder('local'), GET_INFO, { deadlineMs: 30_000 })), 'refused');
    assert.ok(
      fixture.problems.some((problem) => problem.kind === 'connection' && problem.reason.includes('own.creds')),
    );

    // Also the inbox, which a viewer's credentials do not allow to an operator, works from now on.
    await writeFile(`${file}.new`, await readFile(await fixture.credentials('operator', 'root')));
    await rename(`${file}.new`, file);
    await restart();
    assert.equal(codeOf(await bus.request(launcherList('local'), GET_INFO, { deadlineMs: 30_000 })), 'no-responder');

    async function restart(): Promise<void> {
      await fixture.kill();
      await untilStatus(bus, 'disconnected');
      fixture.start();
      await untilStatus(bus, 'connected');
    }
  },
);

test('a connection without credentials is refused', LONG, async (context: TestContext) => {
  const fixture = await startBusFixture(context);
  await fixture.connect('operator');
  await assert.rejects(
    connect({ servers: fixture.server.url, reconnect: false, tls: { rejectUnauthorized: false } as TlsOptions }),
    /Authorization Violation/,
  );
});

test(
  'without a credentials file there is no connection, and the problem names it; once it is there, there is',
  LONG,
  async (context) => {
    const fixture = await startBusFixture(context);
    const file = join(fixture.home, 'later.creds');
    const bus = await connectBus({
      servers: [fixture.server.url],
      credentialsFile: file,
      identity: { role: 'operator', id: 'root' },
      name: 'later',
      onProblem: (problem) => fixture.problems.push(problem),
      firstConnectMs: 300,
    });
    context.after(() => bus.close());
    assert.equal(bus.isConnected(), false);
    await fixture.connect('operator', 'other');
    await writeFile(file, 'half a fi');
    await rename(await fixture.credentials('operator', 'root'), file);
    await untilStatus(bus, 'connected');
    assert.ok(fixture.problems.some((problem) => problem.kind === 'connection' && problem.reason.includes(file)));
  },
);
