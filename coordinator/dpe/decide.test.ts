/** With the real scheduler; what it is asked is counted. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { settle } from '../../tools/bench/settle.js';
import { newStacks, repeated, withFailedMonitor } from '../../tools/bench/stacks.js';
import { parseGraph } from '../graph/parse-graph.js';
import { renderCib } from '../policy/cib.js';
import type { DecideRequest, Scheduler } from '../scheduler/scheduler.js';
import { openSchedulerChild } from '../scheduler/scheduler-child.js';
import type { CibInput } from '../state/cib-input.js';
import { createDecider, type Decided, decideWhole } from './decide.js';
import { graphRelation } from './graph-relation.js';
import { replayDecision } from './replay-decision.js';

const real = openSchedulerChild();
after(() => real.close());
const asked: DecideRequest[] = [];
const scheduler: Scheduler = {
  ...real,
  decide: (request) => {
    asked.push(request);
    return real.decide(request);
  },
};

/** One stack at rest; three of them, and with a failure in the last. */
let small: CibInput;
let atRest: CibInput;
let failed: CibInput;
before(async () => {
  small = await settle(real, newStacks(1, await real.hello()));
  atRest = repeated(small, 3);
  failed = withFailedMonitor(atRest, 2);
});

async function countAsked(
  work: () => Promise<Decided>,
): Promise<{ readonly count: number; readonly decided: Decided }> {
  const count = asked.length;
  const decided = await work();
  return { count: asked.length - count, decided };
}

function graphOf({ outcome }: Decided) {
  assert.ok(outcome.kind === 'graph', JSON.stringify(outcome));
  return outcome.graph;
}

test('parts at rest are not asked about again until something in them changes', async () => {
  const decider = createDecider(scheduler);
  const course: readonly (readonly [input: CibInput, asked: number, hasWork: boolean])[] = [
    [atRest, 3, false],
    [{ ...atRest, nowUnixMs: atRest.nowUnixMs + 5000 }, 0, false],
    [failed, 1, true],
    [failed, 1, true],
    [atRest, 1, false],
    [{ ...atRest, revision: atRest.revision + 1 }, 3, false],
  ];
  for (const [step, [input, expected, hasWork]] of course.entries()) {
    const { count, decided } = await countAsked(() => decider.decide(input));
    assert.deepEqual([count, graphOf(decided).synapses.length > 0], [expected, hasWork], `step ${step}`);
  }
});

test('the record of a decision in parts is the CIB of the whole and the graph that was merged', async () => {
  const decider = createDecider(scheduler);
  await decider.decide(atRest);
  const decided = await decider.decide(failed);
  const { cib, graph } = await decided.record();
  assert.equal(cib, renderCib(failed));
  assert.deepEqual(parseGraph(graph), { kind: 'graph', graph: graphOf(decided) });
  const whole = graphOf(await decideWhole(failed, scheduler));
  assert.deepEqual(graphRelation(graphOf(decided)), graphRelation(whole));
  const replayed = await replayDecision(scheduler, { cib, graph });
  assert.deepEqual(replayed, { kind: 'replayed', isSameGraph: true, isSameOrder: true, differences: [] });
});

test('a small deployable, and one that has to be, is decided as a whole', async () => {
  const stopping = { ...atRest, stopAll: true };
  for (const input of [small, stopping]) {
    const { count, decided } = await countAsked(() => createDecider(scheduler).decide(input));
    assert.equal(count, 1);
    assert.equal((await decided.record()).cib, renderCib(input));
  }
});

test('without an answer to one of the parts there is none, and the next time all is asked that was not answered', async () => {
  let isDown = true;
  const flaky: Scheduler = {
    ...scheduler,
    decide: (request) =>
      isDown && request.cib.includes('s1db.vm')
        ? Promise.resolve({ kind: 'failed', reason: 'crashed', message: 'it died', attempts: 2, stderr: '' })
        : scheduler.decide(request),
  };
  const decider = createDecider(flaky);
  const { outcome, record } = await decider.decide(failed);
  assert.deepEqual(outcome, { kind: 'failed', reason: 'the scheduler failed (crashed): it died' });
  assert.deepEqual(await record(), { cib: renderCib(failed), graph: '' });
  isDown = false;
  const { count, decided } = await countAsked(() => decider.decide(failed));
  assert.equal(count, 3);
  assert.ok(graphOf(decided).synapses.length > 0);
});
