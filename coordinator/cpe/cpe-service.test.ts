import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, mock, test } from 'node:test';
import { busError, isBusError } from '../../proto/bus-error.js';
import type { BodyDraft, DeployableStatus, Draft } from '../../proto/messages.js';
import { cpeRequest, dpeRequest, launcherBeat, launcherList, launcherOrder } from '../../proto/subjects.js';
import { readHost, recordHostDeath } from '../dpe/host-record.js';
import { openAuthority } from '../identity/authority.js';
import { createMemoryDisk, openMemoryStore } from '../store/memory-store.js';
import { serveCpe } from './cpe-service.js';
import { EventWatch } from './event-watch.js';
import { hostSilentAfterMs } from './host-beats.js';
import { scriptedBus } from './scripted-bus.js';

const keys = mkdtempSync(join(tmpdir(), 'keys-'));
after(() => rmSync(keys, { recursive: true }));

const shop = (command = 'sleep') => ({
  format: 'yaml',
  text: `deployable: shop\nassemblies: { db: { resources: { redis: { exec: { command: [${command}, "9"] } } } } }\n`,
  fileName: 'shop.yaml',
});

const asAnn = cpeRequest('operator', 'ann');

async function cped(status?: () => Draft<DeployableStatus>) {
  const store = openMemoryStore(createMemoryDisk());
  const bus = scriptedBus();
  if (status !== undefined) {
    bus.subscribe(dpeRequest('shop'), ({ envelope: { body } }) =>
      body.kind === 'getStatus'
        ? { kind: 'deployableStatus', value: status() }
        : { kind: 'verbDone', value: { message: body.kind } },
    );
  }
  const authority = await openAuthority(keys);
  serveCpe({
    home: '/none',
    version: '1',
    schedulerVersion: '2',
    config: {
      launcherHosts: ['left'],
      drivers: {},
      busUrl: '',
      natsServer: '',
      maxDeployables: 1,
      heartbeatMs: 1,
      agentLostMs: 1,
      isForeground: true,
    },
    store,
    bus,
    dpes: { look: () => {}, list: async () => [], close: () => {} },
    watch: new EventWatch(bus),
    authority: () => authority,
    ownNames: ['root'],
    knownHosts: () => ['left', 'right'],
  });
  const ask = async (body: BodyDraft) => {
    const answer = await bus.requestAs({ role: 'operator', id: 'ann', incarnation: 'o1' }, asAnn, body);
    assert.ok(answer !== undefined);
    return isBusError(answer) ? { kind: 'error', value: answer } : answer;
  };
  const value = async (body: BodyDraft): Promise<Record<string, unknown>> => {
    const answer = await ask(body);
    assert.notEqual(answer.kind, 'error', JSON.stringify(answer.value));
    return answer.value as unknown as Record<string, unknown>;
  };
  const refusal = async (body: BodyDraft) => {
    const answer = await ask(body);
    assert.equal(answer.kind, 'error');
    return answer.value as { code: string; message: string };
  };
  const kinds = async () => (await store.events({ since: 0, limit: 100 })).map(({ kind }) => kind);
  return { store, bus, value, refusal, kinds };
}

const create: BodyDraft = { kind: 'createDeployable', value: { document: shop(), comment: 'first' } };
const reload = (command: string, comment = ''): BodyDraft => ({
  kind: 'reloadDeployable',
  value: { name: 'shop', document: shop(command), comment },
});
const history: BodyDraft = { kind: 'deployableHistory', value: { name: 'shop' } };

test('every definition is kept, with who gave it and why', async () => {
  const { value } = await cped();
  await value(create);
  assert.deepEqual((await value(reload('true', 'quicker'))).revision, 2);
  const { versions } = (await value(history)) as { versions: Record<string, unknown>[] };
  assert.deepEqual(
    versions.map(({ revision, by, comment, current }) => [revision, by, comment, current]),
    [
      [2, 'operator ann', 'quicker', true],
      [1, 'operator ann', 'first', false],
    ],
  );
  const { document, revision } = await value({ kind: 'getVersion', value: { name: 'shop', revision: 1 } });
  assert.deepEqual([revision, document], [1, shop()]);
});

