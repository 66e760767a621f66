import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assessProgress } from './assess-progress.js';
import { sampleStatus } from './sample-status.js';
import { type ScriptedCoordinator, sampleEvent, scriptedCoordinator } from './scripted-coordinator.js';
import { type Waiting, waitUntilSettled } from './wait-until-settled.js';

const underWay = sampleStatus({ condition: 'starting', settled: false });

function wait(coordinator: ScriptedCoordinator, change: Partial<Waiting> = {}) {
  const seqs: number[] = [];
  const display = {
    event: ({ seq }: { readonly seq: number }) => void seqs.push(seq),
    status: () => {},
    end: () => {},
  };
  const goal = { desired: 'running', desiredRevision: 5, revision: 2 } as const;
  const assess: Waiting['assess'] = (status) => assessProgress(status, goal);
  const { signal } = new AbortController();
  const limits = { since: 2, timeoutMs: 60_000, whenGone: 'gone' } as const;
  const waiting = { name: 'shop', assess, display, signal, ...limits, ...change };
  return waitUntilSettled(coordinator, waiting).then((result) => ({ ...result, seqs }));
}

test('waiting shows what happens on the way once, up to the end', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.events.push(sampleEvent(1), sampleEvent(2), sampleEvent(3));
  coordinator.statuses = [underWay, underWay, sampleStatus()];
  let statuses = 0;
  coordinator.onQuestion = (question) => {
    if (question !== 'getStatus') return;
    statuses += 1;
    coordinator.events.push(sampleEvent(3 + statuses), sampleEvent(100 + statuses, { deployable: 'other' }));
  };
  const { kind, seqs, status } = await wait(coordinator);
  assert.equal(kind, 'reached');
  assert.deepEqual(seqs, [3, 4, 5, 6]);
  assert.equal(status?.condition, 'running');
});

test('waiting outlasts a coordinator that restarts', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.statuses = ['no-responder', underWay, 'disconnected', 'deadline', 'unavailable', sampleStatus()];
  coordinator.eventErrors.push('disconnected', 'no-responder');
  assert.equal((await wait(coordinator)).kind, 'reached');
});

test('waiting ends at its time with what is missing', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.statuses = [sampleStatus({ condition: 'starting', settled: false, reason: 'no launcher host' })];
  const result = await wait(coordinator, { timeoutMs: 120 });
  assert.equal(result.kind, 'timed-out');
  assert.deepEqual(result.kind === 'timed-out' ? result.missing : [], ['no launcher host']);
});

test('waiting ends with a failure that is final', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.statuses = [underWay, sampleStatus({ condition: 'failed', reason: 'attempts are exhausted' })];
  const result = await wait(coordinator);
  assert.equal(result.kind === 'failed' && result.reason, 'attempts are exhausted');
});

test('a failure that passes is none', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.statuses = [sampleStatus({ condition: 'failed', reason: 'no decision', settled: false }), sampleStatus()];
  assert.equal((await wait(coordinator)).kind, 'reached');
});

test('what is deleted while it is being stopped is stopped', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.statuses = ['unknown-deployable'];
  assert.equal((await wait(coordinator, { whenGone: 'reached' })).kind, 'reached');
  assert.equal((await wait(coordinator)).kind, 'gone');
});

test('an interrupted wait ends at once', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.statuses = [underWay];
  const interruption = new AbortController();
  coordinator.onQuestion = () => interruption.abort();
  assert.equal((await wait(coordinator, { signal: interruption.signal })).kind, 'interrupted');
});

test('a refusal that would last ends the wait', async () => {
  const coordinator = scriptedCoordinator();
  coordinator.statuses = ['refused'];
  assert.equal((await wait(coordinator)).kind, 'error');
});
