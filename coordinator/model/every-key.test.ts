import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type Deployable, type Subject, subjectId } from './deployable.js';
import { parseDeployable } from './parse-deployable.js';
import { renderProblem } from './problem.js';

const model = everything();

test('what a document says of its hosts and of itself reaches the model', () => {
  const { utilization, attributes } = model.hostOptions.rack1 ?? {};
  assert.deepEqual(utilization, { cpus: 16, memory: 65_536, licences: 3 });
  assert.deepEqual(attributes, { zone: 'a' });
  assert.deepEqual(model.hostOptions.rack3, { utilization: {}, attributes: {} });
  assert.deepEqual([model.placement, model.isInMaintenance], ['balanced', false]);
});

test('every key of an assembly reaches the model', () => {
  const [db, web, node1, node2, node3, spare] = model.assemblies;
  assert.deepEqual(db?.utilization, { cpus: 2, memory: 1536, licences: 1 });
  assert.deepEqual(db?.attributes, { tier: 'data', disk: 'ssd' });
  assert.deepEqual(db?.disks, [
    { name: 'data', sizeMiB: 102_400 },
    { name: 'log', sizeMiB: 512 },
  ]);
  assert.deepEqual(
    [db?.networks, db?.platformPlacement],
    [['front', 'storage net'], { zone: 'b', 'server-group': '4f1c' }],
  );
  assert.deepEqual([db?.priority, db?.stickiness, db?.migrationThreshold, db?.bootTimeoutMs], [10, 500, 2, 90_000]);
  assert.deepEqual([db?.targetRole, db?.isManaged, db?.isStandby, db?.replica], ['started', true, false, undefined]);
  assert.deepEqual([web?.stickiness, web?.bootTimeoutMs, web?.attributes], [200, 120_000, { tier: 'app' }]);
  assert.deepEqual(
    [node1, node2, node3].map((assembly) => [assembly?.name, assembly?.replica]),
    [1, 2, 3].map((index) => [`node-${index}`, { of: 'node', index, count: 3 }]),
  );
  assert.deepEqual([spare?.name, spare?.resources, spare?.monitoring], ['spare', [], 'passive']);
  assert.deepEqual([db?.monitoring, spare?.disks, spare?.networks, spare?.platformPlacement], ['agent', [], [], {}]);
});

test('every key of a resource reaches the model', () => {
  const [redis, backup] = model.assemblies[0]?.resources ?? [];
  assert.deepEqual([redis?.priority, backup?.priority], [1, -5]);
  assert.deepEqual([backup?.failureTimeoutMs, backup?.targetRole], [1_800_000, 'stopped']);
  assert.deepEqual([backup?.isManaged, backup?.isInMaintenance, backup?.isExclusive], [false, true, true]);
  assert.deepEqual(backup?.escalation, { failures: 3, periodMs: 360_000 });
  const [nginx, cron] = model.assemblies[1]?.resources ?? [];
  assert.deepEqual(nginx?.agent, { class: 'ocf', provider: 'heartbeat', type: 'nginx' });
  assert.deepEqual(nginx?.start, { timeoutMs: 30_000, onFail: 'restart' });
  assert.deepEqual(nginx?.stop, { timeoutMs: 20_000, onFail: 'block' });
  assert.deepEqual(nginx?.operations, [
    { name: 'reload', intervalMs: 0, role: undefined, depth: undefined, timeoutMs: 10_000 },
    { name: 'monitor', intervalMs: 60_000, role: 'started', depth: 10, timeoutMs: 40_000, onFail: 'stop' },
  ]);
  assert.deepEqual(cron?.start, { timeoutMs: 50_000, onFail: 'restart' });
  assert.deepEqual(cron?.stop, { timeoutMs: 45_000 });
  assert.deepEqual(cron?.monitor, { intervalMs: 12_000, timeoutMs: 22_000 });
});

test('every key of a clone reaches the model', () => {
  const [store, , , cache] = model.assemblies[2]?.resources ?? [];
  assert.deepEqual(store?.clone, {
    promotable: { promotedMax: 1, prefer: ['node-2', 'node-1'] },
    max: 2,
    notify: true,
    interleave: false,
    ordered: true,
  });
  assert.deepEqual(store?.operations, [
    { name: 'promote', intervalMs: 0, role: undefined, depth: undefined, timeoutMs: 70_000, onFail: 'demote' },
    { name: 'demote', intervalMs: 0, role: undefined, depth: undefined, timeoutMs: 80_000, onFail: 'block' },
    { name: 'notify', intervalMs: 0, role: undefined, depth: undefined, timeoutMs: 90_000 },
    { name: 'monitor', role: 'promoted', depth: undefined, intervalMs: 5000, timeoutMs: 22_000, onFail: 'demote' },
  ]);
  assert.deepEqual(store?.parameters, {
    address: [{ kind: 'reference', assembly: 'node-1', attribute: 'ipaddress' }],
    first: [{ kind: 'reference', assembly: 'node-1', attribute: 'hostname' }],
  });
  const plain = { promotable: undefined, max: undefined, notify: false, interleave: true, ordered: false };
  assert.deepEqual(cache?.clone, plain);
});

