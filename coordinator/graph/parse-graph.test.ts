import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseGraph, parseGraphInSteps } from './parse-graph.js';
import type { GraphAction, TransitionGraph } from './transition-graph.js';

const HEAD = 'cluster-delay="60s" stonith-timeout="90" failed-stop-offset="INFINITY" failed-start-offset="1"';

const COMPLETE = `
<transition_graph ${HEAD} batch-limit="30" transition_id="7" migration-limit="2" recheck-by="1700000000">
  <synapse id="0" priority="10">
    <action_set>
      <rsc_op id="11" operation="monitor" operation_key="web_monitor_10000" internal_operation_key="web:1_monitor_10000"
              on_node="app" on_node_uuid="app" router_node="h1" shutdown-lock="1699999999">
        <primitive id="web" long-id="web:1" class="ocf" provider="heartbeat" type="nginx"/>
        <attributes CRM_meta_interval="10000" CRM_meta_timeout="20000" CRM_meta_start_delay="500"
                    CRM_meta_op_target_rc="8" CRM_meta_on_fail="ignore" crm_feature_set="3.16.2" port="80">
          <param name="1" value="192.0.2.1"/>
        </attributes>
      </rsc_op>
    </action_set>
    <inputs>
      <trigger><pseudo_event id="12" operation="start" operation_key="g_start_0"/></trigger>
      <trigger><crm_event id="13" operation="stonith" operation_key="stonith-h2-off"/></trigger>
      <trigger><pseudo_event id="12" operation="start" operation_key="g_start_0"/></trigger>
    </inputs>
  </synapse>
  <synapse id="1">
    <action_set>
      <pseudo_event id="12" operation="maintenance_nodes" operation_key="maintenance_nodes">
        <attributes/>
        <maintenance><node id="app" node_in_maintenance="1"/></maintenance>
      </pseudo_event>
    </action_set>
    <inputs/>
  </synapse>
  <synapse id="2">
    <action_set>
      <crm_event id="13" operation="stonith" operation_key="stonith-h2-off" on_node="h2" on_node_uuid="2">
        <attributes CRM_meta_stonith_action="off" CRM_meta_priority_fencing_delay="15s"/>
        <downed><node id="2"/><node id="app"/></downed>
      </crm_event>
    </action_set>
    <inputs/>
  </synapse>
  <synapse id="3">
    <action_set>
      <crm_event id="14" mode="cib" operation="lrm_delete" operation_key="web_lrm_delete_0" on_node="h1"
                 on_node_uuid="1">
        <primitive id="web" class="ocf" type="nginx"/>
        <attributes CRM_meta_op_no_wait="true"/>
      </crm_event>
    </action_set>
    <inputs/>
  </synapse>
  <synapse id="4">
    <action_set>
      <rsc_op id="15" operation="migrate_to" operation_key="vm_migrate_to_0" on_node="h1" on_node_uuid="1">
        <primitive id="vm" class="ocf" provider="cpe" type="assembly"/>
        <attributes CRM_meta_migrate_source="h1" CRM_meta_migrate_target="h3"/>
      </rsc_op>
    </action_set>
    <inputs/>
  </synapse>
</transition_graph>`;

test('the head of a graph is read into numbers with units', () => {
  const { synapses: _, ...head } = parsed(COMPLETE);
  assert.deepEqual(head, {
    id: 7,
    batchLimit: 30,
    migrationLimit: 2,
    clusterDelayMs: 60_000,
    fencingTimeoutMs: 90_000,
    failedStopOffset: 1_000_000,
    failedStartOffset: 1,
    recheckAtMs: 1_700_000_000_000,
  });
});

test('synapses keep the order of the document, with every input once', () => {
  assert.deepEqual(
    parsed(COMPLETE).synapses.map(({ id, priority, inputs }) => ({ id, priority, inputs })),
    [
      { id: 0, priority: 10, inputs: [12, 13] },
      ...[1, 2, 3, 4].map((id) => ({ id, priority: 0, inputs: [] as number[] })),
    ],
  );
});

test('a graph that is read in steps, or from XML that no program writes, is the same', () => {
  const synapse = COMPLETE.slice(COMPLETE.indexOf('<synapse id="1">'), COMPLETE.indexOf('<synapse id="2">'));
  const many = Array.from({ length: 2000 }, (_, i) => synapse.replaceAll('"12"', `"${100 + i}"`)).join('');
  const large = COMPLETE.replace('</transition_graph>', `${many}</transition_graph>`);
  for (const text of [large, large.replace('<synapse id="3">', '<!-- - --><synapse id="3">')]) {
    const steps = parseGraphInSteps(text);
    let count = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) count++;
    assert.ok(count > 3, `${count} steps`);
    assert.deepEqual(step.value, parseGraph(large));
    assert.equal(step.value.kind === 'graph' && step.value.graph.synapses.length, 2005);
  }
});

test('a resource action carries all that an executor needs', () => {
  assert.deepEqual(actionOf(COMPLETE, 11), {
    kind: 'resource',
    id: 11,
    operation: 'monitor',
    operationKey: 'web_monitor_10000',
    internalOperationKey: 'web:1_monitor_10000',
    intervalMs: 10_000,
    timeoutMs: 20_000,
    startDelayMs: 500,
    noWait: false,
    meta: new Map([
      ['interval', '10000'],
      ['timeout', '20000'],
      ['start_delay', '500'],
      ['op_target_rc', '8'],
      ['on_fail', 'ignore'],
    ]),
    parameters: new Map([
      ['port', '80'],
      ['1', '192.0.2.1'],
    ]),
    featureSet: '3.16.2',
    downs: [],
    node: { name: 'app', uuid: 'app' },
    routerNode: 'h1',
    resource: { id: 'web', longId: 'web:1', class: 'ocf', provider: 'heartbeat', type: 'nginx' },
    expectedRc: 8,
    onFail: 'ignore',
    migration: undefined,
    lockedSinceSec: 1_699_999_999,
  });
});

