import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SampleAction, sampleGraph } from './sample-graph.js';
import {
  abort,
  actionsInFlight,
  beginTransition,
  type Completion,
  confirm,
  fire,
  loseNode,
  progress,
  type Transition,
} from './transition.js';
import { INFINITE_SCORE, isConfirmedWhenFired } from './transition-graph.js';

const OK = { kind: 'succeeded' } as const;
const FAILED = { kind: 'failed', reason: 'exit code 1, expected 0' } as const;

/** One pass in which only what needs no work is confirmed; the ids that fired. */
function pass(transition: Transition): number[] {
  const fired: number[] = [];
  for (const action of fire(transition)) {
    fired.push(action.id);
    if (isConfirmedWhenFired(action)) confirm(transition, action.id, OK);
  }
  return fired;
}

/** One pass in which everything succeeds at once. */
function passSynchronously(transition: Transition): number[] {
  const fired: number[] = [];
  for (const action of fire(transition)) {
    fired.push(action.id);
    confirm(transition, action.id, OK);
  }
  return fired;
}

function begin(actions: readonly SampleAction[], ...rest: [limits?: Parameters<typeof sampleGraph>[1]]): Transition {
  return beginTransition(sampleGraph(actions, ...rest));
}

test('what becomes ready further down fires in the same pass, further up in the next', () => {
  const transition = begin([{ id: 1, after: [3] }, { id: 2 }, { id: 3, after: [2] }, { id: 4, after: [3] }]);
  assert.deepEqual(passSynchronously(transition), [2, 3, 4]);
  assert.deepEqual(passSynchronously(transition), [1]);
  assert.deepEqual(passSynchronously(transition), []);
  assert.equal(progress(transition).kind, 'complete');
});

test('a synapse fires once all its inputs are confirmed, and not before', () => {
  const transition = begin([{ id: 1 }, { id: 2 }, { id: 3, after: [1, 2] }]);
  assert.deepEqual(pass(transition), [1, 2]);
  confirm(transition, 2, OK);
  assert.deepEqual(pass(transition), []);
  assert.deepEqual(
    actionsInFlight(transition).map(({ id }) => id),
    [1],
  );
  assert.deepEqual(progress(transition), { kind: 'running', pending: 1, hasReady: false });
  confirm(transition, 1, { kind: 'failure-ignored', reason: 'on-fail=ignore' });
  assert.deepEqual(progress(transition), { kind: 'running', pending: 0, hasReady: true });
  assert.deepEqual(pass(transition), [3]);
  confirm(transition, 3, OK);
  assert.deepEqual(progress(transition), { kind: 'complete', completion: 'done', reason: undefined, unfired: 0 });
});

test('an empty graph is complete', () => {
  assert.deepEqual(progress(begin([])), { kind: 'complete', completion: 'done', reason: undefined, unfired: 0 });
});

test('a failed action stops what waits for it and what is not more urgent, and asks for a new decision', () => {
  const transition = begin([
    { id: 1, priority: 5 },
    { id: 2, after: [1] },
    { id: 3, after: [1], priority: INFINITE_SCORE },
    { id: 4, after: [5], priority: 5 },
    { id: 5, kind: 'pseudo', after: [9] },
    { id: 6, after: [9], priority: 6 },
    { id: 9 },
  ]);
  assert.deepEqual(pass(transition), [1, 9]);
  confirm(transition, 1, FAILED);
  assert.deepEqual(pass(transition), [3], 'infinite priority goes on in spite of a failed input');
  confirm(transition, 3, OK);
  confirm(transition, 9, OK);
  assert.deepEqual(pass(transition), [5, 6], 'pseudo actions and more urgent ones still run, 4 is left out');
  confirm(transition, 6, OK);
  const end = progress(transition);
  assert.ok(end.kind === 'complete');
  assert.equal(end.completion, 'restart');
  assert.equal(end.unfired, 2);
  assert.ok(end.reason?.kind === 'action-failed');
  assert.deepEqual([end.reason.action.id, end.reason.detail], [1, FAILED.reason]);
});

test('a failure at infinite priority stops the others of infinite priority, too', () => {
  const urgent = { priority: INFINITE_SCORE };
  const transition = begin([{ id: 1, ...urgent }, { id: 2 }, { id: 3, after: [2], ...urgent }]);
  pass(transition);
  confirm(transition, 1, FAILED);
  confirm(transition, 2, OK);
  assert.deepEqual(pass(transition), []);
});

