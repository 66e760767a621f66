import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite, until } from './site.js';

const mark = `9${process.pid}`;
const app = `sleep 1${mark}`;
const document = (name: string, ballast = 0) => `
deployable: ${name}
assemblies:
  web: { resources: { app: { exec: { command: [sleep, "1${mark}"], environment: { X: "${'y'.repeat(ballast)}" } } } } }
`;

let site: Site;
let mount: string;
before(async () => {
  site = await startSite();
  await site.must('down');
  // The store alone is on a small file system; it is moved there while nothing is up.
  mount = join(site.home, 'store');
  rmSync(mount, { recursive: true });
  mkdirSync(mount);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16M', 'tmpfs', mount]);
  await site.must('up');
  await site.launch('shop', document('shop'));
  await site.settled('shop');
});
after(async () => {
  try {
    await site.must('down');
  } finally {
    execFileSync('umount', ['-l', mount]);
  }
  await site.end();
});

function fill(): string {
  const file = join(mount, 'ballast');
  const handle = openSync(file, 'w');
  try {
    for (;;) writeSync(handle, Buffer.alloc(65_536));
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  } finally {
    closeSync(handle);
  }
  return file;
}

test('a full disk is told, stops what would be lost, leaves alone what runs, and heals', {
  timeout: 240_000,
}, async () => {
  const [running] = pidsOf(app);
  assert.ok(running !== undefined);
  const since = await site.lastSeq();
  const ballast = fill();
  assert.ok(statSync(ballast).size > 0);
  const { reason } = await site.event(since, ({ kind }) => kind === 'disk-full', 60_000);
  assert.match(reason, /is full: nothing can be changed or recorded until space is freed; what runs goes on/);

  // Free pages of the store are used up first; then a change is refused whole, and says why.
  const made: string[] = [];
  const refusal = await until('a change to be refused', 120_000, async () => {
    const name = `d${made.length}`;
    const ran = await site.run('deployable', 'create', '-f', site.document(`${name}.yaml`, document(name, 60_000)));
    if (ran.code !== 0) return ran.stderr;
    made.push(name);
    return undefined;
  });
  assert.match(refusal, /no space is left on the file system of .*: free some, and writes succeed again/);
  assert.deepEqual(pidsOf(app), [running]);
  assert.equal((await site.run('deployable', 'status', 'shop')).code, 0);

  rmSync(ballast);
  await site.event(since, ({ kind }) => kind === 'disk-has-space', 60_000);
  const name = `d${made.length}`;
  await site.must('deployable', 'create', '-f', join(site.home, '..', `${name}.yaml`));
  const listed = JSON.parse(await site.must('--json', 'deployable', 'list')) as { name: string }[];
  assert.deepEqual(listed.map((each) => each.name).sort(), [...made, name, 'shop'].sort());
  // What was acknowledged on the full disk is there after all of it was killed.
  process.kill(await site.pid('cped', 'cped'), 'SIGKILL');
  await until('cped to be back', 60_000, async () => ((await site.run('info')).code === 0 ? true : undefined));
  const again = JSON.parse(await site.must('--json', 'deployable', 'list')) as { name: string }[];
  assert.equal(again.length, listed.length);
  assert.deepEqual(pidsOf(app), [running]);
});
