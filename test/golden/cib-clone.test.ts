import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployable } from '../../coordinator/model/deployable.js';
import { renderCib } from '../../coordinator/policy/cib.js';
import { instanceResource } from '../../coordinator/policy/clone-name.js';
import { failCount } from '../../coordinator/state/fail-count.js';
import { recordInstanceDead } from '../../coordinator/state/instance-record.js';
import { recordResult } from '../../coordinator/state/record.js';
import { acts, inside, order, step } from './cib-constraints.js';
import { addressOf, assembly, deployable, plainClone, replicas, resource } from './cib-deployables.js';
import { changeAssembly, failMonitor, inputOf, inWorld, settle, type World } from './cib-world.js';

const app = (change = {}) => resource('app', { clone: plainClone, ...change });

/** Replicas whose app is told the address of its own VM. */
function told(count: number): Deployable {
  const assemblies = replicas('web', count).map((each) => ({
    ...each,
    resources: [app({ parameters: { bind: addressOf(each.name) } })],
  }));
  return deployable(assemblies);
}

function die(world: World, name: string, host = 'h1'): void {
  changeAssembly(world, name, { isConnected: false });
  world.history = recordInstanceDead(world.history, { assembly: name, host, at: world.now, reason: 'told so' });
}

test('a clone has one instance in each replica, known by its replica outside of the CIB', () => {
  inWorld(deployable(replicas('web', 3, app())), ['h1'], (world) => {
    assert.deepEqual(inside(settle(world)), [
      'start web-1.app on web-1',
      'start web-2.app on web-2',
      'start web-3.app on web-3',
    ]);
    assert.deepEqual(Object.keys(world.history['web-2']?.resources ?? {}), ['web-2.app']);
    failMonitor(world, 'web-2', 'web-2.app');
    const cib = renderCib(inputOf(world));
    assert.ok(cib.includes('<clone id="web.app-clone">') && cib.includes('<primitive id="web.app"'));
    assert.ok(cib.includes('id="web.app_last_failure_0"') && cib.includes('name="fail-count-web.app#monitor_10000"'));
    assert.equal(cib.includes('web-2.app'), false);
    assert.deepEqual(settle(world), [
      ['stop web-2.app on web-2', 'start web-2.app on web-2', 'monitor/10000 web-2.app on web-2'],
    ]);
    assert.equal(failCount(world.history, 'web-2', 'web-2.app'), 1);
  });
});

const named: readonly [resource: string, node: string, name: string][] = [
  ['web.app', 'web-2', 'web-2.app'],
  ['web.app-configure', 'web-2', 'web-2.app-configure'],
  ['web.log', 'web-2', 'web.log'],
  ['web-2.log', 'web-2', 'web-2.log'],
  ['web.app', 'lb', 'web.app'],
  ['web-2.vm', 'h1', 'web-2.vm'],
  ['web-2', 'h1', 'web-2'],
];

test('an action of a graph is about the instance on its node, and every other name stays', () => {
  const configure = { url: '/c', timeoutMs: 1000 };
  const given = deployable([...replicas('web', 2, app({ configure }), resource('log')), assembly('lb')]);
  for (const [id, node, name] of named) {
    assert.equal(instanceResource(given, id, node), name);
  }
});

test('a replica that dies is recovered alone', () => {
  inWorld(deployable(replicas('web', 2, app())), ['h1'], (world) => {
    settle(world);
    die(world, 'web-1');
    assert.deepEqual(acts(settle(world)), [
      'stop web-1 on h1',
      'stop web-1.vm on h1',
      'fence web-1',
      'start web-1.vm on h1',
      'start web-1 on h1',
      'start web-1.app on web-1',
    ]);
  });
});

test('instances have the parameters of their replicas, and only those restart whose parameters change', () => {
  inWorld(told(2), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'web-2', { address: '127.9.9.9' });
    assert.deepEqual(inside(settle(world)), ['stop web-2.app on web-2', 'start web-2.app on web-2']);
    failMonitor(world, 'web-1', 'web-1.app');
    assert.deepEqual(inside(settle(world)), ['stop web-1.app on web-1', 'start web-1.app on web-1']);
  });
});

test('an instance whose parameters are not known yet waits, and keeps no other waiting', () => {
  inWorld(told(2), ['h1'], (world) => {
    changeAssembly(world, 'web-2', { mayStart: false });
    const lines = settle(world).flat();
    assert.ok(lines.includes('start web-1.app on web-1'));
    assert.equal(
      lines.some((line) => line.includes('web-2.app')),
      false,
    );
    changeAssembly(world, 'web-2', { mayStart: true });
    assert.deepEqual(inside(settle(world)), ['start web-2.app on web-2']);
  });
});

