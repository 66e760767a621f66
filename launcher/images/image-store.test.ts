import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { listAliases, listImages, openImageStore } from './image-store.js';
import { sampleRecord, writeSampleImage } from './sample-image.js';

const top = mkdtempSync(join(tmpdir(), 'image-store-'));
after(() => rmSync(top, { recursive: true, force: true }));
let count = 0;

function freshDirectory(): string {
  count += 1;
  const directory = join(top, `images-${count}`);
  mkdirSync(directory);
  return directory;
}

const { name } = sampleRecord;

function makeImage(directory: string, changes: Readonly<Record<string, unknown>> = {}, as = name): string {
  const at = join(directory, as);
  writeSampleImage(at, { name: as, ...changes });
  return at;
}

test('an image is found by its name and by its alias', async () => {
  const directory = freshDirectory();
  const at = makeImage(directory);
  symlinkSync(name, join(directory, 'web'));
  for (const asked of [name, 'web']) {
    assert.deepEqual(await openImageStore(directory).find(asked), {
      kind: 'image',
      image: {
        name,
        directory: at,
        tree: join(at, 'tree'),
        raw: join(at, 'disk.raw'),
        qcow2: join(at, 'disk.qcow2'),
        diskBytes: 2 ** 31,
        kernel: join(at, 'kernel'),
        initrd: join(at, 'initrd'),
        kernelArguments: ['quiet'],
        hasAgent: true,
        warm: undefined,
        architecture: 'amd64',
      },
    });
  }
});

test('a template, a missing initrd and a missing agent are what the record and the directory say', async () => {
  const directory = freshDirectory();
  const at = makeImage(directory, { hasInitrd: false, agent: undefined });
  mkdirSync(join(at, 'warm'));
  const found = await openImageStore(directory).find(name);
  assert.ok(found.kind === 'image');
  const { initrd, hasAgent, warm } = found.image;
  assert.deepEqual([initrd, hasAgent, warm], [undefined, false, join(at, 'warm')]);
});

const broken: readonly [string, string, (directory: string) => void, RegExp][] = [
  [
    'no directory at all',
    'web',
    (directory) => rmSync(directory, { recursive: true }),
    /there is no image web in .*, nor any other; make one with: cpectl image bake/,
  ],
  ['another name', 'wbe', makeImage, /there is no image wbe in .* \(there are: web-0123456789ab\); make one/],
  ['a path', '../web', makeImage, /"\.\.\/web" cannot be the name of an image \(allowed: /],
  ['a directory that is being made', '.bake', (directory) => makeImage(directory, {}, '.bake'), /cannot be the name/],
  [
    'an alias without its image',
    'web',
    (directory) => symlinkSync(name, join(directory, 'web')),
    /web means image web-0123456789ab, which is gone; bake it again: cpectl image bake web/,
  ],
  [
    'an alias that leads elsewhere',
    'web',
    (directory) => symlinkSync('/etc', join(directory, 'web')),
    /is a link to \/etc, which is no image beside it/,
  ],
  [
    'no record',
    name,
    (directory) => rmSync(join(makeImage(directory), 'image.json')),
    /is no image: it has no image\.json/,
  ],
  [
    'a record that is cut off',
    name,
    (directory) => writeFileSync(join(makeImage(directory), 'image.json'), '{"ver'),
    /image\.json is no JSON; bake the image again: cpectl image bake web --force/,
  ],
  [
    'a record of another version',
    name,
    (directory) => makeImage(directory, { version: 2 }),
    /is of version 2, and this program reads version 1/,
  ],
  [
    'a record without a size',
    name,
    (directory) => makeImage(directory, { diskBytes: '2G' }),
    /has no proper diskBytes/,
  ],
  [
    'a record of another image',
    name,
    (directory) => makeImage(directory, { name: 'other-1' }),
    /says that it is image other-1/,
  ],
  [
    'missing files',
    name,
    (directory) => {
      const at = makeImage(directory);
      for (const file of ['kernel', 'initrd']) rmSync(join(at, file));
    },
    /is incomplete: kernel, initrd are missing in .*; bake it again: cpectl image bake web --force/,
  ],
];

for (const [what, asked, make, expected] of broken) {
  test(`what is wrong is said, and what to do: ${what}`, async () => {
    const directory = freshDirectory();
    make(directory);
    const found = await openImageStore(directory).find(asked);
    assert.ok(found.kind === 'problem');
    assert.match(found.problem, expected);
  });
}

test('a list has what can be read, in order; what is being made or removed is in none', async () => {
  const directory = freshDirectory();
  makeImage(directory, {}, 'web-2');
  makeImage(directory, {}, 'db-1');
  makeImage(directory, { version: 7 }, 'old-1');
  makeImage(directory, {}, '.bake');
  symlinkSync('web-2', join(directory, 'web'));
  assert.deepEqual(
    (await openImageStore(directory).list()).map((image) => image.name),
    ['db-1', 'web-2'],
  );
  assert.deepEqual(
    (await listImages(directory)).broken.map((image) => image.name),
    ['old-1'],
  );
  assert.deepEqual([...(await listAliases(directory))], [['web', 'web-2']]);
});
