import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordInstanceDead } from '../../coordinator/state/instance-record.js';
import { acts, inside, placed } from './cib-constraints.js';
import { assembly, deployable, promotable, replicas, resource, shop } from './cib-deployables.js';
import { changeAssembly, failMonitor, inWorld, monitorText, settle, transition, type World } from './cib-world.js';

function die(world: World, name: string, on = 'h1'): void {
  changeAssembly(world, name, { isConnected: false });
  world.history = recordInstanceDead(world.history, { assembly: name, host: on, at: world.now, reason: 'told so' });
}

test('in maintenance monitors end, and nothing is started, stopped or recovered until it is over', () => {
  const given = deployable([...shop().assemblies, ...replicas('sql', 2, resource('server', { clone: promotable() }))]);
  inWorld(given, ['h1', 'h2'], (world) => {
    settle(world);
    world.isInMaintenance = true;
    const lines = settle(world).flat();
    assert.ok(lines.length > 0);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('cancel')),
      [],
    );
    die(world, 'db');
    world.stopAll = true;
    assert.deepEqual(settle(world), []);
    world.stopAll = false;
    world.isInMaintenance = false;
    assert.ok(settle(world).flat().includes('fence db'));
  });
});

test('an assembly in standby keeps its VM and stops what runs inside, also after a recovery', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'web', { wish: 'standby' });
    assert.deepEqual(acts(settle(world)), ['stop web.nginx on web', 'stop web.log on web', 'stop web.app on web']);
    assert.match(monitorText(world), /web: standby/);
    die(world, 'web');
    assert.deepEqual(acts(settle(world)), [
      'stop web on h1',
      'stop web.vm on h1',
      'fence web',
      'start web.vm on h1',
      'start web on h1',
    ]);
    changeAssembly(world, 'web', { wish: 'none' });
    assert.deepEqual(acts(settle(world)), ['start web.app on web', 'start web.log on web', 'start web.nginx on web']);
  });
});

test('a document puts an assembly in standby too', () => {
  inWorld(deployable([{ ...assembly('web', resource('app')), isStandby: true }]), ['h1'], (world) => {
    assert.deepEqual(acts(settle(world)), ['start web.vm on h1', 'start web on h1']);
  });
});

const emptied = [
  'stop web.nginx on web',
  'stop web.log on web',
  'stop web.app on web',
  'stop web on h1',
  'stop web.vm on h1',
];

test('a drained assembly is stopped in order, VM and all, and comes back when the wish ends', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'web', { wish: 'drained' });
    assert.deepEqual(acts(settle(world)), emptied);
    changeAssembly(world, 'web', { wish: 'none' });
    assert.equal(acts(settle(world)).at(-1), 'start web.nginx on web');
  });
});

test('stopping a VM, by an operator or the document, does what draining its assembly does', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    world.wishes = { 'web.vm': { target: 'stopped' } };
    assert.deepEqual(acts(settle(world)), emptied);
    const assemblies = shop().assemblies.map((each) => ({ ...each, targetRole: 'stopped' as const }));
    world.wishes = { 'web.vm': { target: 'started' } };
    world.deployable = shop({ assemblies, constraints: [] });
    assert.deepEqual(placed(settle(world)), ['web on h1'], 'an operator goes before the document');
  });
});

test('a drained assembly that others depend on stops them first', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'db', { wish: 'drained' });
    assert.deepEqual(acts(settle(world)), [
      'stop web.nginx on web',
      'stop web.app on web',
      'stop db.redis on db',
      'stop db on h1',
      'stop db.vm on h1',
    ]);
  });
});

test('operators stop and start a resource with what depends on it', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    world.wishes = { 'web.app': { target: 'stopped' } };
    assert.deepEqual(acts(settle(world)), ['stop web.nginx on web', 'stop web.app on web']);
    world.wishes = {};
    assert.deepEqual(acts(settle(world)), ['start web.app on web', 'start web.nginx on web']);
  });
});