test('a missing result or a failed fencing stops everything but infinite priority', () => {
  const table = [
    ['resource', { kind: 'timed-out' }, 'action-timed-out', 'restart'],
    ['fencing', FAILED, 'action-failed', 'restart'],
    ['fencing', { ...FAILED, completion: 'stop' }, 'action-failed', 'stop'],
  ] as const;
  for (const [kind, outcome, reason, completion] of table) {
    const transition = begin([
      { id: 1, kind },
      { id: 2 },
      { id: 3, after: [2], priority: 500 },
      { id: 4, after: [2], priority: INFINITE_SCORE },
    ]);
    pass(transition);
    confirm(transition, 1, outcome);
    confirm(transition, 2, OK);
    assert.deepEqual(pass(transition), [4]);
    confirm(transition, 4, OK);
    const end = progress(transition);
    assert.ok(end.kind === 'complete');
    assert.deepEqual([end.reason?.kind, end.completion], [reason, completion]);
  }
});

test('an abort only rises, in priority and in completion each by itself', () => {
  const transition = begin([{ id: 1 }]);
  const table: readonly (readonly [priority: number, completion: Completion, rises: boolean, ends: Completion])[] = [
    [0, 'done', false, 'done'],
    [0, 'stop', true, 'stop'],
    [10, 'done', true, 'stop'],
    [5, 'stop', false, 'stop'],
    [5, 'restart', true, 'restart'],
    [INFINITE_SCORE, 'stop', true, 'restart'],
    [INFINITE_SCORE, 'shutdown', true, 'shutdown'],
    [INFINITE_SCORE, 'restart', false, 'shutdown'],
  ];
  for (const [i, [priority, completion, rises, ends]] of table.entries()) {
    assert.equal(abort(transition, { priority, completion, reason: `${i}` }), rises, `step ${i}`);
    if (i < 2) continue;
    const end = progress(transition);
    assert.ok(end.kind === 'complete', `step ${i}`);
    assert.equal(end.completion, ends, `step ${i}`);
  }
  const end = progress(transition);
  assert.ok(end.kind === 'complete' && end.reason?.kind === 'requested');
  assert.equal(end.reason.detail, '6', 'the last abort that raised something is the reason');
});

test('an abort waits for what is in flight', () => {
  const transition = begin([{ id: 1 }, { id: 2, after: [1] }]);
  pass(transition);
  abort(transition, { priority: INFINITE_SCORE, completion: 'restart', reason: 'configuration changed' });
  assert.equal(progress(transition).kind, 'running');
  confirm(transition, 1, OK);
  assert.deepEqual(pass(transition), []);
  assert.equal(progress(transition).kind, 'complete');
});

test('an abort in the middle of a pass stops the rest of it', () => {
  const transition = begin([{ id: 1 }, { id: 2 }, { id: 3, kind: 'pseudo' }]);
  const fired: number[] = [];
  for (const action of fire(transition)) {
    fired.push(action.id);
    if (action.id === 1) confirm(transition, 1, FAILED);
  }
  assert.deepEqual(fired, [1, 3]);
});

test('a result that fits nothing in flight is answered and changes nothing', () => {
  const transition = begin([{ id: 1 }, { id: 2, after: [1] }]);
  assert.equal(confirm(transition, 2, OK).kind, 'not-fired');
  assert.equal(confirm(transition, 99, OK).kind, 'unknown-action');
  pass(transition);
  assert.equal(confirm(transition, 1, OK).kind, 'confirmed');
  assert.equal(confirm(transition, 1, FAILED).kind, 'already-settled');
  assert.deepEqual(pass(transition), [2], 'the late failure did not abort');
});

test('a graph that can not go on is terminated and says what is missing', () => {
  const transition = begin([{ id: 1 }, { id: 2, after: [1, 77] }, { id: 3, after: [4] }, { id: 4, after: [3] }]);
  passSynchronously(transition);
  const end = progress(transition);
  assert.ok(end.kind === 'terminated');
  assert.deepEqual(
    end.stuck.map(({ synapse, missing }) => [synapse.id, missing]),
    [
      [1, [77]],
      [2, [4]],
      [3, [3]],
    ],
  );
});

test('no more synapses than the batch limit are in flight, and pseudo actions do not count', () => {
  const actions: SampleAction[] = [
    { id: 1, kind: 'pseudo' },
    { id: 2 },
    { id: 3 },
    { id: 4 },
    { id: 5, kind: 'pseudo' },
  ];
  const transition = begin(actions, { batchLimit: 2 });
  assert.deepEqual(pass(transition), [1, 2, 3]);
  assert.deepEqual(pass(transition), []);
  confirm(transition, 3, OK);
  assert.deepEqual(pass(transition), [4]);
  confirm(transition, 2, OK);
  assert.deepEqual(pass(transition), [5]);

  const open = beginTransition(sampleGraph(actions), { batchLimit: (configured) => (configured === 0 ? 1 : 99) });
  assert.deepEqual(pass(open), [1, 2], 'a limit the graph leaves open is the executor’s');
  assert.deepEqual(pass(begin(actions, { batchLimit: -1 })), [1, 2, 3, 4, 5]);
});

