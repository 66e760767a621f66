import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExtraOperation } from '../../coordinator/model/deployable.js';
import { escalateToAssembly, recordAgentLost, recordInstanceDead } from '../../coordinator/state/instance-record.js';
import { acts, inside, order, step, subject } from './cib-constraints.js';
import { assembly, deployable, promotable, replicas, resource } from './cib-deployables.js';
import {
  changeAssembly,
  failMonitor,
  inWorld,
  monitorText,
  once,
  settle,
  transition,
  type World,
} from './cib-world.js';

/** The monitor of who is promoted, which nobody has to ask for. */
const promotedMonitor = 10_001;

const stack = (prefer: readonly string[] = [], promotedMax = 1) =>
  deployable(replicas('db', 3, resource('sql', { clone: promotable(prefer, promotedMax) })));

const promotions = (transitions: readonly (readonly string[])[]) =>
  acts(transitions).filter((line) => /^(promote|demote)/.test(line));

test('the first replica that is preferred is promoted, and each role has its monitor', () => {
  inWorld(stack(['db-2', 'db-1']), ['h1'], (world) => {
    const lines = settle(world).flat();
    assert.deepEqual(promotions([lines]), ['promote db-2.sql on db-2']);
    assert.deepEqual(
      lines.filter((line) => /^monitor\/\d+ db-\d\.sql/.test(line)),
      ['monitor/10000 db-1.sql on db-1', 'monitor/10000 db-3.sql on db-3', 'monitor/10001 db-2.sql on db-2'],
    );
    assert.match(monitorText(world), /Promoted: \[ db-2 \]/);
  });
});

test('as many are promoted as the document says', () => {
  inWorld(stack(['db-3'], 2), ['h1'], (world) => {
    assert.deepEqual(promotions(settle(world)).sort(), ['promote db-1.sql on db-1', 'promote db-3.sql on db-3']);
  });
});

test('when who is promoted fails, the next in line is promoted, and stays so when the other is back', () => {
  inWorld(stack(['db-2', 'db-1']), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'db-2', 'db-2.sql', { intervalMs: promotedMonitor });
    assert.deepEqual(inside(settle(world)), [
      'demote db-2.sql on db-2',
      'stop db-2.sql on db-2',
      'start db-2.sql on db-2',
      'promote db-1.sql on db-1',
    ]);
    world.now += 24 * 3_600_000;
    assert.deepEqual(settle(world), [], 'nor when the failure has grown old');
  });
});

test('who is promoted takes the role back only after a failure of the one that has it', () => {
  inWorld(stack(['db-2', 'db-1']), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'db-2', 'db-2.sql', { intervalMs: promotedMonitor });
    settle(world);
    world.now += 24 * 3_600_000;
    failMonitor(world, 'db-1', 'db-1.sql', { intervalMs: promotedMonitor });
    assert.deepEqual(promotions(settle(world)), ['demote db-1.sql on db-1', 'promote db-2.sql on db-2']);
  });
});

const losses = [
  { name: 'its VM dies', record: recordInstanceDead, isConnected: false },
  { name: 'its agent is lost', record: recordAgentLost, isConnected: true },
  { name: 'its assembly is recovered', record: escalateToAssembly, isConnected: true },
];

for (const { name, record, isConnected } of losses) {
  test(`when ${name}, the next in line is promoted without waiting for the boot`, () => {
    inWorld(stack(['db-2', 'db-3']), ['h1'], (world) => {
      settle(world);
      changeAssembly(world, 'db-2', { isConnected });
      world.history = record(world.history, { assembly: 'db-2', host: 'h1', at: world.now, reason: 'told so' });
      const lines = transition(world, (action) => (action.key === 'db-2_start_0' ? 'pending' : undefined));
      assert.ok(lines.includes('fence db-2'));
      assert.deepEqual(promotions([lines]), ['promote db-3.sql on db-3']);
      assert.deepEqual(promotions(settle(world)), []);
      assert.match(monitorText(world), /Promoted: \[ db-3 \]/);
    });
  });
}

test('a host that is fenced takes the role with it', () => {
  inWorld(stack(['db-1']), ['h1', 'h2'], (world) => {
    settle(world);
    world.hosts = world.hosts.map((host) => ({ ...host, state: host.name === 'h1' ? 'unclean' : host.state }));
    assert.deepEqual(promotions(settle(world)), ['promote db-2.sql on db-2']);
  });
});

test('a failure of who is not promoted takes the role from nobody', () => {
  inWorld(stack(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'db-3', 'db-3.sql');
    assert.deepEqual(inside(settle(world)), ['stop db-3.sql on db-3', 'start db-3.sql on db-3']);
  });
});

test('the last one left is promoted again, whatever it has done', () => {
  inWorld(stack(), ['h1'], (world) => {
    for (const name of ['db-2', 'db-3']) {
      changeAssembly(world, name, { mayStart: false });
    }
    settle(world);
    failMonitor(world, 'db-1', 'db-1.sql', { intervalMs: promotedMonitor });
    assert.deepEqual(promotions(settle(world)), ['demote db-1.sql on db-1', 'promote db-1.sql on db-1']);
  });
});

