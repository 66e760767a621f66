import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHeap, insert, take } from './position-heap.js';
import { beginPass, type Claim, createReadyQueue, enqueue, roomAt, takeNext } from './ready-queue.js';

const FREE: Claim = { key: '', nodes: [], migrates: false };
const onNode = (node: string): Claim => ({ key: node, nodes: [node], migrates: false });
const admitAll = () => undefined;

test('a heap gives back its items in document order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (positions) => {
      const heap = createHeap<{ position: number }>();
      for (const position of positions) insert(heap, { position });
      const taken = positions.map(() => take(heap)?.position);
      assert.deepEqual(
        taken,
        positions.toSorted((a, b) => a - b),
      );
      assert.equal(take(heap), undefined);
    }),
  );
});

test('a pass only goes forward', () => {
  const queue = createReadyQueue<{ position: number; claim: Claim }>();
  const put = (position: number) => enqueue(queue, { position, claim: FREE });
  const next = () => takeNext(queue, admitAll)?.position;
  put(5);
  put(2);
  beginPass(queue);
  assert.equal(next(), 2);
  put(1);
  put(3);
  assert.deepEqual([next(), next(), next()], [3, 5, undefined]);
  beginPass(queue);
  assert.deepEqual([next(), next()], [1, undefined]);
});

test('a refused lane rests until its node has room, without holding up others', () => {
  const queue = createReadyQueue<{ position: number; claim: Claim }>();
  let asked = 0;
  const full = new Set(['h1']);
  const next = () =>
    takeNext(queue, ({ nodes }) => {
      asked++;
      return nodes.find((node) => full.has(node));
    })?.position;
  for (let position = 0; position < 100; position++) {
    enqueue(queue, { position, claim: onNode(position < 98 ? 'h1' : 'h2') });
  }
  beginPass(queue);
  assert.deepEqual([next(), next(), next()], [98, 99, undefined]);
  assert.equal(asked, 3, 'one question for 98 items that wait for the same node');
  beginPass(queue);
  assert.equal(next(), undefined);
  assert.equal(asked, 3);
  full.clear();
  roomAt(queue, 'h1');
  beginPass(queue);
  assert.deepEqual([next(), next()], [0, 1]);
});
