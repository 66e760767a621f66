import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQmpLine, readQmpEvents } from './qmp-message.js';

const GREETING =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": ["oob"]}}';
const STOP = '{"timestamp": {"seconds": 1795378972, "microseconds": 86360}, "event": "STOP"}';

test('what QEMU says is understood', () => {
  assert.deepEqual(parseQmpLine(GREETING), { kind: 'greeting', version: '7.2.22' });
  assert.deepEqual(parseQmpLine(STOP), { kind: 'event', event: { name: 'STOP', at: 1795378972086, data: {} } });
  assert.deepEqual(parseQmpLine('{"return": {"status": "running"}, "id": 3}'), {
    kind: 'answer',
    id: 3,
    answer: { kind: 'returned', value: { status: 'running' } },
  });
  assert.deepEqual(parseQmpLine('{"error": {"class": "CommandNotFound", "desc": "no such"}, "id": 4}'), {
    kind: 'answer',
    id: 4,
    answer: { kind: 'refused', reason: 'CommandNotFound: no such' },
  });
});

test('what is no QMP is garbage, whatever it is', () => {
  for (const line of [
    '',
    'HTTP/1.1 400',
    '[]',
    '1',
    'null',
    '{}',
    '{"QMP": 1}',
    '{"event": 7}',
    '{"error": "no"}',
    '{',
  ])
    assert.equal(parseQmpLine(line).kind, 'garbage', line);
});

test('parts that are not as they should be are left out', () => {
  const strange = [
    '{"QMP": {}}',
    '{"event": "STOP", "timestamp": {"seconds": "x", "microseconds": -1}, "data": []}',
    '{"return": null, "id": "x"}',
    '{"error": {"class": 1}}',
  ];
  assert.deepEqual(strange.map(parseQmpLine), [
    { kind: 'greeting', version: 'unknown' },
    { kind: 'event', event: { name: 'STOP', at: 0, data: {} } },
    { kind: 'answer', id: undefined, answer: { kind: 'returned', value: null } },
    { kind: 'answer', id: undefined, answer: { kind: 'refused', reason: '' } },
  ]);
});

test('a record that begins within a line still has its events', () => {
  const record = `86360}, "event": "RESUME"}\n{"return": {}}\n${STOP}\n{"timest`;
  assert.deepEqual(
    readQmpEvents(record).map(({ name }) => name),
    ['STOP'],
  );
});
