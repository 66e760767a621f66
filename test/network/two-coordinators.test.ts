import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ensureIdentity } from '../../coordinator/cpe/credentials.js';
import { makeNextVersion, type NextVersion } from '../e2e/next-version.js';
import { pidsOf, until } from '../e2e/site.js';
import { type CoordinatorMachines, signal, startCoordinatorMachines } from './coordinator-machines.js';
import { namespacesMissing } from './namespaces.js';

const skip = namespacesMissing() ?? false;
const mark = `${process.pid}`;
const app = `sleep 2${mark}`;
const document = `
deployable: shop
hosts: [c]
assemblies:
  db:
    escalation: { failures: 20, period: 1h }
    resources:
      gate:
        agent: ocf:heartbeat:Delay
        parameters: { startdelay: "6", stopdelay: "0", mondelay: "0" }
        start: { timeout: 60s }
  web:
    escalation: { failures: 20, period: 1h }
    resources:
      app: { exec: { command: [sleep, "2${mark}"] } }
constraints:
  - { order: [db.gate, web.app] }
`;

interface MachineJson {
  readonly name: string;
  readonly standing: string;
  readonly leads: boolean;
  readonly deployables: readonly string[];
}
interface InfoJson {
  readonly version: string;
  readonly machines: readonly MachineJson[];
  readonly instances: readonly { readonly name: string; readonly assembly: string; readonly pid: number }[];
}
interface StatusJson {
  readonly condition: string;
  readonly settled: boolean;
  readonly epoch: number;
  readonly machine: string;
}

let site: CoordinatorMachines;
let next: NextVersion;
/** The most that ran of the application at any moment that was looked at. */
let mostAtOnce = 0;
const census = setInterval(() => {
  mostAtOnce = Math.max(mostAtOnce, pidsOf(app).length);
}, 100);

before(async () => {
  if (skip !== false) return;
  next = makeNextVersion();
  site = await startCoordinatorMachines(['a', 'b'], 'c');
  await site.up('a');
  await site.up('b');
});
after(async () => {
  clearInterval(census);
  if (skip !== false) return;
  await site.end();
  next.remove();
});

const info = (machine: string) => site.json<InfoJson>(machine, 'info');
const status = (machine: string) => site.json<StatusJson>(machine, 'deployable', 'status', 'shop');

/** Undefined while nobody answers as well: the cluster of the bus may be choosing a leader of its own. */
async function machineIn(at: string, name: string): Promise<MachineJson | undefined> {
  const ran = await site.run(at, '--json', 'info');
  return ran.code === 0 ? (JSON.parse(ran.text) as InfoJson).machines.find((each) => each.name === name) : undefined;
}

/** What `machine` says of the deployable, once it is as wanted. */
async function settled(machine: string, isIt: (found: StatusJson) => boolean = () => true): Promise<StatusJson> {
  let last = '';
  return until(
    'shop to be settled',
    240_000,
    async () => {
      const ran = await site.run(machine, '--json', 'deployable', 'status', 'shop');
      last = ran.text;
      if (ran.code !== 0) return undefined;
      const found = JSON.parse(ran.text) as StatusJson;
      return found.condition === 'running' && found.settled && isIt(found) ? found : undefined;
    },
    async () => last,
  );
}

async function eventsOf(machine: string, since: number, kind: string) {
  return (await site.events(machine, since)).filter((event) => event.kind === kind);
}

/** Everything of the coordinator that runs on a machine; its bus server is somebody else's. */
function coordinatorPids(machine: string): readonly number[] {
  return site.network.pids(machine).filter((pid) => {
    try {
      return !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('nats-server');
    } catch {
      return false;
    }
  });
}

/** What orders of a decider of an older epoch, sent on this machine, are answered with. */
async function orderLate(machine: string, instance: string, epoch: number): Promise<readonly string[]> {
  const credentials = await ensureIdentity(site.home(machine), 'dpe', 'dped-shop');
  const program = join(import.meta.dirname, 'late-orders-main.js');
  const command = [process.execPath, program, site.bus.url(machine), credentials, instance, String(epoch)];
  const child = site.network.spawn(machine, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  const text: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => text.push(chunk));
  await once(child, 'close');
  return JSON.parse(text.join('')) as string[];
}

