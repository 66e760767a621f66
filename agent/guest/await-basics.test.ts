import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Log } from '../log.js';
import { awaitBasics } from './await-basics.js';

test('the agent goes on when the file is there, at once where none is waited for, and with a warning without it', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'basics-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'basics');
  const warnings: string[] = [];
  const log: Log = (level, message) => warnings.push(`${level}: ${message}`);

  await awaitBasics(undefined, log);
  await awaitBasics(file, log, 1);
  assert.deepEqual(warnings, ['warn: the machine does not tell that its basics are set up; going on without them']);

  let isThere = false;
  const waiting = awaitBasics(file, log).then(() => assert.ok(isThere));
  setImmediate(() => {
    isThere = true;
    writeFileSync(file, '');
  });
  await waiting;
  assert.equal(warnings.length, 1);
});
