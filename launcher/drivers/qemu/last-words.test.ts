import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeEnd, type LastWords } from './last-words.js';

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 6);

function words(reason: unknown, more: Partial<LastWords> = {}): LastWords {
  const events = [
    { name: 'RESUME', at: 1, data: {} },
    { name: 'SHUTDOWN', at, data: { guest: true, reason } },
    { name: 'STOP', at: at + 1, data: {} },
  ];
  return { events, log: '', console: '', ...more };
}

test('the end of a machine is told by what it has left', () => {
  const when = '(at 2026-01-02T03:04:05.006Z)';
  const console = '[ 1.0] Kernel panic - not syncing: Fatal\u001b[0m exception\r\n[ 1.1] Call Trace:\r\n';
  const log = 'one\n\nqemu-system-x86_64: terminating on signal 15 from pid 1 (init)\n';
  const cases: [LastWords, string][] = [
    [
      words('guest-panic', { console }),
      `guest panic: "[ 1.0] Kernel panic - not syncing: Fatal [0m exception" ${when}`,
    ],
    [words('guest-panic'), `guest panic ${when}`],
    [words('guest-shutdown', { log }), `the guest was powered off from inside ${when}`],
    [
      words('host-signal', { log }),
      `QEMU was ended by a signal: "qemu-system-x86_64: terminating on signal 15 from pid 1 (init)" ${when}`,
    ],
    [words('host-qmp-quit'), `QEMU was told to quit on a control socket ${when}`],
    [words('something-new'), `QEMU ended (something-new) ${when}`],
    [words(7), `QEMU ended (no reason given) ${when}`],
    [{ events: [], log: '', console }, 'QEMU ended without a word'],
    [
      { events: [], log, console },
      'QEMU ended without a word, its log with "qemu-system-x86_64: terminating on signal 15 from pid 1 (init)"',
    ],
  ];
  for (const [given, expected] of cases) assert.equal(describeEnd(given), expected);
});

test('what a guest writes is bounded, and in printable characters', () => {
  const told = describeEnd(words('guest-panic', { console: `Kernel panic${'\u0007x'.repeat(10_000)}` }));
  assert.ok(told.length < 300);
  assert.doesNotMatch(told, /\p{Cc}/u);
});
