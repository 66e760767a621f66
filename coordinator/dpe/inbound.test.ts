import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEnvelope, encodeEnvelope } from '../../proto/codec.js';
import type { AgentReport, Body, BodyDraft } from '../../proto/messages.js';
import { reportBody } from './agent-report.js';
import { agentAdopted, launcherAdopted } from './inbound.js';

const sender = { role: 'agent', id: 'shop.web.h1.1-1', incarnation: '1' } as const;

function received<K extends BodyDraft['kind']>(body: Extract<BodyDraft, { kind: K }>): Extract<Body, { kind: K }> {
  const decoded = decodeEnvelope(encodeEnvelope({ body, messageId: 'm', sender }));
  assert.ok(decoded.kind === 'envelope' && decoded.envelope.body.kind === body.kind);
  return decoded.envelope.body as Extract<Body, { kind: K }>;
}

type ReportDraft = Extract<BodyDraft, { kind: 'agentReport' }>['value']['report'];

function read(report: ReportDraft, clock: { readonly offsetMs?: number; readonly reportedAt?: number } = {}) {
  const { value } = received<'agentReport'>({ kind: 'agentReport', value: { sequence: 1, report } });
  const now = 1_800_000_000_000;
  const isKnown = (resource: string) => resource === 'web.app';
  return reportBody(value as AgentReport, { isKnown, now, offsetMs: 0, reportedAt: 0, ...clock });
}

const result = { resource: 'web.app', operation: 'start', rc: 1, status: 'done', callId: 3 };
const userData = { transition: 1, action: 2, expectedRc: 0, digest: 'd', class: 'ocf', provider: 'p', type: 'Dummy' };

const unreadable: readonly { readonly name: string; readonly report: ReportDraft }[] = [
  { name: 'an order result without its result', report: { kind: 'orderResult', value: { operationId: 'o' } } },
  { name: 'an order result of no order', report: { kind: 'orderResult', value: { result } } },
  { name: 'a result of no resource', report: { kind: 'monitorChanged', value: { operation: 'monitor' } } },
  {
    name: 'a result of another assembly',
    report: { kind: 'monitorChanged', value: { ...result, resource: 'db.app' } },
  },
  { name: 'an exit code that is none', report: { kind: 'monitorChanged', value: { ...result, rc: -(2 ** 31) } } },
  { name: 'markup as operation', report: { kind: 'monitorChanged', value: { ...result, operation: '"><x/>' } } },
  { name: 'a recovery from nothing', report: { kind: 'localRecovery', value: { resource: 'web.app' } } },
  { name: 'a count of nothing', report: { kind: 'condensedRecoveries', value: { resource: 'web.app', failures: 3 } } },
  {
    name: 'a count of another resource',
    report: { kind: 'condensedRecoveries', value: { resource: 'web.db', failures: 3, changed: result } },
  },
];

for (const { name, report } of unreadable) {
  test(`${name} cannot be read`, () => assert.equal(read(report).kind, 'invalid'));
}

const words: readonly { readonly status: string; readonly read: string }[] = [
  { status: 'done', read: 'done' },
  { status: 'timeout', read: 'timeout' },
  { status: 'cancelled', read: 'cancelled' },
  { status: 'not-installed', read: 'not-installed' },
  { status: 'error', read: 'error' },
  { status: '', read: 'error' },
  { status: 'splendid', read: 'error' },
];

for (const { status, read: expected } of words) {
  test(`the status ${JSON.stringify(status)} of an operation is read as ${expected}`, () => {
    const report = read({ kind: 'monitorChanged', value: { ...result, status } });
    assert.ok(report.kind === 'monitor-changed');
    assert.equal(report.result.status, expected);
  });
}

const reloads: readonly { readonly told: object; readonly read: readonly string[] | undefined }[] = [
  { told: { reloadable: true, restartParameters: ['ip', 'nic', 'ip'] }, read: ['ip', 'nic'] },
  { told: { reloadable: true }, read: [] },
  { told: { restartParameters: ['ip'] }, read: undefined },
  { told: { reloadable: true, restartParameters: ['two words'] }, read: undefined },
  { told: { reloadable: true, restartParameters: [''] }, read: undefined },
  { told: { reloadable: true, restartParameters: Array.from({ length: 1001 }, (_, at) => `p${at}`) }, read: undefined },
];

for (const { told, read: expected } of reloads) {
  test(`what an agent says of reloading is read as ${JSON.stringify(expected)}: ${JSON.stringify(told).slice(0, 60)}`, () => {
    const report = read({ kind: 'orderResult', value: { operationId: 'o', result: { ...result, ...told } } });
    assert.ok(report.kind === 'order-result');
    assert.deepEqual(report.result.restartParameters, expected);
  });
}

const returned: readonly { readonly text: string; readonly isOurs: boolean }[] = [
  { text: JSON.stringify(userData), isOurs: true },
  { text: JSON.stringify({ ...userData, provider: undefined }), isOurs: true },
  { text: '', isOurs: false },
  { text: 'null', isOurs: false },
  { text: '7', isOurs: false },
  { text: '[]', isOurs: false },
  { text: '{"transition":1', isOurs: false },
  { text: JSON.stringify({ ...userData, action: '2' }), isOurs: false },
  { text: JSON.stringify({ ...userData, provider: 3 }), isOurs: false },
];

