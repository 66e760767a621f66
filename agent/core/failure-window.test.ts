import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  adoptWindow,
  countFailure,
  emptyWindow,
  type FailureWindow,
  markRecovered,
  markReported,
} from './failure-window.js';

const unixOfBoot = 1_000_000;
const at = (bootMs: number) => ({ unixMs: unixOfBoot + bootMs, bootMs });
const almostOne = 1 - Number.EPSILON;

const sequences = [
  {
    name: 'the third failure of three escalates, the next one is the first again',
    failures: 3,
    periodMs: 60_000,
    times: [0, 1000, 2000, 3000],
    expected: ['repair 1', 'repair 2', 'escalate 3', 'repair 1'],
  },
  {
    name: 'a failure that is older than the period does not count',
    failures: 3,
    periodMs: 60_000,
    times: [0, 50_000, 60_000, 61_000],
    expected: ['repair 1', 'repair 2', 'repair 2', 'escalate 3'],
  },
  {
    name: 'a budget of one repairs nothing',
    failures: 1,
    periodMs: 60_000,
    times: [0, 1000],
    expected: ['escalate 1', 'escalate 1'],
  },
  { name: 'a budget of zero repairs nothing', failures: 0, periodMs: 0, times: [0], expected: ['escalate 1'] },
] as const;

for (const { name, failures, periodMs, times, expected } of sequences) {
  test(`window: ${name}`, () => {
    let window: FailureWindow = emptyWindow;
    const verdicts = times.map((time) => {
      const verdict = countFailure(window, { failures, periodMs }, { at: at(time), chance: 0 });
      window = verdict.window;
      return `${verdict.kind} ${verdict.failures}`;
    });
    assert.deepEqual(verdicts, expected);
  });
}

const backOffs = [
  {
    name: 'the first restart is at once, the next ones wait twice as long each',
    gapsMs: [0, 10, 10, 10, 10],
    upMs: 10,
    chance: almostOne,
    failures: 15,
    expected: [0, 100, 200, 400, 800],
  },
  {
    name: 'jitter takes away up to half',
    gapsMs: [0, 10, 10],
    upMs: 10,
    chance: 0,
    failures: 20,
    expected: [0, 50, 100],
  },
  {
    name: 'a resource that stayed up for long begins at the first delay again',
    gapsMs: [0, 10, 10, 5000],
    upMs: 5000,
    chance: almostOne,
    failures: 20,
    expected: [0, 100, 100, 100],
  },
  {
    name: 'delays stop growing at 10 s',
    gapsMs: Array(12).fill(0),
    upMs: 0,
    chance: almostOne,
    failures: 30,
    periodMs: 3_600_000,
    expected: [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000],
  },
  {
    name: 'all delays together stay below a quarter of the period',
    gapsMs: [0, 0, 0, 0],
    upMs: 0,
    chance: almostOne,
    failures: 100,
    expected: [0, 100, 150, 150],
  },
] as const;

for (const { name, gapsMs, upMs, chance, failures, expected, ...rest } of backOffs) {
  test(`back-off: ${name}`, () => {
    const periodMs = 'periodMs' in rest ? rest.periodMs : 60_000;
    let window: FailureWindow = emptyWindow;
    let now = 0;
    const delays = gapsMs.map((gapMs) => {
      now += gapMs;
      const verdict = countFailure(window, { failures, periodMs }, { at: at(now), chance });
      assert.ok(verdict.kind === 'repair');
      window = markRecovered(verdict.window, at(now + gapMs - upMs));
      return verdict.delayMs;
    });
    assert.deepEqual(delays, expected);
  });
}

test('the decider has the last word on what it has acknowledged, and not on what it cannot know', () => {
  const budget = { failures: 10, periodMs: 60_000 };
  let window: FailureWindow = emptyWindow;
  for (const [time, number] of [
    [1000, 1],
    [2000, 2],
  ] as const) {
    window = markReported(countFailure(window, budget, { at: at(time), chance: 0 }).window, number);
  }
  window = countFailure(window, budget, { at: at(3000), chance: 0 }).window;
  const times = (deliveredReport: number, failuresUnixMs: number[]) =>
    adoptWindow(window, { failuresUnixMs, deliveredReport }, at(4000)).failures.map((failure) => failure.at.bootMs);

  assert.deepEqual(times(0, []), [1000, 2000, 3000]);
  assert.deepEqual(times(1, []), [2000, 3000]);
  assert.deepEqual(times(1, [unixOfBoot + 1000]), [1000, 2000, 3000]);
  assert.deepEqual(times(1, [unixOfBoot + 2000]), [2000, 3000], 'one that both know counts once');
  assert.deepEqual(times(2, [unixOfBoot + 500]), [500, 3000]);
});

test('failures from before an escalation are settled, whatever the decider still remembers', () => {
  const budget = { failures: 2, periodMs: 60_000 };
  const first = countFailure(emptyWindow, budget, { at: at(1000), chance: 0 });
  const second = countFailure(first.window, budget, { at: at(2000), chance: 0 });
  assert.equal(second.kind, 'escalate');
  const known = { failuresUnixMs: [unixOfBoot + 1000, unixOfBoot + 2500], deliveredReport: 0 };
  const adopted = adoptWindow(second.window, known, at(3000));
  assert.deepEqual(
    adopted.failures.map((failure) => failure.at.bootMs),
    [2500],
  );
});

test('a clock that was set since makes no failure twice, and brings none back', () => {
  const budget = { failures: 3, periodMs: 60_000 };
  for (const stepMs of [0, 3_600_000, -3_600_000]) {
    const now = { unixMs: unixOfBoot + 9000 + stepMs, bootMs: 9000 };
    const reported = markReported(countFailure(emptyWindow, budget, { at: at(5000), chance: 0 }).window, 4);
    // The decider has it, and its word that it has was lost.
    const known = { failuresUnixMs: [unixOfBoot + 5000 + stepMs + 40], deliveredReport: 3 };
    assert.deepEqual(adoptWindow(reported, known, now).failures.length, 1, `${stepMs} ms`);

    const twice = countFailure(reported, budget, { at: at(6000), chance: 0 }).window;
    const escalated = countFailure(twice, budget, { at: at(7000), chance: 0 });
    assert.equal(escalated.kind, 'escalate');
    assert.deepEqual(adoptWindow(escalated.window, known, now).failures, [], `${stepMs} ms`);
  }
});
