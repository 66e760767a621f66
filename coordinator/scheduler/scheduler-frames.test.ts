import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFrameReader, encodeRequest, type ReadEvent } from './scheduler-frames.js';

const LIMIT = 1000;

function response(id: number, meta: string, graph: string): Buffer {
  const header = Buffer.alloc(16);
  header.write('CPE1', 0, 'latin1');
  header.writeUInt32LE(id, 4);
  header.writeUInt32LE(Buffer.byteLength(meta), 8);
  header.writeUInt32LE(Buffer.byteLength(graph), 12);
  return Buffer.concat([header, Buffer.from(meta), Buffer.from(graph)]);
}

const TWO_RESPONSES = Buffer.concat([response(7, '{"ä":1}', '<graph name="é"/>'), response(8, '{}', '')]);
const TWO_FRAMES: readonly ReadEvent[] = [
  { kind: 'frame', frame: { id: 7, meta: '{"ä":1}', graphXml: '<graph name="é"/>' } },
  { kind: 'frame', frame: { id: 8, meta: '{}', graphXml: '' } },
];

test('two responses split at any byte are read as the same two frames', () => {
  for (let split = 0; split <= TWO_RESPONSES.length; split++) {
    const reader = createFrameReader(LIMIT);
    const events = [...reader.push(TWO_RESPONSES.subarray(0, split)), ...reader.push(TWO_RESPONSES.subarray(split))];
    assert.deepEqual(events, TWO_FRAMES, `split at ${split}`);
  }
});

test('responses that arrive byte by byte are read as the same two frames', () => {
  const reader = createFrameReader(LIMIT);
  assert.deepEqual(
    [...TWO_RESPONSES].flatMap((byte) => reader.push(Uint8Array.of(byte))),
    TWO_FRAMES,
  );
});

test('a response of exactly the allowed size is read', () => {
  const events = createFrameReader(10).push(response(1, '{}', '12345678'));
  assert.deepEqual(events, [{ kind: 'frame', frame: { id: 1, meta: '{}', graphXml: '12345678' } }]);
});

for (const [name, bytes, message] of [
  ['larger than allowed', response(1, '{}', 'x'.repeat(LIMIT)), /1002 bytes is larger than the 1000 allowed/],
  ['of another protocol', Buffer.from('Segmentation fault\n'), /not of this protocol version/],
] as const) {
  test(`a response ${name} breaks the stream for good, without its body being stored`, () => {
    const reader = createFrameReader(LIMIT);
    const [event, ...others] = reader.push(bytes);
    assert.ok(event?.kind === 'broken');
    assert.match(event.message, message);
    assert.deepEqual(others, []);
    assert.deepEqual(reader.push(TWO_RESPONSES), []);
  });
}

for (const [isSanitized, wantsStatus, flags] of [
  [false, false, 0],
  [true, false, 1],
  [false, true, 2],
  [true, true, 3],
] as const) {
  test(`a request carries its kind, flags (${flags}), time and the length of the CIB in bytes`, () => {
    const decide = { kind: 'decide', cib: '<cib x="ü"/>', nowUnixS: 2 ** 33 } as const;
    const [header, body] = encodeRequest(5, { ...decide, isSanitized, wantsStatus });
    assert.equal(header.length, 32);
    assert.equal(header.toString('latin1', 0, 4), 'CPE1');
    assert.deepEqual(
      [4, 8, 12].map((at) => header.readUInt32LE(at)),
      [5, 2, flags],
    );
    assert.equal(header.readBigInt64LE(16), 2n ** 33n);
    assert.equal(header.readBigUInt64LE(24), 13n);
    assert.equal(body.toString(), '<cib x="ü"/>');
  });
}

test('a request for the version has no body', () => {
  const [header, body] = encodeRequest(1, { kind: 'hello' });
  assert.equal(header.readUInt32LE(8), 1);
  assert.equal(header.readBigUInt64LE(24), 0n);
  assert.equal(body.length, 0);
});
