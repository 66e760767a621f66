import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEnvelope, encodeEnvelope } from '../../proto/codec.js';
import type { BodyDraft, Envelope, Sender } from '../../proto/messages.js';
import { parseOrder } from './order-messages.js';
import { decodeReport, encodeReport, reportMessage } from './report-messages.js';

const dpe = { role: 'dpe', id: 'shop', incarnation: 'x' } as const;

function received(body: BodyDraft, operationId = '1-x-1', sender: Sender = dpe): Envelope {
  const decoded = decodeEnvelope(
    encodeEnvelope({ body, operationId, messageId: 'm', sender, deployable: 'shop', epoch: 2 }),
  );
  assert.ok(decoded.kind === 'envelope');
  return decoded.envelope;
}

test('an order to execute becomes an operation, with defaults where the sender said nothing', () => {
  const exec = { command: ['sleep', '1'], health: [{ kind: 'tcp', port: 80 }] };
  const value = { resource: 'web.a', resourceClass: 'exec', operation: 'start', parameters: { a: 'b' }, exec };
  const parsed = parseOrder(received({ kind: 'executeOperation', value }));
  assert.ok(parsed.kind === 'order' && parsed.received.order.kind === 'execute');
  const { operation, expectedRc } = parsed.received.order;
  assert.equal(parsed.received.epoch, 2);
  assert.equal(expectedRc, 0);
  assert.equal(operation.timeoutMs, 20_000);
  assert.deepEqual(operation.definition.parameters, { a: 'b' });
  assert.deepEqual(operation.definition.exec?.health, [
    { kind: 'tcp', host: '127.0.0.1', port: 80, intervalMs: 10_000, timeoutMs: 5000, failures: 1, initialDelayMs: 0 },
  ]);
});

test('limits, process checks and thresholds of a command reach the agent', () => {
  const health = [{ kind: 'process', process: 'redis-server', successes: 3 }];
  const exec = { command: ['redis-server'], limits: { 'open-files': 1024, core: 0 }, health };
  const value = { resource: 'web.a', resourceClass: 'exec', operation: 'start', exec };
  const parsed = parseOrder(received({ kind: 'executeOperation', value }));
  assert.ok(parsed.kind === 'order' && parsed.received.order.kind === 'execute');
  const { limits, health: checks } = parsed.received.order.operation.definition.exec ?? {};
  assert.deepEqual(limits, { 'open-files': 1024, core: 0 });
  assert.deepEqual(checks, [
    {
      kind: 'process',
      process: 'redis-server',
      intervalMs: 10_000,
      timeoutMs: 5000,
      failures: 1,
      successes: 3,
      initialDelayMs: 0,
    },
  ]);
});

test('only a DPE gives orders: an adoption by anyone else would shut the real one out', () => {
  for (const role of ['operator', 'cpe', 'launcher', 'agent'] as const) {
    const parsed = parseOrder(received({ kind: 'adoptAgent', value: {} }, '1-x-1', { ...dpe, role }));
    assert.deepEqual(parsed, { kind: 'invalid', message: `an agent takes orders of a DPE only, not of role ${role}` });
  }
});