test('jobs are limited per node, counted where they are relayed, and pass each other by', () => {
  const graph = sampleGraph([
    { id: 1, node: 'db', routerNode: 'h1' },
    { id: 2, node: 'web', routerNode: 'h1' },
    { id: 3, node: 'h1' },
    { id: 4, node: 'h2' },
    { id: 5, kind: 'cluster', node: 'h1' },
    { id: 6, kind: 'fencing', node: 'h1' },
    { id: 7, node: 'h1', noWait: true },
  ]);
  const transition = beginTransition(graph, { jobLimit: (node) => (node === 'h1' ? 2 : 1) });
  assert.deepEqual(pass(transition), [1, 2, 4, 5, 6]);
  confirm(transition, 2, OK);
  assert.deepEqual(pass(transition), [3]);
  confirm(transition, 1, OK);
  assert.deepEqual(pass(transition), [7]);
  assert.equal(progress(transition).kind, 'running');
});

test('a job limit below one is one, so that a transition always goes on', () => {
  const transition = beginTransition(sampleGraph([{ id: 1 }, { id: 2 }]), { jobLimit: () => 0 });
  assert.deepEqual(pass(transition), [1]);
});

test('migrations have a limit of their own, on both ends', () => {
  const migration = (source: string, target: string) => ({ operation: 'migrate_to', migration: { source, target } });
  const actions: SampleAction[] = [
    { id: 1, ...migration('h1', 'h2') },
    { id: 2, ...migration('h3', 'h2') },
    { id: 3, ...migration('h3', 'h4') },
    { id: 4, node: 'h2' },
  ];
  const transition = begin(actions, { migrationLimit: 1 });
  assert.deepEqual(pass(transition), [1, 3, 4]);
  confirm(transition, 1, OK);
  assert.deepEqual(pass(transition), [], 'h3 has still one');
  confirm(transition, 3, OK);
  assert.deepEqual(pass(transition), [2]);
  assert.deepEqual(pass(begin(actions, { migrationLimit: 0 })), [1, 2, 3, 4]);
});

test('a lost node fails what runs or would run there, and nothing else', () => {
  const transition = begin([
    { id: 1, node: 'h1' },
    { id: 2, node: 'db', routerNode: 'h1' },
    { id: 3, node: 'h2' },
    { id: 4, node: 'h1', after: [3] },
    { id: 5, kind: 'fencing', node: 'h1' },
    { id: 6, after: [1], node: 'h2', priority: INFINITE_SCORE },
    { id: 7, kind: 'pseudo', after: [3] },
  ]);
  assert.deepEqual(pass(transition), [1, 2, 3, 5]);
  const lost = loseNode(transition, { name: 'h1', uuid: 'h1-uuid' });
  assert.deepEqual(
    lost.map(({ id }) => id),
    [1, 2],
  );
  assert.deepEqual(loseNode(transition, { name: 'h1', uuid: 'h1-uuid' }), [], 'twice is once');
  assert.equal(confirm(transition, 2, OK).kind, 'already-settled');
  confirm(transition, 3, OK);
  confirm(transition, 5, OK);
  assert.deepEqual(pass(transition), [6, 7]);
  confirm(transition, 6, OK);
  const end = progress(transition);
  assert.ok(end.kind === 'complete');
  assert.deepEqual([end.completion, end.reason?.kind, end.unfired], ['restart', 'node-lost', 3]);
});

test('a node without anything to do there may go without an abort', () => {
  const transition = begin([{ id: 1, node: 'h1' }]);
  assert.deepEqual(loseNode(transition, { name: 'h9', uuid: 'h9' }), []);
  assert.deepEqual(pass(transition), [1]);
});

test('several actions of one synapse fire together and are confirmed together', () => {
  const single = sampleGraph([{ id: 1 }, { id: 2 }, { id: 3, after: [1, 2] }]);
  const [first, second, third] = single.synapses;
  assert.ok(first && second && third);
  const graph = { ...single, synapses: [{ ...first, actions: [...first.actions, ...second.actions] }, third] };
  const transition = beginTransition(graph);
  const [early] = fire(transition);
  assert.equal(early?.id, 1);
  assert.deepEqual(pass(transition), [2], 'leaving a pass early loses nothing');
  confirm(transition, 1, OK);
  assert.deepEqual(progress(transition), { kind: 'running', pending: 1, hasReady: false });
  confirm(transition, 2, OK);
  assert.deepEqual(pass(transition), [3]);
});
