import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assessStorm,
  type HeldScope,
  isHeldByStorm,
  lift,
  mayHostBeSuspected,
  type StormFacts,
  stormLimits,
} from './assess-storm.js';

type Counts = Readonly<Record<string, readonly [running: number, silent: number, launcher?: 'silent' | 'lost']>>;

function facts(counts: Counts, now = 0, busLostMs?: number): StormFacts {
  const hosts = Object.entries(counts).map(([host, [running, silent, launcher = 'heard']]) => [
    host,
    { running, silent, launcher },
  ]);
  return { hosts: Object.fromEntries(hosts), busLostMs, now };
}

function names(held: readonly HeldScope[]): string[] {
  return held.map(({ scope }) => (scope.kind === 'launcher-host' ? scope.host : scope.kind));
}

const begins: readonly {
  readonly name: string;
  readonly counts: Counts;
  readonly busLostMs?: number;
  readonly held: string[];
}[] = [
  { name: 'nobody is silent', counts: { h1: [4, 0] }, held: [] },
  { name: 'one of one', counts: { h1: [1, 1] }, held: [] },
  { name: 'two of two are too few', counts: { h1: [2, 2] }, held: [] },
  { name: 'two of three are too few', counts: { h1: [3, 2] }, held: [] },
  { name: 'three of three', counts: { h1: [3, 3] }, held: ['h1'] },
  { name: 'three of six are half', counts: { h1: [6, 3] }, held: ['h1'] },
  { name: 'three of seven are not', counts: { h1: [7, 3] }, held: [] },
  { name: 'many on one host, few of the site', counts: { h1: [4, 4], h2: [20, 0] }, held: ['h1'] },
  { name: 'few on each host, many of the site', counts: { h1: [2, 2], h2: [2, 2], h3: [2, 0] }, held: ['site'] },
  { name: 'everything on two hosts', counts: { h1: [3, 3], h2: [3, 3] }, held: ['site', 'h1', 'h2'] },
  {
    name: 'half of the site on one host whose launcher is silent too is that host’s trouble',
    counts: { h1: [5, 5, 'silent'], h2: [5, 0] },
    held: [],
  },
  {
    name: 'a host that has long been lost does not make one more silent agent a storm',
    counts: { h1: [5, 5, 'lost'], h2: [5, 1] },
    held: [],
  },
  { name: 'two hosts cut off at once', counts: { h1: [5, 5, 'silent'], h2: [5, 5, 'silent'] }, held: ['site'] },
  { name: 'the bus is lost for a moment', counts: { h1: [2, 0] }, busLostMs: stormLimits.busLostMs - 1, held: [] },
  { name: 'the bus is lost', counts: { h1: [2, 0] }, busLostMs: stormLimits.busLostMs, held: ['bus'] },
  { name: 'the bus is lost, and with it everybody', counts: { h1: [9, 9] }, busLostMs: 60_000, held: ['bus'] },
  { name: 'the bus is lost where nothing runs', counts: {}, busLostMs: 60_000, held: [] },
];

for (const { name, counts, busLostMs, held } of begins) {
  test(`a storm begins, or not: ${name}`, () => {
    const assessment = assessStorm([], facts(counts, 0, busLostMs));
    assert.deepEqual(names(assessment.begun), held);
    assert.deepEqual(names(assessment.held), held);
    assert.deepEqual(assessment.ended, []);
  });
}

/** Assesses one after the other; what was held, begun and ended at each moment. */
function follow(moments: readonly { readonly at: number; readonly counts: Counts; readonly busLostMs?: number }[]) {
  let held: readonly HeldScope[] = [];
  return moments.map(({ at, counts, busLostMs }) => {
    const assessment = assessStorm(held, facts(counts, at, busLostMs));
    held = assessment.held;
    return { held: names(assessment.held), begun: names(assessment.begun), ended: names(assessment.ended) };
  });
}

const { calmMs } = stormLimits;