for (const { text, isOurs } of returned) {
  test(`user data ${text} is ${isOurs ? 'ours' : 'none'}`, () => {
    const report = read({ kind: 'monitorChanged', value: { ...result, userData: text } });
    assert.ok(report.kind === 'monitor-changed');
    assert.deepEqual(report.result.userData, isOurs ? JSON.parse(text) : undefined);
  });
}

test('a verdict that is not known is no recovery', () => {
  const report = read({
    kind: 'localRecovery',
    value: { resource: 'web.app', failure: result, start: result, verdict: 'fine' },
  });
  assert.ok(report.kind === 'local-recovery');
  assert.equal(report.verdict, 'failed');
  assert.equal(report.stop, undefined);
  assert.equal(report.start?.callId, 3);
});

test('a state of an instance that is not known proves nothing', () => {
  const states = ['running', 'dead', 'failed', 'unknown', '', 'asleep'];
  const { value } = received<'launcherInventory'>({
    kind: 'launcherInventory',
    value: { launcherHost: 'h1', instances: states.map((state) => ({ instance: 'i', state })), inFlight: [] },
  });
  assert.deepEqual(
    launcherAdopted(value).instances.map(({ state }) => state),
    ['running', 'dead', 'failed', 'unknown', 'unknown', 'unknown'],
  );
});

test('an operation that an agent has under way is awaited for its timeout and a little more', () => {
  const { value } = received<'agentInventory'>({
    kind: 'agentInventory',
    value: {
      instance: sender.id,
      agentIncarnation: '7',
      inFlight: [{ operationId: 'o', startedUnixMs: 1_000, timeoutMs: 20_000 }],
    },
  });
  assert.deepEqual(agentAdopted(value, 'process-2'), {
    kind: 'agent-adopted',
    instance: sender.id,
    incarnation: 'process-2',
    inFlight: [{ operationId: 'o', expiresAt: 26_000 }],
  });
});

test('texts of an agent are bounded, and times that cannot be are taken for now', () => {
  const exitReason = 'x'.repeat(100_000);
  const report = read({ kind: 'monitorChanged', value: { ...result, exitReason, endedUnixMs: 0 } });
  assert.ok(report.kind === 'monitor-changed');
  assert.equal(report.result.exitReason.length, 500);
  assert.equal(report.result.endedAt, 1_800_000_000_000);
});

const now = 1_800_000_000_000;

const times = [
  { name: 'a right clock', endedUnixMs: now - 5_000, clock: {}, expected: now - 5_000 },
  {
    name: 'a clock that is an hour ahead',
    endedUnixMs: now + 3_595_000,
    clock: { offsetMs: 3_600_000 },
    expected: now - 5_000,
  },
  { name: 'a report of yesterday', endedUnixMs: now - 86_400_000, clock: {}, expected: now - 86_400_000 },
  { name: 'a clock that was set forward unseen', endedUnixMs: now + 60_000, clock: {}, expected: now },
  {
    name: 'a clock that was set back unseen, after a report of a minute ago',
    endedUnixMs: now - 3_600_000,
    clock: { reportedAt: now - 60_000 },
    expected: now - 180_000,
  },
];

for (const { name, endedUnixMs, clock, expected } of times) {
  test(`when something happened, in our time: ${name}`, () => {
    const report = read(
      { kind: 'monitorChanged', value: { ...result, startedUnixMs: endedUnixMs, endedUnixMs } },
      clock,
    );
    assert.ok(report.kind === 'monitor-changed');
    assert.equal(report.result.endedAt, expected);
  });
}

test('a condensed report is read with all of its counts, and its first failure may be older than what was told', () => {
  const at = 1_799_999_000_000;
  const changed = { ...result, operation: 'monitor', intervalMs: 10_000, startedUnixMs: at, endedUnixMs: at };
  const counted = { resource: 'web.app', failures: 70, recovered: 60, firstUnixMs: at - 3_600_000, lastUnixMs: at };
  const report = read({ kind: 'condensedRecoveries', value: { ...counted, changed } }, { reportedAt: at - 1000 });
  assert.ok(report.kind === 'condensed' && report.newest.kind === 'monitor-changed');
  const { failures, recovered, firstAt, lastAt } = report;
  assert.deepEqual([failures, recovered, firstAt, lastAt], [70, 60, at - 3_600_000, at]);
  const failure = { ...changed, rc: 7 };
  const last = { resource: 'web.app', failure, verdict: 'recovered', start: { ...result, rc: 0 } };
  const recovery = read({ kind: 'condensedRecoveries', value: { ...counted, recovered: 99, last } });
  assert.ok(recovery.kind === 'condensed' && recovery.newest.kind === 'local-recovery');
  assert.equal(recovery.recovered, 70);
  assert.equal(recovery.newest.verdict, 'recovered');
});
