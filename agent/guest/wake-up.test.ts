import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ClockReadings, correctTime } from './wake-up.js';

const template = 1_700_000_000_000;
const now = template + 86_400_000;

const cases: readonly { readonly what: string; readonly readings: ClockReadings; readonly time: number | undefined }[] =
  [
    {
      what: 'is behind both the hardware and the launcher: the hardware goes on',
      readings: { nowMs: template, hardwareMs: now + 3000, toldMs: now },
      time: now + 3500,
    },
    {
      what: 'is behind the launcher, without a hardware clock',
      readings: { nowMs: template, hardwareMs: undefined, toldMs: now },
      time: now,
    },
    {
      what: 'is behind the hardware, and nobody has told',
      readings: { nowMs: template, hardwareMs: now, toldMs: undefined },
      time: now + 500,
    },
    {
      what: 'has hardware in another time zone',
      readings: { nowMs: template, hardwareMs: now + 7_200_000, toldMs: now },
      time: now,
    },
    {
      what: 'has hardware that stands still',
      readings: { nowMs: template, hardwareMs: 0, toldMs: now },
      time: now,
    },
    { what: 'is right', readings: { nowMs: now + 400, hardwareMs: now, toldMs: now - 200 }, time: undefined },
    { what: 'is ahead', readings: { nowMs: now + 5000, hardwareMs: now, toldMs: now }, time: undefined },
    { what: 'is all there is', readings: { nowMs: now, hardwareMs: undefined, toldMs: undefined }, time: undefined },
  ];

for (const { what, readings, time } of cases) {
  test(`a clock that ${what} is ${time === undefined ? 'left alone' : 'set'}`, () => {
    assert.equal(correctTime(readings), time);
  });
}
