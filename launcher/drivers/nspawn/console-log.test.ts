import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Place } from '../platform.js';
import { boundConsoleLog, readConsoleLog } from './console-log.js';

test('the end of a console log is kept, however much is written', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-console-'));
  const place: Place = {
    directory,
    record: {
      version: 1,
      driver: 'nspawn',
      instance: 'shop.db.one.1-1',
      deployable: 'shop',
      assembly: 'db',
      address: '10.64.0.2',
      hostname: 'db',
      startedAt: 0,
      bootId: '',
      pidNamespace: '',
    },
  };
  const log = join(directory, 'machine.log');
  try {
    assert.equal(await readConsoleLog(place, 100), '');
    writeFileSync(log, 'Grüße\n');
    await boundConsoleLog(place);
    assert.equal(await readConsoleLog(place, 100), 'Grüße\n');
    assert.equal(await readConsoleLog(place, 3), 'e\n', 'from the beginning of a character on');
    writeFileSync(log, `${'x'.repeat(5 << 20)}the end\n`);
    await boundConsoleLog(place);
    assert.equal(statSync(log).size, 0);
    appendFileSync(log, 'and on\n');
    assert.equal(await readConsoleLog(place, 15), 'the end\nand on\n');
    assert.equal((await readConsoleLog(place, 10 << 20)).length, (1 << 20) + 7);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