test('two machines share a site: one leads, cpectl works with both, and both show the same', { skip }, async () => {
  await site.must('b', 'deployable', 'create', '-f', site.document('shop.yaml', document));
  await site.must('b', 'deployable', 'start', 'shop');
  const { machine } = await settled('a');
  assert.equal(machine, 'a');
  for (const at of ['a', 'b']) {
    const seen = (await info(at)).machines.map(({ name, standing, leads, deployables }) => [
      name,
      standing,
      leads,
      ...deployables,
    ]);
    assert.deepEqual(seen, [
      ['a', 'in-service', true, 'shop'],
      ['b', 'in-service', false],
    ]);
  }
});

test('the leader is cut off in the middle of a recovery: the other finishes it', { skip }, async () => {
  const before = await status('b');
  const since = (await site.events('b')).at(-1)?.seq ?? 0;
  const [instancePid] = (await info('b')).instances.map(({ pid }) => pid);
  // It would wait for the end of the recovery.
  const failing = site.run('b', 'resource', 'fail', 'shop', 'db.gate');
  await until('the recovery to begin', 180_000, async () => (pidsOf(app).length === 0 ? true : undefined));
  site.network.isolate('a');
  const cutAt = performance.now();
  const seconds = () => ((performance.now() - cutAt) / 1000).toFixed(1);
  await until('the other machine to lead', 180_000, async () => (await machineIn('b', 'b'))?.leads || undefined);
  console.log(`# b leads ${seconds()} s after the cut`);
  await until('the recovery to be finished', 180_000, async () => (pidsOf(app).length === 1 ? true : undefined));
  console.log(`# the recovery is finished ${seconds()} s after the cut`);
  const now = await settled('b', ({ machine }) => machine === 'b');
  assert.ok(now.epoch > before.epoch, `epoch ${now.epoch} after ${before.epoch}`);
  await failing;
  assert.equal((await machineIn('b', 'a'))?.standing, 'silent');
  const [led] = await eventsOf('b', since, 'leader-changed');
  assert.match(led?.reason ?? '', /coordinator machine b leads: the one that led has not renewed its lease for \d+\./);
  const [moved] = await eventsOf('b', since, 'deployable-moved');
  // Whichever is seen first: that the machine is silent, or that the deployable's lease is not renewed.
  const why = /coordinator machine b decides for it: (a has been silent for \d+\.|nobody on a has renewed its lease)/;
  assert.match(moved?.reason ?? '', why);
  assert.deepEqual((await info('b')).instances.map(({ pid }) => pid)[0], instancePid, 'an instance was started again');
  assert.equal(mostAtOnce, 1);
});

test('when the first one comes back its orders are refused, and it stands by', { skip }, async () => {
  const [pid] = pidsOf(app);
  const { epoch } = await status('b');
  site.network.healAll();
  await until('a to be in service', 180_000, async () =>
    (await machineIn('b', 'a'))?.standing === 'in-service' ? true : undefined,
  );
  await until('a to know who leads', 180_000, async () => (await machineIn('a', 'b'))?.leads || undefined);
  const web = (await info('b')).instances.find(({ assembly }) => assembly === 'web')?.name ?? '';
  const refused = 'stale-epoch';
  assert.deepEqual(await orderLate('a', web, epoch - 1), [refused, refused, refused, refused]);
  const log = readFileSync(join(site.home('c'), 'launcherd.log'), 'utf8');
  const told = log.split('\n').filter((line) => line.includes('order of an older decider refused')).length;
  assert.ok(told >= 2, `${told} refusals in the launcher's log, of two late orders and what dped itself had under way`);
  await until('the decider on a to give up', 180_000, async () =>
    site.log('a', 'dped-shop').includes('no longer deciding for the deployable') ? true : undefined,
  );
  const after = await settled('a');
  assert.equal(after.machine, 'b');
  // The cluster of the bus may need longer than a lease to agree again: then b has taken its own lease once more.
  assert.ok(after.epoch >= epoch, `epoch ${after.epoch} after ${epoch}`);
  assert.deepEqual(pidsOf(app), [pid]);
  assert.equal(mostAtOnce, 1);
});

