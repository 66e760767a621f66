import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type InstanceId, parseInstanceId, renderInstanceId } from './instance-id.js';
import {
  agentHeartbeat,
  agentOrder,
  agentRegister,
  agentReport,
  allAgents,
  cpeRequest,
  dpeRequest,
  events,
  inbox,
  inboxesOf,
  isInbox,
  launcherBeat,
  launcherList,
  launcherOrder,
  launcherReport,
  type ParsedSubject,
  parseSubject,
  silenceCount,
} from './subjects.js';

const INSTANCE: InstanceId = { deployable: 'shop', assembly: 'web-1', host: '_h', incarnation: '1763807520123-2' };

const SUBJECTS: readonly [string, string, ParsedSubject][] = [
  [
    cpeRequest('viewer', 'ann'),
    'cpe.v1.cpe.main.request.viewer.ann',
    { kind: 'cpe-request', role: 'viewer', id: 'ann' },
  ],
  [dpeRequest('shop'), 'cpe.v1.dpe.shop.request', { kind: 'dpe-request', deployable: 'shop' }],
  [launcherOrder('local'), 'cpe.v1.launcher.local.order', { kind: 'launcher-order', host: 'local' }],
  [launcherList('local'), 'cpe.v1.launcher.local.list', { kind: 'launcher-list', host: 'local' }],
  [launcherBeat('local'), 'cpe.v1.launcher.local.beat', { kind: 'launcher-beat', host: 'local' }],
  [
    launcherReport('local', 'shop'),
    'cpe.v1.launcher.local.report.shop',
    { kind: 'launcher-report', host: 'local', deployable: 'shop' },
  ],
  [
    agentOrder(INSTANCE),
    'cpe.v1.agent.shop.web-1._h.1763807520123-2.order',
    { kind: 'agent-order', instance: INSTANCE },
  ],
  [
    agentRegister(INSTANCE),
    'cpe.v1.agent.shop.web-1._h.1763807520123-2.register',
    { kind: 'agent-register', instance: INSTANCE },
  ],
  [
    agentHeartbeat(INSTANCE),
    'cpe.v1.agent.shop.web-1._h.1763807520123-2.heartbeat',
    { kind: 'agent-heartbeat', instance: INSTANCE },
  ],
  [
    agentReport(INSTANCE),
    'cpe.v1.agent.shop.web-1._h.1763807520123-2.report',
    { kind: 'agent-report', instance: INSTANCE },
  ],
  [events('shop'), 'cpe.v1.events.shop', { kind: 'events', deployable: 'shop' }],
  [silenceCount('shop'), 'cpe.v1.silence.shop', { kind: 'silence', deployable: 'shop' }],
];
for (const [built, expected, parsed] of SUBJECTS) {
  test(`${expected} is built and parsed`, () => {
    assert.equal(built, expected);
    assert.deepEqual(parseSubject(built), parsed);
  });
}

const NAMES_THAT_ARE_NONE = ['', '*', '>', 'a.b', 'a b', '1a', '-a', 'a\n', 'ä', 'a'.repeat(64), 'a*', 'a>'];
for (const name of NAMES_THAT_ARE_NONE) {
  test(`${JSON.stringify(name)} is refused as a token everywhere`, () => {
    assert.throws(() => cpeRequest('operator', name), RangeError);
    assert.throws(() => dpeRequest(name), RangeError);
    assert.throws(() => launcherOrder(name), RangeError);
    assert.throws(() => launcherReport('local', name), RangeError);
    assert.throws(() => launcherReport(name, 'shop'), RangeError);
    assert.throws(() => allAgents(name, 'report'), RangeError);
    assert.throws(() => events(name), RangeError);
    assert.throws(() => silenceCount(name), RangeError);
    for (const part of ['deployable', 'assembly', 'host', 'incarnation'] as const) {
      assert.throws(() => agentOrder({ ...INSTANCE, [part]: name }), RangeError);
    }
  });
}

test('an incarnation that is none is refused', () => {
  for (const incarnation of ['1', '1-', '-1', 'a-1', '1-1-1', '1-*', '1.1']) {
    assert.throws(() => renderInstanceId({ ...INSTANCE, incarnation }), RangeError);
    assert.equal(parseInstanceId(`shop.web.local.${incarnation}`), undefined);
  }
});

test('an instance id is four tokens, no more and no fewer', () => {
  assert.deepEqual(parseInstanceId(renderInstanceId(INSTANCE)), INSTANCE);
  assert.equal(parseInstanceId('shop.web.local'), undefined);
  assert.equal(parseInstanceId('shop.web.local.1-1.x'), undefined);
});

test('a subject that is not ours parses to nothing', () => {
  const foreign = [
    '',
    'cpe.v1',
    'cpe.v1.',
    'cpe.v2.dpe.shop.request',
    'cpe.v1.dpe.shop',
    'cpe.v1.dpe.shop.request.x',
    'cpe.v1.dpe.*.request',
    'cpe.v1.launcher.local.report',
    'cpe.v1.launcher.local.report.shop.x',
    'cpe.v1.launcher.local.destroy',
    'cpe.v1.agent.shop.web.local.1-1.reboot',
    'cpe.v1.agent.shop.web.local.order',
    'cpe.v1.events.a.b',
    'cpe.v1.cpe.main.request',
    'cpe.v1.cpe.main.request.dpe.ann',
    'cpe.v1.cpe.main.request.viewer.*',
    'cpe.v1.cpe.main.request.viewer.ann.x',
    'cpe.v1.cpe.other.request.viewer.ann',
  ];
  for (const subject of foreign) assert.equal(parseSubject(subject), undefined, subject);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('cpe', 'v1', 'dpe', 'agent', 'launcher', 'order', '*', '>', 'a', '1-1', ''), {
        maxLength: 9,
      }),
      (tokens) => {
        const parsed = parseSubject(tokens.join('.'));
        assert.ok(parsed === undefined || !JSON.stringify(parsed).match(/[*>]/));
      },
    ),
  );
});

test('an inbox is under its role and identity, whose name may be anything', () => {
  const { pattern, reply } = inbox('agent', 'shop.web.left.1-1', '12');
  assert.match(pattern, /^_INBOX\.agent\.[0-9a-f]{24}\.12\.\*$/);
  assert.equal(reply('7'), pattern.replace('*', '7'));
  assert.equal(inboxesOf('agent', 'shop.web.left.1-1'), pattern.replace('12.*', '>'));
  assert.notEqual(inboxesOf('agent', 'shop.web.left.1-2'), inboxesOf('agent', 'shop.web.left.1-1'));
  assert.throws(() => inbox('agent', 'abc', '*'), RangeError);
  assert.equal(isInbox(reply('7')), true);
  assert.equal(isInbox(cpeRequest('operator', 'ann')), false);
});
