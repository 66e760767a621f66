import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clearFailCount, failCount } from '../../coordinator/state/fail-count.js';
import type { History } from '../../coordinator/state/history.js';
import {
  escalateToAssembly,
  type InstanceFact,
  recordAgentLost,
  recordHeld,
  recordHostDead,
  recordInstanceBack,
  recordInstanceDead,
} from '../../coordinator/state/instance-record.js';
import { connectionMonitor, defaultInstanceTiming } from '../../coordinator/state/instance-timing.js';
import { shop } from './cib-deployables.js';
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

const vmMonitor = defaultInstanceTiming.vmMonitorIntervalMs;
const connection = connectionMonitor.intervalMs;

type Fact = (history: History, fact: InstanceFact) => History;

function tell(world: World, fact: Fact, assembly: string, host = 'h1'): void {
  world.history = fact(world.history, { assembly, host, at: world.now, reason: 'told so' });
}

function die(world: World, assembly: string, host = 'h1'): void {
  changeAssembly(world, assembly, { isConnected: false });
  tell(world, recordInstanceDead, assembly, host);
}

/** One recovery of db: dependents in web stop, the VM is replaced, everything of it starts, dependents start. */
const recoveryOfDb = (from = 'h1', to = from) => [
  'stop web.nginx on web',
  `stop db on ${from}`,
  `stop db.vm on ${from}`,
  'stop web.app on web',
  'fence db',
  `start db.vm on ${to}`,
  `monitor/${vmMonitor} db.vm on ${to}`,
  `start db on ${to}`,
  'start db.redis on db',
  `monitor/${connection} db on ${to}`,
  'monitor/10000 db.redis on db',
  'start web.app on web',
  'monitor/10000 web.app on web',
  'start web.nginx on web',
  'monitor/10000 web.nginx on web',
];

const failures: readonly { readonly name: string; readonly facts: readonly Fact[] }[] = [
  { name: 'a dead instance', facts: [recordInstanceDead] },
  { name: 'a lost agent', facts: [recordAgentLost] },
  { name: 'a lost agent whose instance is then proven dead', facts: [recordAgentLost, recordInstanceDead] },
  { name: 'an escalation to the assembly', facts: [escalateToAssembly] },
];

for (const { name, facts } of failures) {
  test(`${name} is recovered by one graph that touches nothing else, and again the next time`, () => {
    inWorld(shop(), ['h1'], (world) => {
      settle(world);
      for (let round = 0; round < 3; round++) {
        for (const fact of facts) {
          tell(world, fact, 'db');
        }
        assert.deepEqual(settle(world), [recoveryOfDb()]);
      }
      assert.match(monitorText(world), /GuestOnline: \[ aside db web \]/);
    });
  });
}

test('a failure within the second in which its monitor began is seen', () => {
  inWorld(shop(), ['h1'], (world) => {
    const tick = world.now;
    settle(world, () => {
      world.now = tick + 50;
      return undefined;
    });
    world.now = tick + 60;
    failMonitor(world, 'web', 'web.log');
    die(world, 'db');
    const [lines, ...more] = settle(world);
    assert.deepEqual(more, []);
    assert.ok(lines?.includes('stop web.log on web') && lines.includes('fence db'));
  });
});

test('two instances that die together are recovered by one graph', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    die(world, 'db');
    die(world, 'aside');
    const [lines, ...more] = settle(world);
    assert.deepEqual(more, []);
    assert.deepEqual(
      lines?.filter((line) => line.startsWith('fence') || line.startsWith('stop')),
      [
        'stop web.nginx on web',
        'stop db on h1',
        'stop aside on h1',
        'stop db.vm on h1',
        'stop web.app on web',
        'stop aside.vm on h1',
        'fence db',
        'fence aside',
      ],
    );
  });
});

test('while an assembly must not boot, the others go on; when it may, it comes back', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'db', { mayStart: false });
    die(world, 'db');
    assert.deepEqual(settle(world), [recoveryOfDb().slice(0, 5)]);
    failMonitor(world, 'aside', 'aside.job');
    assert.deepEqual(settle(world), [
      ['stop aside.job on aside', 'start aside.job on aside', 'monitor/10000 aside.job on aside'],
    ]);
    changeAssembly(world, 'db', { mayStart: true });
    assert.deepEqual(settle(world), [recoveryOfDb().slice(5)]);
  });
});

