import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openIso } from './iso9660.js';
import { seedDiskSource } from './seed-disk.js';

const hasTool = (() => {
  try {
    execFileSync('genisoimage', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const skip = hasTool || process.env.CI ? false : 'NOT RUN: genisoimage is missing';

const names = ['-J', '-R'];
const files = { 'cpe/cpe.identity': '{"instance":"a"}', 'cpe/cpe.creds': 'secret', 'meta-data': 'local-hostname: x\n' };

/** A machine with disks, made of images in place of devices. */
function machine(context: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'seed-disk-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const [blocks, devices] = [join(directory, 'blocks'), join(directory, 'devices')];
  for (const each of [blocks, devices]) mkdirSync(each);
  let count = 0;
  const plug = (name: string, make: (device: string) => void): string => {
    make(join(devices, name));
    writeFileSync(join(blocks, name), '');
    return join(devices, name);
  };
  return {
    directory,
    plug,
    /** A disk with these files, by its label and the options that decide on its names. */
    plugDisk(
      content: Readonly<Record<string, string>>,
      label = 'CIDATA',
      options: readonly string[] = names,
      name = '',
    ) {
      count += 1;
      const root = join(directory, `root${count}`);
      mkdirSync(root);
      for (const [path, text] of Object.entries(content)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
      return plug(name || `sr${count}`, (device) => writeIso(device, root, label, options));
    },
    look: () => seedDiskSource({ blocks, devices, lookEveryMs: 0 }).look(),
  };
}

function writeIso(device: string, root: string, label: string, options: readonly string[]): void {
  execFileSync('genisoimage', ['-quiet', '-no-pad', '-V', label, ...options, '-o', device, root], { stdio: 'ignore' });
}

const disks: readonly { readonly what: string; readonly label?: string; readonly options?: readonly string[] }[] = [
  { what: 'names of Joliet and Rock Ridge' },
  { what: 'names of Joliet', options: ['-J'] },
  { what: 'names of Rock Ridge', options: ['-R'] },
  { what: 'plain names of the last level', options: ['-iso-level', '4'] },
  { what: 'a label in small letters', label: 'cidata' },
  { what: 'the label of a config drive', label: 'config-2' },
];

for (const { what, label, options } of disks) {
  test(`an identity is found on a disk with ${what}`, { skip }, (context) => {
    const { plugDisk, look } = machine(context);
    plugDisk({ 'cpe/cpe.identity': 'somebody else' }, 'DATA');
    const device = plugDisk({ ...files, 'cpe/cpe.network': ' \n' }, label, options);
    assert.deepEqual(look(), {
      kind: 'found',
      origin: `the disk ${label ?? 'CIDATA'} (${device})`,
      files: { identity: '{"instance":"a"}', bus: 'secret', network: undefined, time: undefined, seed: undefined },
    });
  });
}

test('a directory with many files is read to its end', { skip }, (context) => {
  const { plugDisk, look } = machine(context);
  const others = Array.from({ length: 300 }, (_, number) => [`cpe/a-file-with-a-long-name-${number}`, '']);
  plugDisk({ ...Object.fromEntries(others), ...files });
  assert.equal(look().kind, 'found');
});

test('an identity is found in the user data of a config drive', { skip }, (context) => {
  const { plugDisk, look } = machine(context);
  const members = { 'cpe.identity': { instance: 'a' }, 'cpe.creds': 'secret' };
  plugDisk({ 'openstack/latest/user_data': JSON.stringify(members) }, 'config-2');
  const found = look();
  assert.ok(found.kind === 'found');
  assert.equal(found.files.identity, '{"instance":"a"}');
  assert.equal(found.files.bus, 'secret');
});

const without: readonly { readonly what: string; readonly content: Readonly<Record<string, string>> }[] = [
  { what: 'is for cloud-init alone', content: { 'meta-data': 'x', 'user-data': '#cloud-config' } },
  { what: 'has an identity without content', content: { 'cpe/cpe.identity': '\n', 'cpe/cpe.creds': 'secret' } },
  { what: 'has a directory in its place', content: { 'cpe/cpe.identity/file': 'x' } },
  { what: 'has user data for others', content: { 'openstack/latest/user_data': '#cloud-config\n' } },
  { what: 'has user data that is cut off', content: { 'openstack/latest/user_data': '{"cpe.identity": "' } },
];

for (const { what, content } of without) {
  test(`a disk that ${what} has no identity`, { skip }, (context) => {
    const { plugDisk, look } = machine(context);
    plugDisk(content);
    assert.deepEqual(look(), { kind: 'nothing' });
  });
}

test('devices of the guest itself, empty drives and what is no disk are left out', { skip }, (context) => {
  const { directory, plug, plugDisk, look } = machine(context);
  plugDisk(files, 'CIDATA', names, 'loop0');
  plug('sr7', () => undefined);
  plug('vda', (device) => writeFileSync(device, 'x'));
  plug('vdb', (device) => symlinkSync(device, device));
  plug('vdc', (device) => symlinkSync(directory, device));
  plug('vdd', (device) => writeFileSync(device, Buffer.alloc(100_000)));
  assert.deepEqual(look(), { kind: 'nothing' });
});

test('two disks with one identity are one; with two they are none', { skip }, (context) => {
  const { plugDisk, look } = machine(context);
  plugDisk(files);
  plugDisk(files, 'config-2');
  assert.equal(look().kind, 'found');
  plugDisk({ ...files, 'cpe/cpe.identity': '{"instance":"b"}' });
  const problem = look();
  assert.ok(problem.kind === 'unusable');
  assert.match(problem.problem, /sr1\) and .*sr3\) have different identities$/);
});

test('an identity that is larger than any is refused', { skip }, (context) => {
  const { plugDisk, look } = machine(context);
  plugDisk({ 'cpe/cpe.identity': 'x'.repeat(65_537) });
  const problem = look();
  assert.ok(problem.kind === 'unusable');
  assert.match(problem.problem, /cpe\/cpe\.identity: larger than 65536 bytes$/);
});

test('links on a disk lead nowhere', { skip }, (context) => {
  const { directory, plug, look } = machine(context);
  const root = join(directory, 'links');
  mkdirSync(join(root, 'cpe'), { recursive: true });
  symlinkSync('cpe.identity', join(root, 'cpe/cpe.identity'));
  symlinkSync('/etc/passwd', join(root, 'cpe/cpe.creds'));
  symlinkSync('..', join(root, 'cpe/up'));
  plug('sr0', (device) => writeIso(device, root, 'CIDATA', ['-R']));
  assert.deepEqual(look(), { kind: 'nothing' });
});

test('a disk that is cut off anywhere has its identity or none, and does no harm', { skip }, (context) => {
  const { plugDisk, look } = machine(context);
  const device = plugDisk(files);
  const whole = readFileSync(device);
  const kinds = new Set<string>();
  for (let length = whole.length; length >= 0; length -= 512) {
    truncateSync(device, length);
    const seen = look();
    kinds.add(seen.kind);
    if (seen.kind === 'found') assert.equal(seen.files.identity, '{"instance":"a"}');
  }
  assert.deepEqual([...kinds].sort(), ['found', 'nothing', 'unusable']);
});

test('whatever is on a disk, reading it ends, within bounds', { skip }, (context) => {
  const { plugDisk } = machine(context);
  const whole = readFileSync(plugDisk(files));
  // The generator of Park and Miller: the same disks every time.
  let state = 1;
  const chance = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  for (let round = 0; round < 3000; round += 1) {
    const disk = Buffer.from(whole);
    const from = 16 * 2048;
    for (let change = chance(12); change >= 0; change -= 1) {
      disk[from + chance(disk.length - from)] = [0, 255, chance(256)][chance(3)] ?? 0;
    }
    let bytesRead = 0;
    const read = (offset: number, length: number): Buffer => {
      bytesRead += length;
      return disk.subarray(offset, offset + length);
    };
    try {
      const text = openIso(read)?.readFile(['cpe', 'cpe.identity'], 1000);
      assert.ok(text === undefined || text.length <= 1000);
    } catch (error) {
      assert.match(String(error), /larger than|ends before|a directory of/);
    }
    assert.ok(bytesRead < 1_000_000, `${bytesRead} bytes were asked for`);
  }
});
