import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawGraphs } from './draw-graph.js';

const xml = `<transition_graph cluster-delay="60s" stonith-timeout="60s" failed-stop-offset="INFINITY"
 failed-start-offset="1" batch-limit="0" transition_id="4">
 <synapse id="0"><action_set><rsc_op id="1" operation="stop" operation_key="db.redis_stop_0" on_node="db" on_node_uuid="db">
  <primitive id="db.redis" class="ocf" provider="cpe" type="exec"/><attributes CRM_meta_timeout="20000"/></rsc_op></action_set><inputs/></synapse>
 <synapse id="1"><action_set><rsc_op id="2" operation="start" operation_key="db.redis_start_0" on_node="db" on_node_uuid="db">
  <primitive id="db.redis" class="ocf" provider="cpe" type="exec"/><attributes CRM_meta_timeout="20000"/></rsc_op></action_set>
  <inputs><trigger><rsc_op id="1" operation="stop" operation_key="db.redis_stop_0" on_node="db" on_node_uuid="db"/></trigger></inputs></synapse>
 <synapse id="2"><action_set><pseudo_event id="3" operation="all_stopped" operation_key="all_stopped"><attributes/></pseudo_event></action_set>
  <inputs><trigger><rsc_op id="1" operation="stop" operation_key="db.redis_stop_0" on_node="db" on_node_uuid="db"/></trigger></inputs></synapse>
 <synapse id="3"><action_set><crm_event id="4" operation="stonith" operation_key="stonith-left-reboot" on_node="left" on_node_uuid="left">
  <attributes CRM_meta_stonith_action="reboot" CRM_meta_on_node="left" CRM_meta_on_node_uuid="left"/></crm_event></action_set><inputs/></synapse>
</transition_graph>`;

async function text(
  format: 'dot' | 'svg',
  results?: ReadonlyMap<number, { outcome: string; tookMs: number }>,
  count = 1,
) {
  const graphs = Array.from({ length: count }, (_, index) => ({
    title: `transition ${index + 1}: "quoted" \\ and\nbroken`,
    xml,
    results,
  }));
  const drawing = await drawGraphs('shop', graphs, format);
  assert.equal(drawing.kind, 'drawing', drawing.kind === 'failure' ? drawing.message : '');
  return drawing.kind === 'drawing' ? drawing.text : '';
}

test('actions are nodes, inputs are edges, and kinds can be told apart', async () => {
  const dot = await text('dot');
  assert.match(dot, /^digraph "shop" \{\n/);
  assert.match(dot, /label="transition 1: \\"quoted\\" \\\\ and\\nbroken";/);
  assert.match(dot, /a1 \[label="stop db\.redis\\non db", color="#c0762b"\];/);
  assert.match(dot, /a1 -> a2;\n/);
  assert.match(dot, /a3 \[label="all_stopped", color="#999999", shape=ellipse, style="filled,dashed"/);
  assert.match(dot, /a4 \[label="fence left\\nreboot", color="#c0392b", shape=octagon/);
});

test('what was executed is coloured by its outcome and says how long it took', async () => {
  const dot = await text(
    'dot',
    new Map([
      [1, { outcome: 'succeeded', tookMs: 1_200 }],
      [2, { outcome: 'timed-out', tookMs: 20_000 }],
    ]),
  );
  assert.match(dot, /a1 \[label="stop db\.redis\\non db\\n1\.2s", .*fillcolor="#d7f0dd"\]/);
  assert.match(dot, /a2 \[label="start db\.redis\\non db\\ntimed-out, 20\.0s", .*fillcolor="#f5c6c6"\]/);
  assert.match(dot, /a3 \[.*fillcolor="#ffffff"\]/);
});

test('several transitions are clusters of one document', async () => {
  const dot = await text('dot', undefined, 2);
  assert.match(dot, /subgraph cluster_1 \{[\s\S]*t1a1 -> t1a2;[\s\S]*subgraph cluster_2 \{[\s\S]*t2a1 -> t2a2;/);
});

test('Graphviz lays it out as SVG', async () => {
  const svg = await text('svg', undefined, 2);
  assert.match(svg, /<svg [\s\S]*<\/svg>\s*$/);
  assert.equal(svg.match(/<g id="node\d+"/g)?.length, 8);
  assert.equal(svg.match(/<g id="edge\d+"/g)?.length, 4);
});

test('what is no graph is told, not drawn', async () => {
  const drawing = await drawGraphs('shop', [{ title: '', xml: '<x>', results: undefined }], 'dot');
  assert.match(drawing.kind === 'failure' ? drawing.message : '', /cannot be read/);
});
