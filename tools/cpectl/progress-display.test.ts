import assert from 'node:assert/strict';
import { test } from 'node:test';
import { progressDisplay, renderStatusLine } from './progress-display.js';
import { recordingTerminal } from './recording-terminal.js';
import { sampleAssembly, sampleStatus } from './sample-status.js';
import { sampleEvent } from './scripted-coordinator.js';

test('away from a terminal there are event lines and nothing else', () => {
  const terminal = recordingTerminal();
  const display = progressDisplay(terminal.err);
  display.status(sampleStatus(), 100);
  display.event(sampleEvent(1));
  display.end();
  assert.match(terminal.printed.err, /^\d\d:\d\d:01\.000 {2}shop\/db\.redis {9}resource-started {6}started\n$/);
});

test('on a terminal the status line stays below the events, and goes at the end', () => {
  const terminal = recordingTerminal({ isTerminal: true });
  const display = progressDisplay(terminal.err);
  display.status(sampleStatus(), 1_234);
  display.event(sampleEvent(1));
  display.end();
  const line = renderStatusLine(sampleStatus(), 1_234);
  const [before, eventLine = '', end] = terminal.printed.err.split(/(?<=K)(?=\d\d:)|(?<=\n)/);
  assert.equal(before, `\r\x1b[K${line}\r\x1b[K`);
  assert.match(eventLine, /resource-started/);
  assert.equal(end, `\r\x1b[K${line}\r\x1b[K`);
});

test('the status line counts what runs', () => {
  const status = sampleStatus({
    condition: 'starting',
    actionsDone: 4,
    actionsTotal: 11,
    assemblies: [...sampleStatus().assemblies, sampleAssembly({ name: 'front', state: 'starting' })],
  });
  const expected = 'shop is starting: 2 of 3 assemblies, 2 of 2 resources run, 4 of 11 actions done (1.2s)';
  assert.equal(renderStatusLine(status, 1_234), expected);
  assert.equal(renderStatusLine(undefined, 0), 'waiting for the coordinator (0ms)');
});