test('groups reach the model, one in each replica', () => {
  assert.deepEqual(model.groups, [
    { name: 'services', assembly: 'web', members: ['cron', 'ssh'] },
    { name: 'pairs-1', assembly: 'node-1', members: ['agent', 'proxy'] },
    { name: 'pairs-2', assembly: 'node-2', members: ['agent', 'proxy'] },
    { name: 'pairs-3', assembly: 'node-3', members: ['agent', 'proxy'] },
  ]);
});

test('every kind of order reaches the model', () => {
  const orders = model.constraints.flatMap((constraint) => (constraint.kind === 'order' ? [constraint] : []));
  const shown = orders.map(({ id, strength, isSymmetrical, steps }) => {
    const chain = steps.map(({ action, members, needsAll }) => `${action}${needsAll ? '' : '?'} ${ids(members)}`);
    return `${id} ${strength}${isSymmetrical ? '' : ' one-way'}: ${chain.join(', ')}`;
  });
  assert.deepEqual(shown, [
    'database-first mandatory: start db.redis, start web.nginx',
    'order-1 mandatory: start db.backup, start services',
    'order-2 optional one-way: promote? node.store-clone, start? node-1.agent node-2.agent node-3.agent web.nginx, start spare.vm',
    'order-3 serialize one-way: start db.vm, stop spare.vm',
    'order-4.1 mandatory: start node-1.agent, start node-1.proxy',
    'order-4.2 mandatory: start node-2.agent, start node-2.proxy',
    'order-4.3 mandatory: start node-3.agent, start node-3.proxy',
  ]);
});

test('every kind of colocation reaches the model', () => {
  const shown = model.constraints.flatMap((constraint) => {
    if (constraint.kind === 'colocation') {
      const { id, resource, score, role, withRole, nodeAttribute } = constraint;
      return [[id, ids([resource, constraint.with]), score, role, withRole, nodeAttribute]];
    }
    return constraint.kind === 'colocated-set'
      ? [[constraint.id, ids(constraint.members), constraint.score, constraint.nodeAttribute]]
      : [];
  });
  assert.deepEqual(shown, [
    ['colocation-1', 'web.cron web.ssh', 500, undefined, undefined, undefined],
    ['colocation-2', 'node.cache-clone node.store-clone', 'INFINITY', 'started', 'promoted', undefined],
    ['colocation-3', 'db.vm spare.vm', -50, undefined, undefined, 'zone'],
    ['colocation-4', 'db.vm web.vm spare.vm', 20, 'zone'],
    ['near', 'db.vm web.vm', 30, 'zone'],
    ['colocation-5', 'node-1.vm node-2.vm node-3.vm', '-INFINITY', undefined],
    ['colocation-6', 'db.vm spare.vm', -100, undefined],
  ]);
});

test('every kind of location reaches the model', () => {
  const [host, replica, group, assembly] = model.constraints.flatMap((constraint) =>
    constraint.kind === 'location' ? [constraint] : [],
  );
  assert.deepEqual(host?.preference, { kind: 'node', node: 'rack1', score: 100 });
  assert.deepEqual(replica?.preference, { kind: 'node', node: 'node-2', score: 50 });
  assert.deepEqual(
    [replica?.id, replica && ids([replica.subject]), replica?.role],
    ['favourite', 'node.store-clone', 'promoted'],
  );
  assert.deepEqual(group?.subject, { kind: 'group', group: 'services' });
  assert.deepEqual(group?.preference.kind === 'rule' && group.preference.rule, {
    score: '-INFINITY',
    combine: 'or',
    expressions: [
      { kind: 'date-spec', fields: { hours: '0-5', weekdays: '6-7' } },
      { kind: 'date', operation: 'lt', start: undefined, end: '2027-01-01' },
    ],
  });
  assert.deepEqual(assembly?.preference.kind === 'rule' && assembly.preference.rule, {
    score: 200,
    combine: 'and',
    expressions: [
      { kind: 'attribute', attribute: 'zone', operation: 'eq', value: 'b', type: 'string' },
      { kind: 'attribute', attribute: '#uname', operation: 'defined', value: undefined, type: undefined },
      { kind: 'date', operation: 'in_range', start: '2027-01-01', end: '2027-06-01T12:00:00Z' },
      { kind: 'date', operation: 'gt', start: '2026-12-31T23:00:00+01:00', end: undefined },
    ],
  });
});

test('tags of the raw section are told from its constraints', () => {
  const { constraints, tags } = model.pacemaker;
  assert.equal(tags, '<tag id="data"><obj_ref id="db.redis"/><obj_ref id="db.backup"/></tag>');
  assert.match(constraints, /<rsc_location (?:.|\n)*<rsc_order /);
  assert.doesNotMatch(constraints, /tag/);
});

function ids(subjects: readonly Subject[]): string {
  return subjects.map(subjectId).join(' ');
}

function everything(): Deployable {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const parsed = parseDeployable(readFileSync(join(root, 'test/documents/everything.yaml'), 'utf8'), 'yaml');
  if (parsed.kind === 'problems') assert.fail(parsed.problems.map(renderProblem).join('\n'));
  return parsed.deployable;
}