test('a configure step runs in each replica before its instance, and a replica that comes back disturbs no other', () => {
  const configure = { url: '/c', timeoutMs: 1000 };
  inWorld(deployable(replicas('web', 2, app({ configure }))), ['h1'], (world) => {
    assert.deepEqual(inside(settle(world)), [
      'start web-1.app-configure on web-1',
      'start web-2.app-configure on web-2',
      'start web-1.app on web-1',
      'start web-2.app on web-2',
    ]);
    die(world, 'web-1');
    assert.deepEqual(inside(settle(world)), ['start web-1.app-configure on web-1', 'start web-1.app on web-1']);
    world.deployable = deployable(replicas('web', 2, app()));
    assert.deepEqual(inside(settle(world)), [
      'stop web-1.app-configure on web-1',
      'stop web-2.app-configure on web-2',
      'delete web-1.app-configure on web-1',
      'delete web-2.app-configure on web-2',
    ]);
  });
});

test('a replica that leaves is stopped in order, the others stay; a resource that is no clone any more stays too', () => {
  inWorld(deployable(replicas('web', 3, app())), ['h1'], (world) => {
    settle(world);
    world.deployable = deployable(replicas('web', 2, app()));
    assert.deepEqual(acts(settle(world)), [
      'stop web-3.app on web-3',
      'stop web-3 on h1',
      'stop web-3.vm on h1',
      'delete web-3.vm on h1',
      'delete web-3 on h1',
    ]);
    world.deployable = deployable(replicas('web', 2, resource('app')));
    assert.deepEqual(settle(world), []);
    world.deployable = deployable(replicas('web', 3, app()));
    assert.deepEqual(inside(settle(world)), ['start web-3.app on web-3']);
  });
});

test('replicas that are all emptied at once are stopped, and their clone is looked for nowhere else', () => {
  const given = deployable([...replicas('web', 2, app()), assembly('lb', resource('proxy'))]);
  inWorld(given, ['h1', 'h2'], (world) => {
    settle(world);
    for (const name of ['web-1', 'web-2']) {
      changeAssembly(world, name, { wish: 'drained' });
    }
    const lines = settle(world).flat();
    assert.deepEqual(lines.filter((line) => line.includes('.app on ')).sort(), [
      'stop web-1.app on web-1',
      'stop web-2.app on web-2',
    ]);
    for (const name of ['web-1', 'web-2']) {
      changeAssembly(world, name, { wish: 'none' });
    }
    assert.deepEqual(inside(settle(world)), ['start web-1.app on web-1', 'start web-2.app on web-2']);
  });
});

test('a record of a clone where it has no business makes no second primitive of its name', () => {
  inWorld(deployable([...replicas('web', 2, app()), assembly('lb')]), ['h1'], (world) => {
    settle(world);
    const order = { operation: 'monitor', intervalMs: 0, expectedRc: 7, transition: 1, action: 1, digest: '0' };
    const timedOut = { callId: -1, rc: 1, status: 2, changedAt: world.now, execMs: 0, queueMs: 0, exitReason: '' };
    const stray = { id: 'web.app', class: 'ocf', provider: 'pacemaker', type: 'Dummy' };
    world.history = recordResult(world.history, 'lb', stray, { ...order, ...timedOut });
    assert.equal(renderCib(inputOf(world)).split('<primitive id="web.app"').length, 2);
  });
});

test('with fewer instances than replicas one is elsewhere when an operator bans it, and stays there', () => {
  inWorld(deployable(replicas('web', 3, app({ clone: { ...plainClone, max: 2 } }))), ['h1'], (world) => {
    assert.deepEqual(inside(settle(world)), ['start web-1.app on web-1', 'start web-2.app on web-2']);
    const wish = { resource: 'web.app-clone', node: 'web-2' };
    world.locationWishes = [{ ...wish, kind: 'ban' }];
    assert.deepEqual(inside(settle(world)), ['stop web-2.app on web-2', 'start web-3.app on web-3']);
    world.locationWishes = [];
    assert.deepEqual(settle(world), []);
    world.locationWishes = [{ ...wish, kind: 'move' }];
    const [stopped, started, ...others] = inside(settle(world));
    assert.deepEqual([stopped?.startsWith('stop web-'), started, others], [true, 'start web-2.app on web-2', []]);
  });
});

test('one instance is stopped alone, and the clone as a whole', () => {
  inWorld(deployable(replicas('web', 2, app())), ['h1'], (world) => {
    settle(world);
    world.wishes = { 'web-2.app': { target: 'stopped' } };
    assert.deepEqual(inside(settle(world)), ['stop web-2.app on web-2']);
    world.wishes = { 'web.app-clone': { target: 'stopped' } };
    assert.deepEqual(inside(settle(world)), ['stop web-1.app on web-1']);
    world.wishes = {};
    assert.deepEqual(inside(settle(world)), ['start web-1.app on web-1', 'start web-2.app on web-2']);
    world.wishes = { 'web.app-clone': { isManaged: false } };
    settle(world);
    failMonitor(world, 'web-1', 'web-1.app');
    assert.deepEqual(settle(world), []);
  });
});

