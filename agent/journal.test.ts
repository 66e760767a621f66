import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from './executors/executor-fixture.js';
import { Journal, JournalError } from './journal.js';

function pathIn(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'journal-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'journal');
}

function reopened(path: string): { entries: Record<string, unknown>; damaged: number } {
  const { journal, damaged } = Journal.open(path);
  journal.close();
  return { entries: Object.fromEntries(journal.entries()), damaged };
}

test('the last value of each key counts, and a change is there as soon as it is appended', (context) => {
  const path = pathIn(context);
  const { journal } = Journal.open(path);
  journal.append([
    { key: 'a', value: 1 },
    { key: 'b', value: { text: 'line\nbreak' } },
  ]);
  journal.append([
    { key: 'a', value: 2 },
    { key: 'c', value: 3 },
  ]);
  journal.append([{ key: 'c', value: undefined }]);
  assert.deepEqual(reopened(path).entries, { a: 2, b: { text: 'line\nbreak' } });
  journal.close();
});

test('a change that was torn is as if it had never been begun, at whatever byte', (context) => {
  const path = pathIn(context);
  const { journal } = Journal.open(path);
  journal.append([{ key: 'a', value: 'old' }]);
  const kept = statSync(path).size;
  journal.append([
    { key: 'a', value: 'new' },
    { key: 'b', value: 'new' },
  ]);
  journal.close();
  const whole = readFileSync(path);
  for (let size = whole.length - 1; size >= kept; size -= 1) {
    writeFileSync(path, whole.subarray(0, size));
    assert.deepEqual(reopened(path), { entries: { a: 'old' }, damaged: 0 });
    assert.equal(statSync(path).size, kept);
  }
  appendFileSync(path, '[["a","later"');
  assert.deepEqual(reopened(path).entries, { a: 'old' });
});

test('a damaged line in the middle is counted, and the others still count', (context) => {
  const path = pathIn(context);
  appendFileSync(path, '[["a",1]]\nrubbish\n[["b",2]]\n');
  assert.deepEqual(reopened(path), { entries: { a: 1, b: 2 }, damaged: 1 });
});

test('a line of which one bit has changed is damaged, though it may still be JSON', (context) => {
  const path = pathIn(context);
  const { journal } = Journal.open(path);
  journal.append([{ key: 'a', value: { epoch: 1 } }]);
  journal.append([{ key: 'b', value: 2 }]);
  journal.close();
  const whole = readFileSync(path);
  const end = whole.indexOf('\n');
  for (let bit = 0; bit < end * 8; bit += 1) {
    const changed = Buffer.from(whole);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    writeFileSync(path, changed);
    const { entries, damaged } = reopened(path);
    assert.deepEqual(entries, { b: 2 }, `bit ${bit}`);
    assert.ok(damaged >= 1, `bit ${bit}`);
  }
});

test('lines without a checksum are those of the version before', (context) => {
  const path = pathIn(context);
  appendFileSync(path, '[["a",1]]\n');
  const { journal } = Journal.open(path);
  journal.append([{ key: 'b', value: 2 }]);
  journal.close();
  assert.deepEqual(reopened(path), { entries: { a: 1, b: 2 }, damaged: 0 });
});

test('it is rewritten when it has grown to several times what it holds', async (context) => {
  const path = pathIn(context);
  const { journal } = Journal.open(path);
  const text = 'x'.repeat(10_000);
  for (let count = 0; count < 500; count += 1) {
    journal.append([{ key: `k${count % 3}`, value: `${count}${text}` }]);
    if (count % 10 === 0) await journal.flushed();
  }
  await Promise.all([journal.flushed(), journal.flushed(), journal.flushed()]);
  await until('a file of less than was written', () => statSync(path).size < 4_500_000);
  journal.append([{ key: 'last', value: true }]);
  journal.close();
  const { entries } = reopened(path);
  assert.deepEqual(Object.keys(entries).sort(), ['k0', 'k1', 'k2', 'last']);
  assert.equal(entries.k1, `499${text}`);
  assert.ok(readFileSync(path, 'utf8').endsWith('\n'));
});

test('what is appended while it is rewritten is in the new file, in its order', async (context) => {
  const path = pathIn(context);
  const { journal } = Journal.open(path);
  const text = 'x'.repeat(600_000);
  journal.append([{ key: 'large', value: text }]);
  journal.append([{ key: 'large', value: `${text}y` }]);
  const before = statSync(path).ino;
  for (let count = 0; statSync(path).ino === before; count += 1) {
    journal.append([{ key: 'count', value: count }]);
    journal.append([{ key: `k${count}`, value: count }]);
    if (count > 0) journal.append([{ key: `k${count - 1}`, value: undefined }]);
    const known = Object.fromEntries(journal.entries());
    assert.deepEqual(reopened(path), { entries: known, damaged: 0 });
    await journal.flushed();
  }
  journal.append([{ key: 'last', value: true }]);
  assert.deepEqual(reopened(path).entries, Object.fromEntries(journal.entries()));
  assert.ok(statSync(path).size < 700_000);
  journal.close();
});

test('a journal that is closed while it is rewritten stays as it is', async (context) => {
  const path = pathIn(context);
  const { journal } = Journal.open(path);
  journal.append([{ key: 'large', value: 'x'.repeat(1_100_000) }]);
  journal.append([{ key: 'last', value: true }]);
  journal.close();
  const { ino } = statSync(path);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(statSync(path).ino, ino);
  assert.deepEqual(Object.keys(reopened(path).entries), ['large', 'last']);
});

test('a place that cannot be written is a JournalError that names it', (context) => {
  const path = join(pathIn(context), 'no', 'such');
  assert.throws(
    () => Journal.open(path),
    (error) => error instanceof JournalError && error.message.startsWith(`${path}: ENOENT`),
  );
});

test('when there is no more room a change is refused as a whole, and there is room for a smaller one', (context) => {
  const path = pathIn(context);
  const module = new URL('./journal.js', import.meta.url).href;
  const program = `
    const { Journal, JournalError } = await import(${JSON.stringify(module)});
    const { journal } = Journal.open(${JSON.stringify(path)});
    let refused = 0;
    for (const length of [300, 5000, 5]) {
      try {
        journal.append([{ key: 'k' + length, value: 'x'.repeat(length) }]);
      } catch (error) {
        if (error instanceof JournalError) refused += 1;
      }
    }
    process.exitCode = refused;`;
  // A limit to the size of files: writing stops in the middle of the second change, with EFBIG for the rest.
  const shell = 'trap "" XFSZ; ulimit -f 4; exec "$@"';
  const limited = spawnSync('sh', ['-c', shell, 'sh', process.execPath, '--input-type=module', '-e', program]);
  assert.equal(limited.status, 1, limited.stderr.toString());
  const { entries, damaged } = reopened(path);
  assert.deepEqual([Object.keys(entries), damaged], [['k300', 'k5'], 0]);
});
