import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAction, sampleGraph } from './sample-graph.js';
import { type ExecutedAction, renderSummaryLine, simulateOrder } from './simulate.js';
import { type GraphAction, INFINITE_SCORE } from './transition-graph.js';

const executedIds = (executed: readonly ExecutedAction[]) => executed.map(({ action }) => action.id);

test('everything is executed in passes over the document', () => {
  const graph = sampleGraph([
    { id: 1, after: [2] },
    { id: 2, kind: 'fencing' },
    { id: 3, kind: 'pseudo', after: [2] },
  ]);
  const { executed, end } = simulateOrder(graph);
  assert.deepEqual(executedIds(executed), [2, 3, 1]);
  assert.equal(end.kind, 'complete');
});

test('limits of the graph do not hold a simulation up', () => {
  const graph = sampleGraph([{ id: 1 }, { id: 2 }], { batchLimit: 1 });
  assert.equal(simulateOrder(graph).executed.length, 2);
});

test('a graph that can not be executed ends as terminated', () => {
  assert.equal(simulateOrder(sampleGraph([{ id: 1, after: [1] }])).end.kind, 'terminated');
});

test('a simulated failure stops all but pseudo actions and infinite priority', () => {
  const graph = sampleGraph([
    { id: 1 },
    { id: 2, after: [1] },
    { id: 3 },
    { id: 4, kind: 'pseudo' },
    { id: 5, after: [1], priority: INFINITE_SCORE },
    { id: 6, priority: INFINITE_SCORE },
  ]);
  const failure = { resource: 'R1', operation: 'start', intervalMs: 0, node: 'host1', exitCode: 1 };
  const { executed, end } = simulateOrder(graph, { failures: [failure] });
  assert.deepEqual(executedIds(executed), [1, 4, 5, 6]);
  assert.equal(executed[0]?.outcome.kind, 'failed');
  assert.ok(end.kind === 'complete' && end.completion === 'restart');
});

test('lines are worded as crm_simulate words them', () => {
  const resource = sampleAction({ id: 1 });
  assert.ok(resource.kind === 'resource');
  const web = { ...resource.resource, id: 'web', longId: 'web:1' };
  const cluster = sampleAction({ id: 3, kind: 'cluster', operation: 'clear_failcount' });
  const table: readonly (readonly [action: GraphAction, line: string])[] = [
    [{ ...resource, resource: web }, '  * Resource action: web             start on host1'],
    [
      { ...resource, resource: web, operation: 'monitor', intervalMs: 10_000 },
      '  * Resource action: web             monitor=10000 on host1',
    ],
    [{ ...resource, operation: 'delete', intervalMs: 5 }, '  * Resource action: r1              delete on host1'],
    [sampleAction({ id: 2, kind: 'pseudo' }), '  * Pseudo action:   r2_start_0'],
    [
      { ...sampleAction({ id: 2, kind: 'pseudo' }), node: { name: 'db', uuid: 'db' } } as GraphAction,
      '  * Pseudo action:   r2_start_0 on db',
    ],
    [cluster, '  * Cluster action:  clear_failcount for r3 on host1'],
    [
      { ...cluster, operation: 'do_shutdown', resource: undefined } as GraphAction,
      '  * Cluster action:  do_shutdown on host1',
    ],
    [sampleAction({ id: 4, kind: 'fencing' }), '  * Fencing host1 (reboot)'],
  ];
  for (const [action, line] of table) {
    const graph = { ...sampleGraph([]), synapses: [{ id: 0, priority: 0, actions: [action], inputs: [] }] };
    assert.deepEqual(simulateOrder(graph).executed.map(renderSummaryLine), [line]);
  }
  const graph = {
    ...sampleGraph([]),
    synapses: [{ id: 0, priority: 0, actions: [{ ...resource, resource: web }], inputs: [] }],
  };
  const byInstance = simulateOrder(graph, { instanceOnlyIds: new Set(['web']) });
  assert.deepEqual(byInstance.executed.map(renderSummaryLine), ['  * Resource action: web:1           start on host1']);
});
