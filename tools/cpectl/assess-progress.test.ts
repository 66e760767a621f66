import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeployableStatus } from '../../proto/messages.js';
import { assessProgress, type Goal, type Progress } from './assess-progress.js';
import { sampleAssembly, sampleResource, sampleStatus } from './sample-status.js';

const start: Goal = { desired: 'running', desiredRevision: 5, revision: 2 };
const stop: Goal = { ...start, desired: 'stopped' };
const waitingDb = [
  sampleAssembly({
    state: 'starting',
    reason: 'waiting for its agent',
    resources: [sampleResource({ state: 'stopped' })],
  }),
];
const halfDown = [
  sampleAssembly({ state: 'stopped', resources: [sampleResource({ state: 'waiting' })] }),
  sampleAssembly({
    name: 'web',
    resources: [
      sampleResource({ name: 'app', state: 'waiting' }),
      sampleResource({ name: 'nginx', state: 'stopping' }),
    ],
  }),
];

const cases: readonly [string, Partial<DeployableStatus>, Goal, Progress][] = [
  ['what runs and is settled is reached', {}, start, { kind: 'reached' }],
  ['what is stopped and settled is reached', { desired: 'stopped', condition: 'stopped' }, stop, { kind: 'reached' }],
  [
    'a running deployable of an older order is not what was asked for',
    { desiredRevision: 4 },
    start,
    { kind: 'under-way', missing: ['its DPE has not taken the order over yet'] },
  ],
  [
    'a failure of an older definition says nothing about the new one',
    { revision: 1, condition: 'failed', reason: 'old' },
    start,
    { kind: 'under-way', missing: ['its DPE has not taken the order over yet'] },
  ],
  [
    'a DPE that does not answer is waited for, with the reason',
    { desiredRevision: 0, condition: 'unknown', reason: 'its DPE does not answer (yet)' },
    start,
    { kind: 'under-way', missing: ['its DPE does not answer (yet)'] },
  ],
  [
    'what is not settled is under way',
    { settled: false },
    start,
    { kind: 'under-way', missing: ['the last transition has not ended'] },
  ],
  [
    'an assembly that is missing is named without what is in it',
    { condition: 'starting', settled: false, assemblies: waitingDb },
    start,
    { kind: 'under-way', missing: ['db (starting: waiting for its agent)'] },
  ],
  [
    'what is left to be stopped is named, resources first',
    { desired: 'stopped', condition: 'stopping', settled: false, assemblies: halfDown },
    stop,
    { kind: 'under-way', missing: ['web.nginx (stopping)', 'web (running)'] },
  ],
  [
    'a settled failure is final',
    { condition: 'failed', reason: 'attempts are exhausted' },
    start,
    { kind: 'failed', isFinal: true, reason: 'attempts are exhausted' },
  ],
  [
    'a failure with something left to try is not',
    { condition: 'failed', reason: 'no decision', settled: false },
    start,
    { kind: 'failed', isFinal: false, reason: 'no decision' },
  ],
  [
    'a later order for something else ends the wait',
    { desired: 'stopped', condition: 'stopping', desiredRevision: 6 },
    start,
    { kind: 'overruled', desired: 'stopped' },
  ],
  ['a later order for the same does not', { desiredRevision: 6 }, start, { kind: 'reached' }],
];

for (const [name, change, goal, expected] of cases) {
  test(`progress: ${name}`, () => assert.deepEqual(assessProgress(sampleStatus(change), goal), expected));
}
