/**
 * A real bake, of real packages: what is in the image, in its tree and on its disk, and what bakes do to each other. Debian's
 * part comes from the mirror the first time, and from the cache of bakes afterwards.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { agentProgram } from '../../launcher/agent-program.js';
import { findImage, type RecordedImage } from '../../launcher/images/image-store.js';
import { type BakeOutcome, bakeImage } from '../../tools/image/bake-image.js';
import type { BakeProgress } from '../../tools/image/bake-progress.js';
import { baseCache } from '../../tools/image/cache-directory.js';
import { loadRecipe } from '../../tools/image/load-recipe.js';
import { parseRecipe } from '../../tools/image/parse-recipe.js';

const needed = ['mmdebstrap', 'mke2fs', 'debugfs', 'qemu-img', 'unshare'];
const missing = needed.filter((program) => !['/usr/bin', '/usr/sbin'].some((path) => existsSync(join(path, program))));
const skip =
  process.getuid?.() !== 0
    ? 'baking without user namespaces needs root'
    : missing.length > 0
      ? `${missing.join(', ')} missing: run tools/setup/setup.sh image`
      : false;

const directory = mkdtempSync(join(tmpdir(), 'image-bake-'));
const images = join(directory, 'images');
after(() => rmSync(directory, { recursive: true, force: true }));

const cpectl = join(import.meta.dirname, '../../tools/cpectl/main.js');
const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
const quiet: BakeProgress = { phase: () => {}, at: () => {}, note: () => {} };

/** Without the agent, which need not be built for this; a program stands for it. */
const recipe = `
name: tiny
agent: false
files:
  - { path: /etc/motd, content: "welcome\\n" }
  - { path: /var/run/cpe-test-escape, content: x }
  - { path: /usr/local/bin/tool, source: tool, mode: 0755 }
  - { path: /home/ops/note, content: hello, mode: 0600, owner: "ops:ops" }
users:
  - name: ops
    groups: [adm]
    keys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBl6cBfTsRmNOTEwMZ6lpLPyFD1kyfF8yjxzdyRXkxcW ops"]
commands:
  - "id -un >/etc/who; ls /proc | grep -c '^[0-9]' >/etc/processes"
  - "sleep 1000 >/dev/null 2>&1 &"
  - "chmod 600 /dev/full"
services: { disable: [fstrim.timer], mask: [systemd-pstore.service] }
kernel: { modules: [xfs] }
hostname: tiny-1
disk: 1GiB
`;

interface Wishes {
  readonly text?: string;
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: BakeProgress;
}

async function bake({ text = recipe, force = false, signal, progress = quiet }: Wishes = {}): Promise<BakeOutcome> {
  const file = join(directory, 'tiny.yaml');
  writeFileSync(join(directory, 'tool'), '#!/bin/sh\necho tool\n');
  const parsed = parseRecipe(text, architecture);
  assert.ok(parsed.kind === 'recipe', JSON.stringify(parsed));
  const outcome = await loadRecipe(parsed.recipe, file);
  assert.ok(outcome.kind === 'loaded');
  return bakeImage({
    loaded: outcome.loaded,
    images,
    cache: baseCache(),
    force,
    update: false,
    clonedFrom: undefined,
    progress,
    signal: signal ?? new AbortController().signal,
  });
}

async function baked(wishes: Wishes = {}): Promise<RecordedImage> {
  const outcome = await bake(wishes);
  assert.ok(outcome.kind === 'baked', JSON.stringify(outcome));
  return outcome;
}

let tiny: RecordedImage;
before(async () => {
  if (skip === false) tiny = await baked();
});

