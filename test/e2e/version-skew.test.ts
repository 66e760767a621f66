import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { makeNextVersion, type NextVersion } from './next-version.js';
import { pidsOf, type Site, startSite } from './site.js';

const mark = `5${process.pid}`;
const db = `sleep 1${mark}`;
const web = `sleep 2${mark}`;
const document = `
deployable: shop
assemblies:
  db: { resources: { store: { exec: { command: [sleep, "1${mark}"] } } } }
  web: { resources: { app: { exec: { command: [sleep, "2${mark}"] } } } }
constraints:
  - { order: [db.store, web.app] }
`;

let site: Site;
let next: NextVersion;
before(async () => {
  next = makeNextVersion();
  site = await startSite();
  await site.launch('shop', document);
  await site.settled('shop');
});
after(async () => {
  await site.end();
  next.remove();
});

/** cpectl of the other version, on the same home. */
function ofNext(...args: readonly string[]): string {
  const command = [next.cpectl, '--home', site.home, ...args];
  return execFileSync(process.execPath, command, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

async function version(): Promise<string> {
  return (JSON.parse(await site.must('--json', 'info')) as { version: string }).version;
}

/** A resource is repaired by its agent, then an assembly is recovered as a whole, whatever versions are at it. */
async function recoverBoth(): Promise<void> {
  const since = await site.lastSeq();
  const [app] = pidsOf(web);
  assert.ok(app !== undefined);
  process.kill(app, 'SIGKILL');
  await site.event(since, ({ kind, resource }) => kind === 'resource-recovered' && resource === 'app');
  process.kill(await site.pid('instance', 'db'), 'SIGKILL');
  await site.event(since, ({ kind }) => kind === 'deployable-running');
  await site.settled('shop');
  assert.equal(pidsOf(db).length, 1);
  assert.equal(pidsOf(web).length, 1);
}

test('the coordinator is upgraded under agents of the version before, and back again: nothing that runs is touched', async () => {
  const present = await version();
  let running = [...pidsOf(db), ...pidsOf(web)];
  await site.must('down', '--keep-running');
  ofNext('up');
  assert.equal(await version(), next.version);
  await site.settled('shop');
  assert.deepEqual([...pidsOf(db), ...pidsOf(web)], running);
  // The instance that is started now has an agent of the next version; the other one keeps its own.
  await recoverBoth();
  ofNext('deployable', 'maintenance', 'shop', 'on');
  ofNext('deployable', 'maintenance', 'shop', 'off');

  running = [...pidsOf(db), ...pidsOf(web)];
  await site.must('down', '--keep-running');
  await site.must('up');
  assert.equal(await version(), present);
  await site.settled('shop');
  assert.deepEqual([...pidsOf(db), ...pidsOf(web)], running);
  await recoverBoth();
  const kinds = (await site.events(0)).map(({ kind }) => kind);
  assert.ok(!kinds.includes('instance-lost') && !kinds.includes('assembly-held'), kinds.join(' '));
});

test('cpectl of either version asks the coordinator of the other', async () => {
  assert.match(ofNext('deployable', 'status', 'shop'), /shop is running/);
  assert.match(ofNext('audit'), /deployableMaintenance/);
  const stranger = ofNext('--json', 'info');
  assert.match(stranger, /"version"/);
});
