import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { type AppendOutcome, type Outbox, openOutbox } from './outbox.js';

const text = (value: string) => Buffer.from(value);

async function directoryFor(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'outbox-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function sequenceOf(outcome: AppendOutcome): number {
  assert.equal(outcome.kind, 'stored');
  return outcome.kind === 'stored' ? outcome.sequence : 0;
}

async function deliverAll(outbox: Outbox): Promise<[number, string][]> {
  const delivered: [number, string][] = [];
  outbox.deliver(async (sequence, payload) => {
    delivered.push([sequence, Buffer.from(payload).toString()]);
    return 'acknowledged';
  });
  await outbox.drained();
  return delivered;
}

test('entries are delivered in order, once, with growing sequences', async (context) => {
  const outbox = await openOutbox({ directory: await directoryFor(context) });
  const sequences = await Promise.all(
    ['a', 'b', 'c'].map(async (value) => sequenceOf(await outbox.append(text(value)))),
  );
  assert.deepEqual(sequences, [1, 2, 3]);
  assert.deepEqual(await deliverAll(outbox), [
    [1, 'a'],
    [2, 'b'],
    [3, 'c'],
  ]);
  assert.equal(outbox.state().waiting, 0);
  assert.equal(outbox.state().waitingBytes, 0);
  await outbox.close();
});

test('an outbox whose file has lost everything takes entries again', async (context) => {
  const directory = await directoryFor(context);
  await writeFile(join(directory, 'outbox.log'), '');
  const outbox = await openOutbox({ directory });
  sequenceOf(await outbox.append(text('a')));
  await outbox.close();
});

test('what was not acknowledged is there after a restart, and sequences go on after everything was', async (context) => {
  const directory = await directoryFor(context);
  const first = await openOutbox({ directory });
  await first.append(text('a'));
  await first.append(text('b'));
  await first.close();

  const second = await openOutbox({ directory });
  assert.equal(second.state().oldestSequence, 1);
  assert.equal((await deliverAll(second)).length, 2);
  await second.close();

  const third = await openOutbox({ directory });
  assert.equal(third.state().waiting, 0);
  assert.equal(sequenceOf(await third.append(text('c'))), 3);
  await third.close();
});

test('a failed delivery is tried again, at once when kicked, and nothing overtakes it', async (context) => {
  const outbox = await openOutbox({ directory: await directoryFor(context), firstRetryMs: 3_600_000 });
  await outbox.append(text('a'));
  await outbox.append(text('b'));
  const delivered: number[] = [];
  let failedOnce = () => {};
  const failed = new Promise<void>((resolve) => {
    failedOnce = resolve;
  });
  outbox.deliver(async (sequence) => {
    delivered.push(sequence);
    if (delivered.length > 1) return 'acknowledged';
    failedOnce();
    throw new Error('lost');
  });
  await failed;
  outbox.kick();
  await outbox.drained();
  assert.deepEqual(delivered, [1, 1, 2]);
  await outbox.close();
});

test('an append during the back-off does not cut it short', async (context) => {
  const outbox = await openOutbox({ directory: await directoryFor(context), firstRetryMs: 3_600_000 });
  let attempts = 0;
  await outbox.append(text('a'));
  const tried = new Promise<void>((resolve) => {
    outbox.deliver(async () => {
      attempts += 1;
      resolve();
      return 'retry';
    });
  });
  await tried;
  await outbox.append(text('b'));
  await outbox.append(text('c'));
  assert.equal(attempts, 1);
  await outbox.close();
});

test('a tail torn at any byte loses only what it belonged to', async (context) => {
  const directory = await directoryFor(context);
  const file = join(directory, 'outbox.log');
  const outbox = await openOutbox({ directory });
  await outbox.append(text('first'));
  await outbox.append(text('second'));
  const { size: whole } = await stat(file);
  await outbox.append(text('third'));
  await outbox.close();
  const bytes = await readFile(file);
  for (let length = whole; length < bytes.length; length += 1) {
    await writeFile(file, bytes);
    await truncate(file, length);
    const reopened = await openOutbox({ directory });
    const { waiting, oldestSequence, tornBytes } = reopened.state();
    assert.deepEqual(
      { waiting, oldestSequence, tornBytes },
      { waiting: 2, oldestSequence: 1, tornBytes: length - whole },
    );
    const next = sequenceOf(await reopened.append(text('next')));
    assert.ok(next >= 3 + (length > whole ? 1 : 0), `sequence ${next} at length ${length}`);
    await reopened.close();
  }
});

test('a flipped bit is found, and no sequence behind it is used again', async (context) => {
  const directory = await directoryFor(context);
  const file = join(directory, 'outbox.log');
  const outbox = await openOutbox({ directory });
  for (let index = 0; index < 50; index += 1) await outbox.append(text(''));
  await outbox.close();
  const handle = await open(file, 'r+');
  await handle.write(Buffer.from([0xff]), 0, 1, 30);
  await handle.close();
  const reopened = await openOutbox({ directory });
  assert.equal(reopened.state().waiting, 0);
  assert.ok(sequenceOf(await reopened.append(text('next'))) > 50);
  await reopened.close();
});

