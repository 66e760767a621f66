import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { pidsOf, until } from '../e2e/site.js';
import { namespacesMissing } from './namespaces.js';
import { agentsOf, coordinator, type NetworkSite, startNetworkSite, takeCensus } from './network-site.js';

const skip = namespacesMissing() ?? false;
const mark = `${process.pid}`;
/** `web` is on c; `book`, which is exclusive, and `far` are on d. All may be on either. */
const app = { web: `sleep 1${mark}`, book: `sleep 2${mark}`, far: `sleep 3${mark}` } as const;
type App = keyof typeof app;
const assembly = (name: App, options = '') => `
  ${name}:
    escalation: { failures: 20, period: 1h }
    resources: { run: { exec: { command: [sleep, "${app[name].slice(6)}"] }${options} } }`;
const prefers = (name: App, host: string) => `
  - location: { assembly: ${name}, rule: { score: 100, expressions: [{ attribute: "#uname", is: eq, value: ${host} }] } }`;
const document = `
deployable: shop
hosts: [c, d]
assemblies:${assembly('web')}${assembly('book', ', exclusive: true')}${assembly('far')}
constraints:${prefers('web', 'c')}${prefers('book', 'd')}${prefers('far', 'd')}
`;

let site: NetworkSite;
const census = takeCensus(Object.values(app));

before(async () => {
  if (skip !== false) return;
  site = await startNetworkSite({ buses: ['b'], launcherHosts: ['c', 'd'] });
  await site.launch('shop', document);
});
after(async () => {
  census.stop();
  if (skip === false) await site.end();
});
afterEach(() => {
  if (skip !== false) return;
  site.network.healAll();
  assert.equal(census.mostAtOnce, 1, 'something ran twice');
});

const pidOf = (name: App) => pidsOf(app[name])[0];
const pids = () => [pidOf('web'), pidOf('book'), pidOf('far')];
const gone = (name: App) =>
  until(`${name} to stop`, 120_000, async () => (pidOf(name) === undefined ? true : undefined));
const runs = (name: App) => until(`${name} to run`, 120_000, async () => pidOf(name));

interface InfoJson {
  readonly instances: readonly { readonly assembly: string; readonly pid: number; readonly launcherHost: string }[];
}

/** Pid of the init of an assembly's instance. */
async function instancePid(name: App): Promise<number> {
  const { instances } = await site.cpectl.json<InfoJson>('info');
  const found = instances.find((each) => each.assembly === name);
  if (found === undefined) throw new Error(`no instance of ${name}: ${JSON.stringify(instances)}`);
  return found.pid;
}

async function hostState(host: string, state: string): Promise<void> {
  let last = '';
  await until(
    `launcher host ${host} to be ${state}`,
    120_000,
    async () => {
      const hosts = await site.cpectl.json<readonly { name: string; state: string }[]>('host', 'list');
      last = JSON.stringify(hosts);
      return hosts.some((each) => each.name === host && each.state === state) ? true : undefined;
    },
    async () => last,
  );
}

/** What has happened to assemblies and resources, as `kind assembly`. */
async function disturbed(since: number): Promise<readonly string[]> {
  return (await site.cpectl.events(since))
    .filter(({ kind }) => /^(resource|assembly)-/.test(kind) && !/-(suspect|heard)$/.test(kind))
    .map(({ kind, assembly }) => `${kind} ${assembly}`);
}

test('the coordinator is cut off from the bus: agents repair, what is exclusive ends with its lease, nothing else happens', {
  skip,
}, async () => {
  const seq = await site.lastSeq();
  const [web = 0, book, far] = pids();
  site.network.cut(coordinator, 'b');
  process.kill(web, 'SIGKILL');
  const repaired = await until('web to be repaired', 120_000, async () => pidsOf(app.web).find((pid) => pid !== web));
  await gone('book');
  site.network.healAll();
  assert.notEqual(await runs('book'), book);
  await site.settled('shop');
  assert.deepEqual([pidOf('web'), pidOf('far')], [repaired, far]);
  assert.deepEqual([...(await disturbed(seq))].sort(), [
    'resource-failed book',
    'resource-failed web',
    'resource-recovered web',
    'resource-started book',
    'resource-stopped book',
  ]);
});

test('a launcher is cut off from the bus: nothing is done, and what died meanwhile is started when that is proven', {
  skip,
}, async () => {
  const seq = await site.lastSeq();
  const before = pids();
  const init = await instancePid('web');
  site.network.cut('c', 'b');
  await hostState('c', 'silent');
  assert.deepEqual(pids(), before);
  // Nobody can say now that it is dead: it may be the network once more.
  process.kill(init, 'SIGKILL');
  await site.event(seq, 'host-suspect');
  assert.equal(pidOf('web'), undefined);
  site.network.healAll();
  await runs('web');
  await site.settled('shop');
  assert.deepEqual(pids().slice(1), before.slice(1));
  assert.deepEqual(new Set((await disturbed(seq)).map((text) => text.split(' ')[1])), new Set(['web']));
});

test('an agent is cut off from the bus: its instance is ended by its launcher before another one starts', {
  skip,
}, async () => {
  const seq = await site.lastSeq();
  const before = pids();
  site.network.cut(agentsOf('c'), 'b');
  await gone('web');
  site.network.healAll();
  await runs('web');
  await site.settled('shop');
  assert.deepEqual(pids().slice(1), before.slice(1));
  assert.deepEqual(new Set((await disturbed(seq)).map((text) => text.split(' ')[1])), new Set(['web']));
});

test('a launcher host is cut off with all that runs on it: nothing starts elsewhere, and it goes on when it is back', {
  skip,
}, async () => {
  const seq = await site.lastSeq();
  const [web, , far] = pids();
  for (const machine of ['d', agentsOf('d')]) site.network.isolate(machine);
  await hostState('d', 'silent');
  await gone('book');
  await site.event(seq, 'host-suspect');
  assert.equal(pidOf('book'), undefined, 'a lease that must have ended is no proof');
  site.network.healAll();
  await runs('book');
  await site.settled('shop');
  assert.deepEqual([pidOf('web'), pidOf('far')], [web, far]);
});

test('the power of a launcher host fails: an operator says so, and all of it is started on the other one', {
  skip,
}, async () => {
  const web = pidOf('web');
  site.network.powerOff('d');
  await gone('far');
  await hostState('d', 'silent');
  await site.cpectl.must('host', 'confirm-dead', 'd', '--evidence', 'the test has switched it off', '--force');
  await Promise.all([runs('book'), runs('far')]);
  await site.settled('shop');
  assert.equal(pidOf('web'), web);
  await site.startLauncher('d');
  await hostState('d', 'in-service');
  await site.settled('shop');
  assert.equal(pidOf('web'), web);
});
