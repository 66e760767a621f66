import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnFail, Resource } from '../../coordinator/model/deployable.js';
import { renderCib } from '../../coordinator/policy/cib.js';
import { failCount } from '../../coordinator/state/fail-count.js';
import { acts, inside, order, step } from './cib-constraints.js';
import { addressOf, assembly, deployable, promotable, replicas, resource } from './cib-deployables.js';
import { changeAssembly, failMonitor, inputOf, inWorld, once, settle, transition } from './cib-world.js';

/** `web.app` with a neighbour, and `lb.x` ordered after it. */
const site = (change: Partial<Resource>) =>
  deployable([assembly('web', resource('app', change), resource('log')), assembly('lb', resource('x'))], {
    constraints: [order([step(['web.app']), step(['lb.x'])])],
  });

const monitored = (onFail: OnFail) => ({ monitor: { intervalMs: 10_000, timeoutMs: 20_000, onFail } });

/** What a failed monitor of web.app leads to. */
const meanings: readonly { readonly onFail: OnFail; readonly lines: readonly string[] }[] = [
  {
    onFail: 'restart',
    lines: ['stop lb.x on lb', 'stop web.app on web', 'start web.app on web', 'start lb.x on lb'],
  },
  { onFail: 'ignore', lines: [] },
  { onFail: 'block', lines: ['stop lb.x on lb'] },
  { onFail: 'stop', lines: ['stop lb.x on lb', 'stop web.app on web'] },
  { onFail: 'standby', lines: ['stop web.log on web', 'stop lb.x on lb', 'stop web.app on web'] },
  {
    onFail: 'fence',
    lines: [
      'stop lb.x on lb',
      'stop web on h1',
      'stop web.vm on h1',
      'fence web',
      'start web.vm on h1',
      'start web on h1',
      'start web.app on web',
      'start web.log on web',
      'start lb.x on lb',
    ],
  },
];

for (const { onFail, lines } of meanings) {
  for (const change of [{ onFail }, monitored(onFail)]) {
    test(`on-fail ${onFail} of ${'monitor' in change ? 'a monitor' : 'a resource'} means what it says`, () => {
      inWorld(site(change), ['h1'], (world) => {
        settle(world);
        failMonitor(world, 'web', 'web.app');
        assert.deepEqual(acts(settle(world)), lines);
      });
    });
  }
}

test('on-fail of a start and of a stop are their own', () => {
  inWorld(site({ start: { timeoutMs: 1000, onFail: 'stop' } }), ['h1'], (world) => {
    assert.equal(inside(settle(world, once('web.app_start_0', 1))).at(-1), 'stop web.app on web');
  });
  inWorld(site({ stop: { timeoutMs: 1000, onFail: 'block' } }), ['h1'], (world) => {
    settle(world);
    world.wishes = { 'web.app': { target: 'stopped' } };
    transition(world, once('web.app_stop_0', 1));
    assert.deepEqual(settle(world), [], 'the VM stays');
  });
  inWorld(site({}), ['h1'], (world) => {
    settle(world);
    world.wishes = { 'web.app': { target: 'stopped' } };
    transition(world, once('web.app_stop_0', 1));
    assert.ok(settle(world).flat().includes('fence web'), 'by itself a failed stop recovers the VM');
  });
});

test('failures are forgotten after the failure-timeout, which restarts nothing', () => {
  inWorld(site({ failureTimeoutMs: 60_000 }), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.app');
    settle(world);
    assert.equal(failCount(world.history, 'web', 'web.app'), 1);
    world.now += 70_000;
    assert.deepEqual(settle(world), [['clear_failcount web.app on web']]);
    assert.equal(failCount(world.history, 'web', 'web.app'), 0);
  });
});

test('a threshold stops what has failed so often, and what depends on it, until its failures are forgotten', () => {
  inWorld(site({ migrationThreshold: 2, failureTimeoutMs: 60_000 }), ['h1'], (world) => {
    settle(world);
    failMonitor(world, 'web', 'web.app');
    assert.equal(inside(settle(world)).length, 4);
    failMonitor(world, 'web', 'web.app');
    assert.deepEqual(inside(settle(world)), ['stop lb.x on lb', 'stop web.app on web']);
    world.now += 70_000;
    assert.deepEqual(inside(settle(world)), [
      'start web.app on web',
      'clear_failcount web.app on web',
      'start lb.x on lb',
    ]);
  });
});