test('a reload with the document in force changes nothing and makes no revision', async () => {
  const { value, kinds } = await cped();
  await value(create);
  const { changed, revision } = await value(reload('sleep'));
  assert.deepEqual([changed, revision], [false, 1]);
  assert.deepEqual(await kinds(), ['deployable-created']);
});

test('a rollback is a new revision with an old document', async () => {
  const { value, refusal, kinds } = await cped();
  await value(create);
  const rollback = (revision: number): BodyDraft => ({
    kind: 'rollbackDeployable',
    value: { name: 'shop', revision },
  });
  assert.match((await refusal(rollback(0))).message, /one definition only/);
  await value(reload('two'));
  await value(reload('three'));
  assert.equal((await value(rollback(0))).revision, 4);
  assert.equal((await value(rollback(1))).revision, 5);
  assert.match((await refusal(rollback(9))).message, /revision 9 .* is not kept; cpectl deployable history shop/);
  const { document } = await value({ kind: 'getDefinition', value: { name: 'shop' } });
  assert.deepEqual(document, shop());
  const { versions } = (await value(history)) as { versions: { comment: string }[] };
  assert.deepEqual(
    versions.map(({ comment }) => comment),
    ['rolled back to revision 1', 'rolled back to revision 2', '', '', 'first'],
  );
  assert.equal((await kinds()).at(-1), 'deployable-rolled-back');
});

test('no more than a hundred versions are kept, and none of a deployable that is gone', async () => {
  const { value, store } = await cped();
  await value(create);
  for (let index = 2; index <= 103; index++) await value(reload(`c${index}`));
  const { versions } = (await value(history)) as { versions: { revision: number }[] };
  assert.deepEqual([versions.length, versions.at(0)?.revision, versions.at(-1)?.revision], [100, 103, 4]);
  const { value: deleted, store: other, bus } = await cped();
  for (const host of ['left', 'right']) {
    bus.subscribe(launcherList(host), () => ({ kind: 'launcherInventory', value: { launcherHost: host } }));
  }
  await deleted(create);
  await deleted({ kind: 'deleteDeployable', value: { name: 'shop' } });
  assert.deepEqual(await other.list('definition/', 10), []);
  assert.equal((await store.list('definition/', 1_000)).length, 100);
});

const starts: readonly [string, Draft<DeployableStatus>, boolean][] = [
  ['a start finds a running deployable started', { condition: 'running', settled: true, desiredRevision: 2 }, false],
  ['a repeated start resumes a halted deployable', { condition: 'failed', settled: true, desiredRevision: 2 }, true],
  ['a start is given again to a DPE that is behind', { condition: 'running', settled: true, desiredRevision: 1 }, true],
];
for (const [name, status, expected] of starts) {
  test(name, async () => {
    const { value } = await cped(() => status);
    await value(create);
    const start: BodyDraft = { kind: 'startDeployable', value: { name: 'shop' } };
    assert.equal((await value(start)).changed, true);
    const again = await value(start);
    assert.deepEqual([again.changed, again.desiredRevision], [expected, expected ? 3 : 2]);
  });
}

test('what is not managed is named before a deployable is stopped, which then needs force', async () => {
  const { value, refusal } = await cped(() => ({ condition: 'running', unmanaged: ['db.redis'] }));
  await value(create);
  await value({ kind: 'startDeployable', value: { name: 'shop' } });
  const stop = (force: boolean): BodyDraft => ({ kind: 'stopDeployable', value: { name: 'shop', force } });
  const { code, message } = await refusal(stop(false));
  assert.equal(code, 'conflict');
  assert.match(message, /not managed \(db\.redis\).*cpectl deployable stop shop --force$/);
  const stopped = await value(stop(true));
  assert.deepEqual([stopped.changed, stopped.desired], [true, 'stopped']);
  assert.equal((await value(stop(true))).changed, false);
});

test("a DPE's verb is passed on in the operator's name", async () => {
  const { value, bus, refusal } = await cped(() => ({}));
  const verb: BodyDraft = { kind: 'resourceStop', value: { deployable: 'shop', resource: 'db.redis' } };
  assert.equal((await refusal(verb)).code, 'unknown-deployable');
  await value(create);
  assert.deepEqual((await value(verb)).message, 'resourceStop');
  const last = bus.requested.at(-1);
  assert.deepEqual(
    [last?.subject, last?.envelope.onBehalfOf, last?.envelope.body.value],
    [dpeRequest('shop'), 'operator ann', { deployable: 'shop', resource: 'db.redis' }],
  );
});

