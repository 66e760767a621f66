import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDuration, parseSize, renderDuration, renderSize } from './quantities.js';

test('a duration is a number and its unit, in milliseconds', () => {
  const cases: [string, number | undefined][] = [
    ['500ms', 500],
    ['10s', 10_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['0', 0],
    ['0s', 0],
    ['1.5m', 90_000],
    ['0.5s', 500],
    ['1.1s', 1100],
    ['0.0005s', undefined],
    ['0.5ms', undefined],
    ['10', undefined],
    ['', undefined],
    ['s', undefined],
    ['10 s', undefined],
    ['10S', undefined],
    ['-1s', undefined],
    ['+1s', undefined],
    ['1e3s', undefined],
    ['1w', undefined],
    ['1h30m', undefined],
    ['10s\n', undefined],
    ['٣s', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseDuration(text), expected, JSON.stringify(text));
});

test('a size is a number and a binary unit, in mebibytes', () => {
  const cases: [string, number | undefined][] = [
    ['512MiB', 512],
    ['2GiB', 2048],
    ['1.5GiB', 1536],
    ['1TiB', 1_048_576],
    ['1.5MiB', undefined],
    ['512MB', undefined],
    ['512M', undefined],
    ['512', undefined],
    ['512 MiB', undefined],
    ['-1MiB', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseSize(text), expected, text);
});

test('what is rendered parses to the same value', () => {
  fc.assert(
    fc.property(fc.nat(999_999_999), (value) => {
      assert.equal(parseDuration(renderDuration(value)), value);
      assert.equal(parseSize(renderSize(value)), value);
    }),
  );
});