test('a monitor of a depth is one of its own, with its own failure', () => {
  const deep = { name: 'monitor', intervalMs: 60_000, timeoutMs: 5_000, role: undefined, depth: 20 } as const;
  inWorld(site({ operations: [{ ...deep, onFail: 'stop' }] }), ['h1'], (world) => {
    const lines = settle(world).flat();
    assert.ok(lines.includes('monitor/60000 web.app on web') && lines.includes('monitor/10000 web.app on web'));
    assert.ok(renderCib(inputOf(world)).includes('name="OCF_CHECK_LEVEL" value="20"'));
    failMonitor(world, 'web', 'web.app', { intervalMs: 60_000 });
    assert.deepEqual(inside(settle(world)), ['stop lb.x on lb', 'stop web.app on web']);
  });
});

test('an assembly that lost its host is probed and started again', () => {
  inWorld(site({}), ['h1'], (world) => {
    settle(world);
    world.hosts = [{ name: 'h1', state: 'unclean', isBarred: false, isDrained: false }];
    transition(world);
    world.hosts = [{ name: 'h1', state: 'online', isBarred: false, isDrained: false }];
    const lines = settle(world).flat();
    assert.deepEqual(
      lines.filter((line) => line.includes('web.vm')),
      ['monitor web.vm on h1', 'start web.vm on h1', 'monitor/10000 web.vm on h1'],
    );
    assert.equal(inside([lines]).at(-1), 'start lb.x on lb');
  });
});

test('a changed address configures anew what refers to it and restarts it with what depends on it', () => {
  const configure = { url: '/c', timeoutMs: 1000 };
  inWorld(site({ configure, parameters: { peer: addressOf('lb') } }), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'lb', { address: '127.9.9.9' });
    assert.deepEqual(inside(settle(world)), [
      'stop lb.x on lb',
      'stop web.app on web',
      'stop web.app-configure on web',
      'start web.app-configure on web',
      'start web.app on web',
      'start lb.x on lb',
    ]);
  });
});

test('an assembly has its own time to boot', () => {
  const slow = { ...assembly('web', resource('app')), bootTimeoutMs: 900_000 };
  inWorld(deployable([slow, assembly('db', resource('sql'))]), ['h1'], (world) => {
    const timeouts = new Map<string, string | undefined>();
    transition(world, (action) => {
      if (action.operation === 'start' && action.resource?.type === 'remote') {
        timeouts.set(action.resource.id, action.attributes.CRM_meta_timeout);
      }
      return undefined;
    });
    assert.deepEqual(Object.fromEntries(timeouts), { web: '900000', db: '300000' });
  });
});

test('the raw section may tag what the document has, and constrain what is tagged', () => {
  const pacemaker = {
    constraints: '<rsc_location id="r" rsc="both" node="web" score="-INFINITY"/>',
    tags: '<tag id="both"><obj_ref id="web.app"/><obj_ref id="web.log"/></tag>',
  };
  inWorld({ ...site({}), pacemaker }, ['h1'], (world) => {
    assert.deepEqual(inside(settle(world)), []);
  });
});

const dialects = [
  { featureSet: '3.7.0', schema: 'pacemaker-3.4', role: 'Master', fencing: 'stonith-enabled' },
  { featureSet: '3.16.1', schema: 'pacemaker-3.9', role: 'Promoted', fencing: 'stonith-enabled' },
  { featureSet: '3.20.0', schema: 'pacemaker-4.0', role: 'Promoted', fencing: 'stonith-enabled' },
  { featureSet: '3.20.5', schema: 'pacemaker-4.0', role: 'Promoted', fencing: 'fencing-enabled' },
];

test('options and roles have the names that the installed version knows', () => {
  inWorld(deployable(replicas('db', 2, resource('sql', { clone: promotable() }))), ['h1'], (world) => {
    for (const { role, fencing, ...dialect } of dialects) {
      const cib = renderCib({ ...inputOf(world), dialect });
      assert.ok(cib.includes(`role="${role}"`) && cib.includes(`name="${fencing}"`), dialect.schema);
    }
  });
});
