/** What operators do to a deployable that runs, on two launcher hosts: every verb, seen from outside. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Site, startSite, until } from './site.js';

let site: Site;
const mark = `${process.pid}`;
const document = (redis: string) => `
deployable: shop
assemblies:
  db:
    resources: { redis: { exec: { command: [sleep, "${redis}"] } } }
  web:
    resources:
      app: { exec: { command: [sleep, "2${mark}"] } }
      extra: { exec: { command: [sleep, "3${mark}"] } }
constraints:
  - { order: [db.redis, web.app] }
`;

before(async () => {
  site = await startSite('--launcher-host', 'left,right');
  await site.launch('shop', document(`1${mark}`));
});
after(() => site.end());

interface StatusJson {
  readonly condition: string;
  readonly revision: number;
  readonly assemblies: readonly {
    readonly name: string;
    readonly state: string;
    readonly instance: string;
    readonly launcherHost: string;
    readonly resources: readonly { readonly name: string; readonly state: string; readonly sinceUnixMs: number }[];
  }[];
}

async function status(): Promise<StatusJson> {
  return JSON.parse(await site.must('--json', 'deployable', 'status', 'shop')) as StatusJson;
}

/** By assembly and resource; what may not run at the moment is `stopped`, whether it waits or not. */
async function states(): Promise<Record<string, string>> {
  const { assemblies } = await status();
  return Object.fromEntries(
    assemblies.flatMap(({ name, state, resources }) => [
      [name, state],
      ...resources.map((each) => [`${name}.${each.name}`, each.state.replace('waiting', 'stopped')] as const),
    ]),
  );
}

const allRuns = { db: 'running', 'db.redis': 'running', web: 'running', 'web.app': 'running', 'web.extra': 'running' };

async function assembly(name: string) {
  const found = (await status()).assemblies.find((each) => each.name === name);
  assert.ok(found !== undefined);
  return found;
}

/** Kinds of the events that a command led to, in order. */
async function kindsOf(...args: readonly string[]): Promise<readonly string[]> {
  const since = await site.lastSeq();
  await site.must(...args);
  return (await site.events(since)).map(({ kind, assembly: of, resource }) => {
    const subject = [of, resource].filter((part) => part !== '').join('.');
    return subject === '' ? kind : `${subject} ${kind}`;
  });
}

test('a resource is stopped after its dependents, and started with them', async () => {
  const stopped = await kindsOf('resource', 'stop', 'db.redis');
  assert.ok(stopped.indexOf('web.app resource-stopped') < stopped.indexOf('db.redis resource-stopped'));
  assert.deepEqual(await states(), { ...allRuns, 'db.redis': 'stopped', 'web.app': 'stopped' });
  const started = await kindsOf('resource', 'start', 'shop', 'db.redis');
  assert.ok(started.indexOf('db.redis resource-started') < started.indexOf('web.app resource-started'));
  assert.deepEqual(await states(), allRuns);
});

test('a restart touches the resource and its dependents only', async () => {
  const before = await assembly('web');
  await site.must('resource', 'restart', 'shop/db.redis');
  const later = await assembly('web');
  const since = (web: typeof before, name: string) => web.resources.find((each) => each.name === name)?.sinceUnixMs;
  assert.notEqual(since(later, 'app'), since(before, 'app'));
  assert.equal(since(later, 'extra'), since(before, 'extra'));
  assert.equal(later.instance, before.instance);
});

test('a failure that an operator declares is counted, and forgotten by a cleanup', async () => {
  await site.must('resource', 'fail', 'db.redis');
  const counts = async () => JSON.parse(await site.must('--json', 'resource', 'failcount', 'shop')) as unknown[];
  assert.equal((await counts()).length, 1);
  await site.must('resource', 'cleanup', 'shop');
  assert.deepEqual(await counts(), []);
  assert.deepEqual(await states(), allRuns);
});

test('a VM is moved, banned, and free again', async () => {
  const { launcherHost } = await assembly('web');
  const other = launcherHost === 'left' ? 'right' : 'left';
  await site.must('resource', 'move', 'web.vm', '--node', other);
  assert.equal((await assembly('web')).launcherHost, other);
  await site.must('resource', 'ban', 'web.vm');
  assert.equal((await assembly('web')).launcherHost, launcherHost);
  const { instance } = await assembly('web');
  await site.must('resource', 'clear', 'web.vm');
  assert.equal((await assembly('web')).instance, instance);
  assert.deepEqual(await states(), allRuns);
});

test('standby stops what is inside, drain the VM as well, unstandby brings both back', async () => {
  await site.must('assembly', 'standby', 'web');
  assert.deepEqual(await states(), { ...allRuns, 'web.app': 'stopped', 'web.extra': 'stopped' });
  await site.must('assembly', 'drain', 'web');
  assert.equal((await states()).web, 'stopped');
  await site.must('assembly', 'unstandby', 'web');
  assert.deepEqual(await states(), allRuns);
});

