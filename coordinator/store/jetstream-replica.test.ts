import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { audit } from './audit.js';
import { decodeFrame, encodeFrame } from './jetstream-frames.js';
import { decodeImage, encodeImage } from './jetstream-image.js';
import { applyMessage, createReplica, encodeBatch, lastLink, type Replica } from './jetstream-replica.js';
import { isStoreError, type StoreErrorCode } from './store-error.js';
import { reads, readTotals } from './transactions.js';

const limits = { maxEvents: 1000, maxStoreBytes: 1024 * 1024 };

describe('a replica', () => {
  it('applies a batch that comes again once', () => {
    const replica = createReplica();
    const [message = new Uint8Array()] = append('w1', 1, 0, 'first');
    for (let time = 0; time < 3; time++) apply(replica, message);
    assert.deepEqual(deltas(replica), ['"first"']);
    assert.equal(replica.applied.sequence, 3);
    assert.deepEqual(replica.writers.get('w1')?.replies, [{ kind: 'appended', sequence: 1, firstEvent: 1 }]);
  });

  it('gives a batch that its writer has given up no effect once a later one of its came', () => {
    const replica = createReplica();
    const [late = new Uint8Array()] = append('w1', 1, 0, 'given up');
    apply(replica, ...append('w1', 2, 0, 'second'), late);
    assert.deepEqual(deltas(replica), ['"second"']);
  });

  it('puts the parts of batches together, however those of several writers are mixed and doubled', () => {
    const replica = createReplica();
    const a = append('a', 1, 0, 'a'.repeat(3000), 1000);
    const b = append('b', 1, 1, 'b'.repeat(3000), 1000);
    assert.ok(a.length > 3 && a.length === b.length);
    for (const [index, part] of a.entries()) apply(replica, part, b[index] ?? part, part);
    assert.deepEqual(
      deltas(replica).map((delta) => delta.length),
      [3002, 3002],
    );
    assert.equal(replica.partials.size, 0);
  });

  it('waits for a batch of which a part is missing to come again from its first part', () => {
    const replica = createReplica();
    const parts = append('a', 1, 0, 'a'.repeat(3000), 1000);
    apply(replica, ...parts.filter((_, index) => index !== 1));
    assert.deepEqual(deltas(replica), []);
    apply(replica, ...parts);
    assert.equal(deltas(replica).length, 1);
  });

  it('drops a batch that was never finished, and forgets writers, in the order of their last batches', () => {
    const replica = createReplica();
    const parts = append('dead', 1, 0, 'x'.repeat(3000), 1000);
    apply(replica, parts[0] ?? new Uint8Array());
    const [first = new Uint8Array()] = empty('w0', 1, replica);
    apply(replica, first);
    for (let number = 1; number <= 5000; number++) apply(replica, ...empty(`w${number}`, 1, replica));
    assert.equal(replica.partials.size, 0);
    assert.equal(replica.writers.size, 256);
    // What was forgotten was told of the log up to less than what is forgotten, and has no effect now.
    apply(replica, first);
    assert.equal(replica.writers.get('w0')?.replies, 'forgotten');
  });

  it('gives a batch of a writer that had read another log no effect, whoever looks', async () => {
    const [here, lost] = [createReplica(), createReplica()];
    apply(here, ...append('w1', 1, 0, 'both have it'));
    apply(lost, ...append('w1', 1, 0, 'both have it'), ...append('w1', 2, 1, 'the servers have lost it'));
    const beyond = empty('w1', 3, lost);
    apply(here, ...append('w2', 1, 1, 'written in its place'));
    const [diverged = new Uint8Array()] = empty('w1', 3, lost);
    const later = await decodeImage(await encodeImage(here), 'the snapshot');
    for (const replica of [here, later]) {
      apply(replica, diverged, ...empty('w2', 2, replica));
      assert.deepEqual(deltas(replica), ['"both have it"', '"written in its place"']);
      assert.equal(replica.writers.get('w1')?.replies, 'diverged');
      assert.deepEqual(replica.writers.get('w2')?.replies, []);
    }
    // The servers have not even as many messages as its writer had read.
    const shorter = createReplica();
    apply(shorter, ...append('w1', 1, 0, 'both have it'), ...beyond);
    assert.equal(shorter.writers.get('w1')?.replies, 'diverged');
  });

  it('bounds a write by the limits of its writer', () => {
    const replica = createReplica();
    const request = JSON.stringify(['put', { key: 'k', value: '"v"', expected: 'absent' }]);
    const header = { writer: 'w', base: 0, link: 0 };
    const tiny = { maxEvents: 1, maxStoreBytes: -9 * 1024 * 1024 };
    apply(replica, ...encodeBatch({ ...header, batch: 1 }, { limits: tiny, requests: [request] }, 1000));
    apply(replica, ...encodeBatch({ ...header, batch: 2 }, { limits, requests: [request] }, 1000));
    assert.deepEqual(replica.writers.get('w')?.replies, [{ kind: 'stored', revision: 1 }]);
  });

  it('is the same after it has been an image', async () => {
    const replica = createReplica();
    for (let number = 0; number < 300; number++) {
      apply(
        replica,
        ...append(`w${number % 7}`, 1 + Math.floor(number / 7), number, `${'é\ud800"\n\t'.repeat(number)}`),
      );
    }
    const parts = append('half', 1, 300, 'x'.repeat(5000), 1000);
    apply(replica, ...parts.slice(0, 2));
    const pieces = await encodeImage(replica);
    const copy = await decodeImage(pieces, 'the snapshot');
    assert.equal(audit(copy.tables), undefined);
    apply(replica, ...parts.slice(2));
    apply(copy, ...parts.slice(2));
    assert.deepEqual(deltas(copy), deltas(replica));
    assert.deepEqual({ ...copy, tables: undefined }, { ...replica, tables: undefined });
    assert.deepEqual(readTotals(copy.tables), readTotals(replica.tables));
    await assert.rejects(
      decodeImage(pieces.slice(0, -1), 'the snapshot'),
      isError('damaged', /^the snapshot is incompl/),
    );
  });
});

