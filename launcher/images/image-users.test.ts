import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type ImageRecord, imageOf } from './image-record.js';
import { holdImage, releaseImage, usersOf } from './image-users.js';

const top = mkdtempSync(join(tmpdir(), 'image-users-'));
after(() => rmSync(top, { recursive: true, force: true }));

function makeImage(name: string) {
  const directory = join(top, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'image.json'), '{}');
  return imageOf(directory, { name, kernelArguments: [] } as unknown as ImageRecord, false);
}

function makeUser(incarnation: number) {
  const instance = `shop.db.left.${incarnation}-1`;
  const directory = join(top, instance);
  mkdirSync(directory, { recursive: true });
  return { launcherHost: 'left', instance, directory };
}

test('who holds an image is listed until it is released, and once, however often it is held', async () => {
  const image = makeImage('one');
  assert.deepEqual(await usersOf(image), []);
  const user = makeUser(1);
  assert.deepEqual(await holdImage(image, user), { kind: 'held' });
  assert.deepEqual(await holdImage(image, user), { kind: 'held' });
  const [found, ...others] = await usersOf(image);
  assert.deepEqual(others, []);
  assert.ok(found !== undefined && found.sinceUnixMs > 0);
  assert.deepEqual({ ...found, sinceUnixMs: 0 }, { ...user, sinceUnixMs: 0, isStale: false });
  await releaseImage(image, user);
  await releaseImage(image, user);
  assert.deepEqual(await usersOf(image), []);
});

test('a user whose directory is gone is stale', async () => {
  const image = makeImage('two');
  const [gone, there] = [makeUser(2), makeUser(3)];
  await holdImage(image, gone);
  await holdImage(image, there);
  rmSync(gone.directory, { recursive: true });
  assert.deepEqual(
    (await usersOf(image)).map(({ instance, isStale }) => [instance, isStale]),
    [
      [gone.instance, true],
      [there.instance, false],
    ],
  );
});

test('a file that says nothing counts as a user that is there', async () => {
  const image = makeImage('three');
  mkdirSync(join(image.directory, 'used-by'));
  for (const [file, text] of [
    ['left=a', ''],
    ['left=b', '{"directory":7}'],
    ['left=c.new', 'half'],
  ] as const) {
    writeFileSync(join(image.directory, 'used-by', file), text);
  }
  assert.deepEqual(
    (await usersOf(image)).map(({ instance, isStale }) => [instance, isStale]),
    [
      ['a', false],
      ['b', false],
    ],
  );
});

test('an image that was deleted meanwhile is not held', async () => {
  const image = makeImage('four');
  rmSync(image.directory, { recursive: true });
  assert.deepEqual(await holdImage(image, makeUser(4)), { kind: 'problem', problem: 'image four was deleted' });
});
