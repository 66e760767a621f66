/** That what the LMDB store has acknowledged is on the disk, and not only with the kernel. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { openLmdbStore } from '../../coordinator/store/lmdb-store.js';
import { until } from '../e2e/site.js';
import { afterPowerCut, type DiskStep, readDiskTrace, straceOf } from './disk-trace.js';

const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0;
const skip = canTrace ? false : 'NOT TESTED: strace is missing, or may not trace';

test('after a power cut at any moment the store is whole, with all that was acknowledged', {
  skip,
}, async (context) => {
  const root = mkdtempSync(join(tmpdir(), 'cpe-power-'));
  context.after(() => rmSync(root, { recursive: true }));
  const { before, steps } = await traceOfAppends(root, 150);
  const told = (until: number): readonly Told[] =>
    steps.slice(0, until).flatMap((step) => (step.kind === 'told' ? [JSON.parse(step.text) as Told] : []));
  assert.ok(told(steps.length).length >= 150);

  const moments = fc.record({
    cut: fc.nat({ max: steps.length - 1 }),
    written: fc.infiniteStream(fc.boolean()),
    // Everything and nothing are more likely than by chance.
    all: fc.constantFrom(true, false, undefined),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(moments, async ({ cut, written, all }) => {
      run += 1;
      const directory = join(root, `cut-${run}`);
      mkdirSync(directory, { mode: 0o700 });
      const isWritten = () => all ?? written.next().value === true;
      writeFileSync(join(directory, 'data.mdb'), afterPowerCut(before, steps, cut, isWritten), { mode: 0o600 });
      await assertHolds(directory, told(cut));
      rmSync(directory, { recursive: true });
    }),
    { numRuns: 60 },
  );
});

test('what is told before it is synced would be noticed', { skip }, async (context) => {
  const root = mkdtempSync(join(tmpdir(), 'cpe-power-'));
  context.after(() => rmSync(root, { recursive: true }));
  const { before, steps } = await traceOfAppends(root, 3);
  const isMeta = (step: DiskStep) => step.kind === 'write' && step.isSynced;
  const unsynced = steps.map((step) => (step.kind === 'write' ? { ...step, isSynced: false } : step));
  const cut = steps.findIndex((step, index) => step.kind === 'told' && steps.slice(0, index).some(isMeta)) + 1;
  const directory = join(root, 'cut');
  mkdirSync(directory, { mode: 0o700 });
  writeFileSync(
    join(directory, 'data.mdb'),
    afterPowerCut(before, unsynced, cut, () => false),
  );
  await assert.rejects(assertHolds(directory, [[1, 1, 2]]), assert.AssertionError);
});

/** The sequence of a record, and the seqs of its two events. */
type Told = readonly [number, number, number];

/** The data file of a store, and what a writer then did to it that was killed after it had told of `count` appends. */
async function traceOfAppends(root: string, count: number) {
  const [directory, told, trace, first] = ['store', 'told', 'trace', 'first'].map((name) => join(root, name));
  assert.ok(directory && told && trace && first);
  await (await openLmdbStore(directory)).close();
  const file = join(directory, 'data.mdb');
  copyFileSync(file, first);
  const output = openSync(told, 'w');
  const program = fileURLToPath(new URL('./store-process.js', import.meta.url));
  const command = [...straceOf(trace, file, told), process.execPath, program, 'append-own', directory, 'shop'];
  const tracer: ChildProcess = spawn('strace', command, { stdio: ['ignore', output, 'inherit'], detached: true });
  closeSync(output);
  const ended = once(tracer, 'close');
  await until(`${count} appends`, 120_000, async () => (lines(told).length > count ? true : undefined));
  // With the writer, which a tracer that ends would let go.
  process.kill(-(tracer.pid ?? 0), 'SIGKILL');
  await ended;
  return { before: readFileSync(first), steps: readDiskTrace(trace) };
}

const lines = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);

async function assertHolds(directory: string, told: readonly Told[]): Promise<void> {
  const store = await openLmdbStore(directory);
  try {
    const events = await store.events({ since: 0, limit: 100_000 });
    const expected = Array.from({ length: events.length / 2 }, (_, index) => [`${index + 1}a`, `${index + 1}b`]).flat();
    assert.deepEqual(
      events.map(({ reason }) => reason),
      expected,
    );
    for (const [sequence, first, second] of told) {
      const found = [first, second].map((seq) => events[seq - 1]?.reason);
      assert.deepEqual(found, [`${sequence}a`, `${sequence}b`]);
    }
    const snapshot = (await store.readSnapshot('shop'))?.sequence ?? 0;
    const log = await store.read('shop', snapshot, 100_000);
    assert.equal(snapshot + log.length, events.length / 2);
  } finally {
    await store.close();
  }
}