test('a document may want a resource stopped, until an operator starts it', () => {
  inWorld(deployable([assembly('web', resource('app', { targetRole: 'stopped' }))]), ['h1'], (world) => {
    assert.deepEqual(inside(settle(world)), []);
    world.wishes = { 'web.app': { target: 'started' } };
    assert.deepEqual(inside(settle(world)), ['start web.app on web']);
  });
});

test('a resource that is not managed is left alone, but not protected from its VM', () => {
  inWorld(deployable([assembly('web', resource('app'))]), ['h1'], (world) => {
    settle(world);
    world.wishes = { 'web.app': { isManaged: false } };
    assert.deepEqual(settle(world), [], 'it goes on being watched');
    failMonitor(world, 'web', 'web.app');
    assert.deepEqual(settle(world), []);
    world.wishes = {};
    assert.deepEqual(inside(settle(world)), ['stop web.app on web', 'start web.app on web']);
    world.wishes = { 'web.app': { isManaged: false } };
    world.stopAll = true;
    assert.deepEqual(acts(settle(world)), ['stop web on h1', 'stop web.vm on h1']);
  });
});

test('of a VM that is not managed, nothing inside is watched or recovered either', () => {
  inWorld(deployable([assembly('web', resource('app')), assembly('db', resource('sql'))]), ['h1'], (world) => {
    settle(world);
    world.wishes = { 'web.vm': { isManaged: false } };
    assert.deepEqual(settle(world), [['cancel/10000 web.app on web']]);
    die(world, 'web');
    failMonitor(world, 'db', 'db.sql');
    assert.deepEqual(acts(settle(world)), ['stop db.sql on db', 'start db.sql on db']);
    world.wishes = {};
    assert.ok(settle(world).flat().includes('fence web'));
  });
});

test('a resource in maintenance is neither watched nor recovered, its neighbours are', () => {
  const web = (isInMaintenance: boolean) =>
    deployable([assembly('web', resource('app', { isInMaintenance }), resource('log'))]);
  inWorld(web(false), ['h1'], (world) => {
    settle(world);
    world.deployable = web(true);
    assert.deepEqual(settle(world), [['cancel/10000 web.app on web']]);
    failMonitor(world, 'web', 'web.log');
    assert.deepEqual(inside(settle(world)), ['stop web.log on web', 'start web.log on web']);
    world.deployable = web(false);
    assert.deepEqual(settle(world), [['monitor/10000 web.app on web']]);
  });
});

test('an unclean launcher host is fenced, then its assemblies start elsewhere and their dependents around them', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)), ['db on h1', 'web on h2', 'aside on h1']);
    world.hosts = world.hosts.map((each) => ({ ...each, state: each.name === 'h1' ? 'unclean' : each.state }));
    const [lines = [], ...more] = settle(world);
    assert.deepEqual(more, []);
    const isFenced = lines.indexOf('fence launcher host h1');
    assert.ok(isFenced >= 0 && isFenced < lines.indexOf('start db.vm on h2') && isFenced < lines.indexOf('fence db'));
    assert.deepEqual(placed([lines]), ['db on h2', 'aside on h2']);
    assert.equal(inside([lines]).at(-1), 'start web.nginx on web');
    assert.equal(lines.includes('stop web.log on web'), false);
  });
});

test('while fencing a launcher host fails, nothing of it starts anywhere', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    world.hosts = world.hosts.map((each) => ({ ...each, state: each.name === 'h1' ? 'unclean' : each.state }));
    for (let attempt = 0; attempt < 3; attempt++) {
      const lines = transition(world, (action) => (action.operation === 'stonith' ? 1 : undefined));
      assert.ok(lines.includes('fence launcher host h1: failed'));
      assert.deepEqual(placed([lines]), []);
    }
  });
});

test('a held assembly is left alone by maintenance, draining, standby and the stop of its neighbours', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    changeAssembly(world, 'aside', { isHeld: true, isConnected: false });
    settle(world);
    world.hosts = world.hosts.map((each) => ({ ...each, isDrained: each.name === 'h1' }));
    changeAssembly(world, 'web', { wish: 'standby' });
    const lines = settle(world).flat();
    assert.ok(lines.includes('start db.vm on h2'));
    assert.equal(
      lines.some((line) => line.includes('aside')),
      false,
    );
  });
});
