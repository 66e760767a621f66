import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AgentClock, clockOffsetMs, noteAgentTime, toOwnTime } from './agent-clock.js';

const start = 1_800_000_000_000;

/** Messages once a second; each with the clock's error and the delay of the message. */
function listen(
  messages: readonly { readonly errorMs: number; readonly delayMs?: number; readonly pausedMs?: number }[],
) {
  let clock: AgentClock | undefined;
  let pausedMs = 0;
  return messages.map((message, index) => {
    const sentAt = start + index * 1_000;
    pausedMs += message.pausedMs ?? 0;
    const time = { unixMs: sentAt + message.errorMs - pausedMs, bootMs: 50_000 + index * 1_000 - pausedMs };
    clock = noteAgentTime(clock, time, sentAt + (message.delayMs ?? 0));
    assert.ok(clock !== undefined);
    return clockOffsetMs(clock);
  });
}

const beats = (count: number, errorMs: number) => Array.from({ length: count }, () => ({ errorMs }));

const table: readonly {
  readonly name: string;
  readonly messages: Parameters<typeof listen>[0];
  readonly offsets: number[];
}[] = [
  { name: 'a right clock has no offset', messages: beats(2, 0), offsets: [0, 0] },
  { name: 'an hour ahead, an hour behind', messages: [{ errorMs: 3_600_000 }], offsets: [3_600_000] },
  {
    name: 'a slow message says less than a quick one',
    messages: [{ errorMs: 500, delayMs: 90 }, { errorMs: 500 }, { errorMs: 500, delayMs: 4_000 }],
    offsets: [410, 500, 500],
  },
  { name: 'a step forward counts at once', messages: [...beats(2, 0), { errorMs: 60_000 }], offsets: [0, 0, 60_000] },
  { name: 'a step back counts at once', messages: [...beats(2, 0), { errorMs: -60_000 }], offsets: [0, 0, -60_000] },
  {
    name: 'a clock that is slewed is followed',
    messages: [{ errorMs: 0 }, { errorMs: 0.5 }, { errorMs: 1 }],
    offsets: [0, 0.5, 1],
  },
  {
    name: 'time that a paused VM has lost is believed after eight messages',
    messages: [...beats(1, 0), { errorMs: 0, pausedMs: 800 }, ...beats(7, 0)],
    offsets: [0, 0, 0, 0, 0, 0, 0, 0, -800],
  },
];

for (const { name, messages, offsets } of table) {
  test(name, () => assert.deepEqual(listen(messages), offsets));
}

test('a VM that was booted again has a clock of its own', () => {
  const first = noteAgentTime(undefined, { unixMs: start + 9_000, bootMs: 70_000 }, start);
  const second = noteAgentTime(first, { unixMs: start + 1_000, bootMs: 100 }, start + 1_000);
  assert.ok(second !== undefined);
  assert.equal(clockOffsetMs(second), 0);
});

test('a message that was overtaken on its way says nothing', () => {
  const first = noteAgentTime(undefined, { unixMs: start + 9_000, bootMs: 70_000 }, start + 9_000);
  const late = noteAgentTime(first, { unixMs: start + 1_000, bootMs: 62_000 }, start + 9_500);
  assert.ok(late !== undefined);
  assert.equal(clockOffsetMs(late), 0);
});

test('a message without a time says nothing', () => {
  assert.equal(noteAgentTime(undefined, { unixMs: 0, bootMs: 0 }, start), undefined);
});

const conversions = [
  { name: 'a time of a clock that is ahead', at: start + 60_000, offsetMs: 60_000, expected: start },
  { name: 'nothing happens after now', at: start + 90_000, offsetMs: 60_000, expected: start + 10_000 },
  { name: 'nor before what was told already', at: start - 3_600_000, offsetMs: 0, expected: start - 1_000 },
];

for (const { name, at, offsetMs, expected } of conversions) {
  test(`in our time: ${name}`, () => {
    assert.equal(toOwnTime(at, offsetMs, { now: start + 10_000, notBefore: start - 1_000 }), expected);
  });
}
