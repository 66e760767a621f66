import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SampleAction, sampleGraph } from './sample-graph.js';
import { beginTransition, confirm, fire, progress, type TransitionOptions } from './transition.js';

const SIZE = 10_000;
/** Far above what it takes (tens of ms), far below what looking at everything in every pass would take. */
const LIMIT_MS = 5000;

const ids = [...Array(SIZE).keys()];
const shapes: readonly (readonly [what: string, actions: SampleAction[], options: TransitionOptions])[] = [
  ['a chain in document order', ids.map((id) => ({ id, after: id === 0 ? [] : [id - 1] })), {}],
  ['a chain against document order', ids.map((id) => ({ id, after: id === SIZE - 1 ? [] : [id + 1] })), {}],
  ['a backlog on one node', ids.map((id) => ({ id })), { jobLimit: () => 4 }],
  ['a backlog on many nodes', ids.map((id) => ({ id, node: `h${id % 500}` })), { jobLimit: () => 1 }],
  ['a backlog behind the batch limit', ids.map((id) => ({ id })), { batchLimit: () => 4 }],
];

for (const [what, actions, options] of shapes) {
  test(`${SIZE} actions that are ${what} are executed one result at a time at little cost`, (t) => {
    const transition = beginTransition(sampleGraph(actions), options);
    const startedAt = performance.now();
    const inFlight: number[] = [];
    let executed = 0;
    do {
      for (const action of fire(transition)) inFlight.push(action.id);
      const id = inFlight.shift();
      assert.ok(id !== undefined);
      confirm(transition, id, { kind: 'succeeded' });
      executed++;
    } while (progress(transition).kind === 'running');
    const tookMs = performance.now() - startedAt;
    assert.equal(executed, SIZE);
    t.diagnostic(`${what}: ${tookMs.toFixed(1)} ms`);
    assert.ok(tookMs < LIMIT_MS, `${tookMs} ms`);
  });
}
