import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SampleAction, sampleGraph } from './sample-graph.js';
import { abort, beginTransition, confirm, fire, progress, type Transition } from './transition.js';
import { type GraphAction, INFINITE_SCORE, type TransitionGraph } from './transition-graph.js';

interface Scenario {
  readonly actions: readonly SampleAction[];
  readonly failing: ReadonlySet<number>;
  readonly batchLimit: number;
  readonly jobLimit: number;
  /** Whether a result comes at once or between passes. */
  readonly isSynchronous: boolean;
  /** Which of the actions in flight is confirmed next. */
  readonly picks: readonly number[];
}

/** An acyclic graph whose document order has nothing to do with its dependencies. */
const scenarios: fc.Arbitrary<Scenario> = fc.integer({ min: 1, max: 25 }).chain((size) =>
  fc
    .record({
      order: fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
      links: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 2 * size }),
      kinds: fc.array(fc.constantFrom('pseudo', 'resource', 'resource', 'cluster'), {
        minLength: size,
        maxLength: size,
      }),
      nodes: fc.array(fc.constantFrom('h1', 'h2'), { minLength: size, maxLength: size }),
      priorities: fc.array(fc.constantFrom(0, 0, 0, 5, INFINITE_SCORE), { minLength: size, maxLength: size }),
      failing: fc.array(fc.nat(size - 1), { maxLength: 2 }),
      batchLimit: fc.constantFrom(0, 0, 1, 3),
      jobLimit: fc.constantFrom(1, 2, 99),
      isSynchronous: fc.boolean(),
      picks: fc.array(fc.nat(), { minLength: 2 * size, maxLength: 2 * size }),
    })
    .map(({ order, links, kinds, nodes, priorities, failing, jobLimit, isSynchronous, ...rest }) => ({
      ...rest,
      isSynchronous,
      // Within one pass, slots that become free are judged differently on purpose; see fire().
      jobLimit: isSynchronous ? 99 : jobLimit,
      failing: new Set(failing.filter((id) => kinds[id] !== 'pseudo')),
      actions: order.map((id) => ({
        id,
        kind: kinds[id] ?? 'resource',
        node: nodes[id] ?? 'h1',
        priority: priorities[id] ?? 0,
        after: [...new Set(links.filter(([from, to]) => from < to && to === id).map(([from]) => from))],
      })),
    })),
);

interface Executor {
  readonly pass: (perform: (action: GraphAction) => void) => void;
  readonly confirm: (id: number, hasFailed: boolean) => void;
}

test('on any graph, every pass fires what a walk over the whole document would fire', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const graph = sampleGraph(scenario.actions, { batchLimit: scenario.batchLimit });
      const ours = run(scenario, engine(beginTransition(graph, { jobLimit: () => scenario.jobLimit })));
      assert.deepEqual(ours, run(scenario, walker(graph, scenario.jobLimit)));
    }),
    { numRuns: 1000 },
  );
});

test('on any graph without failures, every action fires exactly once, after all its inputs', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const graph = sampleGraph(scenario.actions, { batchLimit: scenario.batchLimit });
      const transition = beginTransition(graph, { jobLimit: () => scenario.jobLimit });
      const fired = run({ ...scenario, failing: new Set() }, engine(transition)).flat();
      assert.deepEqual(fired.toSorted(byNumber), scenario.actions.map(({ id }) => id).toSorted(byNumber));
      for (const { id, after = [] } of scenario.actions) {
        for (const input of after) assert.ok(fired.indexOf(input) < fired.indexOf(id), `${input} before ${id}`);
      }
      assert.equal(progress(transition).kind, 'complete');
    }),
  );
});

test('after an abort no work of a lower priority fires, and the transition still ends', () => {
  fc.assert(
    fc.property(scenarios, fc.nat(10), fc.constantFrom(1, 6, INFINITE_SCORE + 1), (scenario, passes, priority) => {
      const transition = beginTransition(sampleGraph(scenario.actions));
      const executor = engine(transition);
      run({ ...scenario, failing: new Set() }, executor, passes);
      abort(transition, { priority, completion: 'restart', reason: 'test' });
      const late = run({ ...scenario, failing: new Set() }, executor).flat();
      for (const { id, kind, priority: own = 0 } of scenario.actions) {
        if (late.includes(id)) assert.ok(kind === 'pseudo' || own >= priority, `action ${id} fired after the abort`);
      }
      const end = progress(transition);
      assert.ok(end.kind === 'complete' && end.completion === 'restart');
    }),
  );
});