const courses: readonly {
  readonly name: string;
  readonly moments: Parameters<typeof follow>[0];
  readonly ended: string[][];
}[] = [
  {
    name: 'ends when enough are back and stay for a while',
    moments: [
      { at: 0, counts: { h1: [4, 4] } },
      { at: 1_000, counts: { h1: [4, 1] } },
      { at: 999 + calmMs, counts: { h1: [4, 1] } },
      { at: 1_000 + calmMs, counts: { h1: [4, 1] } },
    ],
    ended: [[], [], [], ['h1']],
  },
  {
    name: 'goes on at less than half, above a quarter',
    moments: [
      { at: 0, counts: { h1: [10, 5] } },
      { at: 1_000, counts: { h1: [10, 3] } },
      { at: 60_000, counts: { h1: [10, 3] } },
    ],
    ended: [[], [], []],
  },
  {
    name: 'does not flap: every relapse begins the calm anew',
    moments: [
      { at: 0, counts: { h1: [4, 4] } },
      { at: 1_000, counts: { h1: [4, 0] } },
      { at: 4_000, counts: { h1: [4, 3] } },
      { at: 5_000, counts: { h1: [4, 0] } },
      { at: 1_000 + calmMs, counts: { h1: [4, 0] } },
      { at: 5_000 + calmMs, counts: { h1: [4, 0] } },
    ],
    ended: [[], [], [], [], [], ['h1']],
  },
  {
    name: 'ends when those that are silent are proven dead',
    moments: [
      { at: 0, counts: { h1: [4, 3] } },
      { at: 1_000, counts: { h1: [1, 0] } },
      { at: 1_000 + calmMs, counts: { h1: [1, 0] } },
    ],
    ended: [[], [], ['h1']],
  },
  {
    name: 'ends when nobody counts the host any more',
    moments: [
      { at: 0, counts: { h1: [4, 3] } },
      { at: 1_000, counts: {} },
      { at: 1_000 + calmMs, counts: {} },
    ],
    ended: [[], [], ['h1']],
  },
  {
    name: 'of the bus ends when it is back',
    moments: [
      { at: 0, counts: { h1: [1, 0] }, busLostMs: 5_000 },
      { at: 60_000, counts: { h1: [1, 1] }, busLostMs: 65_000 },
      { at: 61_000, counts: { h1: [1, 0] } },
      { at: 61_000 + calmMs, counts: { h1: [1, 0] } },
    ],
    ended: [[], [], [], ['bus']],
  },
  {
    name: 'of the site goes on however long its launchers are silent',
    moments: [
      { at: 0, counts: { h1: [3, 3, 'silent'], h2: [3, 3, 'silent'] } },
      { at: 60_000, counts: { h1: [3, 3, 'lost'], h2: [3, 3, 'lost'] } },
      { at: 90_000, counts: { h1: [3, 3, 'lost'], h2: [3, 3, 'lost'] } },
    ],
    ended: [[], [], []],
  },
];

for (const { name, moments, ended } of courses) {
  test(`a storm ${name}`, () => {
    assert.deepEqual(
      follow(moments).map((moment) => moment.ended),
      ended,
    );
  });
}

test('a storm holds what is in it and nothing else, until an operator lifts it', () => {
  const { held } = assessStorm([], facts({ h1: [3, 3], h2: [10, 1] }));
  assert.equal(isHeldByStorm(held, 'h1'), true);
  assert.equal(isHeldByStorm(held, 'h2'), false);
  assert.equal(mayHostBeSuspected(held), true, 'another host may die meanwhile');
  const lifted = lift(held);
  assert.equal(isHeldByStorm(lifted, 'h1'), false);
  const again = assessStorm(lifted, facts({ h1: [3, 3], h2: [10, 1] }, 60_000));
  assert.deepEqual(again.begun, [], 'it does not begin again while it lasts');
  assert.equal(isHeldByStorm(again.held, 'h1'), false);
});

test('in a storm of the site, or without the bus, no launcher host is suspected', () => {
  for (const moment of [facts({ h1: [3, 3], h2: [3, 3] }), facts({ h1: [1, 0] }, 0, 60_000)]) {
    const { held } = assessStorm([], moment);
    assert.equal(mayHostBeSuspected(held), false);
    assert.equal(mayHostBeSuspected(lift(held)), true);
    assert.equal(isHeldByStorm(held, 'h9'), true);
  }
});

test('the figures that are told at the end are those of the worst moment', () => {
  const first = assessStorm([], facts({ h1: [9, 5] }));
  const worst = assessStorm(first.held, facts({ h1: [9, 8] }, 1_000));
  const better = assessStorm(worst.held, facts({ h1: [9, 1] }, 2_000));
  assert.deepEqual([better.held[0]?.running, better.held[0]?.silent], [9, 8]);
});