test('a DPE that does not run is told as such', async () => {
  const { value, refusal } = await cped();
  await value(create);
  const { code, message } = await refusal({ kind: 'explain', value: { deployable: 'shop', resource: 'db.redis' } });
  assert.deepEqual([code, message], ['unavailable', 'the DPE of "shop" does not run (yet); try again']);
});

test('a deployable that is not there may have been meant otherwise', async () => {
  const { value, refusal } = await cped();
  await value(create);
  const start = (name: string): BodyDraft => ({ kind: 'startDeployable', value: { name } });
  assert.equal((await refusal(start('shpo'))).message, 'there is no deployable "shpo"; did you mean shop?');
  assert.match((await refusal(start('other'))).message, /"other"; cpectl deployable list shows those there are$/);
});

test('a plan is made only of a valid document of the same name', async () => {
  const { value, refusal } = await cped(() => ({}));
  await value(create);
  const plan = (text: string): BodyDraft => ({
    kind: 'planDeployable',
    value: { name: 'shop', document: { format: 'yaml', text } },
  });
  assert.equal((await refusal(plan('deployable: [x'))).code, 'invalid-document');
  assert.match((await refusal(plan(shop().text.replace('shop', 'cart')))).message, /defines deployable "cart"/);
  assert.equal((await value(plan(shop('true').text))).message, 'planDeployable');
});

const launcher = { role: 'launcher', id: 'right', incarnation: 'l1' } as const;

test('hosts: who is heard is in service, who is not is silent, and what runs there is listed', async () => {
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  try {
    const { value, bus } = await cped();
    const running = ['shop.db.right.1-1'];
    bus.publishAs(launcher, launcherBeat('right'), { kind: 'launcherBeat', value: { launcherHost: 'right', running } });
    mock.timers.tick(hostSilentAfterMs - 1);
    const list = async () => {
      const { hosts } = (await value({ kind: 'hostList', value: {} })) as { hosts: Record<string, unknown>[] };
      return hosts.map(({ name, state, reason, instances }) => [name, state, reason, (instances as unknown[]).length]);
    };
    assert.deepEqual(await list(), [
      ['left', 'in-service', '', 0],
      ['right', 'in-service', '', 1],
    ]);
    mock.timers.tick(1);
    assert.deepEqual(await list(), [
      ['left', 'silent', 'its launcher was never heard', 0],
      ['right', 'silent', 'no beat for 5 s', 1],
    ]);
    bus.subscribe(launcherList('left'), () => ({ kind: 'launcherInventory', value: { launcherHost: 'left' } }));
    await value({ kind: 'hostDrain', value: { host: 'left' } });
    await value({ kind: 'hostDrain', value: { host: 'right' } });
    assert.deepEqual(await list(), [
      ['left', 'drained', '', 0],
      ['right', 'silent', 'no beat for 5 s; it is drained', 1],
    ]);
  } finally {
    mock.timers.reset();
  }
});

test('hosts: what DPEs believe of a silent one is told until it is heard', async () => {
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  try {
    const { value, store, bus } = await cped();
    const tell = (kind: string) =>
      store.appendEvents([{ time: 1, deployable: 'shop', kind, reason: `told: ${kind}`, evidence: { host: 'right' } }]);
    const state = async () => {
      const { hosts } = (await value({ kind: 'hostStatus', value: { host: 'right' } })) as { hosts: object[] };
      return (hosts[0] as { state: string }).state;
    };
    await tell('host-fencing');
    assert.equal(await state(), 'in-service');
    mock.timers.tick(hostSilentAfterMs);
    assert.equal(await state(), 'fencing');
    await tell('host-fencing-failed');
    assert.equal(await state(), 'unclean');
    await tell('host-heard');
    assert.equal(await state(), 'silent');
    await tell('host-unclean');
    bus.publishAs(launcher, launcherBeat('right'), { kind: 'launcherBeat', value: { launcherHost: 'right' } });
    assert.equal(await state(), 'in-service');
  } finally {
    mock.timers.reset();
  }
});

