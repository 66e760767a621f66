import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeployableStatus, HostSummary } from '../../proto/messages.js';
import { assessDrain } from './assess-drain.js';
import { sampleAssembly, sampleStatus } from './sample-status.js';

const db = { deployable: 'shop', assembly: 'db', instance: 'shop.db.left.1-1', state: 'running' };
const other = { ...db, deployable: 'other', instance: 'other.db.left.1-1' };

function host(
  instances: HostSummary['instances'],
  state = instances.length === 0 ? 'drained' : 'draining',
): HostSummary {
  const about = { driver: 'qemu', capacityCpus: 0, capacityMemoryMib: 0 };
  return { name: 'left', state, reason: '', fencer: false, lastBeatUnixMs: 1, instances, ...about };
}

const noOther =
  'no other launcher host can take it (none is in service, or its capacity or a constraint is in the way)';
const stop = 'stop it with: cpectl assembly drain shop db';

const cases: readonly [
  name: string,
  summary: HostSummary | undefined,
  statuses: readonly DeployableStatus[],
  expected: object,
][] = [
  ['an empty host is empty', host([]), [], { kind: 'empty' }],
  ['nobody knows yet', undefined, [], { kind: 'leaving' }],
  ['what is being moved is waited for', host([db]), [sampleStatus({ settled: false })], { kind: 'leaving' }],
  ['a DPE that does not answer is waited for', host([db]), [], { kind: 'leaving' }],
  ['so is one whose state is unknown', host([db]), [sampleStatus({ condition: 'unknown' })], { kind: 'leaving' }],
  [
    'in maintenance nothing leaves',
    host([db]),
    [sampleStatus({ maintenance: true })],
    { kind: 'deferred', reason: 'shop is in maintenance' },
  ],
  [
    'while something is held, and something else under way, it is waited for',
    host([db, other]),
    [sampleStatus({ condition: 'held', reason: 'held by ann' }), sampleStatus({ name: 'other', settled: false })],
    { kind: 'leaving' },
  ],
  [
    'what no other host can take stays, with what stops it',
    host([db]),
    [sampleStatus()],
    { kind: 'stays', reason: `shop/db stays: ${noOther}`, next: stop },
  ],
  [
    'each that stays has its own reason',
    host([db, other]),
    [
      sampleStatus({ assemblies: [sampleAssembly({ unmanaged: true })] }),
      sampleStatus({ name: 'other', maintenance: true }),
    ],
    {
      kind: 'stays',
      reason:
        'shop/db stays: it is unmanaged (cpectl resource manage shop db.vm); other/db stays: other is in maintenance',
      next: `${stop}; cpectl assembly drain other db`,
    },
  ],
];

for (const [name, summary, statuses, expected] of cases) {
  test(`a drain's progress: ${name}`, () => {
    assert.deepEqual(assessDrain(summary, new Map(statuses.map((status) => [status.name, status]))), expected);
  });
}