test('an assembly is restarted in order, and destroyed only with force', async () => {
  const first = await assembly('web');
  const kinds = await kindsOf('assembly', 'restart', 'web');
  assert.ok(kinds.indexOf('web.app resource-stopped') < kinds.indexOf('web assembly-stopped'));
  const second = await assembly('web');
  assert.notEqual(second.instance, first.instance);
  const refused = await site.run('assembly', 'destroy', 'web');
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /--force/);
  assert.equal((await assembly('web')).instance, second.instance);
  assert.ok(!(await kindsOf('assembly', 'destroy', 'web', '--force')).includes('web.app resource-stopped'));
  assert.notEqual((await assembly('web')).instance, second.instance);
  assert.deepEqual(await states(), allRuns);
});

test('in maintenance nothing is touched, and what was ordered is done afterwards', async () => {
  await site.must('deployable', 'maintenance', 'shop', 'on');
  const refused = await site.run('deployable', 'stop', 'shop');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /not managed \(.*db\.redis.*--force/);
  const deferred = JSON.parse(await site.must('--json', 'resource', 'stop', 'web.extra')) as { outcome: string };
  assert.equal(deferred.outcome, 'deferred');
  assert.equal((await states())['web.extra'], 'running');
  await site.must('deployable', 'maintenance', 'off', 'shop');
  assert.equal((await states())['web.extra'], 'stopped');
  await site.must('resource', 'start', 'web.extra');
  assert.deepEqual(await states(), allRuns);
});

test('while it is held nothing is decided', async () => {
  await site.must('deployable', 'hold', 'shop', '--reason', 'test');
  assert.equal((await status()).condition, 'held');
  await site.must('resource', 'restart', 'web.extra');
  const since = await site.lastSeq();
  await site.must('deployable', 'resume', 'shop');
  assert.ok(
    (await site.events(since)).some(({ kind, resource }) => kind === 'resource-started' && resource === 'extra'),
  );
});

test('a plan is what the reload does, a rollback undoes it, and nothing of it touches the rest', async () => {
  const file = site.document('new.yaml', document(`4${mark}`));
  const plan = JSON.parse(await site.must('--json', 'deployable', 'plan', '-f', file)) as {
    changes: { subject: string; what: string }[];
  };
  const planned = plan.changes.map(({ subject, what }) => `${what} ${subject}`).sort();
  assert.deepEqual(planned, ['restart db.redis', 'restart web.app']);
  const since = await site.lastSeq();
  await site.must('deployable', 'reload', 'shop', '-f', file, '--comment', 'other time');
  const restarted = (await site.events(since)).filter(({ kind }) => kind === 'resource-started');
  assert.deepEqual(restarted.map((each) => `restart ${each.assembly}.${each.resource}`).sort(), planned);
  await site.must('deployable', 'rollback', 'shop');
  const history = JSON.parse(await site.must('--json', 'deployable', 'history', 'shop')) as { comment: string }[];
  assert.deepEqual(
    history.map(({ comment }) => comment),
    ['rolled back to revision 1', 'other time', ''],
  );
  const again = JSON.parse(await site.must('--json', 'deployable', 'rollback', 'shop', '--to', '1')) as object;
  assert.deepEqual(again, { ...again, changed: false, revision: 3 });
});

test('what is simulated is not done, and what was done can be shown, drawn, replayed and explained', async () => {
  const since = await site.lastSeq();
  assert.match(await site.must('simulate', 'shop', 'assembly', 'db', 'fails'), /restart +db\.vm/);
  assert.match(await site.must('simulate', 'resource', 'db.redis', 'fails', '--dot'), /^digraph "shop"/);
  assert.deepEqual(await site.events(since), []);
  await site.must('resource', 'fail', 'db.redis');
  assert.match(await site.must('transitions', 'show', 'shop'), /start +db\.redis +db +succeeded/);
  assert.match(await site.must('transitions', 'graph', 'shop', '--svg'), /<svg [\s\S]*<\/svg>/);
  assert.match(await site.must('transitions', 'replay', 'shop'), /graph: the same\norder of actions: the same/);
  const explained = await site.must('explain', 'db.redis');
  assert.match(explained, /cause: operator[\s\S]*declared failed by operator/);
});

test('a launcher host is drained and comes back, and is not dead while it is heard', async () => {
  const { launcherHost } = await assembly('db');
  await site.must('host', 'drain', launcherHost, '--timeout', '2m');
  const host = JSON.parse(await site.must('--json', 'host', 'status', launcherHost)) as { state: string };
  assert.equal(host.state, 'drained');
  assert.notEqual((await assembly('db')).launcherHost, launcherHost);
  await site.must('host', 'drain', launcherHost, '--off');
  const refused = await site.run('host', 'confirm-dead', launcherHost, '--evidence', 'a lie', '--force');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is not dead: its launcher answers/);
  await site.must('host', 'fencer', launcherHost, '--command', 'true', '--parameter', 'port=7');
  const hosts = JSON.parse(await site.must('--json', 'host', 'list')) as { name: string; fencer: boolean }[];
  assert.deepEqual(hosts.find(({ name }) => name === launcherHost)?.fencer, true);
  await until('everything runs', 180_000, async () => {
    return JSON.stringify(await states()) === JSON.stringify(allRuns) ? true : undefined;
  });
});