test('a drained host is drained once, and pokes every DPE', async () => {
  const { value, bus, kinds, refusal } = await cped(() => ({}));
  await value(create);
  const drain: BodyDraft = { kind: 'hostDrain', value: { host: 'left' } };
  assert.equal((await value(drain)).changed, true);
  assert.equal((await value(drain)).changed, false);
  assert.equal((await value({ kind: 'hostDrain', value: { host: 'left', off: true } })).changed, true);
  assert.equal(bus.requested.filter(({ envelope }) => envelope.body.kind === 'poke').length, 3);
  assert.deepEqual(await kinds(), ['deployable-created', 'host-drained', 'host-undrained']);
  assert.match(
    (await refusal({ kind: 'hostDrain', value: { host: 'lfet' } })).message,
    /no launcher host "lfet" was ever heard of; did you mean left\?/,
  );
});

test('a host is dead by word only when nothing of it is heard, and lives when it is heard again', async () => {
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  try {
    const { value, bus, refusal, store, kinds } = await cped();
    const beat = () =>
      bus.publishAs(launcher, launcherBeat('right'), { kind: 'launcherBeat', value: { launcherHost: 'right' } });
    const confirm = (evidence: string, force = true): BodyDraft => ({
      kind: 'hostConfirmDead',
      value: { host: 'right', evidence, force },
    });
    assert.match((await refusal(confirm(' '))).message, /evidence is missing/);
    assert.match((await refusal(confirm('unplugged'))).message, /has not listened for long enough/);
    mock.timers.tick(hostSilentAfterMs);
    beat();
    assert.match((await refusal(confirm('unplugged'))).message, /not dead: its launcher was heard/);
    mock.timers.tick(hostSilentAfterMs);
    const answering = bus.subscribe(launcherList('right'), () => ({ kind: 'launcherInventory', value: {} }));
    assert.match((await refusal(confirm('unplugged'))).message, /not dead: its launcher answers/);
    answering.unsubscribe();
    assert.equal((await value(confirm('unplugged'))).changed, true);
    const { death } = await readHost(store, 'right');
    assert.deepEqual([death?.by, death?.evidence], ['operator ann', 'unplugged']);
    mock.timers.tick(hostSilentAfterMs + 1);
    beat();
    const until = performance.now() + 10_000;
    while (!(await kinds()).includes('host-back')) assert.ok(performance.now() < until);
    assert.equal((await readHost(store, 'right')).death, undefined);
  } finally {
    mock.timers.reset();
  }
});

test('a host is not dead by word while agents on it are heard, unless the word is given with force', async () => {
  mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  try {
    const assemblies = [
      { name: 'db', launcherHost: 'right', state: 'running' },
      { name: 'web', launcherHost: 'right', state: 'suspect' },
      { name: 'app', launcherHost: 'left', state: 'running' },
    ];
    const { value, refusal } = await cped(() => ({ name: 'shop', assemblies }));
    await value(create);
    mock.timers.tick(hostSilentAfterMs);
    const confirm = (force: boolean): BodyDraft => ({
      kind: 'hostConfirmDead',
      value: { host: 'right', evidence: 'unplugged', force },
    });
    assert.match((await refusal(confirm(false))).message, /may live: agents on it are heard \(shop\/db\);/);
    assert.equal((await value(confirm(true))).changed, true);
  } finally {
    mock.timers.reset();
  }
});

test('a beat that was on its way when its host was fenced proves nothing', async () => {
  const { bus, store } = await cped();
  const death = { at: Date.now(), by: 'fencer', evidence: 'off' };
  await recordHostDeath(store, 'right', death);
  bus.publishAs(launcher, launcherBeat('right'), { kind: 'launcherBeat', value: { launcherHost: 'right' } });
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual((await readHost(store, 'right')).death, death);
});

const fencers: readonly [
  string,
  Draft<{ command: string[]; parameters: Record<string, string>; timeoutMs: number }>,
  RegExp,
][] = [
  ['a parameter has a name', { command: ['sh'], parameters: { 'a b': '1' } }, /no name of a parameter/],
  ['a value has one line', { command: ['sh'], parameters: { a: '1\n2' } }, /has a line break/],
  ['a time is bounded', { command: ['sh'], timeoutMs: 4_000_000 }, /an hour at most/],
];
for (const [name, fencer, expected] of fencers) {
  test(`a fencer is refused: ${name}`, async () => {
    const { refusal } = await cped();
    assert.match((await refusal({ kind: 'hostFencer', value: { host: 'left', ...fencer } })).message, expected);
  });
}

