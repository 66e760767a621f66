/** `cpectl image`, as far as it needs no Debian: nothing of it needs a coordinator. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findImage } from '../../launcher/images/image-store.js';
import { holdImage } from '../../launcher/images/image-users.js';
import { sampleRecord, writeSampleImage } from '../../launcher/images/sample-image.js';
import { runProgram } from './program.js';
import { recordingTerminal } from './recording-terminal.js';

const top = mkdtempSync(join(tmpdir(), 'cpectl-image-'));
after(() => rmSync(top, { recursive: true, force: true }));
let count = 0;
const { name } = sampleRecord;

function freshImages(): string {
  count += 1;
  const images = join(top, String(count), 'images');
  mkdirSync(images, { recursive: true });
  return images;
}

/** One image with its alias, used by one instance that is there and one that is gone. */
async function usedImage(): Promise<string> {
  const images = freshImages();
  writeSampleImage(join(images, name));
  symlinkSync(name, join(images, 'web'));
  const found = await findImage(images, 'web');
  assert.ok(found.kind === 'image');
  for (const incarnation of ['1-1', '2-1']) {
    const user = {
      launcherHost: 'left',
      instance: `shop.db.left.${incarnation}`,
      directory: join(images, '..', incarnation),
    };
    if (incarnation === '1-1') mkdirSync(user.directory);
    await holdImage(found.image, user);
  }
  return images;
}

/** Everybody else changes images in a process of a user namespace. */
const skip = process.getuid?.() === 0 ? false : 'only root changes images in this process';

async function run(...args: string[]) {
  const terminal = recordingTerminal();
  await runProgram({ terminal, version: '1.2.3', args: ['--home', join(top, 'home'), ...args] });
  return terminal.printed;
}

test('without images a list says how to make one', async () => {
  const images = freshImages();
  const { out, err, exitCode } = await run('image', 'list', '--images', images);
  assert.deepEqual(
    [out, err, exitCode],
    ['', `there is no image in ${images}; make one with: cpectl image bake debian-12\n`, 0],
  );
  assert.equal((await run('image', 'list', '--images', images, '--json')).out, '[]\n');
});

test('a list has a line for each image, and warns of what is none', async () => {
  const images = await usedImage();
  mkdirSync(join(images, 'lost'));
  const { out, err, exitCode } = await run('image', 'list', '--images', images);
  assert.match(out, /^IMAGE +ALIAS +SUITE +DISK +AGENT +MADE +USED BY\n/);
  assert.match(out, /^web-0123456789ab +web +bookworm amd64 +2GiB +0\.1\.0 +2026-11-2\d \d\d:\d\d +1\n$/m);
  assert.match(err, /^warning: .*\/lost is no image: it has no image\.json; remove it\n$/);
  assert.equal(exitCode, 0);
});

test('inspect tells what an image is made of and who uses it', async () => {
  const images = await usedImage();
  const { out } = await run('image', 'inspect', 'web', '--images', images);
  for (const line of [/^image: +web-0123456789ab$/m, /^alias: +web$/m, /^agent: +0\.1\.0, Node 20\.20\.2$/m])
    assert.match(out, line);
  assert.match(out, /^used by: +shop\.db\.left\.1-1 on left$/m);
  assert.match(out, /^no longer: +shop\.db\.left\.2-1 on left$/m);
  const json = JSON.parse((await run('image', 'inspect', name, '--images', images, '--json')).out);
  assert.equal(json.files.qcow2, join(images, name, 'disk.qcow2'));
  assert.deepEqual(json.aliases, ['web']);
  assert.deepEqual(
    json.users.map(({ isStale }: { isStale: boolean }) => isStale),
    [false, true],
  );
  assert.equal(
    (await run('image', 'inspect', 'web', '--images', images, '--packages')).out,
    'dbus=1.14\nsystemd=252\n',
  );
});