test('a VM that cannot be started is stopped, fenced and left alone until it may start again', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    die(world, 'db');
    transition(world, once('db.vm_start_0', 1));
    changeAssembly(world, 'db', { mayStart: false });
    assert.deepEqual(settle(world), [['stop db.vm on h1', 'fence db']]);
    changeAssembly(world, 'db', { mayStart: true });
    assert.deepEqual(settle(world), [recoveryOfDb().slice(5)]);
  });
});

for (const outcome of [1, 'timeout'] as const) {
  test(`an agent that never registers (${outcome}) has its VM stopped, and only mayStart keeps that from spinning`, () => {
    inWorld(shop(), ['h1'], (world) => {
      settle(world);
      die(world, 'db');
      assert.equal(transition(world, once('db_start_0', outcome)).at(-1)?.startsWith('start db on h1: '), true);
      changeAssembly(world, 'db', { mayStart: false });
      assert.deepEqual(settle(world), [['stop db on h1', 'stop db.vm on h1']]);
      changeAssembly(world, 'db', { mayStart: true });
      assert.deepEqual(settle(world), [recoveryOfDb().slice(5)]);
    });
  });
}

test('a failed boot beside others holds none of them up', () => {
  inWorld(shop(), ['h1'], (world) => {
    const fails = once('db.vm_start_0', 1);
    transition(world, fails);
    changeAssembly(world, 'db', { mayStart: false });
    const lines = settle(world).flat();
    assert.ok(lines.includes('start web.log on web') && lines.includes('start aside.job on aside'));
    assert.equal(lines.includes('start web.app on web'), false, 'it is ordered after db.redis');
  });
});

test('with two hosts a VM moves when its failures on one reach the threshold, and may return when they are forgotten', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    for (const to of ['h1', 'h1', 'h2']) {
      die(world, 'db');
      assert.deepEqual(settle(world), [recoveryOfDb('h1', to)]);
    }
    assert.equal(failCount(world.history, 'h1', 'db.vm'), 3);
    world.history = clearFailCount(world.history, 'h1', 'db.vm');
    assert.deepEqual(settle(world), [], 'it stays where it is');
    for (const to of ['h2', 'h2', 'h1']) {
      die(world, 'db', 'h2');
      assert.deepEqual(settle(world), [recoveryOfDb('h2', to)]);
    }
  });
});

test('agents that never register count like failures of their VM', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    die(world, 'db');
    let failed = 0;
    const lines = settle(world, ({ key }) => (key === 'db_start_0' && failed++ < 2 ? 1 : undefined)).flat();
    assert.deepEqual(
      lines.filter((line) => line.startsWith('start db.vm')),
      ['start db.vm on h1', 'start db.vm on h1', 'start db.vm on h2'],
    );
  });
});

/** Recovery of db begins, and its VM's stop stays pending; then it is held. */
function holdDb(world: World, fact: Fact): void {
  tell(world, fact, 'db');
  const lines = transition(world, once('db.vm_stop_0', 'pending'));
  assert.deepEqual(lines, [
    'stop web.nginx on web',
    'stop db on h1',
    'stop db.vm on h1: pending',
    'stop web.app on web',
  ]);
  changeAssembly(world, 'db', { isHeld: true, isConnected: false });
  tell(world, recordHeld, 'db');
}

test('a held assembly is left alone, disturbs no other, and keeps what was stopped for its recovery stopped', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    holdDb(world, recordAgentLost);
    assert.deepEqual(settle(world), []);
    assert.match(monitorText(world), /db\.vm.*Started h1 \(unmanaged\)/);

    failMonitor(world, 'web', 'web.log');
    assert.deepEqual(settle(world), [['stop web.log on web', 'start web.log on web', 'monitor/10000 web.log on web']]);
    die(world, 'aside');
    assert.equal(settle(world).length, 1);

    world.stopAll = true;
    assert.deepEqual(settle(world), [
      [
        'stop web.log on web',
        'stop aside.job on aside',
        'stop web on h1',
        'stop aside on h1',
        'stop web.vm on h1',
        'stop aside.vm on h1',
      ],
    ]);
  });
});

test('a held assembly that is proven dead is recovered', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    holdDb(world, escalateToAssembly);
    changeAssembly(world, 'db', { isHeld: false });
    die(world, 'db');
    const lines = settle(world).flat();
    assert.deepEqual(lines.slice(0, 4), ['stop db on h1', 'stop db.vm on h1', 'fence db', 'start db.vm on h1']);
    assert.equal(lines.at(-1), 'monitor/10000 web.nginx on web');
  });
});