/** Content of a file on the disk, without mounting it. */
function onDisk(path: string): string {
  return execFileSync('debugfs', ['-R', `cat ${path}`, tiny.image.raw], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

test('an image is found by its alias, with everything that belongs to it', { skip }, async () => {
  const found = await findImage(images, 'tiny');
  assert.ok(found.kind === 'image', JSON.stringify(found));
  assert.equal(found.image.name, tiny.image.name);
  assert.match(tiny.image.name, /^tiny-[0-9a-f]{12}$/);
  assert.equal(found.image.hasAgent, false);
  assert.deepEqual(found.image.kernelArguments, ['rw', 'quiet', 'net.ifnames=0']);
  assert.deepEqual(readdirSync(images).sort(), ['tiny', tiny.image.name]);
  for (const name of ['systemd', 'udev', 'busybox-static']) {
    assert.ok(
      found.record.packages.some((each) => each.startsWith(`${name}=`)),
      name,
    );
  }
});

test('tree and disk have what the recipe says, with owners and modes', { skip }, () => {
  const { tree } = tiny.image;
  for (const [path, content] of [
    ['/etc/motd', 'welcome\n'],
    ['/usr/local/bin/tool', '#!/bin/sh\necho tool\n'],
    ['/etc/hostname', 'tiny-1\n'],
    ['/etc/who', 'root\n'],
  ] as const) {
    assert.equal(readFileSync(join(tree, path), 'utf8'), content);
    assert.equal(onDisk(path), content);
  }
  assert.equal(statSync(join(tree, 'usr/local/bin/tool')).mode & 0o7777, 0o755);
  const [, , uid = ''] = /^ops:([^:]*):(\d+):/m.exec(readFileSync(join(tree, 'etc/passwd'), 'utf8')) ?? [];
  for (const [path, mode] of [
    ['home/ops/note', 0o600],
    ['home/ops/.ssh', 0o700],
    ['home/ops/.ssh/authorized_keys', 0o600],
  ] as const) {
    const found = statSync(join(tree, path));
    assert.deepEqual([found.mode & 0o7777, found.uid], [mode, Number(uid)], path);
  }
  assert.match(readFileSync(join(tree, 'etc/shadow'), 'utf8'), /^ops:\*:/m);
  assert.match(readFileSync(join(tree, 'etc/group'), 'utf8'), /^adm:.*\bops\b/m);
  assert.equal(lstatSync(join(tree, 'etc/systemd/system/systemd-pstore.service')).isSymbolicLink(), true);
  assert.ok(existsSync(join(tree, 'usr/lib/modules', tiny.record.kernelVersion, 'kernel/fs/xfs')));
});

test('a symbolic link in the tree leads to somewhere in the tree', { skip }, () => {
  assert.equal(existsSync('/run/cpe-test-escape'), false);
  assert.equal(existsSync('/var/run/cpe-test-escape'), false);
});

test('commands see no process of the machine, and leave none behind', { skip }, () => {
  assert.ok(Number(readFileSync(join(tiny.image.tree, 'etc/processes'), 'utf8')) < 10);
  const lines = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.startsWith('sleep 1000')),
    [],
  );
  assert.equal(readFileSync('/proc/self/mountinfo', 'utf8').includes(images), false);
});

test('devices inside are not those of the machine', { skip }, () => {
  const mode = statSync('/dev/full').mode & 0o777;
  chmodSync('/dev/full', 0o666);
  assert.equal(mode, 0o666);
});

test('nothing of a machine is in it: no id, no keys, no options of the package manager, no logs', { skip }, () => {
  const { tree } = tiny.image;
  assert.equal(readFileSync(join(tree, 'etc/machine-id'), 'utf8'), '');
  for (const path of [
    'var/lib/dbus/machine-id',
    'etc/resolv.conf',
    'etc/apt/apt.conf.d/99mmdebstrap',
    'var/lib/systemd/random-seed',
  ]) {
    assert.equal(lstatSync(join(tree, path), { throwIfNoEntry: false })?.isFile() ?? false, false, path);
  }
  for (const path of ['var/lib/apt/lists', 'var/cache/apt', 'tmp', 'run', 'dev/shm']) {
    assert.deepEqual(existsSync(join(tree, path)) ? readdirSync(join(tree, path)) : [], [], path);
  }
  const search = [
    '-rlsE',
    '--exclude-dir=certs',
    'PRIVATE KEY',
    join(tree, 'etc'),
    join(tree, 'var'),
    join(tree, 'root'),
  ];
  assert.equal(spawnSync('grep', search, { encoding: 'utf8' }).stdout, '');
});

test('the disk is an ext4 of the size that was asked for, sound, and the same as qcow2', { skip }, () => {
  assert.equal(tiny.image.diskBytes, 2 ** 30);
  assert.equal(statSync(tiny.image.raw).size, 2 ** 30);
  assert.ok(statSync(tiny.image.raw).blocks * 512 < 2 ** 29, 'sparse');
  execFileSync('e2fsck', ['-f', '-n', tiny.image.raw], { stdio: 'ignore' });
  const about = JSON.parse(execFileSync('qemu-img', ['info', '--output=json', tiny.image.qcow2], { encoding: 'utf8' }));
  assert.deepEqual([about.format, about['virtual-size']], ['qcow2', 2 ** 30]);
  execFileSync('qemu-img', ['compare', tiny.image.raw, tiny.image.qcow2], { stdio: 'ignore' });
});

test('an unchanged recipe is not baked again, and by force it has the same name and the same tree', {
  skip,
}, async () => {
  const again = await bake();
  assert.ok(again.kind === 'already-there');
  assert.equal(again.image.name, tiny.image.name);
  const listing = () =>
    execFileSync('find', ['.', '-printf', '%p %m %U:%G %T@ %l\\n'], { cwd: tiny.image.tree, encoding: 'utf8' })
      .split('\n')
      .sort();
  const before = listing();
  const forced = await baked({ force: true });
  assert.equal(forced.image.name, tiny.image.name);
  assert.deepEqual(listing(), before);
});

test('the recipe that is kept in an image bakes that image', { skip }, async () => {
  const kept = join(tiny.image.directory, 'recipe', 'recipe.yaml');
  const parsed = parseRecipe(readFileSync(kept, 'utf8'), architecture);
  assert.ok(parsed.kind === 'recipe');
  const outcome = await loadRecipe(parsed.recipe, kept);
  assert.ok(outcome.kind === 'loaded');
  const options = { images, cache: baseCache(), force: false, update: false, clonedFrom: undefined, progress: quiet };
  const again = await bakeImage({ ...options, loaded: outcome.loaded, signal: new AbortController().signal });
  assert.ok(again.kind === 'already-there', JSON.stringify(again));
});

