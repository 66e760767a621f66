import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { prepareCommitment } from '../commitment.js';
import type { Place } from '../platform.js';
import { attemptPlace, makeWarmPlace, settleMachine } from './machine-life.js';

describe('the life of a machine with two attempts', () => {
  let place: Place;
  beforeEach(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cpe-machine-life-'));
    const record = {
      version: 1,
      driver: 'qemu',
      instance: 'shop.db.local.1-1',
      deployable: 'shop',
      assembly: 'db',
    } as const;
    const more = { address: '', hostname: 'db', startedAt: 1, bootId: 'boot', pidNamespace: 'pid:[1]' };
    place = { directory, record: { ...record, ...more } };
    await prepareCommitment(directory);
  });
  afterEach(() => rmSync(place.directory, { recursive: true, force: true }));

  /** As the init of an attempt does it, which starts nothing when it is not the first. */
  const commit = ({ directory }: Place, text: string): boolean => {
    writeFileSync(join(directory, 'mine'), text);
    try {
      linkSync(join(directory, 'mine'), join(directory, 'init.pid'));
      return true;
    } catch {
      return false;
    }
  };

  test('without a commitment there is none, and none of its inits can commit any more', async () => {
    const warm = await makeWarmPlace(place);
    assert.deepEqual(await settleMachine(place), { kind: 'never' });
    assert.equal(commit(place, '1 1\n'), false);
    assert.equal(commit(warm, '1 1\n'), false);
  });

  test('a restored machine is the life, and no boot can come after it', async () => {
    assert.ok(commit(await makeWarmPlace(place), '7 70\n'));
    const settled = await settleMachine(place);
    assert.deepEqual(settled, {
      kind: 'life',
      life: { pid: 7, startTime: '70', bootId: 'boot', pidNamespace: 'pid:[1]', isWarm: true },
    });
    assert.equal(commit(place, '8 80\n'), false);
  });

  test('a boot that has begun is the life, whatever came before it', async () => {
    assert.ok(commit(await makeWarmPlace(place), '7 70\n'));
    assert.ok(commit(place, '8 80\n'));
    const settled = await settleMachine(place);
    assert.ok(settled.kind === 'life' && settled.life.pid === 8 && !settled.life.isWarm, JSON.stringify(settled));
  });

  test('the place of the first attempt is there with all that its abandoning needs, or not at all', async () => {
    const warm = await makeWarmPlace(place);
    assert.equal(warm.directory, attemptPlace({ isWarm: true }, place).directory);
    assert.equal(readFileSync(join(warm.directory, 'init.pid.abandoned'), 'utf8'), 'abandoned\n');
    assert.equal(existsSync(`${warm.directory}.new`), false);
    assert.equal(attemptPlace({ isWarm: false }, place), place);
  });
});
