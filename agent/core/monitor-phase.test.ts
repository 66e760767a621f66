import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueAfterStandstill, nextDue, phaseOf, secondDue } from './monitor-phase.js';

const intervalMs = 10_000;
const at = (bootMs: number) => ({ unixMs: 1_700_000_000_000 + bootMs, bootMs });

/** The most that fall into any window of `width` of the interval, over its end too. */
function densest(phases: readonly number[], width: number): number {
  const sorted = phases.toSorted((a, b) => a - b);
  const twice = [...sorted, ...sorted.map((phase) => phase + intervalMs)];
  return Math.max(...sorted.map((start) => twice.filter((phase) => phase >= start && phase < start + width).length));
}

test('the monitors of any number of resources are spread evenly over their interval', () => {
  const table = [
    { resources: 10, most: 1 },
    { resources: 100, most: 2 },
    { resources: 200, most: 4 },
    { resources: 1000, most: 12 },
  ];
  for (const { resources, most } of table) {
    for (const instance of ['shop.web.local.1-1', 'shop.db.local.1763807520123-2']) {
      const phases = Array.from({ length: resources }, (_, slot) => phaseOf(instance, slot, intervalMs));
      const found = densest(phases, intervalMs / 100);
      assert.ok(found <= most, `${found} of ${resources} in 1 % of the interval`);
    }
  }
});

test('the first resources of the many agents of one machine do not run in the same instant', () => {
  const phases = Array.from({ length: 200 }, (_, index) => phaseOf(`shop.web-${index}.local.1-1`, 0, intervalMs));
  const found = densest(phases, intervalMs / 100);
  assert.ok(found <= 10, `${found} of 200 in 1 % of the interval`);
});

test('a monitor is due at the next multiple of its interval from its phase', () => {
  const table = [
    { now: 50_000, phase: 3000, expected: 53_000 },
    { now: 53_000, phase: 3000, expected: 63_000 },
    { now: 52_999.5, phase: 3000, expected: 53_000 },
    { now: 500, phase: 3000, expected: 3000 },
    { now: 50_000, phase: -7000, expected: 53_000 },
    { now: 3_653_001, phase: 3000, expected: 3_663_000 },
  ];
  for (const { now, phase, expected } of table) assert.equal(nextDue(phase, intervalMs, at(now)), expected);
});

test('the second run does not follow the first within a moment', () => {
  assert.equal(secondDue(3000, intervalMs, at(50_000)), 53_000);
  assert.equal(secondDue(3000, intervalMs, at(52_001)), 63_000);
  for (let now = 50_000; now < 60_000; now += 37) {
    const gapMs = secondDue(3000, intervalMs, at(now)) - now;
    assert.ok(gapMs >= 1000 && gapMs <= 11_000, `${gapMs} ms`);
  }
});

test('what was missed while everything stood still is left out; what is hardly late is not', () => {
  const monitor = { phase: 3000, intervalMs };
  assert.equal(dueAfterStandstill(53_000, monitor, at(57_000)), 53_000);
  assert.equal(dueAfterStandstill(53_000, monitor, at(58_000)), 63_000);
  assert.equal(dueAfterStandstill(53_000, monitor, at(53_000 + 3_600_000)), 53_000 + 3_600_000 + intervalMs);
  assert.equal(dueAfterStandstill(63_000, monitor, at(53_000)), 63_000);
});
