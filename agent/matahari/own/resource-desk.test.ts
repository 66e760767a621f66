import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory, until } from '../../executors/executor-fixture.js';
import type { Invocation, ResourceOp } from '../matahari.js';
import { problemOf, valueFrom } from './own-fixture.js';
import { type ActionEnd, ResourceDesk } from './resource-desk.js';
import { sequenceNumbers } from './sequence-numbers.js';
import { slots } from './slots.js';

const clock = { now: () => ({ unixMs: Date.now(), bootMs: Math.round(performance.now()) }) };
const log = (): void => undefined;

function invocation(change: Partial<Invocation> = {}): Invocation {
  return {
    name: 'a',
    standard: 'ocf',
    provider: 'p',
    agent: 't',
    action: 'monitor',
    intervalMs: 0,
    parameters: {},
    timeoutMs: 1000,
    expectedRc: 0,
    userdata: '',
    ...change,
  };
}

interface Run {
  readonly invocation: Invocation;
  readonly atMs: number;
  end(end: ActionEnd): void;
}

/** A desk whose runs end when the test says so, or as `answer` does. */
function deskWith(answer?: (run: Invocation, count: number) => ActionEnd | undefined) {
  const runs: Run[] = [];
  const ops: ResourceOp[] = [];
  const desk = new ResourceDesk({
    run: (asked, signal) =>
      new Promise<ActionEnd>((end) => {
        runs.push({ invocation: asked, atMs: performance.now(), end });
        signal.addEventListener('abort', () => end({ kind: 'cancelled', reason: 'cancelled' }));
        const at = answer?.(asked, runs.length);
        if (at !== undefined) end(at);
      }),
    sequence: sequenceNumbers(join(temporaryDirectory(), 'sequence'), log),
    clock,
    tell: (op) => ops.push(op),
  });
  return { desk, runs, ops };
}

const rc = (code: number): ActionEnd => ({ kind: 'rc', rc: code });

test('actions of one name run one after the other, those of others at the same time', async () => {
  const { desk, runs } = deskWith();
  const answers = [
    desk.invoke(invocation({ action: 'start' })),
    desk.invoke(invocation({ action: 'stop' })),
    desk.invoke(invocation({ name: 'b' })),
  ];
  await until('two runs', () => runs.length === 2);
  assert.deepEqual(
    runs.map((run) => `${run.invocation.action} ${run.invocation.name}`),
    ['start a', 'monitor b'],
  );
  runs[0]?.end(rc(0));
  await until('the third', () => runs.length === 3);
  for (const run of runs) run.end(rc(7));
  const codes = await Promise.all(answers.map(async (answer) => (await valueFrom(answer)).rc));
  assert.deepEqual(codes, [0, 7, 7]);
});

test('a recurring action keeps its phase, and leaves out what it has missed', async () => {
  const { desk, runs } = deskWith((_, count) => (count === 3 ? undefined : rc(0)));
  await valueFrom(desk.invoke(invocation({ intervalMs: 100 })));
  await until('a third run', () => runs.length === 3);
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(runs.length, 3);
  runs[2]?.end(rc(0));
  await until('two more', () => runs.length === 5);
  const first = runs[0]?.atMs ?? 0;
  for (const { atMs } of runs.slice(1)) {
    const phase = (atMs - first) % 100;
    // A timer may be late on a busy machine, and its phase is not lost by that.
    assert.ok(phase < 60 || phase > 95, `${atMs - first} ms after the first`);
  }
  desk.close();
});

test('resource_op is raised for every change, for timeouts as Matahari numbers them, and for nothing else', async () => {
  const ends: readonly ActionEnd[] = [
    rc(0),
    rc(0),
    rc(7),
    rc(7),
    { kind: 'timeout', reason: 'x' },
    { kind: 'timeout', reason: 'x' },
    { kind: 'unavailable', reason: 'x' },
    { kind: 'failed', reason: 'y' },
    rc(0),
  ];
  const { desk, runs, ops } = deskWith((_, count) => ends[Math.min(count, ends.length) - 1]);
  const told = invocation({ intervalMs: 100, userdata: 'u', expectedRc: 7 });
  const first = await valueFrom(desk.invoke(told));
  assert.deepEqual([first.rc, first.userdata], [0, 'u']);
  await until('all of them', () => runs.length > ends.length);
  assert.deepEqual(
    ops.map((op) => op.rc),
    [7, 198, 1, 0],
  );
  ops.reduce((last, op) => {
    assert.ok(op.sequence > last);
    assert.deepEqual([op.userdata, op.expectedRc, op.intervalMs], ['u', 7, 100]);
    return op.sequence;
  }, first.sequence);
  desk.close();
});

test('a recurring action whose first run says nothing is not repeated', async () => {
  const { desk, runs } = deskWith(() => ({ kind: 'timeout', reason: 'too slow' }));
  assert.equal((await problemOf(desk.invoke(invocation({ intervalMs: 100 })))).code, 'timeout');
  assert.equal((await problemOf(desk.cancel('a', 'monitor', 100, 1000))).code, 'not-found');
  assert.equal(runs.length, 1);
});