test('a clone is another image, with what was added', { skip }, () => {
  writeFileSync(join(directory, 'note'), 'added\n', { mode: 0o755 });
  const more = ['--file', `/usr/local/bin/tool=${join(directory, 'note')}`, '--command', 'rm /etc/motd', '--json'];
  const args = [cpectl, 'image', 'clone', 'tiny', 'tiny-two', '--images', images, ...more];
  const made = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  assert.deepEqual([made.outcome, made.clonedFrom, made.aliases], ['baked', tiny.image.name, ['tiny-two']]);
  assert.equal(readFileSync(join(made.files.tree, 'usr/local/bin/tool'), 'utf8'), 'added\n');
  assert.equal(statSync(join(made.files.tree, 'usr/local/bin/tool')).mode & 0o777, 0o755);
  assert.equal(existsSync(join(made.files.tree, 'etc/motd')), false);
  assert.equal(readFileSync(join(made.files.tree, 'etc/hostname'), 'utf8'), 'tiny-1\n');
  execFileSync(process.execPath, [cpectl, 'image', 'delete', 'tiny-two', '--images', images], { stdio: 'ignore' });
  assert.deepEqual(readdirSync(images).sort(), ['tiny', tiny.image.name]);
});

const noAgent = agentProgram().endsWith('.mjs') ? skip : 'the agent was not bundled: run make build';

test('with the agent in it, a guest boots to the agent first', { skip: noAgent }, async () => {
  const { image, record } = await baked({ text: 'name: guest\n' });
  const system = (path: string) => join(image.tree, 'usr/lib/systemd/system', path);
  const own = (path: string) => join(image.tree, 'etc/systemd/system', path);
  assert.equal(image.hasAgent, true);
  assert.equal(record.agent?.node, process.versions.node);
  assert.equal(readlinkSync(own('default.target')), '/usr/lib/systemd/system/cpe-boot.target');
  assert.ok(existsSync(system('cpe-boot.target')) && existsSync(system('cpe-agent.service')));
  assert.ok(lstatSync(own('multi-user.target.wants/cpe-agent.service')).isSymbolicLink());
  const version = execFileSync('chroot', [image.tree, 'node', '--version'], { encoding: 'utf8' });
  assert.equal(version, `${process.version}\n`);
  rmSync(image.directory, { recursive: true });
  rmSync(join(images, 'guest'));
});

test('an interrupted bake leaves nothing', { skip }, async () => {
  const controller = new AbortController();
  const progress: BakeProgress = { ...quiet, phase: (phase) => phase === 'disk' && controller.abort() };
  const outcome = await bake({ text: `${recipe}quick-boot: false\n`, signal: controller.signal, progress });
  assert.equal(outcome.kind, 'interrupted');
  assert.deepEqual(readdirSync(images).sort(), ['tiny', tiny.image.name]);
});

const failures: readonly [string, string, RegExp, RegExp][] = [
  [
    'a command that fails',
    'commands: ["echo because >&2; exit 7"]',
    /failed in command 1 of the recipe: status 7\n {2}because/,
    /^$/,
  ],
  [
    'a disk that is too small',
    'disk: 256MiB\nkernel: { modules: all }',
    /a disk of 256MiB has no room for it/,
    /say disk: \S+ or more/,
  ],
  [
    'an unknown module',
    'kernel: { modules: [xsf] }',
    /the kernel has no module xsf, did you mean xfs\?/,
    /correct kernel\.modules/,
  ],
  [
    'a unit that is not there',
    'services: { enable: [nope.service] }',
    /could not enable nope\.service: status 1[\s\S]*nope/,
    /^$/,
  ],
];

for (const [what, text, reason, next] of failures) {
  test(`what goes wrong is said, and nothing is left: ${what}`, { skip }, async () => {
    const outcome = await bake({ text: `name: tiny\nagent: false\n${text}\n` });
    assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
    assert.match(outcome.reason, reason);
    assert.match(outcome.next, next);
    assert.deepEqual(readdirSync(images).sort(), ['tiny', tiny.image.name]);
  });
}

test('what a killed bake has left is removed by the next one', { skip }, async () => {
  const file = join(directory, 'slow.yaml');
  writeFileSync(file, 'name: slow\nagent: false\ncommands: ["sleep 1001"]\n');
  const child = spawn(process.execPath, [cpectl, 'image', 'bake', file, '--images', images], { stdio: 'ignore' });
  try {
    const deadline = Date.now() + 120_000;
    while (!sleeps() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(sleeps());
    assert.ok(readdirSync(images).includes('.bake'));
  } finally {
    child.kill('SIGKILL');
  }
  while (sleeps()) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok((await bake()).kind === 'already-there');
  assert.deepEqual(readdirSync(images).sort(), ['tiny', tiny.image.name]);
});

function sleeps(): boolean {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').includes('sleep 1001');
}
