import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TransitionSummary } from './core/dpe-effect.js';
import { DecisionArchive } from './decision-archive.js';

function summary(number: number): TransitionSummary {
  return {
    number,
    trigger: 'a test',
    at: 1_800_000_000_000 + number,
    actions: 1,
    executed: [
      {
        id: 4,
        kind: 'resource',
        operation: 'start',
        key: 'web.app_start_0',
        resource: 'web.app',
        node: 'web',
        intervalMs: 0,
        beganAt: 1_800_000_000_000,
        endedAt: 1_800_000_000_004,
        outcome: 'succeeded',
        reason: '',
      },
    ],
    failed: 0,
    outcome: 'complete',
    reason: '',
    durationMs: 5,
  };
}

async function withArchive(
  use: (directory: string, open: () => DecisionArchive, troubles: string[]) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'decision-archive-'));
  const troubles: string[] = [];
  const opened: DecisionArchive[] = [];
  const open = () => {
    const archive = new DecisionArchive(join(directory, 'shop'), (reason) => troubles.push(reason));
    opened.push(archive);
    return archive;
  };
  try {
    await use(join(directory, 'shop'), open, troubles);
  } finally {
    for (const archive of opened) await archive.close();
    await rm(directory, { recursive: true, force: true });
  }
}

test('a decision is kept with what went in, what came out and how it ended; also for the next process', () =>
  withArchive(async (directory, open) => {
    const archive = open();
    archive.decided(7, { record: async () => ({ cib: '<cib/>', graph: '<transition_graph/>' }), decideMs: 12 });
    archive.ended(summary(7));
    assert.deepEqual(await archive.list(10), [{ ...summary(7), decideMs: 12, directory: join(directory, '7') }]);
    assert.equal(await readFile(join(directory, '7', 'cib.xml'), 'utf8'), '<cib/>');
    assert.equal((await open().list(10)).length, 1);
  }));

test('the archive is bounded, oldest decisions go first, and the newest are listed first', () =>
  withArchive(async (directory, open) => {
    const archive = open();
    for (let number = 1; number <= 205; number++) {
      archive.decided(number, { record: async () => ({ cib: '<cib/>', graph: '' }), decideMs: 1 });
      archive.ended(summary(number));
    }
    assert.deepEqual(
      (await archive.list(3)).map(({ number }) => number),
      [205, 204, 203],
    );
    const names = await readdir(directory);
    assert.equal(names.length, 200);
    assert.ok(!names.includes('5') && names.includes('6'));
  }));

test('large decisions are bounded by their size, and the newest is kept whatever its size', () =>
  withArchive(async (directory) => {
    const archive = new DecisionArchive(join(directory), assert.fail, { decisions: 200, bytes: 2_500 });
    for (const [index, size] of [1_000, 1_000, 1_000, 9_000].entries()) {
      archive.decided(index + 1, { record: async () => ({ cib: 'x'.repeat(size), graph: '' }), decideMs: 1 });
    }
    await archive.close();
    assert.deepEqual(await readdir(directory), ['4']);
    const next = new DecisionArchive(join(directory), assert.fail, { decisions: 200, bytes: 20_000 });
    next.decided(5, { record: async () => ({ cib: 'x'.repeat(9_000), graph: '' }), decideMs: 1 });
    await next.close();
    assert.deepEqual((await readdir(directory)).sort(), ['4', '5']);
  }));

test('a decision without an outcome, with a torn one or with one of another kind is left out', () =>
  withArchive(async (directory, open) => {
    const archive = open();
    for (const number of [1, 2, 3, 4])
      archive.decided(number, { record: async () => ({ cib: '<cib/>', graph: '' }), decideMs: 1 });
    archive.ended(summary(4));
    await archive.close();
    await writeFile(join(directory, '2', 'outcome.json'), '{"number": 2, "trig');
    await writeFile(join(directory, '3', 'outcome.json'), 'null');
    assert.deepEqual(
      (await open().list(10)).map(({ number }) => number),
      [4],
    );
  }));

test('a disk that refuses is told of and stops nobody', () =>
  withArchive(async (directory, open, troubles) => {
    await writeFile(directory, 'a file in the way');
    const archive = open();
    archive.decided(1, { record: async () => ({ cib: '<cib/>', graph: '' }), decideMs: 1 });
    archive.ended(summary(1));
    assert.deepEqual(await archive.list(10), []);
    assert.equal(troubles.length, 2);
  }));
