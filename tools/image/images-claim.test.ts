import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findImage } from '../../launcher/images/image-store.js';
import { holdImage } from '../../launcher/images/image-users.js';
import { writeSampleImage } from '../../launcher/images/sample-image.js';
import { openImages } from './images-claim.js';

const top = mkdtempSync(join(tmpdir(), 'images-claim-'));
after(() => rmSync(top, { recursive: true, force: true }));
let count = 0;

function freshDirectory(): string {
  count += 1;
  return join(top, String(count));
}

const never = { onWait: () => assert.fail('nobody else has the claim') };

function fill(directory: string, name: string, madeAt = '2026-11-22T20:00:00.000Z'): void {
  writeSampleImage(directory, { name, madeAt });
}

test('what is published has its name and its alias, and nothing else is left', async () => {
  const directory = freshDirectory();
  const claim = await openImages(directory, never);
  fill(await claim.freshDirectory(), 'web-1');
  assert.equal((await findImage(directory, 'web-1')).kind, 'problem');
  await claim.publish('web-1', 'web');
  await claim.release();
  assert.deepEqual(readdirSync(directory).sort(), ['web', 'web-1']);
  assert.equal((await findImage(directory, 'web')).kind, 'image');
});

test('what was not published is gone with the claim, and what a killed process left with the next one', async () => {
  const directory = freshDirectory();
  const claim = await openImages(directory, never);
  fill(await claim.freshDirectory(), 'web-1');
  await claim.release();
  assert.deepEqual(readdirSync(directory), []);
  for (const name of ['.bake', '.removed-web-1']) fill(join(directory, name), 'web-1');
  symlinkSync('x', join(directory, '.alias-web'));
  await (await openImages(directory, never)).release();
  assert.deepEqual(readdirSync(directory), []);
});

test('an image whose removal was cut off before its users were counted is back', async () => {
  const directory = freshDirectory();
  fill(join(directory, '.removing-web-1'), 'web-1');
  await (await openImages(directory, never)).release();
  assert.equal((await findImage(directory, 'web-1')).kind, 'image');
});

test('of two, the second waits, as long as it likes', async () => {
  const directory = freshDirectory();
  const first = await openImages(directory, never);
  let waits = 0;
  const onWait = () => {
    waits += 1;
  };
  const second = openImages(directory, { onWait });
  const controller = new AbortController();
  const third = openImages(directory, { onWait: () => controller.abort(), signal: controller.signal });
  await assert.rejects(third, { name: 'AbortError' });
  fill(await first.freshDirectory(), 'web-1');
  await first.publish('web-1', 'web');
  await first.release();
  await (await second).release();
  assert.equal((await findImage(directory, 'web')).kind, 'image');
  assert.ok(waits <= 1);
});

test('an image that is used is neither removed nor replaced, and its users are named', async () => {
  const directory = freshDirectory();
  const claim = await openImages(directory, never);
  fill(await claim.freshDirectory(), 'web-1');
  await claim.publish('web-1', 'web');
  const found = await findImage(directory, 'web-1');
  assert.ok(found.kind === 'image');
  const user = { launcherHost: 'left', instance: 'shop.db.left.1-1', directory: join(directory, 'instance') };
  mkdirSync(user.directory);
  await holdImage(found.image, user);
  const users = ['shop.db.left.1-1 on left'];
  assert.deepEqual(await claim.remove('web-1'), { kind: 'used', users });
  await assert.rejects(claim.checkUnused('web-1'), /web-1 is used by shop\.db\.left\.1-1 on left/);
  assert.equal((await findImage(directory, 'web')).kind, 'image');
  rmSync(user.directory, { recursive: true });
  await claim.checkUnused('web-1');
  assert.deepEqual(await claim.remove('web-1'), { kind: 'removed', stale: users });
  await claim.release();
  assert.deepEqual(readdirSync(directory), []);
});

test('the newest image that is left takes over the alias', async () => {
  const directory = freshDirectory();
  fill(join(directory, 'web-1'), 'web-1', '2026-11-01T00:00:00.000Z');
  fill(join(directory, 'web-2'), 'web-2', '2026-11-02T00:00:00.000Z');
  fill(join(directory, 'web-3'), 'web-3', '2026-11-03T00:00:00.000Z');
  symlinkSync('web-3', join(directory, 'web'));
  const claim = await openImages(directory, never);
  await claim.remove('web-1');
  assert.equal(readlinkSync(join(directory, 'web')), 'web-3');
  await claim.remove('web-3');
  assert.equal(readlinkSync(join(directory, 'web')), 'web-2');
  await claim.remove('web-2');
  await claim.release();
  assert.equal(existsSync(join(directory, 'web')), false);
});
