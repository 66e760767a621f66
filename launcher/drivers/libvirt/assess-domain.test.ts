import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessDomain, type LibvirtAnswer, type QemuProcess } from './assess-domain.js';
import { conditionOf, type Departure, departureOf } from './domain-state.js';

const alive: QemuProcess = { kind: 'alive', pid: 7, isStopped: false };
const ended: QemuProcess = { kind: 'ended', evidence: 'QEMU, pid 7, is gone' };
const unseen: QemuProcess = { kind: 'unseen', reason: 'it was never seen' };
const running: LibvirtAnswer = { kind: 'state', state: 1, reason: 1 };
const off: LibvirtAnswer = { kind: 'state', state: 5, reason: 2 };
const gone: LibvirtAnswer = { kind: 'no-such-domain' };
const silent: LibvirtAnswer = { kind: 'none', reason: 'libvirtd is down' };
const destroyed: Departure = { kind: 'ended', evidence: 'destroyed' };
const migrated: Departure = { kind: 'moved', reason: 'migrated' };

const table: readonly [string, LibvirtAnswer, QemuProcess, Departure | undefined, string][] = [
  ['it runs', running, alive, undefined, 'alive working'],
  ['its QEMU was never seen, libvirtd knows it', running, unseen, undefined, 'alive working'],
  ['its QEMU is stopped', running, { ...alive, isStopped: true }, undefined, 'alive not-answering'],
  ['libvirtd has not noticed the end of QEMU', running, ended, undefined, 'unknown'],
  ['it is off and its QEMU gone', off, ended, undefined, 'dead'],
  ['it is off, but its QEMU is still there', off, alive, undefined, 'unknown'],
  ['it is off, and nobody sees QEMUs', off, unseen, undefined, 'unknown'],
  ['libvirtd has forgotten it, and it runs', gone, alive, undefined, 'alive not-answering'],
  ['it was destroyed, and its QEMU is about to end', gone, alive, destroyed, 'alive not-answering'],
  ['libvirtd has no such domain, and its QEMU is gone', gone, ended, undefined, 'dead'],
  ['it was destroyed', gone, ended, destroyed, 'dead'],
  ['it was migrated', gone, ended, migrated, 'unknown'],
  ['libvirtd has told of its end, and nobody sees QEMUs', gone, unseen, destroyed, 'dead'],
  ['libvirtd does not know it, and nobody sees QEMUs', gone, unseen, undefined, 'unknown'],
  ['it was migrated, and nobody sees QEMUs', gone, unseen, migrated, 'unknown'],
  ['libvirtd is down, and it runs', silent, alive, undefined, 'alive not-answering'],
  ['libvirtd is down, and its QEMU is gone', silent, ended, undefined, 'dead'],
  ['libvirtd went down after it was migrated', silent, ended, migrated, 'unknown'],
  ['libvirtd is down, and nobody sees QEMUs', silent, unseen, undefined, 'unknown'],
  ['libvirtd went down after it told of its end, and nobody sees QEMUs', silent, unseen, destroyed, 'unknown'],
];

for (const [what, answer, qemu, departure, expected] of table) {
  test(`${what}: ${expected}`, () => {
    const assessed = assessDomain(answer, qemu, departure);
    assert.equal(assessed.kind === 'alive' ? `alive ${assessed.condition.kind}` : assessed.kind, expected);
  });
}

test('evidence says how it ended before it says how that is known', () => {
  const assessed = assessDomain(gone, ended, destroyed);
  assert.deepEqual(assessed, { kind: 'dead', evidence: 'destroyed; QEMU, pid 7, is gone' });
});

test('every state of a domain says what it means', () => {
  const states: readonly [number, number, string, RegExp][] = [
    [0, 0, 'working', /^$/],
    [1, 9, 'working', /^$/],
    [2, 0, 'working', /^$/],
    [3, 1, 'paused', /paused \(by an operator\)/],
    [3, 5, 'paused', /after an error of its disk/],
    [3, 10, 'panicked', /after a panic/],
    [3, 99, 'paused', /^libvirt: paused$/],
    [4, 0, 'working', /^$/],
    [6, 1, 'panicked', /its kernel has panicked/],
    [7, 0, 'paused', /power management/],
    [42, 0, 'not-answering', /calls its state 42/],
  ];
  for (const [state, reason, kind, evidence] of states) {
    const found = conditionOf(state, reason);
    assert.ok(found.kind === 'present', `${state}`);
    assert.equal(found.condition.kind, kind, `${state}/${reason}`);
    assert.match(found.condition.kind === 'working' ? '' : found.condition.evidence, evidence);
  }
  assert.equal(conditionOf(5, 2).kind, 'off');
});

test('events of an end say which one; others say nothing', () => {
  const kinds = [0, 1, 2, 3, 4, 5, 6, 99].map((detail) => departureOf({ event: 5, detail })?.kind);
  assert.deepEqual(kinds, ['ended', 'ended', 'ended', 'moved', 'moved', 'ended', 'ended', 'ended']);
  assert.deepEqual(departureOf({ event: 8, detail: 0 }), { kind: 'ended', evidence: 'its kernel has panicked' });
  for (const event of [0, 1, 2, 3, 4, 6, 7, 99]) assert.equal(departureOf({ event, detail: 0 }), undefined);
});
