import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEnvelope, encodeEnvelope } from '../../proto/codec.js';
import type { BodyDraft, Envelope } from '../../proto/messages.js';
import type { OperatorVerb } from './core/operator-verb.js';
import { answerOf, askedBy, verbOf } from './operator-request.js';

const now = 1_800_000_000_000;

function received(body: BodyDraft, onBehalfOf = ''): Envelope {
  const sender = { role: 'cpe', id: 'main', incarnation: '1' } as const;
  const decoded = decodeEnvelope(encodeEnvelope({ body, messageId: 'm', sender, onBehalfOf }));
  assert.ok(decoded.kind === 'envelope');
  return decoded.envelope;
}

const about = { deployable: 'shop', resource: 'db.redis' };
const inside = { deployable: 'shop', assembly: 'db' };
const anywhere = { node: undefined, role: undefined, until: undefined };

const requests: readonly (readonly [BodyDraft, OperatorVerb])[] = [
  [
    { kind: 'resourceStart', value: about },
    { kind: 'resource-start', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceStop', value: about },
    { kind: 'resource-stop', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceRestart', value: about },
    { kind: 'resource-restart', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceManage', value: about },
    { kind: 'resource-manage', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceUnmanage', value: about },
    { kind: 'resource-unmanage', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceFail', value: about },
    { kind: 'resource-fail', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceClear', value: about },
    { kind: 'resource-clear', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceCleanup', value: about },
    { kind: 'resource-cleanup', resource: 'db.redis' },
  ],
  [
    { kind: 'resourceCleanup', value: { deployable: 'shop' } },
    { kind: 'resource-cleanup', resource: undefined },
  ],
  [
    { kind: 'resourceMove', value: { ...about, node: 'h2', role: 'promoted', lifetimeMs: 5_000 } },
    { kind: 'resource-move', resource: 'db.redis', node: 'h2', role: 'promoted', until: now + 5_000 },
  ],
  [
    { kind: 'resourceMove', value: about },
    { kind: 'resource-move', resource: 'db.redis', ...anywhere },
  ],
  [
    { kind: 'resourceBan', value: about },
    { kind: 'resource-ban', resource: 'db.redis', ...anywhere },
  ],
  [
    { kind: 'assemblyStandby', value: inside },
    { kind: 'assembly-standby', assembly: 'db' },
  ],
  [
    { kind: 'assemblyUnstandby', value: inside },
    { kind: 'assembly-unstandby', assembly: 'db' },
  ],
  [
    { kind: 'assemblyRestart', value: inside },
    { kind: 'assembly-restart', assembly: 'db' },
  ],
  [
    { kind: 'assemblyDestroy', value: inside },
    { kind: 'assembly-destroy', assembly: 'db' },
  ],
  [
    { kind: 'assemblyDrain', value: inside },
    { kind: 'assembly-drain', assembly: 'db' },
  ],
  [
    { kind: 'deployableMaintenance', value: { deployable: 'shop', on: true } },
    { kind: 'deployable-maintenance', isOn: true },
  ],
  [
    { kind: 'deployableHold', value: { deployable: 'shop', reason: 'an audit' } },
    { kind: 'deployable-hold', reason: 'an audit' },
  ],
  [{ kind: 'deployableResume', value: { deployable: 'shop' } }, { kind: 'deployable-resume' }],
];

for (const [body, verb] of requests) {
  test(`${body.kind} asks for ${JSON.stringify(verb)}`, () => {
    assert.deepEqual(verbOf(received(body).body, now), verb);
  });
}

test('other requests are no verbs', () => {
  assert.equal(verbOf(received({ kind: 'getStatus', value: { deployable: 'shop' } }).body, now), undefined);
});

test('who asks is the one on whose behalf it is asked, and bounded', () => {
  const body = { kind: 'deployableResume', value: { deployable: 'shop' } } as const;
  assert.equal(askedBy(received(body)), 'cpe main');
  assert.equal(askedBy(received(body, 'operator alice')), 'operator alice');
  assert.equal(askedBy(received(body, 'x'.repeat(10_000))).length, 500);
});

test('what was done is answered with the event before it, what was refused with its code', () => {
  const done = { kind: 'done', message: 'stops', warnings: ['slowly'], isChanged: true } as const;
  const value = { message: 'stops', warnings: ['slowly'], lastSeq: 7, changed: true };
  assert.deepEqual(answerOf(done, 7), { kind: 'verbDone', value });
  const refusal = answerOf({ kind: 'refused', code: 'conflict', message: 'it is stopped' }, 7);
  assert.deepEqual(refusal, { code: 'conflict', message: 'it is stopped', details: {}, problems: [] });
});
