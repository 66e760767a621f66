import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkQueue } from './work-queue.js';

/** A task that says when it starts and ends when it is told to. */
function gate(started: number[], number: number) {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const task = async () => {
    started.push(number);
    await opened;
  };
  return { task, open };
}

test('tasks start in order, so many at a time, and what exceeds the limit is not taken', async () => {
  const started: number[] = [];
  const queue = createWorkQueue({ concurrency: 2, limit: 2 });
  const gates = [1, 2, 3, 4, 5].map((number) => gate(started, number));
  assert.deepEqual(
    gates.map(({ task }) => queue.push(task)),
    [true, true, true, true, false],
  );
  assert.deepEqual(started, [1, 2]);
  gates[1]?.open();
  await new Promise(setImmediate);
  assert.deepEqual(started, [1, 2, 3]);
  queue.clear();
  for (const { open } of gates) open();
  await new Promise(setImmediate);
  assert.deepEqual(started, [1, 2, 3], 'what was cleared never starts');
  const last = gate(started, 6);
  assert.ok(queue.push(last.task), 'the queue goes on after clear');
  assert.deepEqual(started, [1, 2, 3, 6]);
});

test('a long queue is worked off in order', async () => {
  const started: number[] = [];
  const queue = createWorkQueue({ concurrency: 1, limit: 5_000 });
  const last = new Promise<void>((resolve) => {
    for (let number = 0; number < 5_000; number += 1) {
      queue.push(async () => {
        started.push(number);
        await Promise.resolve();
        if (number === 4_999) resolve();
      });
    }
  });
  await last;
  assert.deepEqual(
    started,
    Array.from({ length: 5_000 }, (_, index) => index),
  );
});