test('a machine that stands still is succeeded, and does nothing when it goes on', { skip }, async () => {
  const [pid] = pidsOf(app);
  const since = (await site.events('a')).at(-1)?.seq ?? 0;
  const { epoch } = await status('a');
  const stopped = coordinatorPids('b');
  for (const each of stopped) signal(each, 'SIGSTOP');
  const now = await settled('a', (found) => found.machine === 'a' && found.epoch > epoch);
  for (const each of stopped) signal(each, 'SIGCONT');
  await until('b to be in service', 180_000, async () =>
    (await machineIn('a', 'b'))?.standing === 'in-service' ? true : undefined,
  );
  const after = await settled('b');
  assert.equal(after.machine, 'a');
  assert.ok(after.epoch >= now.epoch, `epoch ${after.epoch} after ${now.epoch}`);
  const disturbed = (await site.events('a', since)).filter(({ kind }) => /resource-|assembly-/.test(kind));
  assert.deepEqual(disturbed, []);
  assert.deepEqual(pidsOf(app), [pid]);
  assert.equal(mostAtOnce, 1);
});

test('machine after machine is upgraded, and nothing that runs is touched', { skip }, async () => {
  const [pid] = pidsOf(app);
  const since = (await site.events('a')).at(-1)?.seq ?? 0;
  for (const [machine, other] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    const downAt = performance.now();
    await site.must(machine, 'down');
    const { epoch } = await settled(other, (found) => found.machine === other);
    console.log(`# ${other} decides ${((performance.now() - downAt) / 1000).toFixed(1)} s after ${machine} went down`);
    await site.up(machine, next.cpectl);
    await until(`${machine} to be in service`, 180_000, async () =>
      (await machineIn(other, machine))?.standing === 'in-service' ? true : undefined,
    );
    assert.ok((await status(machine)).epoch >= epoch);
    // Both versions show the machines of both.
    const seen = (await info(other)).machines.map(({ name, standing }) => `${name} ${standing}`);
    assert.deepEqual(seen, ['a in-service', 'b in-service']);
  }
  assert.equal((await info('a')).version, next.version);
  const disturbed = (await site.events('a', since)).filter(({ kind }) => /resource-|assembly-/.test(kind));
  assert.deepEqual(disturbed, []);
  assert.deepEqual(pidsOf(app), [pid]);
});

test('deciders of the next version recover what the version before has started', { skip }, async () => {
  const since = (await site.events('a')).at(-1)?.seq ?? 0;
  await site.must('b', 'resource', 'fail', 'shop', 'db.gate');
  await settled('b', ({ settled }) => settled);
  assert.equal((await eventsOf('b', since, 'deployable-running')).length, 1);
  assert.equal(pidsOf(app).length, 1);
  assert.equal(mostAtOnce, 1);
});

test('the bus servers lose what they have acknowledged: what runs is taken over, and no epoch is given twice', {
  skip,
}, async () => {
  const kept = await settled('a');
  site.bus.keepDisks();
  // Each of these is forgotten: that the deployable has moved, and that its machine is another one.
  await site.must(kept.machine, 'down');
  const other = kept.machine === 'a' ? 'b' : 'a';
  await settled(other, ({ machine }) => machine === other);
  await site.up(kept.machine, next.cpectl);
  await site.must(other, 'assembly', 'restart', 'shop', 'web');
  const last = await settled(other);
  const [pid] = pidsOf(app);
  assert.ok(last.epoch > kept.epoch);

  await site.bus.loseSinceKept();
  const isPast = ({ epoch }: StatusJson) => epoch > last.epoch;
  await settled('a', isPast);
  await settled('b', isPast);
  assert.notEqual((await eventsOf('a', 0, 'assembly-taken-over')).length, 0);
  assert.match((await eventsOf('a', 0, 'store-writes-lost'))[0]?.reason ?? '', /has lost acknowledged writes/);
  assert.deepEqual(pidsOf(app), [pid]);
  assert.equal(mostAtOnce, 1);
  await site.must('a', 'resource', 'fail', 'shop', 'db.gate');
  await settled('b');
  assert.equal(mostAtOnce, 1);
});