test('a full outbox refuses, counts, and keeps its count and its oldest entries over a restart', async (context) => {
  const directory = await directoryFor(context);
  const outbox = await openOutbox({ directory, maxBytes: 200 });
  const outcomes = [];
  for (let index = 0; index < 5; index += 1) outcomes.push(await outbox.append(Buffer.alloc(80, index)));
  assert.deepEqual(
    outcomes.map((outcome) => outcome.kind),
    ['stored', 'stored', 'full', 'full', 'full'],
  );
  await outbox.close();
  const reopened = await openOutbox({ directory, maxBytes: 200 });
  assert.equal(reopened.state().dropped, 3);
  const delivered = await deliverAll(reopened);
  assert.deepEqual(
    delivered.map(([sequence]) => sequence),
    [1, 2],
  );
  assert.equal(sequenceOf(await reopened.append(text('room again'))), 3);
  await reopened.close();
});

test('the file stays bounded under a stream of entries, and an interrupted rewrite is no matter', async (context) => {
  const directory = await directoryFor(context);
  const outbox = await openOutbox({ directory });
  const seen: number[] = [];
  outbox.deliver(async (sequence) => {
    seen.push(sequence);
    return 'acknowledged';
  });
  for (let index = 0; index < 40; index += 1) await outbox.append(Buffer.alloc(16 * 1024, index));
  await outbox.drained();
  assert.ok((await stat(join(directory, 'outbox.log'))).size < 200 * 1024);
  assert.deepEqual(
    seen,
    Array.from({ length: 40 }, (_, index) => index + 1),
  );
  await outbox.close();
  await writeFile(join(directory, 'outbox.log.new'), 'half of a rewritt');
  const reopened = await openOutbox({ directory });
  assert.equal(sequenceOf(await reopened.append(text('x'))), 41);
  await reopened.close();
});

test('a closed outbox refuses with a typed outcome', async (context) => {
  const outbox = await openOutbox({ directory: await directoryFor(context) });
  await outbox.close();
  assert.equal((await outbox.append(text('late'))).kind, 'failed');
});

/** Appends and acknowledges as fast as it can, and says what was promised to it. */
const WRITER = `
const { openOutbox } = await import(process.argv[1]);
const outbox = await openOutbox({ directory: process.argv[2] });
outbox.deliver(async (sequence) => {
  console.log('delivered', sequence);
  return sequence % 7 === 0 ? 'retry' : 'acknowledged';
});
for (let entry = 0; ; entry += 1) {
  const size = (entry * 7919) % 3000;
  await Promise.all([Buffer.alloc(size, 1), Buffer.alloc(10, 2)].map(async (payload) => {
    const outcome = await outbox.append(payload);
    if (outcome.kind === 'stored') console.log('stored', outcome.sequence);
  }));
}`;

test('a process killed while it writes loses nothing that was promised, and uses no sequence twice', async (context) => {
  const directory = await directoryFor(context);
  let highestStored = 0;
  for (let round = 0; round < 12; round += 1) {
    const module = new URL('./outbox.js', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, module, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const stored: number[] = [];
    const delivered = new Set<number>();
    for await (const line of createInterface({ input: child.stdout })) {
      const [what, number] = line.split(' ');
      if (what === 'stored') stored.push(Number(number));
      else delivered.add(Number(number));
      if (stored.length === 20 + round * 13) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');

    assert.ok((stored[0] ?? 0) > highestStored, `${stored[0]} follows ${highestStored}`);
    highestStored = Math.max(...stored);
    const outbox = await openOutbox({ directory });
    const again = new Set<number>();
    outbox.deliver(async (sequence) => {
      again.add(sequence);
      return 'acknowledged';
    });
    await outbox.drained();
    const lost = stored.filter((sequence) => !delivered.has(sequence) && !again.has(sequence));
    assert.deepEqual(lost, []);
    assert.ok(outbox.state().nextSequence > highestStored);
    await outbox.close();
  }
});

test('a batch is stored from its first entry on as far as there is room, with nothing behind the first that has none', async (context) => {
  const directory = await directoryFor(context);
  const outbox = await openOutbox({ directory, maxBytes: 200 });
  const sizes = [60, 60, 100, 10];
  const first = await outbox.appendAll(sizes.map((size) => Buffer.alloc(size)));
  assert.deepEqual(first, { kind: 'stored', count: 2 }, 'the small one at the end does not overtake the big one');
  assert.deepEqual(await outbox.appendAll([Buffer.alloc(100)]), { kind: 'stored', count: 0 });
  assert.equal(outbox.state().dropped, 0, 'what the caller keeps is not lost');
  assert.equal((await deliverAll(outbox)).length, 2);
  assert.deepEqual(await outbox.appendAll([Buffer.alloc(100), Buffer.alloc(10)]), { kind: 'stored', count: 2 });
  await outbox.drained();
  await outbox.close();
});

test('an empty outbox takes an entry that is bigger than its bound', async (context) => {
  const outbox = await openOutbox({ directory: await directoryFor(context), maxBytes: 50 });
  assert.deepEqual(await outbox.appendAll([Buffer.alloc(500), text('b')]), { kind: 'stored', count: 1 });
  assert.deepEqual(await outbox.appendAll([text('b')]), { kind: 'stored', count: 0 });
  assert.equal((await deliverAll(outbox)).length, 1);
  assert.deepEqual(await outbox.appendAll([text('b')]), { kind: 'stored', count: 1 });
  await outbox.drained();
  await outbox.close();
});
