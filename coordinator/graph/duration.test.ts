import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDurationMs } from './duration.js';

const table: readonly (readonly [text: string, ms: number | undefined])[] = [
  ['60', 60_000],
  ['60s', 60_000],
  [' 10 sec', 10_000],
  ['3m', 180_000],
  ['5min', 300_000],
  ['2h', 7_200_000],
  ['1hr', 3_600_000],
  ['500ms', 500],
  ['250msec', 250],
  ['1500us', 1],
  ['PT1M30S', 90_000],
  ['P1DT1H', 90_000_000],
  ['P2W', 1_209_600_000],
  ['P', undefined],
  ['PT', undefined],
  ['', undefined],
  ['soon', undefined],
  ['10 parsecs', undefined],
];

test('a duration is read as cluster options spell it', () => {
  for (const [text, ms] of table) assert.equal(parseDurationMs(text), ms, JSON.stringify(text));
});