test('a fencer is kept without its parameters in an event, warned of when it cannot be run, and removed', async () => {
  const { value, store } = await cped();
  const set = (command: string[]): BodyDraft => ({
    kind: 'hostFencer',
    value: { host: 'left', command, parameters: { password: 'secret' } },
  });
  assert.deepEqual((await value(set(['sh']))).warnings, []);
  assert.match(String((await value(set(['/none/fence_x', '-v']))).warnings), /cannot be run/);
  assert.deepEqual((await readHost(store, 'left')).fencer, {
    command: ['/none/fence_x', '-v'],
    parameters: { password: 'secret' },
    timeoutMs: 60_000,
  });
  assert.doesNotMatch(JSON.stringify(await store.events({ since: 0, limit: 10 })), /secret/);
  assert.equal((await value({ kind: 'hostFencer', value: { host: 'left' } })).changed, true);
  assert.equal((await readHost(store, 'left')).fencer, undefined);
});

test('an orphan is adopted or destroyed by its launcher, in the operator’s name, and that is told', async () => {
  const { bus, value, refusal, kinds } = await cped();
  const wish = (destroy: boolean, instance = 'shop.db.left.1-7'): BodyDraft => ({
    kind: 'hostAdoptOrphan',
    value: { host: 'left', instance, destroy },
  });
  assert.match((await refusal(wish(true))).message, /launcher of host left does not run/);
  assert.match((await refusal(wish(true, 'x'))).message, /"x" is no instance/);
  let answer: BodyDraft | ReturnType<typeof busError> = { kind: 'instanceState', value: { state: 'dead' } };
  bus.subscribe(launcherOrder('left'), () => answer);
  assert.equal((await value(wish(true))).message, 'shop.db.left.1-7 is destroyed');
  const last = bus.requested.at(-1)?.envelope;
  assert.deepEqual([last?.body.kind, last?.onBehalfOf], ['adoptOrphan', 'operator ann']);
  answer = busError('conflict', 'there is no orphan');
  assert.equal((await refusal(wish(false))).message, 'there is no orphan');
  assert.deepEqual(await kinds(), ['orphan-destroyed']);
});

test('a guest is rebooted by its launcher where it runs; a driver that cannot is quoted', async () => {
  const place = { name: 'db', instance: 'shop.db.left.1-1', launcherHost: 'left' };
  let state = 'stopped';
  const { bus, value, refusal, kinds } = await cped(() => ({ name: 'shop', assemblies: [{ ...place, state }] }));
  const wish = (assembly = 'db'): BodyDraft => ({ kind: 'assemblyReboot', value: { deployable: 'shop', assembly } });
  assert.equal((await refusal(wish())).code, 'unknown-deployable');
  await value(create);
  assert.match((await refusal(wish('web'))).message, /there is no assembly "web"/);
  assert.match((await refusal(wish())).message, /does not run \(stopped\)/);
  state = 'running';
  let answer: BodyDraft | ReturnType<typeof busError> = busError(
    'conflict',
    'instances of the driver local cannot be rebooted',
  );
  bus.subscribe(launcherOrder('left'), () => answer);
  assert.match((await refusal(wish())).message, /^instances of the driver local cannot be rebooted$/);
  answer = { kind: 'ack', value: {} };
  assert.match(String((await value(wish())).message), /is being restarted/);
  assert.deepEqual((await kinds()).slice(1), ['assembly-reboot-ordered']);
});

test('a host shows the driver and the capacity that its launcher told last', async () => {
  const { bus, value } = await cped();
  const beat = { launcherHost: 'left', driver: 'qemu', capacityCpus: 8, capacityMemoryMib: 32_768 };
  const launcher = { role: 'launcher', id: 'left', incarnation: 'l1' } as const;
  bus.publishAs(launcher, launcherBeat('left'), { kind: 'launcherBeat', value: beat });
  const { hosts } = await value({ kind: 'hostList', value: {} });
  const shown = (hosts as Record<string, unknown>[]).map((host) => [
    host.name,
    host.driver,
    host.capacityCpus,
    host.capacityMemoryMib,
  ]);
  assert.deepEqual(shown, [
    ['left', 'qemu', 8, 32_768],
    ['right', undefined, undefined, undefined],
  ]);
});

