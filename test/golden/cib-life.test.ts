import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionMonitor, defaultInstanceTiming } from '../../coordinator/state/instance-timing.js';
import { addressOf, assembly, deployable, resource, shop, text } from './cib-deployables.js';
import { changeAssembly, inWorld, monitorText, settle, transition } from './cib-world.js';

const vmMonitor = defaultInstanceTiming.vmMonitorIntervalMs;
const connection = connectionMonitor.intervalMs;

test('a first start probes the host, boots, connects, and starts resources in order; then there is nothing to do', () => {
  inWorld(shop(), ['h1'], (world) => {
    assert.deepEqual(settle(world), [
      [
        'monitor db.vm on h1',
        'monitor web.vm on h1',
        'monitor aside.vm on h1',
        'monitor db on h1',
        'monitor web on h1',
        'monitor aside on h1',
        'start db.vm on h1',
        'start web.vm on h1',
        'start aside.vm on h1',
        `monitor/${vmMonitor} db.vm on h1`,
        `monitor/${vmMonitor} web.vm on h1`,
        `monitor/${vmMonitor} aside.vm on h1`,
        'start db on h1',
        'start web on h1',
        'start aside on h1',
        'start db.redis on db',
        'start web.log on web',
        'start aside.job on aside',
        `monitor/${connection} db on h1`,
        `monitor/${connection} web on h1`,
        `monitor/${connection} aside on h1`,
        'monitor/10000 db.redis on db',
        'start web.app on web',
        'monitor/10000 web.log on web',
        'monitor/10000 aside.job on aside',
        'monitor/10000 web.app on web',
        'start web.nginx on web',
        'monitor/10000 web.nginx on web',
      ],
    ]);
    const report = monitorText(world);
    assert.match(report, /GuestOnline: \[ aside db web \]/);
    assert.doesNotMatch(report, /Failed/);
  });
});

test('stopping all stops resources in reverse order, each before its connection and its VM; starting again needs no probe', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    world.stopAll = true;
    assert.deepEqual(settle(world), [
      [
        'stop web.nginx on web',
        'stop web.log on web',
        'stop aside.job on aside',
        'stop web.app on web',
        'stop aside on h1',
        'stop db.redis on db',
        'stop aside.vm on h1',
        'stop web on h1',
        'stop web.vm on h1',
        'stop db on h1',
        'stop db.vm on h1',
      ],
    ]);
    world.stopAll = false;
    const again = settle(world).flat();
    assert.deepEqual(
      again.filter((line) => line.startsWith('monitor ')),
      [],
    );
    assert.equal(again.at(-1), 'monitor/10000 web.nginx on web');
  });
});

/** `web.app` knows the address of db by reference alone, and is configured with it. */
function referring() {
  const agent = { class: 'ocf', provider: 'heartbeat', type: 'Dummy' } as const;
  const configure = { url: '/usr/lib/app/configure', timeoutMs: 30_000 };
  return deployable([
    assembly('db', resource('redis')),
    assembly(
      'web',
      resource('app', { agent, parameters: { peer: addressOf('db'), mode: text('a "b" <c>') }, configure }),
      resource('log'),
    ),
  ]);
}

test('a start waits until the values it refers to are known, and is not even probed before', () => {
  inWorld(referring(), ['h1'], (world) => {
    const lines = transition(world, (action) => (action.key === 'db.vm_start_0' ? 'pending' : undefined));
    assert.ok(lines.includes('start web.log on web'));
    assert.deepEqual(
      lines.filter((line) => line.includes('web.app')),
      [],
    );
  });
});

