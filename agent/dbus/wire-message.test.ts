import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueReader } from './read-values.js';
import { parseSignature } from './signature.js';
import { decodeMessage, encodeMessage, messageLength, type WireMessage } from './wire-message.js';
import { writeValues } from './write-values.js';

const call: WireMessage = {
  type: 'call',
  serial: 7,
  expectsReply: true,
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
  member: 'GetNameOwner',
  destination: 'org.freedesktop.DBus',
  signature: 's',
  values: ['org.example.Name'],
};

test('values of every type come back as they were written', () => {
  const table: readonly [string, unknown, unknown?][] = [
    ['y', 255],
    ['b', true],
    ['n', -32768],
    ['q', 65535],
    ['i', -(2 ** 31)],
    ['u', 2 ** 32 - 1],
    ['x', -(2n ** 63n)],
    ['t', 2n ** 64n - 1n],
    ['t', 5, 5n],
    ['d', -1.5],
    ['s', 'grüße \u{1F600}'],
    ['s', ''],
    ['o', '/org/freedesktop/systemd1/unit/a_2eservice'],
    ['g', 'a{sv}'],
    ['as', []],
    ['at', [1n, 2n]],
    ['ay', Buffer.from([1, 2, 3])],
    ['(sub)', ['a', 1, false]],
    ['a(uosos)', [[1, '/a', 'b', '/c', 'd']]],
    [
      'a{su}',
      { one: 1, ['__proto__']: 2 },
      Object.fromEntries([
        ['one', 1],
        ['__proto__', 2],
      ]),
    ],
    ['v', { signature: 'x', value: 9n }, 9n],
    [
      'a{sv}',
      { a: { signature: 'as', value: ['b'] }, c: { signature: 'v', value: { signature: 'y', value: 1 } } },
      { a: ['b'], c: 1 },
    ],
  ];
  for (const [signature, value, expected = value] of table) {
    // A byte in front, so that alignment matters.
    const types = parseSignature(`y${signature}`);
    const bytes = Buffer.from(writeValues(types, [1, value]));
    assert.deepEqual(valueReader(bytes, true).read(types), [1, expected], signature);
  }
});

test('what does not fit its type is not sent', () => {
  const table: readonly [string, unknown][] = [
    ['y', 256],
    ['q', -1],
    ['i', 2 ** 31],
    ['t', -1n],
    ['u', 1.5],
    ['u', '1'],
    ['b', 1],
    ['d', '1'],
    ['s', 'a\0b'],
    ['s', undefined],
    ['o', '/a//b'],
    ['o', ''],
    ['g', 'a'],
    ['h', 0],
    ['v', 'plain'],
    ['v', { signature: 'ss', value: 'a' }],
    ['as', 'text'],
    ['as', [1]],
    ['(su)', ['a']],
    ['a{sv}', { a: 'plain' }],
  ];
  for (const [signature, value] of table) {
    assert.throws(() => writeValues(parseSignature(signature), [value]), RangeError, `${signature} ${String(value)}`);
  }
  assert.throws(() => writeValues(parseSignature('s'), []), RangeError);
});

test('signatures that the specification does not allow are refused', () => {
  const bad = [
    'a',
    '(',
    '()',
    '(s',
    'z',
    '{sv}',
    'a{vs}',
    'a{s}',
    'a{svs}',
    ')',
    's'.repeat(256),
    `${'a'.repeat(70)}s`,
  ];
  for (const signature of bad) assert.throws(() => parseSignature(signature), RangeError, signature);
});

test('messages come back as they were sent', () => {
  const bytes = encodeMessage(call);
  assert.equal(messageLength(bytes), bytes.length);
  assert.equal(messageLength(bytes.subarray(0, 15)), undefined);
  const decoded = decodeMessage(bytes);
  assert.deepEqual(JSON.parse(JSON.stringify(decoded)), JSON.parse(JSON.stringify(call)));
});

test('messages of a big-endian sender are read', () => {
  // A signal a.b.C from /a with one uint32, 0x01020304.
  const fields = [
    [1, 1, 0x6f, 0, 0, 0, 0, 2, 0x2f, 0x61, 0, 0, 0, 0, 0, 0],
    [2, 1, 0x73, 0, 0, 0, 0, 3, 0x61, 0x2e, 0x62, 0, 0, 0, 0, 0],
    [3, 1, 0x73, 0, 0, 0, 0, 1, 0x43, 0, 0, 0, 0, 0, 0, 0],
    [8, 1, 0x67, 0, 1, 0x75, 0],
  ].flat();
  const header = [0x42, 4, 1, 1, 0, 0, 0, 4, 0, 0, 0, 9, 0, 0, 0, fields.length];
  const padding = Array.from({ length: (8 - (fields.length % 8)) % 8 }, () => 0);
  const decoded = decodeMessage(Buffer.from([...header, ...fields, ...padding, 1, 2, 3, 4]));
  assert.equal(decoded?.path, '/a');
  assert.equal(decoded?.member, 'C');
  assert.equal(decoded?.serial, 9);
  assert.deepEqual(decoded?.values, [0x01020304]);
});

test('names that would end the connection are not sent', () => {
  const wrong: Partial<WireMessage>[] = [
    { path: 'relative' },
    { interface: 'nodots' },
    { member: 'a.b' },
    { member: '' },
    { destination: 'one' },
    { destination: `a.${'b'.repeat(255)}` },
    { values: [] },
  ];
  for (const part of wrong) assert.throws(() => encodeMessage({ ...call, ...part }), RangeError, JSON.stringify(part));
});

test('no bytes at all do more than be refused', () => {
  const good = encodeMessage(call);
  let seed = 12345;
  const next = (): number => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed;
  };
  for (let round = 0; round < 20_000; round += 1) {
    const bytes = Buffer.from(good.subarray(0, round % 4 === 0 ? next() % good.length : good.length));
    for (let changes = next() % 6; changes >= 0 && bytes.length > 0; changes -= 1)
      bytes[next() % bytes.length] = next() % 256;
    try {
      messageLength(bytes);
      decodeMessage(bytes);
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
  }
});
