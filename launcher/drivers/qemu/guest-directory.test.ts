import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { boundFile, readTail } from './guest-directory.js';

describe('files that a guest may have written', () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'cpe-guest-directory-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
  const path = (name: string) => join(directory, name);

  test('the end of a file begins with a whole character', async () => {
    writeFileSync(path('log'), 'a\u20acb');
    assert.equal(await readTail(path('log'), 100), 'a\u20acb');
    assert.equal(await readTail(path('log'), 4), '\u20acb');
    for (const bytes of [3, 2]) assert.equal(await readTail(path('log'), bytes), 'b');
    assert.equal(await readTail(path('nothing'), 10), '');
  });

  test('a file that became too long goes on with nothing, and its end is kept', async () => {
    writeFileSync(path('console'), `${'x'.repeat(20_000)}end`);
    const limits = { limitBytes: 8192, keptBytes: 10 };
    await boundFile(path('console'), path('console.1'), limits);
    assert.equal(statSync(path('console')).size, 0);
    assert.equal(readFileSync(path('console.1'), 'utf8'), 'xxxxxxxend');
    appendFileSync(path('console'), 'more');
    await boundFile(path('console'), path('console.1'), limits);
    assert.equal(readFileSync(path('console'), 'utf8'), 'more');
    await boundFile(path('nothing'), path('nothing.1'), limits);
  });

  test('what is no plain file of its own is not followed, opened or waited for', async () => {
    writeFileSync(path('secret'), 's'.repeat(20_000));
    symlinkSync(path('secret'), path('link'));
    linkSync(path('secret'), path('hard'));
    execFileSync('mkfifo', [path('fifo')]);
    for (const name of ['link', 'hard', 'fifo']) {
      await assert.rejects(readTail(path(name), 10));
      await assert.rejects(boundFile(path(name), path('older'), { limitBytes: 1, keptBytes: 1 }));
    }
    writeFileSync(path('full'), 'f'.repeat(20_000));
    await assert.rejects(boundFile(path('full'), path('link'), { limitBytes: 1, keptBytes: 1 }));
    assert.equal(statSync(path('secret')).size, 20_000);
  });
});