test('an ordered clone starts and stops its instances one after the other', () => {
  inWorld(deployable(replicas('web', 2, app({ clone: { ...plainClone, ordered: true } }))), ['h1'], (world) => {
    const lines = settle(world).flat();
    assert.ok(lines.indexOf('start web-1.app on web-1') < lines.indexOf('start web-2.app on web-2'));
    world.stopAll = true;
    assert.deepEqual(inside(settle(world)), ['stop web-2.app on web-2', 'stop web-1.app on web-1']);
  });
});

test('the instances of a notified clone hear of each other, and a notification leaves no trace', () => {
  const operations = [{ name: 'notify', timeoutMs: 5000, intervalMs: 0, role: undefined, depth: undefined }] as const;
  inWorld(
    deployable(replicas('web', 2, app({ clone: { ...plainClone, notify: true }, operations }))),
    ['h1'],
    (world) => {
      settle(world);
      failMonitor(world, 'web-2', 'web-2.app');
      const lines = settle(world).flat();
      const [stopped, started] = ['stop', 'start'].map((what) => lines.indexOf(`${what} web-2.app on web-2`));
      const heard = lines.flatMap((line, index) => (line === 'notify web-1.app on web-1' ? [index] : []));
      assert.deepEqual([stopped, started], [2, 5]);
      assert.deepEqual(heard, [0, 3, 4, 6]);
    },
  );
});

const behind = (clone = {}, needsAll = true) =>
  deployable(
    [
      ...replicas('db', 2, resource('redis', { clone: plainClone })),
      ...replicas('web', 2, app({ clone: { ...plainClone, ...clone } })),
      assembly('lb', resource('proxy')),
    ],
    {
      constraints: [order([step(['db.redis-clone'], { needsAll }), step(['web.app-clone']), step(['lb.proxy'])])],
    },
  );

test('a clone after a clone of other replicas waits for all of them, interleaved or not', () => {
  for (const interleave of [true, false]) {
    inWorld(behind({ interleave }), ['h1'], (world) => {
      assert.deepEqual(inside(settle(world)), [
        'start db-1.redis on db-1',
        'start db-2.redis on db-2',
        'start web-1.app on web-1',
        'start web-2.app on web-2',
        'start lb.proxy on lb',
      ]);
      world.stopAll = true;
      const lines = inside(settle(world));
      assert.deepEqual(
        [lines[0], lines.slice(3).sort()],
        ['stop lb.proxy on lb', ['stop db-1.redis on db-1', 'stop db-2.redis on db-2']],
      );
    });
  }
});

test('interleaved clones over the same replicas wait for the instance beside them alone', () => {
  const both = replicas(
    'web',
    2,
    resource('cache', { clone: plainClone }),
    app({ clone: { ...plainClone, interleave: true } }),
  );
  const constraints = [order([step(['web.cache-clone']), step(['web.app-clone'])])];
  inWorld(deployable(both, { constraints }), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web-1', 'web-1.cache');
    assert.deepEqual(inside(settle(world)), [
      'stop web-1.app on web-1',
      'stop web-1.cache on web-1',
      'start web-1.cache on web-1',
      'start web-1.app on web-1',
    ]);
  });
});

test('where one instance is enough, a step waits for no more', () => {
  for (const needsAll of [true, false]) {
    inWorld(behind({}, needsAll), ['h1'], (world) => {
      changeAssembly(world, 'db-1', { mayStart: false });
      assert.equal(renderCib(inputOf(world)).includes('name="clone-min" value="1"'), !needsAll);
      assert.ok(settle(world).flat().includes('start lb.proxy on lb'));
    });
  }
});

test('a clone in an assembly that is held or in standby goes on in the others', () => {
  inWorld(deployable(replicas('web', 2, app())), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'web-1', { wish: 'standby' });
    assert.deepEqual(acts(settle(world)), ['stop web-1.app on web-1']);
    changeAssembly(world, 'web-1', { wish: 'none' });
    assert.deepEqual(acts(settle(world)), ['start web-1.app on web-1']);
    changeAssembly(world, 'web-1', { isHeld: true, isConnected: false });
    assert.deepEqual(acts(settle(world)), []);
    failMonitor(world, 'web-2', 'web-2.app');
    assert.deepEqual(acts(settle(world)), ['stop web-2.app on web-2', 'start web-2.app on web-2']);
  });
});