test('whoever only looks changes nothing; what operators change, and what was refused, is in the audit log', async () => {
  const { bus, value, refusal } = await cped();
  const asVic = (body: BodyDraft) =>
    bus.requestAs({ role: 'viewer', id: 'vic', incarnation: 'v1' }, cpeRequest('viewer', 'vic'), body);
  assert.equal(((await asVic(create)) as { code: string }).code, 'forbidden');
  assert.equal(((await asVic({ kind: 'getAudit', value: {} })) as { code: string }).code, 'forbidden');
  assert.equal(((await asVic({ kind: 'listDeployables', value: {} })) as { kind: string }).kind, 'deployableList');
  await value(create);
  assert.match((await refusal({ kind: 'startDeployable', value: { name: 'none' } })).message, /none/);
  const { entries, lastSeq } = await value({ kind: 'getAudit', value: {} });
  assert.equal(lastSeq, 3);
  const told = (entries as Record<string, unknown>[]).map((entry) => [
    entry.seq,
    entry.who,
    entry.what,
    entry.deployable,
    entry.outcome,
  ]);
  assert.deepEqual(told, [
    [1, 'viewer vic', 'createDeployable', '', 'refused'],
    [2, 'operator ann', 'createDeployable', 'shop', 'done'],
    [3, 'operator ann', 'startDeployable', 'none', 'refused'],
  ]);
});

test('an identity is made once, limited to its deployables, listed without its secret, and revoked', async () => {
  const { bus, value, refusal, kinds } = await cped();
  await value(create);
  const wish = { name: 'vic', role: 'operator', deployables: ['blog'], lifetimeMs: 0 };
  const { identity, credentials } = await value({ kind: 'authCreate', value: wish });
  assert.match(String(credentials), /BEGIN USER NKEY SEED/);
  assert.equal((identity as Record<string, unknown>).createdBy, 'operator ann');
  assert.match((await refusal({ kind: 'authCreate', value: wish })).message, /there is an identity "vic"/);
  for (const [change, said] of [
    [{ name: 'a.b' }, /is not a name/],
    [{ name: 'bob', role: 'cpe' }, /there is no role "cpe"/],
    [{ name: 'root' }, /an identity of the coordinator itself/],
    [{ name: 'bob', deployables: ['*'] }, /deployables: "\*"/],
    [{ name: 'bob', role: 'launcher' }, /has no deployables/],
  ] as const) {
    assert.match((await refusal({ kind: 'authCreate', value: { ...wish, ...change } })).message, said);
  }
  const asVic = async (body: BodyDraft) =>
    (await bus.requestAs({ role: 'operator', id: 'vic', incarnation: 'v1' }, cpeRequest('operator', 'vic'), body)) as {
      readonly code?: string;
      readonly value?: Record<string, unknown>;
    };
  assert.equal((await asVic({ kind: 'stopDeployable', value: { name: 'shop' } })).code, 'forbidden');
  assert.equal((await asVic({ kind: 'getEvents', value: {} })).code, 'forbidden');
  assert.equal((await asVic({ kind: 'authCreate', value: wish })).code, 'forbidden');
  assert.equal((await asVic(create)).code, 'forbidden');
  assert.equal((await asVic({ kind: 'stopDeployable', value: { name: 'blog' } })).code, 'unknown-deployable');
  assert.deepEqual((await asVic({ kind: 'listDeployables', value: {} })).value?.deployables, []);
  await value({ kind: 'authRevoke', value: { name: 'vic' } });
  assert.match(
    (await refusal({ kind: 'authRevoke', value: { name: 'eve' } })).message,
    /no identity "eve" was made here/,
  );
  const { identities } = await value({ kind: 'authList', value: {} });
  const [shown] = identities as Record<string, unknown>[];
  assert.ok(Number(shown?.revokedUnixMs) > 0);
  assert.doesNotMatch(JSON.stringify(identities), /SEED|\bSU[A-Z2-7]{56}/);
  assert.deepEqual((await kinds()).slice(1), ['identity-created', 'identity-revoked']);
});