test('each kind of action has its own members', () => {
  const pseudo = actionOf(COMPLETE, 12);
  assert.ok(pseudo.kind === 'pseudo');
  assert.deepEqual(pseudo.maintenance, [{ uuid: 'app', inMaintenance: true }]);
  const fencing = actionOf(COMPLETE, 13);
  assert.ok(fencing.kind === 'fencing');
  assert.deepEqual(
    [fencing.fencingOperation, fencing.node, fencing.downs, fencing.priorityDelay],
    ['off', { name: 'h2', uuid: '2' }, ['2', 'app'], '15s'],
  );
  const cluster = actionOf(COMPLETE, 14);
  assert.ok(cluster.kind === 'cluster');
  assert.deepEqual([cluster.mode, cluster.resource?.id, cluster.noWait], ['cib', 'web', true]);
  const migration = actionOf(COMPLETE, 15);
  assert.ok(migration.kind === 'resource');
  assert.deepEqual(migration.migration, { source: 'h1', target: 'h3' });
});

test('what the scheduler leaves out has the default of its controller', () => {
  const { batchLimit, migrationLimit, fencingTimeoutMs, failedStartOffset, recheckAtMs } = parsed(
    '<transition_graph cluster-delay="5min" transition_id="0"/>',
  );
  assert.deepEqual(
    { batchLimit, migrationLimit, fencingTimeoutMs, failedStartOffset, recheckAtMs },
    {
      batchLimit: 0,
      migrationLimit: -1,
      fencingTimeoutMs: 300_000,
      failedStartOffset: 1_000_000,
      recheckAtMs: undefined,
    },
  );
  const newer = '<transition_graph cluster-delay="1" fencing-timeout="7s" transition_id="0"/>';
  assert.equal(parsed(newer).fencingTimeoutMs, 7000, 'the name since Pacemaker 3');
});

test('a graph that is not fully understood is malformed as a whole', () => {
  const synapse = (content: string) =>
    `<transition_graph ${HEAD} transition_id="1"><synapse id="0">${content}</synapse></transition_graph>`;
  const pseudo = (attributes: string) => synapse(`<action_set><pseudo_event ${attributes}/></action_set>`);
  const table: readonly (readonly [xml: string, reason: RegExp])[] = [
    ['<cib/>', /<cib> is not a transition graph/],
    ['<transition_graph cluster-delay="60s"/>', /no number in transition_id/],
    ['<transition_graph transition_id="1"/>', /no duration in cluster-delay/],
    ['<transition_graph transition_id="1" cluster-delay="soon"/>', /no duration in cluster-delay/],
    ['<transition_graph transition_id="x" cluster-delay="1"/>', /transition_id="x", which is no number/],
    [synapse('<action_set/>'), /<synapse> has no action/],
    [synapse('<action_set><magic id="1" operation="a" operation_key="b"/></action_set>'), /<magic> is no known kind/],
    [pseudo('operation="start" operation_key="g_start_0"'), /no number in id/],
    [pseudo('id="1e3" operation="start" operation_key="g_start_0"'), /id="1e3", which is no number/],
    [pseudo('id="1" operation_key="g_start_0"'), /has no operation/],
    [synapse('<action_set><rsc_op id="1" operation="start" operation_key="k"/></action_set>'), /names no resource/],
    [
      synapse(
        '<action_set><crm_event id="1" operation="stonith" operation_key="k" on_node="n" on_node_uuid="n"/></action_set>',
      ),
      /does not say how to fence/,
    ],
    [
      synapse(
        '<action_set><pseudo_event id="1" operation="a" operation_key="a"/><pseudo_event id="1" operation="b" operation_key="b"/></action_set>',
      ),
      /action 1 is there twice/,
    ],
    ['<transition_graph', /root element/],
    [`<!DOCTYPE x><transition_graph ${HEAD} transition_id="1"/>`, /DOCTYPE/],
  ];
  for (const [xml, reason] of table) {
    const result = parseGraph(xml);
    assert.equal(result.kind, 'malformed', xml);
    if (result.kind === 'malformed') assert.match(result.message, reason, xml);
  }
});

test('a damaged text never makes the parser throw', () => {
  const place = fc.nat(COMPLETE.length);
  fc.assert(
    fc.property(place, fc.nat(40), fc.string({ unit: 'binary', maxLength: 5 }), (from, length, junk) => {
      const damaged = COMPLETE.slice(0, from) + junk + COMPLETE.slice(from + length);
      assert.ok(['graph', 'malformed'].includes(parseGraph(damaged).kind));
    }),
    { numRuns: 500 },
  );
});

function parsed(xml: string): TransitionGraph {
  const result = parseGraph(xml);
  if (result.kind === 'malformed') assert.fail(result.message);
  return result.graph;
}

function actionOf(xml: string, id: number): GraphAction {
  const action = parsed(xml)
    .synapses.flatMap(({ actions }) => actions)
    .find((candidate) => candidate.id === id);
  return action ?? assert.fail(`no action ${id}`);
}
