import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite } from './site.js';

const mark = `3${process.pid}`;
const document = (seconds: string) => `
deployable: shop
assemblies:
  db: { resources: { store: { exec: { command: [sleep, "1${mark}"] } } } }
  web: { resources: { app: { exec: { command: [sleep, "${seconds}"] } } } }
constraints:
  - { order: [db.store, web.app] }
`;
const store = `sleep 1${mark}`;
const app = (generation: number) => `sleep ${generation}${mark}`;

let site: Site;
let file: string;
/** The most that ran of the store at any moment. */
let mostAtOnce = 0;
const census = setInterval(() => {
  mostAtOnce = Math.max(mostAtOnce, pidsOf(store).length);
}, 50);

before(async () => {
  site = await startSite();
  file = join(site.home, '..', 'backup.tar.gz');
  await site.launch('shop', document(`2${mark}`));
  await site.settled('shop');
});
after(async () => {
  clearInterval(census);
  await site.end();
});

test('a backup is made while everything runs, for its owner only, and overwrites nothing', async () => {
  assert.match(await site.must('backup', file), /1 deployable\(s\), events up to \d+/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const again = await site.run('backup', file);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /is there already: choose another name/);
});

test('a backup that is damaged, cut short or something else is refused, and nothing is changed', async () => {
  const bad = join(site.home, '..', 'bad.tar.gz');
  await site.must('backup', bad);
  for (const spoil of [
    () => truncateSync(bad, statSync(bad).size >> 1),
    () => writeFileSync(bad, 'this is no archive'),
    () => rmSync(bad),
  ]) {
    spoil();
    const ran = await site.run('restore', bad, '--yes');
    assert.equal(ran.code, 1, ran.stdout);
    assert.match(ran.stderr, /is no backup that can be restored: /);
  }
  const asked = await site.run('restore', file);
  assert.equal(asked.code, 2);
  assert.match(asked.stderr, /Whatever was changed since is forgotten|say --yes/);
  assert.deepEqual(
    readdirSync(site.home).filter((name) => name.startsWith('.restoring') || name.startsWith('store.')),
    [],
  );
});

test('after a restore definitions are those of the backup; an instance that was started since is taken over', async () => {
  const since = await site.lastSeq();
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  await site.event(since, ({ kind }) => kind === 'deployable-running');
  await site.must('deployable', 'reload', 'shop', '-f', site.document('shop2.yaml', document(`4${mark}`)));
  await site.settled('shop');
  await site.launch(
    'later',
    `deployable: later\nassemblies: { a: { resources: { r: { exec: { command: [sleep, "5${mark}"] } } } } }\n`,
  );
  const [running] = pidsOf(store);
  assert.ok(running !== undefined);
  assert.equal(pidsOf(app(4)).length, 1);

  const ran = await site.run('restore', file, '--yes');
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /is restored\.\nThe store that was in use is now /);
  assert.match(ran.stderr, /nobody decides for them any more: later/);
  await site.settled('shop');
  // It was started by a definition that is forgotten: the next change brings it to one that is known.
  assert.equal(pidsOf(app(4)).length, 1);
  assert.match(await site.must('deployable', 'history', 'shop'), /1/);
  assert.deepEqual(pidsOf(store), [running], 'what runs was touched');
  assert.equal(mostAtOnce, 1);
  const events = await site.events();
  assert.equal(events.filter(({ kind }) => kind === 'store-restored').length, 1);
  assert.ok(events.some(({ kind, assembly }) => kind === 'assembly-taken-over' && assembly === 'db'));
});

test('what is restored goes on as ever: a failure is repaired, a change is made', async () => {
  const since = await site.lastSeq();
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  await site.event(since, ({ kind }) => kind === 'deployable-running');
  await site.must('deployable', 'reload', 'shop', '-f', site.document('shop3.yaml', document(`6${mark}`)));
  await site.settled('shop');
  assert.equal(pidsOf(app(6)).length, 1);
  assert.equal(mostAtOnce, 1);
});

test('a home that has lost its store says so, and a restore heals it', async () => {
  await site.must('down', '--keep-running');
  const [running] = pidsOf(store);
  rmSync(join(site.home, 'store', 'data.mdb'));
  const up = await site.run('up');
  assert.equal(up.code, 1, up.stdout);
  assert.match(up.stderr, /data\.mdb is gone, and there was one/);
  await site.must('restore', file, '--yes');
  await site.must('up');
  await site.settled('shop');
  assert.ok(existsSync(join(site.home, 'store', 'data.mdb')));
  assert.deepEqual(pidsOf(store), [running], 'what runs was touched');
  assert.equal(mostAtOnce, 1);
});