test('results that are late, doubled or unknown never change what fires', () => {
  fc.assert(
    fc.property(scenarios, fc.array(fc.tuple(fc.integer({ min: -1, max: 30 }), fc.boolean())), (scenario, noise) => {
      const graph = sampleGraph(scenario.actions);
      const calm = run(scenario, engine(beginTransition(graph)));
      const transition = beginTransition(graph);
      const executor = engine(transition);
      const inFlight = new Set<number>();
      const disturb = () => {
        for (const [id, hasFailed] of noise) if (!inFlight.has(id)) confirm(transition, id, outcome(hasFailed));
      };
      const disturbed = run(scenario, {
        pass: (perform) => {
          disturb();
          executor.pass((action) => {
            inFlight.add(action.id);
            perform(action);
          });
        },
        confirm: (id, hasFailed) => {
          executor.confirm(id, hasFailed);
          inFlight.delete(id);
          disturb();
        },
      });
      assert.deepEqual(disturbed, calm);
    }),
  );
});

/** Execute to the end (or for so many passes); the ids that fired, pass by pass. */
function run(scenario: Scenario, executor: Executor, passes = Number.POSITIVE_INFINITY): number[][] {
  const fired: number[][] = [];
  const inFlight: number[] = [];
  const picks = [...scenario.picks];
  while (fired.length < passes) {
    const found: number[] = [];
    executor.pass((action) => {
      found.push(action.id);
      if (action.kind === 'pseudo' || scenario.isSynchronous) {
        executor.confirm(action.id, scenario.failing.has(action.id));
      } else inFlight.push(action.id);
    });
    fired.push(found);
    if (found.length === 0 && inFlight.length === 0) return fired;
    const [id] = inFlight.splice((picks.shift() ?? 0) % Math.max(1, inFlight.length), 1);
    if (id !== undefined) executor.confirm(id, scenario.failing.has(id));
  }
  for (const id of inFlight) executor.confirm(id, false);
  return fired;
}

function engine(transition: Transition): Executor {
  return {
    pass: (perform) => {
      for (const action of fire(transition)) perform(action);
    },
    confirm: (id, hasFailed) => void confirm(transition, id, outcome(hasFailed)),
  };
}

/** The same rules as plainly as can be: every pass looks at every synapse, every result at every input. */
function walker(graph: TransitionGraph, jobLimit: number): Executor {
  const states = graph.synapses.map((synapse) => {
    const [action] = synapse.actions;
    assert.ok(action);
    return { synapse, action, missing: new Set(synapse.inputs), hasFired: false, isConfirmed: false };
  });
  let abortPriority = 0;
  const inFlight = () => states.filter(({ hasFired, isConfirmed }) => hasFired && !isConfirmed);
  const hasRoom = (action: GraphAction) =>
    action.kind !== 'resource' ||
    inFlight().filter((other) => other.action.kind === 'resource' && other.action.node.name === action.node.name)
      .length < jobLimit;
  return {
    pass: (perform) => {
      for (const state of states) {
        const { action, synapse } = state;
        if (graph.batchLimit > 0 && inFlight().length >= graph.batchLimit) break;
        if (state.hasFired || state.missing.size > 0) continue;
        if (action.kind !== 'pseudo' && (synapse.priority < abortPriority || !hasRoom(action))) continue;
        state.hasFired = true;
        perform(action);
      }
    },
    confirm: (id, hasFailed) => {
      for (const state of states) {
        if (state.action.id === id) {
          state.isConfirmed = true;
          if (hasFailed) abortPriority = Math.max(abortPriority, state.synapse.priority + 1);
        } else if (!hasFailed || state.synapse.priority === INFINITE_SCORE) state.missing.delete(id);
      }
    },
  };
}

function outcome(hasFailed: boolean) {
  return hasFailed ? ({ kind: 'failed', reason: 'test' } as const) : ({ kind: 'succeeded' } as const);
}

function byNumber(a: number, b: number): number {
  return a - b;
}
