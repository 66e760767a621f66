/** Boots a Debian 12 and runs everything of inside/ in it; see booted-machine.ts for how to add a test there. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { bootMachine, explainNoMachine } from './booted-machine.js';
import { machineCgroup } from './machine-cgroup.js';
import { runInside } from './run-inside.js';

const directory = join(import.meta.dirname, 'inside');
const files = readdirSync(directory)
  .filter((name) => name.endsWith('.test.js'))
  .sort();

const obstacle = explainNoMachine();
// A developer without root goes without; where everything can be run, everything has to.
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN, ${files.length} files of tests: ${obstacle}` : false;

test('the tests that need a booted Debian pass inside one', { skip }, async (context) => {
  const machine = await bootMachine();
  try {
    for (const file of files) {
      await context.test(`inside/${file}`, async () => {
        const { hasPassed, output } = await runInside(machine, join(directory, file));
        assert.ok(hasPassed, output);
      });
    }
  } finally {
    await machine.end();
  }
});

test('two machines at once are apart, run programs, and leave nothing behind', { skip }, async () => {
  const [one, other] = await Promise.all([bootMachine({ name: 'one' }), bootMachine({ name: 'other' })]);
  const leaders = [one.leader, other.leader];
  try {
    assert.equal(await one.mustRun(['hostname']), 'one\n');
    assert.equal(await other.mustRun(['hostname']), 'other\n');
    const script = 'cat; echo problem >&2; echo "$EXTRA$SECRET"; exit 3';
    process.env.SECRET = 'of this process';
    const end = await one.run(['sh', '-c', script], { input: 'data\n', environment: { EXTRA: 'more' } });
    delete process.env.SECRET;
    assert.deepEqual(end, { code: 3, stdout: 'data\nmore\n', stderr: 'problem\n' });
    assert.equal((await one.run(['sh', '-c', 'kill -TERM $$'])).code, 143);
    await assert.rejects(one.run(['sh', '-c', 'sleep 60 & wait'], { timeoutMs: 300 }), /not done in 300 ms/);
    assert.match(await one.mustRun(['node', '--version']), /^v\d+/);
    assert.equal(await one.mustRun(['systemctl', 'is-active', 'dbus']), 'active\n');

    await one.writeFile('/var/lib/some where/file', 'text', '600');
    assert.equal(await one.mustRun(['stat', '-c', '%a %s', '/var/lib/some where/file']), '600 4\n');
    assert.notEqual((await other.run(['cat', '/var/lib/some where/file'])).code, 0);

    const sleeper = one.spawn(['sh', '-c', 'echo $$; exec sleep 3600']);
    const inside = await new Promise<number>((resolve) =>
      sleeper.stdout?.once('data', (text) => resolve(Number(text))),
    );
    const outside = one.pidOutside(inside);
    assert.ok(outside !== undefined && outside !== inside);
    assert.match(readFileSync(`/proc/${outside}/cmdline`, 'utf8'), /sleep/);
    assert.equal(one.pidInside(outside), inside);
    assert.equal(other.pidInside(outside), undefined);
    assert.equal(one.pidInside(process.pid), undefined);
    const group = await one.mustRun(['cat', '/proc/self/cgroup']);
    assert.ok(!group.includes('..'), `a program is in the machine's own control groups: ${group}`);
  } finally {
    await Promise.all([one.end(), other.end()]);
  }
  await one.end();
  for (const leader of leaders) assert.ok(!existsSync(`/proc/${leader}`));
  assert.throws(() => one.spawn(['true']), /the machine has ended/);
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8');
  for (const { name } of [one, other]) {
    assert.ok(!mounts.includes(name));
    assert.ok(!existsSync(join('/run/systemd/nspawn/propagate', name)));
  }
  const { directories, remove } = machineCgroup('probe');
  await remove();
  for (const directory of directories) {
    for (const { name } of [one, other]) assert.ok(!existsSync(join(dirname(directory), `cpe-${name}`)));
  }
});

test('a test that is killed takes its machine with it', { skip }, async () => {
  const module = pathToFileURL(join(import.meta.dirname, 'booted-machine.js')).href;
  const script = `const machine = await (await import('${module}')).bootMachine({ name: 'killed' });
    machine.spawn(['sleep', '3600']);
    await machine.run(['true']);
    process.stdout.write(machine.name + ' ' + machine.leader);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const [name = '', leader = ''] = text.toString().split(' ');
  const groups = machineCgroup('probe');
  child.kill('SIGKILL');
  await groups.remove();
  const traces = [`/proc/${leader}`, ...groups.directories.map((group) => join(dirname(group), `cpe-${name}`))];
  const deadline = performance.now() + 30_000;
  while (traces.some((path) => existsSync(path))) {
    assert.ok(performance.now() < deadline, `still there: ${traces.filter((path) => existsSync(path))}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});