test('an image that is not there is named, with what was meant', async () => {
  const images = await usedImage();
  for (const verb of ['inspect', 'delete']) {
    const { err, exitCode } = await run('image', verb, 'wev', '--images', images);
    assert.match(err, /there is no image wev in .*there are: web.*, did you mean web\?/);
    assert.equal(exitCode, 1);
  }
});

test('an image is not deleted while it is used, and is when its users are gone', { skip }, async () => {
  const images = await usedImage();
  const refused = await run('image', 'delete', 'web', '--images', images);
  assert.match(refused.err, /image web-0123456789ab is used by shop\.db\.left\.1-1 on left; stop the deployables/);
  assert.equal(refused.exitCode, 1);
  assert.ok(existsSync(join(images, name, 'image.json')));
  rmSync(join(images, '..', '1-1'), { recursive: true });
  const removed = await run('image', 'delete', 'web', '--images', images);
  assert.deepEqual([removed.out, removed.exitCode], [`image ${name} is removed\n`, 0]);
  assert.match(removed.err, /shop\.db\.left\.2-1 on left is gone and did not count/);
  assert.deepEqual([existsSync(join(images, name)), existsSync(join(images, 'web'))], [false, false]);
});

test('a recipe is checked with every problem and its place, without anything being done', async () => {
  const file = join(top, 'bad.yaml');
  writeFileSync(file, 'name: web\npackages: nginx\nagnet: true\n');
  for (const more of [[], ['--check']]) {
    const { out, err, exitCode } = await run('image', 'bake', file, '--images', join(top, 'none'), ...more);
    assert.match(err, /bad\.yaml:2:11: packages: a list is expected, not "nginx" \(allowed: /);
    assert.match(err, /bad\.yaml:3:1: agnet: unknown key "agnet", did you mean agent\? \(allowed: /);
    assert.deepEqual([out, exitCode, existsSync(join(top, 'none'))], ['', 1, false]);
  }
});

test('a good recipe can be checked too', async () => {
  const { out, exitCode } = await run('image', 'bake', 'debian-12', '--check');
  assert.match(out, /debian-12\.yaml: recipe debian-12 is valid\n$/);
  assert.equal(exitCode, 0);
});

const notThere: readonly [string, RegExp][] = [
  ['debian-21', /no recipe "debian-21", did you mean debian-12\?/],
  ['./none.yaml', /none\.yaml: there is no such file; give a file, or the name of a recipe that is shipped/],
];

for (const [recipe, expected] of notThere) {
  test(`a recipe that is not there is named: ${recipe}`, async () => {
    const { err, exitCode } = await run('image', 'bake', recipe);
    assert.match(err, expected);
    assert.equal(exitCode, 1);
  });
}

const badTemplates: readonly [readonly string[], RegExp][] = [
  [['--cpus', '2'], /--cpus, --memory and --accelerator are those of a template; say --warm too/],
  [['--memory', '1GiB'], /--cpus, --memory and --accelerator are those of a template; say --warm too/],
  [['--warm', '--accelerator', 'xen'], /Allowed choices are kvm, tcg/],
  [['--warm', '--cpus', 'two'], /a number of processors, from 1 on/],
  [['--warm', '--memory', '1G'], /a number with its unit: 512MiB/],
];

for (const [words, expected] of badTemplates) {
  test(`a template that cannot be meant is refused: ${words.join(' ')}`, async () => {
    const { err, exitCode } = await run('image', 'bake', 'debian-12', '--images', join(top, 'none'), ...words);
    assert.match(err, expected);
    assert.deepEqual([exitCode, existsSync(join(top, 'none'))], [2, false]);
  });
}

test('a recipe for another architecture is refused before anything is fetched', { skip }, async () => {
  const file = join(top, 'other.yaml');
  writeFileSync(file, 'name: web\narchitecture: s390x\nkernel: { package: linux-image-s390x }\n');
  const { err, exitCode } = await run('image', 'bake', file, '--images', freshImages());
  assert.match(err, /this machine is \w+, and the recipe is for s390x; bake it on a machine that is s390x/);
  assert.equal(exitCode, 1);
});