test('a held assembly that comes back is asked what runs in it; nothing in it is restarted', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    holdDb(world, recordAgentLost);
    settle(world);
    changeAssembly(world, 'db', { isHeld: false, isConnected: true });
    tell(world, recordInstanceBack, 'db');
    assert.deepEqual(settle(world, ({ key }) => (key === 'db.redis_monitor_0' ? 0 : undefined)).flat(), [
      'monitor db.redis on db: rc 0',
      'monitor/10000 db.redis on db',
      'start web.app on web',
      'monitor/10000 web.app on web',
      'start web.nginx on web',
      'monitor/10000 web.nginx on web',
    ]);
  });
});

test('an assembly held before its recovery began keeps its dependents running', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    changeAssembly(world, 'db', { isHeld: true, isConnected: false });
    tell(world, recordHeld, 'db');
    assert.deepEqual(settle(world), [['cancel/10000 db.redis on db']]);
    changeAssembly(world, 'db', { isHeld: false, isConnected: true });
    tell(world, recordInstanceBack, 'db');
    assert.deepEqual(settle(world), [['monitor/10000 db.redis on db']]);
  });
});

test('an agent that was recorded as lost and is back before anything was done changes nothing', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    tell(world, recordAgentLost, 'db');
    tell(world, recordInstanceBack, 'db');
    assert.deepEqual(settle(world), []);
  });
});

test('a silent host keeps what runs on it, takes nothing new, and is not asked', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    world.hosts = [
      { name: 'h1', state: 'online', isBarred: true, isDrained: false },
      { name: 'h2', state: 'online', isBarred: false, isDrained: false },
    ];
    assert.deepEqual(settle(world), []);
    die(world, 'web', 'h2');
    assert.equal(settle(world).flat().includes('start web.vm on h2'), true);
    tell(world, recordAgentLost, 'db');
    assert.deepEqual(settle(world), [recoveryOfDb('h1', 'h2')]);
  });
  inWorld(shop(), ['h1', 'h2'], (world) => {
    world.hosts = [
      { name: 'h1', state: 'online', isBarred: true, isDrained: false },
      { name: 'h2', state: 'online', isBarred: false, isDrained: false },
    ];
    const lines = settle(world).flat();
    assert.deepEqual(
      lines.filter((line) => line.endsWith('.vm on h1')),
      [],
    );
  });
});

test('a host that the input has forgotten is silent, not gone', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    world.hosts = world.hosts.filter(({ name }) => name !== 'h1');
    assert.deepEqual(settle(world), []);
  });
});

test('the assemblies of a host proven dead start elsewhere, and their dependents around them', () => {
  inWorld(shop(), ['h1', 'h2'], (world) => {
    settle(world);
    world.hosts = world.hosts.map((host) => ({ ...host, state: host.name === 'h1' ? 'offline' : 'online' }));
    for (const name of ['db', 'aside']) {
      changeAssembly(world, name, { isConnected: false });
    }
    world.history = recordHostDead(world.history, 'h1');
    const [lines = [], ...more] = settle(world);
    assert.deepEqual(more, []);
    assert.deepEqual(
      lines.filter((line) => !line.startsWith('monitor')),
      [
        'start db.vm on h2',
        'stop web.nginx on web',
        'start aside.vm on h2',
        'stop web.app on web',
        'start db on h2',
        'start aside on h2',
        'start db.redis on db',
        'start aside.job on aside',
        'start web.app on web',
        'start web.nginx on web',
      ],
    );
  });
});

test('the only host proven dead leaves nothing to do until it is back', () => {
  inWorld(shop(), ['h1'], (world) => {
    settle(world);
    world.hosts = [{ name: 'h1', state: 'offline', isBarred: false, isDrained: false }];
    for (const { name } of world.deployable.assemblies) {
      changeAssembly(world, name, { isConnected: false });
    }
    world.history = recordHostDead(world.history, 'h1');
    assert.deepEqual(settle(world), []);
    world.hosts = [{ name: 'h1', state: 'online', isBarred: false, isDrained: false }];
    assert.equal(settle(world).flat().at(-1), 'monitor/10000 web.nginx on web');
  });
});
