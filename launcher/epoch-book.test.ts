import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openEpochBook } from './epoch-book.js';

test('a newer epoch is taken, the same one again, an older one never', async (t) => {
  const book = await openEpochBook(temporaryFile(t));
  const steps = [
    { epoch: 3, expected: 'adopted', current: 3 },
    { epoch: 3, expected: 'adopted', current: 3 },
    { epoch: 2, expected: 'stale', current: 3 },
    { epoch: 7, expected: 'adopted', current: 7 },
    { epoch: 3, expected: 'stale', current: 7 },
  ];
  for (const { epoch, expected, current } of steps) {
    assert.equal(await book.adopt('shop', epoch), expected, `epoch ${epoch}`);
    assert.equal(book.current('shop'), current);
  }
  assert.equal(book.current('blog'), 0);
});

test('an epoch is on disk when it is adopted, beside those of other deployables', async (t) => {
  const file = temporaryFile(t);
  const book = await openEpochBook(file);
  await Promise.all([book.adopt('shop', 4), book.adopt('blog', 9), book.adopt('shop', 5)]);
  const reopened = await openEpochBook(file);
  assert.equal(reopened.current('shop'), 5);
  assert.equal(reopened.current('blog'), 9);
  assert.equal(await reopened.adopt('shop', 4), 'stale');
});

test('a damaged file is an error, not an empty book', async (t) => {
  const file = temporaryFile(t);
  for (const text of ['', '{"shop":', '{"shop":"5"}', '{"shop":1.5}', '{"shop":-1}', '[3]', 'null']) {
    writeFileSync(file, text);
    await assert.rejects(openEpochBook(file), /is damaged/, text);
  }
});

test('an epoch that cannot be written is not in force', async (t) => {
  const file = join(temporaryFile(t), 'missing', 'epochs.json');
  const book = await openEpochBook(file);
  await assert.rejects(book.adopt('shop', 1), { code: 'ENOENT' });
  assert.equal(book.current('shop'), 0);
  assert.throws(() => readFileSync(file));
});

function temporaryFile(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-epochs-'));
  t.after(() => rmSync(directory, { recursive: true }));
  return join(directory, 'epochs.json');
}