test('a promotion that fails is tried elsewhere', () => {
  inWorld(stack(['db-2']), ['h1'], (world) => {
    transition(world, once('promote db-2.sql', 1));
    assert.deepEqual(promotions(settle(world)).at(-1), 'promote db-1.sql on db-1');
  });
});

test('a promotion that is under way is not given to another', () => {
  inWorld(stack(), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'db-1', 'db-1.sql', { intervalMs: promotedMonitor });
    transition(world, once('promote db-2.sql', 'pending'));
    failMonitor(world, 'db-3', 'db-3.sql');
    assert.deepEqual(promotions([transition(world)]), []);
  });
});

function wish(world: World, kind: 'move' | 'ban', until?: number): void {
  const end = until === undefined ? {} : { until };
  world.locationWishes = [{ resource: 'db.sql-clone', node: 'db-3', kind, role: 'promoted', ...end }];
}

test('operators move the role and ban it, and nothing moves when they let go', () => {
  inWorld(stack(), ['h1'], (world) => {
    settle(world);
    wish(world, 'move');
    assert.deepEqual(promotions(settle(world)), ['demote db-1.sql on db-1', 'promote db-3.sql on db-3']);
    world.locationWishes = [];
    assert.deepEqual(settle(world), []);
    wish(world, 'ban', world.now + 60_000);
    assert.deepEqual(promotions(settle(world)), ['demote db-3.sql on db-3', 'promote db-1.sql on db-1']);
    world.now += 61_000;
    assert.deepEqual(settle(world), []);
  });
});

test("what is ordered after the promotion waits for it, stays while the role moves, and stops when it is nobody's", () => {
  const constraints = [order([step(['db.sql-clone'], { action: 'promote' }), step(['web.app'])])];
  const given = deployable([...stack().assemblies, assembly('web', resource('app'))], { constraints });
  inWorld(given, ['h1'], (world) => {
    assert.equal(inside(settle(world)).at(-1), 'start web.app on web');
    failMonitor(world, 'db-1', 'db-1.sql', { intervalMs: promotedMonitor });
    assert.deepEqual(inside(settle(world)), [
      'demote db-1.sql on db-1',
      'stop db-1.sql on db-1',
      'start db-1.sql on db-1',
      'promote db-2.sql on db-2',
    ]);
    world.wishes = { 'db.sql-clone': { target: 'stopped' } };
    assert.equal(inside(settle(world))[0], 'stop web.app on web');
  });
});

test('what must be where the role is runs beside it', () => {
  const shared = resource('backup', { clone: { ...promotable(), promotable: undefined, max: 1 } });
  const assemblies = replicas('db', 2, resource('sql', { clone: promotable(['db-2']) }), shared);
  const colocation = {
    kind: 'colocation',
    id: 'c',
    resource: subject('db.backup-clone'),
    with: subject('db.sql-clone'),
    score: 'INFINITY',
    role: undefined,
    withRole: 'promoted',
    nodeAttribute: undefined,
  } as const;
  inWorld(deployable(assemblies, { constraints: [colocation] }), ['h1'], (world) => {
    assert.ok(inside(settle(world)).includes('start db-2.backup on db-2'));
    failMonitor(world, 'db-2', 'db-2.sql', { intervalMs: promotedMonitor });
    assert.ok(inside(settle(world)).includes('start db-1.backup on db-1'));
  });
});

test('on-fail demote gives the role away and keeps the resource', () => {
  const demoting = resource('sql', { clone: promotable(), onFail: 'demote' });
  inWorld(deployable(replicas('db', 2, demoting)), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'db-1', 'db-1.sql', { intervalMs: promotedMonitor });
    assert.deepEqual(inside(settle(world)), ['demote db-1.sql on db-1', 'promote db-2.sql on db-2']);
  });
});

test('a clone that is to be unpromoted has no promoted instance', () => {
  const assemblies = replicas('db', 2, resource('sql', { clone: promotable(), targetRole: 'unpromoted' }));
  inWorld(deployable(assemblies), ['h1'], (world) => {
    assert.deepEqual(inside(settle(world)), ['start db-1.sql on db-1', 'start db-2.sql on db-2']);
  });
});

test('monitors of a role and of a depth run beside the usual one, whatever interval they have', () => {
  const monitor = (change: Partial<ExtraOperation>): ExtraOperation => ({
    name: 'monitor',
    intervalMs: 10_000,
    timeoutMs: 5_000,
    role: undefined,
    depth: undefined,
    ...change,
  });
  const operations = [monitor({ role: 'promoted', intervalMs: 3_000 }), monitor({ depth: 10 }), monitor({ depth: 20 })];
  const sql = resource('sql', { clone: promotable(), operations });
  inWorld(deployable(replicas('db', 2, sql)), ['h1'], (world) => {
    const lines = settle(world).flat();
    assert.deepEqual(lines.filter((line) => /^monitor\/\d+ db-\d\.sql/.test(line)).sort(), [
      'monitor/10000 db-2.sql on db-2',
      'monitor/10001 db-2.sql on db-2',
      'monitor/10002 db-2.sql on db-2',
      'monitor/3000 db-1.sql on db-1',
    ]);
  });
});
