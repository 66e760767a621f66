import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { scriptFixture, temporaryDirectory, until, withoutCgroups } from './executor-fixture.js';

const resource = 'web.a';
const none = { pidFile: undefined };

/** A resource whose processes are children of this one: they are reaped at once. */
function fixture(context: TestContext) {
  const directory = temporaryDirectory();
  const around = scriptFixture(directory);
  const { cgroups } = around;
  context.after(async () => {
    around.watches.close();
    await cgroups.kill(resource, 'run');
    cgroups.close();
  });
  let runs = 0;
  const start = async (script = 'exec sleep 600'): Promise<ChildProcess & { pid: number }> => {
    runs += 1;
    const group = cgroups.enter(resource, 'run', `run.${runs}`);
    const enter = `echo 0 > ${group}/cgroup.procs; echo ready;`;
    const child = spawn('sh', ['-c', `${enter} ${script}`], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdout.destroy();
    return child as never;
  };
  return { ...around, directory, start };
}

async function seen(changed: readonly string[], number: number): Promise<void> {
  await until(`event ${number}`, () => changed.length >= number);
  assert.equal(changed.length, number);
}

test('the end of the only process is told once, and again after the watch was renewed', {
  skip: withoutCgroups,
}, async (context) => {
  const { watches, changed, start } = fixture(context);
  const first = await start();
  watches.begin(resource, none);
  assert.deepEqual(watches.watch(resource), { kind: 'cgroup', processes: 1 });
  watches.begin(resource, none);
  first.kill('SIGKILL');
  await seen(changed, 1);
  await start();
  watches.begin(resource, none);
  assert.deepEqual(watches.watch(resource), { kind: 'cgroup', processes: 1 });
});

test('the end of a main process is told although its children live on', { skip: withoutCgroups }, async (context) => {
  const { watches, changed, start } = fixture(context);
  const master = await start('sleep 600 & sleep 600 & wait');
  await until('workers', () => {
    watches.begin(resource, none);
    return watches.watch(resource)?.kind === 'processes';
  });
  assert.deepEqual(watches.watch(resource), { kind: 'processes', pids: [master.pid] });
  master.kill('SIGKILL');
  await seen(changed, 1);
});

test('a daemon that starts its workers later is watched in the other way then', {
  skip: withoutCgroups,
}, async (context) => {
  const { watches, changed, start } = fixture(context);
  const master = await start('sleep 0.3; sleep 600 & wait');
  watches.begin(resource, none);
  await until('its workers', () => watches.watch(resource)?.kind === 'processes');
  master.kill('SIGKILL');
  await seen(changed, 1);
});

test('a process outside that the pid file names is watched, and so is its successor', {
  skip: withoutCgroups,
}, async (context) => {
  const { watches, changed, start, directory } = fixture(context);
  const pidFile = join(directory, 'pid');
  const outside = spawn('sleep', ['600'], { stdio: 'ignore' });
  const other = spawn('sleep', ['600'], { stdio: 'ignore' });
  context.after(() => [outside, other].map((child) => child.kill('SIGKILL')));
  writeFileSync(pidFile, `${outside.pid}\n`);
  const inside = await start();
  watches.begin(resource, { pidFile });
  assert.deepEqual(watches.watch(resource), { kind: 'processes', pids: [inside.pid, outside.pid] });
  writeFileSync(pidFile, `${other.pid}\n`);
  await seen(changed, 1);
  watches.begin(resource, { pidFile });
  assert.deepEqual(watches.watch(resource), { kind: 'processes', pids: [inside.pid, other.pid] });
  other.kill('SIGKILL');
  await until('its end', () => changed.length === 2);
});

test('nothing is told after the end of the watch', { skip: withoutCgroups }, async (context) => {
  const { watches, cgroups, changed, start } = fixture(context);
  const process = await start();
  watches.begin(resource, none);
  watches.end(resource);
  assert.equal(watches.watch(resource), undefined);
  process.kill('SIGKILL');
  await until('its end', () => cgroups.populated(resource, 'run') === undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(changed, []);
});

test('a good monitor of what has no process left is doubted a few times, more and more slowly', {
  skip: withoutCgroups,
}, async (context) => {
  const { watches, changed, start } = fixture(context);
  (await start()).kill('SIGKILL');
  const process = await start();
  watches.begin(resource, none);
  process.kill('SIGKILL');
  const startedAt = performance.now();
  for (let look = 1; look <= 4; look += 1) {
    await seen(changed, look);
    watches.begin(resource, none);
  }
  const elapsedMs = performance.now() - startedAt;
  assert.ok(elapsedMs >= 700, `${elapsedMs} ms`);
  assert.deepEqual(watches.watch(resource)?.kind, 'interval');
});

test('the next agent watches what it finds, and asks about what has ended', {
  skip: withoutCgroups,
}, async (context) => {
  const { watches, start, directory, cgroups } = fixture(context);
  const process = await start();
  const next = scriptFixture(directory);
  next.watches.takeOver();
  assert.deepEqual(next.watches.watch(resource), { kind: 'cgroup', processes: 1 });
  assert.deepEqual(next.changed, []);
  process.kill('SIGKILL');
  await seen(next.changed, 1);
  next.watches.close();
  assert.equal(watches.watch(resource), undefined);
  await until('its end', () => cgroups.populated(resource, 'run') === undefined);
  const third = scriptFixture(directory);
  third.watches.takeOver();
  assert.deepEqual(third.changed, [resource]);
});

test('the next agent asks about a resource whose monitor hung', { skip: withoutCgroups }, async (context) => {
  const { directory, cgroups } = fixture(context);
  const group = cgroups.enter(resource, 'op', 'run.1');
  const hanging = spawn('sh', ['-c', `echo 0 > ${group}/cgroup.procs; exec sleep 600`], { stdio: 'ignore' });
  context.after(() => hanging.kill('SIGKILL'));
  await until('its monitor', () => cgroups.populated(resource, 'op'));
  const next = scriptFixture(directory);
  next.watches.takeOver();
  assert.deepEqual(next.changed, [resource]);
});
