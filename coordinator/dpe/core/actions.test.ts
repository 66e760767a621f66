import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResourceAction, ResourceRef, TransitionGraph } from '../../graph/transition-graph.js';
import type { InstanceRecord } from './dpe-state.js';
import { execute } from './execute.js';
import { sampleNow as now, sampleState } from './sample-state.js';
import type { Work } from './work.js';

const graph: TransitionGraph = {
  id: 0,
  batchLimit: 0,
  migrationLimit: 0,
  clusterDelayMs: 60_000,
  fencingTimeoutMs: 60_000,
  failedStopOffset: 1,
  failedStartOffset: 1,
  recheckAtMs: undefined,
  synapses: [],
};

function action(operation: string, node: string, resource: Pick<ResourceRef, 'id' | 'type'>): ResourceAction {
  return {
    kind: 'resource',
    id: 1,
    operation,
    operationKey: `${resource.id}_${operation}_0`,
    internalOperationKey: undefined,
    intervalMs: 0,
    timeoutMs: 20_000,
    startDelayMs: 0,
    noWait: false,
    meta: new Map(operation === 'cancel' ? Object.entries({ operation: 'monitor', interval: '5000' }) : []),
    parameters: new Map(),
    featureSet: undefined,
    downs: [],
    node: { name: node, uuid: node },
    routerNode: undefined,
    resource: { longId: undefined, class: 'ocf', provider: 'heartbeat', ...resource },
    expectedRc: 0,
    onFail: undefined,
    migration: undefined,
    lockedSinceSec: undefined,
  };
}

function after(kind: InstanceRecord['kind'], what: ResourceAction): Work {
  const { durable, volatile } = sampleState({ instance: kind });
  const work: Work = { durable, volatile, now, chance: 0, effects: [], events: [] };
  execute(work, 1, graph, what);
  return work;
}

for (const kind of ['held', 'lost', 'dead'] as const) {
  test(`a monitor that is cancelled in an instance that is ${kind} leaves no record, and nobody is asked`, () => {
    const { durable, effects } = after(kind, action('cancel', 'web', { id: 'web.app', type: 'Dummy' }));
    assert.deepEqual(Object.keys(durable.history.web?.resources['web.app']?.records ?? {}), ['web.app_last_0']);
    assert.deepEqual(effects, []);
  });
}

for (const [id, type] of [
  ['web.vm', 'assembly'],
  ['web', 'remote'],
] as const) {
  test(`a monitor of ${id} that is cancelled (maintenance) leaves no record`, () => {
    const cancel = action('cancel', 'h1', { id, type });
    const interval = id === 'web' ? '30000' : '10000';
    const { durable } = after('running', { ...cancel, meta: new Map([...cancel.meta, ['interval', interval]]) });
    assert.deepEqual(Object.keys(durable.history.h1?.resources[id]?.records ?? {}), [`${id}_last_0`]);
  });
}

for (const { host, rc } of [
  { host: 'h1', rc: 0 },
  { host: 'h2', rc: 7 },
]) {
  test(`a connection is found ${rc === 0 ? 'running where its instance is' : 'not running on another host'}`, () => {
    const { durable } = after('running', action('monitor', host, { id: 'web', type: 'remote' }));
    const records = Object.values(durable.history[host]?.resources.web?.records ?? {});
    assert.equal(records.find(({ operation, intervalMs }) => operation === 'monitor' && intervalMs === 0)?.rc ?? 0, rc);
  });
}