test('what waits, what runs and what recurs is cancelled; all else is not', async () => {
  const { desk, runs } = deskWith((run) => (run.name === 'a' ? undefined : rc(0)));
  const running = desk.invoke(invocation({ action: 'start' }));
  const waiting = desk.invoke(invocation({ action: 'stop' }));
  await until('the first runs', () => runs.length === 1);
  const cancelled = desk.cancel('a', 'stop', 0, 5000);
  assert.equal((await problemOf(desk.cancel('a', 'stop', 0, 5000))).code, 'not-found');
  await valueFrom(desk.cancel('a', 'start', 0, 5000));
  assert.equal((await problemOf(running)).code, 'failed');
  await valueFrom(cancelled);
  assert.match((await problemOf(waiting)).message, /cancelled before it ran/);
  assert.equal(runs.length, 1);

  await valueFrom(desk.invoke(invocation({ name: 'b', intervalMs: 100 })));
  await valueFrom(desk.cancel('b', 'monitor', 100, 5000));
  const count = runs.length;
  await new Promise((resolve) => setTimeout(resolve, 250));
  assert.equal(runs.length, count);
});

test('a cancel waits no longer than it may for what does not end', async () => {
  let end: ((end: ActionEnd) => void) | undefined;
  const desk = new ResourceDesk({
    run: () =>
      new Promise((resolve) => {
        end = resolve;
      }),
    sequence: sequenceNumbers(join(temporaryDirectory(), 'sequence'), log),
    clock,
    tell: () => undefined,
  });
  const stubborn = desk.invoke(invocation());
  const finish = await until('it runs', () => end);
  assert.equal((await problemOf(desk.cancel('a', 'monitor', 0, 50))).code, 'timeout');
  finish(rc(0));
  assert.equal((await valueFrom(stubborn)).rc, 0);
});

test('invoked again, a recurring action takes the place of the one before', async () => {
  const { desk, runs } = deskWith(() => rc(0));
  for (let time = 0; time < 5; time += 1) {
    await valueFrom(desk.invoke(invocation({ intervalMs: 150, userdata: `${time}` })));
  }
  const before = runs.length;
  await until('two of the last', () => runs.length >= before + 2);
  assert.deepEqual(new Set(runs.slice(before).map((run) => run.invocation.userdata)), new Set(['4']));
  await valueFrom(desk.cancel('a', 'monitor', 150, 1000));
});

test('a declared failure is told, and so is the recovery from it', async () => {
  const { desk, ops } = deskWith(() => rc(0));
  assert.equal(await desk.fail('a', 1), false);
  await valueFrom(desk.invoke(invocation({ intervalMs: 100 })));
  assert.equal(await desk.fail('a', 9), true);
  await until('both', () => ops.length === 2);
  assert.deepEqual(
    ops.map((op) => op.rc),
    [9, 0],
  );
  desk.close();
});

test('the number of operations has a bound, and so has what waits for one name', async () => {
  const { desk, runs } = deskWith((run) => (run.name === 'slow' ? undefined : rc(0)));
  for (let number = 0; number < 1000; number += 1) {
    await valueFrom(desk.invoke(invocation({ name: `r${number}`, intervalMs: 60_000 })));
  }
  assert.equal((await problemOf(desk.invoke(invocation({ name: 'more', intervalMs: 60_000 })))).code, 'unavailable');
  await valueFrom(desk.invoke(invocation({ name: 'r7', intervalMs: 60_000 })));
  await valueFrom(desk.cancel('r7', 'monitor', 60_000, 1000));
  await valueFrom(desk.invoke(invocation({ name: 'more', intervalMs: 60_000 })));
  desk.close();
  assert.equal((await problemOf(desk.invoke(invocation()))).code, 'unavailable');

  const other = deskWith(() => undefined);
  const many = Array.from({ length: 100 }, () => other.desk.invoke(invocation()));
  const refused = await Promise.any(many.map(problemOf));
  assert.match(refused.message, /too much waits/);
  const asked = desk.cancel('a', 'monitor', 0, 1000);
  assert.equal((await problemOf(asked)).code, 'not-found');
  await valueFrom(other.desk.cancel('a', 'monitor', 0, 5000));
  for (const answer of await Promise.all(many)) assert.equal(answer.kind, 'problem');
  assert.ok(runs.length > 0);
});

test('sequence numbers grow over restarts, also after a crash and with a broken disk', async () => {
  const path = join(temporaryDirectory(), 'sequence');
  const first = sequenceNumbers(path, log);
  const numbers = await Promise.all(Array.from({ length: 2500 }, () => first.next()));
  assert.deepEqual(
    numbers,
    Array.from({ length: 2500 }, (_, index) => index + 1),
  );
  assert.ok(Number(readFileSync(path, 'utf8')) >= 2500);
  assert.ok((await sequenceNumbers(path, log).next()) > 2500);
  writeFileSync(path, 'garbage');
  assert.equal(await sequenceNumbers(path, log).next(), 1);
  const logged: string[] = [];
  const broken = sequenceNumbers('/dev/null/sequence', (_, message) => logged.push(message));
  assert.deepEqual([await broken.next(), await broken.next()], [1, 2]);
  assert.equal(logged.length, 1);
});

test('slots are given in the order of asking, and given back also by what fails', async () => {
  const { run } = slots(2);
  let busy = 0;
  let most = 0;
  const seen: number[] = [];
  const work = (number: number) =>
    run(async () => {
      busy += 1;
      most = Math.max(most, busy);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(number);
      busy -= 1;
      if (number === 1) throw new Error('broken');
    });
  await Promise.allSettled([0, 1, 2, 3, 4, 5].map(work));
  assert.deepEqual([most, seen], [2, [0, 1, 2, 3, 4, 5]]);
});