test('a configure step runs before its resource, and both again when a value that they refer to changes', () => {
  inWorld(referring(), ['h1'], (world) => {
    const started = settle(world).flat();
    assert.deepEqual(
      started.filter((line) => line.includes('web.app')),
      [
        'monitor web.app-configure on web',
        'monitor web.app on web',
        'start web.app-configure on web',
        'start web.app on web',
        'monitor/10000 web.app on web',
      ],
    );
    changeAssembly(world, 'db', { address: '127.9.9.9' });
    assert.deepEqual(settle(world), [
      [
        'stop web.app on web',
        'stop web.app-configure on web',
        'start web.app-configure on web',
        'start web.app on web',
        'monitor/10000 web.app on web',
      ],
    ]);
    changeAssembly(world, 'db', { hostname: 'renamed' });
    assert.deepEqual(settle(world), [], 'nothing refers to the host name');
  });
});

test('a resource that leaves the definition is stopped and forgotten, and nothing else is touched', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    const assemblies = world.deployable.assemblies.map((each) => ({
      ...each,
      resources: each.resources.filter(({ name }) => name !== 'log'),
    }));
    world.deployable = { ...world.deployable, assemblies };
    assert.deepEqual(settle(world), [['stop web.log on web'], ['delete web.log on web']]);
  });
});

test('an assembly that leaves the definition is stopped in order and forgotten, and nothing else is touched', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    const assemblies = world.deployable.assemblies.filter(({ name }) => name !== 'aside');
    world.deployable = { ...world.deployable, assemblies };
    assert.deepEqual(settle(world), [
      ['stop aside.job on aside', 'stop aside on h1', 'stop aside.vm on h1'],
      ['delete aside.vm on h1', 'delete aside on h1'],
    ]);
    assert.equal(Object.hasOwn(world.history, 'aside'), false);
  });
});

test('an assembly that joins the definition starts beside the others', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    world.deployable = {
      ...world.deployable,
      assemblies: [...world.deployable.assemblies, assembly('extra', resource('job'))],
    };
    assert.deepEqual(settle(world), [
      [
        'monitor extra.vm on h1',
        'monitor extra on h1',
        'start extra.vm on h1',
        `monitor/${vmMonitor} extra.vm on h1`,
        'start extra on h1',
        'start extra.job on extra',
        `monitor/${connection} extra on h1`,
        'monitor/10000 extra.job on extra',
      ],
    ]);
  });
});

test('a changed monitor interval reschedules the monitor and restarts nothing', () => {
  inWorld(deployable([assembly('db', resource('redis'))]), ['h1'], (world) => {
    settle(world);
    const monitor = { intervalMs: 5_000, timeoutMs: 20_000 };
    world.deployable = deployable([assembly('db', resource('redis', { monitor }))]);
    assert.deepEqual(settle(world), [['monitor/5000 db.redis on db', 'cancel/10000 db.redis on db']]);
  });
});

test('a changed size restarts the VM with what runs in it', () => {
  inWorld(deployable([assembly('db', resource('redis'))]), ['h1'], (world) => {
    settle(world);
    world.deployable = deployable([{ ...assembly('db', resource('redis')), memoryMiB: 512 }]);
    assert.deepEqual(
      settle(world).map((lines) => lines.filter((line) => !line.startsWith('monitor'))),
      [
        [
          'stop db.redis on db',
          'stop db on h1',
          'stop db.vm on h1',
          'start db.vm on h1',
          'start db on h1',
          'start db.redis on db',
        ],
      ],
    );
  });
});

test('with two hosts VMs are spread, and stay where they are', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    const lines = settle(world).flat();
    assert.deepEqual(
      lines.filter((line) => /^start \w+\.vm/.test(line)),
      ['start db.vm on h1', 'start web.vm on h2', 'start aside.vm on h1'],
    );
    assert.deepEqual(transition(world), []);
  });
});

test('a host that the deployable may not use any more is left in order', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    world.deployable = { ...world.deployable, hosts: ['h2'] };
    const lines = settle(world).flat();
    assert.deepEqual(
      lines.filter((line) => line.includes('.vm') && !line.startsWith('monitor')),
      ['stop aside.vm on h1', 'start aside.vm on h2', 'stop db.vm on h1', 'start db.vm on h2'],
    );
    assert.equal(lines.includes('stop web.log on web'), false);
  });
});
