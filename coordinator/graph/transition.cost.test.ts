/**
 * What executing a graph costs, counted and not timed: V8 counts how often each function and each block of this folder's
 * code runs. A heap is among it, so a tenfold graph may cost a little more than ten times as much.
 */
import assert from 'node:assert/strict';
import { Session } from 'node:inspector/promises';
import { after, before, test } from 'node:test';
import { parseGraph } from './parse-graph.js';
import { type SampleAction, sampleGraph } from './sample-graph.js';
import { simulateOrder } from './simulate.js';
import { abort, beginTransition, confirm, fire, progress, type TransitionOptions } from './transition.js';

const SMALL = 1_000;
const LARGE = 10_000;
/** The logarithm of 10,000 over that of 1000 is 1.33. */
const MOST_GROWTH_PER_ACTION = 1.4;
const MOST_STEPS_PER_ACTION = 350;

const profiler = new Session();
before(async () => {
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
});
after(() => profiler.disconnect());

interface Shape {
  readonly what: string;
  /** The action at a position of the document, of so many. */
  readonly action: (id: number, size: number) => SampleAction;
  readonly options?: TransitionOptions;
  /** Done after each result. */
  readonly disturb?: (transition: ReturnType<typeof beginTransition>, done: number) => void;
}

const shapes: readonly Shape[] = [
  { what: 'a chain in document order', action: (id) => ({ id, after: id === 0 ? [] : [id - 1] }) },
  { what: 'a chain against document order', action: (id, size) => ({ id, after: id === size - 1 ? [] : [id + 1] }) },
  { what: 'all at once', action: (id) => ({ id }) },
  { what: 'one before all others', action: (id) => ({ id, after: id === 0 ? [] : [0] }) },
  {
    what: 'one after all others',
    action: (id, size) => ({ id, after: id === size - 1 ? [...Array(size - 1).keys()] : [] }),
  },
  { what: 'a backlog on one node', action: (id) => ({ id }), options: { jobLimit: () => 4 } },
  {
    what: 'a backlog on many nodes',
    action: (id) => ({ id, node: `h${id % 500}` }),
    options: { jobLimit: () => 1 },
  },
  {
    what: 'migrations between all nodes',
    action: (id) => ({
      id,
      operation: 'migrate_to',
      migration: { source: `h${id % 20}`, target: `h${(id * 7 + 1) % 20}` },
    }),
    options: { jobLimit: () => 2 },
  },
  { what: 'a backlog behind the batch limit', action: (id) => ({ id }), options: { batchLimit: () => 4 } },
  { what: 'priorities that all differ', action: (id) => ({ id, priority: id }), options: { batchLimit: () => 4 } },
  {
    what: 'an abort that rises again and again',
    action: (id) => ({ id, priority: id }),
    options: { batchLimit: () => 4 },
    disturb: (transition, done) =>
      void abort(transition, { priority: done, completion: 'restart', reason: 'the test said so' }),
  },
];

for (const shape of shapes) {
  test(`${LARGE} actions that are ${shape.what}: each costs what it costs among ${SMALL}`, async (t) => {
    const perAction = async (size: number) => {
      const graph = sampleGraph([...Array(size).keys()].map((id) => shape.action(id, size)));
      const steps = await countSteps(() => {
        const transition = beginTransition(graph, shape.options);
        assert.ok(executeOneByOne(transition, shape) <= size);
      });
      return steps / size;
    };
    assertLinear(t, await perAction(SMALL), await perAction(LARGE));
  });
}

test(`the text of a graph of ${LARGE} actions: each is read and executed for what it costs among ${SMALL}`, async (t) => {
  const perAction = async (size: number) => {
    const xml = graphXml(size);
    const steps = await countSteps(() => {
      const parsed = parseGraph(xml);
      assert.ok(parsed.kind === 'graph');
      assert.equal(simulateOrder(parsed.graph).executed.length, size);
    });
    return steps / size;
  };
  assertLinear(t, await perAction(SMALL), await perAction(LARGE), 10);
});

/** One result at a time, each followed by a pass; how many actions were executed. */
function executeOneByOne(transition: ReturnType<typeof beginTransition>, { disturb }: Shape): number {
  const inFlight: number[] = [];
  let done = 0;
  for (;;) {
    for (const action of fire(transition)) inFlight.push(action.id);
    if (progress(transition).kind !== 'running') return done;
    const id = inFlight[done];
    assert.ok(id !== undefined);
    confirm(transition, id, { kind: 'succeeded' });
    done++;
    disturb?.(transition, done);
  }
}

/** How many functions and blocks of this folder were entered. */
async function countSteps(work: () => void): Promise<number> {
  await profiler.post('Profiler.takePreciseCoverage');
  work();
  const { result } = await profiler.post('Profiler.takePreciseCoverage');
  const ranges = result
    .filter(({ url }) => /\/coordinator\/graph\/[^/]+\.js$/.test(url) && !/test\.js$|sample-graph/.test(url))
    .flatMap(({ functions }) => functions)
    .flatMap((each) => each.ranges);
  return ranges.reduce((sum, { count }) => sum + count, 0);
}

function assertLinear(t: { diagnostic: (message: string) => void }, small: number, large: number, allowance = 1): void {
  t.diagnostic(`${small.toFixed(1)} steps for each of ${SMALL} actions, ${large.toFixed(1)} of ${LARGE}`);
  assert.ok(small > 1, 'the count counts');
  assert.ok(large <= small * MOST_GROWTH_PER_ACTION, `${large} steps an action, ${small} in the small graph`);
  assert.ok(large <= MOST_STEPS_PER_ACTION * allowance, `${large} steps an action`);
}

/** Stops, starts and monitors of many resources in order, as the library writes them. */
function graphXml(size: number): string {
  const synapses = [...Array(size).keys()].map((id) => {
    const operation = ['stop', 'start', 'monitor'][id % 3];
    const own = `id="${id}" operation="${operation}" operation_key="r${id}_${operation}_0" on_node="h1" on_node_uuid="1"`;
    const inputs = [id - 1, id - 3]
      .filter((input) => input >= 0)
      .map((input) => `<trigger><rsc_op id="${input}" operation="start" operation_key="r_start_0"/></trigger>`);
    return `<synapse id="${id}"><action_set><rsc_op ${own}>
<primitive id="r${id}" class="ocf" provider="pacemaker" type="Dummy"/>
<attributes CRM_meta_timeout="20000" crm_feature_set="3.16.1"/></rsc_op></action_set>
<inputs>${inputs.join('')}</inputs></synapse>`;
  });
  return `<transition_graph cluster-delay="60s" transition_id="0">${synapses.join('\n')}</transition_graph>`;
}