const refused: readonly {
  readonly name: string;
  readonly body: BodyDraft;
  readonly id?: string;
  readonly message: RegExp;
}[] = [
  {
    name: 'no resource',
    body: { kind: 'executeOperation', value: { operation: 'start' } },
    message: /not a resource: ""/,
  },
  {
    name: 'a resource that every object has',
    body: { kind: 'cancelOperation', value: { resource: 'constructor', operation: 'monitor' } },
    message: /not a resource: "constructor"/,
  },
  {
    name: 'a resource that is a path',
    body: { kind: 'executeOperation', value: { resource: '../x', operation: 'start' } },
    message: /not a resource/,
  },
  {
    name: 'an operation that is none',
    body: { kind: 'executeOperation', value: { resource: 'web.a', operation: 'a b' } },
    message: /not an operation/,
  },
  {
    name: 'no class',
    body: { kind: 'executeOperation', value: { resource: 'web.a', operation: 'start' } },
    message: /class is required/,
  },
  {
    name: 'no operation id',
    body: { kind: 'cancelOperation', value: { resource: 'web.a', operation: 'monitor' } },
    id: '',
    message: /needs an operation id/,
  },
  {
    name: 'an unknown health check',
    body: {
      kind: 'executeOperation',
      value: { resource: 'web.a', operation: 'start', resourceClass: 'exec', exec: { health: [{ kind: 'ping' }] } },
    },
    message: /no health check "ping"/,
  },
  {
    name: 'a delegation of nothing',
    body: { kind: 'setDelegation', value: { delegations: [{ failures: 3 }] } },
    message: /not a resource/,
  },
  { name: 'a lease of no time', body: { kind: 'renewLease', value: {} }, message: /a lease lasts from 1/ },
  {
    name: 'a lease for ever',
    body: { kind: 'renewLease', value: { leaseMs: 2 ** 31 } },
    message: /a lease lasts from 1/,
  },
  { name: 'something that is no order', body: { kind: 'heartbeat', value: {} }, message: /takes no heartbeat/ },
];

for (const { name, body, id, message } of refused) {
  test(`an order that cannot be understood is refused with the reason: ${name}`, () => {
    const parsed = parseOrder(received(body, id));
    assert.ok(parsed.kind === 'invalid');
    assert.match(parsed.message, message);
  });
}

test('a report survives the outbox and the bus', () => {
  const result = {
    resource: 'web.a',
    operation: 'monitor',
    intervalMs: 10_000,
    callId: 4,
    rc: 7,
    status: 'done',
    startedUnixMs: 5,
    endedUnixMs: 6,
    execMs: 1,
    queueMs: 0,
    exitReason: 'gone',
    output: 'ü',
    userData: 'key',
    parameters: { a: 'b' },
    timeoutMs: 20_000,
  } as const;
  const base = { unixMs: 5, bootMs: 1 };
  const reload = { restartParameters: ['a'] };
  const told = { kind: 'order-result', operationId: 'o', result: { ...result, base, reload } } as const;
  const report = decodeReport(encodeReport({ number: 3, boot: 'boot', ...told }));
  assert.ok(report);
  const { body, operationId } = reportMessage(9, report, { unixMs: 1_700_000_000_000, bootMs: 12_345.6 });
  const envelope = received(body, operationId);
  assert.equal(envelope.operationId, 'o');
  assert.ok(envelope.body.kind === 'agentReport' && envelope.body.value.report.kind === 'orderResult');
  const { sequence, agentTimeUnixMs, bootTimeMs } = envelope.body.value;
  assert.deepEqual([sequence, agentTimeUnixMs, bootTimeMs], [9, 1_700_000_000_000, 12_346]);
  assert.deepEqual(envelope.body.value.report.value, {
    operationId: 'o',
    result: { ...result, parameters: {}, restartParameters: ['a'], reloadable: true },
  });
  assert.equal(decodeReport(Buffer.from('rubbish')), undefined);
  assert.equal(decodeReport(Buffer.from('null')), undefined);
});

test('a lease, and what is exclusive, reach the core as they were sent', () => {
  const renewal = parseOrder(received({ kind: 'renewLease', value: { leaseMs: 15_000 } }, ''));
  assert.deepEqual(renewal.kind === 'order' && renewal.received.order, { kind: 'renew', leaseMs: 15_000 });
  const delegations = [{ resource: 'web.db', exclusive: true, stopTimeoutMs: 9_000 }];
  const parsed = parseOrder(received({ kind: 'setDelegation', value: { delegations } }, ''));
  assert.ok(parsed.kind === 'order' && parsed.received.order.kind === 'delegate');
  const [delegation] = parsed.received.order.delegations;
  assert.deepEqual([delegation?.isExclusive, delegation?.failures, delegation?.stopTimeoutMs], [true, 0, 9_000]);
});