describe('a message', () => {
  const [message = new Uint8Array()] = append('w', 1, 0, 'delta');

  it('with any byte changed, or cut short anywhere, is named as corrupt', () => {
    for (let index = 0; index < message.length; index++) {
      const changed = Uint8Array.from(message);
      changed[index] = (changed[index] ?? 0) ^ 0x20;
      assert.throws(() => decodeFrame(changed, 'message 7'), isError('damaged', /^message 7 is corrupt/));
      assert.throws(() => decodeFrame(message.subarray(0, index), 'message 7'), isError('damaged', /^message 7 /));
    }
  });

  it('of a later version is refused by its number, and changes nothing', () => {
    const replica = createReplica();
    const later = encodeFrame({ writer: 'w', batch: 1, base: 0, link: 0, part: 0, parts: 1 }, Buffer.from('?'), 2);
    assert.throws(() => apply(replica, later), isError('newer-format', /^message 1 has format 2, .* up to 1/));
    const unknown = encodeBatch(
      { writer: 'w', batch: 1, base: 0, link: 0 },
      { limits, requests: ['["rename",{}]'] },
      1000,
    );
    assert.throws(() => apply(replica, ...unknown), isError('newer-format', /"rename"/));
    assert.equal(replica.applied.sequence, 0);
  });
});

function append(
  writer: string,
  batch: number,
  expectedSequence: number,
  delta: string,
  maxBodyBytes = 100_000,
): readonly Uint8Array[] {
  const event = { deployable: 'shop', text: JSON.stringify({ deployable: 'shop', reason: 'test' }) };
  const request = { deployable: 'shop', expectedSequence, delta: JSON.stringify(delta), events: [event] };
  return encodeBatch(
    { writer, batch, base: 0, link: 0 },
    { limits, requests: [JSON.stringify(['append', request])] },
    maxBodyBytes,
  );
}

/** Of a writer that has read what the replica has applied. */
function empty(writer: string, batch: number, replica: Replica): readonly Uint8Array[] {
  return encodeBatch(
    { writer, batch, base: replica.applied.sequence, link: lastLink(replica) },
    { limits, requests: [] },
    1000,
  );
}

function apply(replica: Replica, ...messages: readonly Uint8Array[]): void {
  for (const message of messages) {
    applyMessage(replica, message, `message ${replica.applied.sequence + 1}`, () => undefined);
  }
}

function deltas({ tables }: Replica): readonly string[] {
  return reads.read(tables, { deployable: 'shop', afterSequence: 0, limit: 1000 }).map(({ delta }) => delta);
}

function isError(code: StoreErrorCode, message: RegExp): (error: unknown) => boolean {
  return (error) => isStoreError(error) && error.code === code && message.test(error.message);
}
