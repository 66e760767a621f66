import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assembly, Deployable, HostOptions, PlacementStrategy } from '../../coordinator/model/deployable.js';
import type { HostInput } from '../../coordinator/state/cib-input.js';
import { recordInstanceDead } from '../../coordinator/state/instance-record.js';
import { acts, attributeIs, inside, placed, prefers, ruled, subject, together } from './cib-constraints.js';
import { assembly, deployable, resource } from './cib-deployables.js';
import { changeAssembly, inWorld, recheckAt, settle, transition, type World } from './cib-world.js';

/** Assemblies v1, v2 ... with one resource each. */
function vms(count: number, change: (position: number) => Partial<Assembly> = () => ({})): Assembly[] {
  return Array.from({ length: count }, (_, index) => ({
    ...assembly(`v${index + 1}`, resource('x')),
    ...change(index + 1),
  }));
}

const names = (count: number) => vms(count).map(({ name }) => `${name}.vm`);

function host(options: Partial<HostOptions>): HostOptions {
  return { utilization: {}, attributes: {}, ...options };
}

function changeHosts(world: World, change: (name: string) => Partial<HostInput>): void {
  world.hosts = world.hosts.map((each) => ({ ...each, ...change(each.name) }));
}

function die(world: World, name: string, on: string): void {
  changeAssembly(world, name, { isConnected: false });
  world.history = recordInstanceDead(world.history, { assembly: name, host: on, at: world.now, reason: 'told so' });
}

test('assemblies that must be apart are on hosts of their own, and one too many does not run', () => {
  inWorld(deployable(vms(3), { constraints: [together(names(3), '-INFINITY')] }), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h1', 'v2 on h2']);
    die(world, 'v1', 'h1');
    assert.deepEqual(placed(settle(world)), ['v1 on h1']);
  });
});

test('assemblies that should be apart share a host where there are too few', () => {
  inWorld(deployable(vms(3), { constraints: [together(names(3), -500)] }), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h1', 'v2 on h2', 'v3 on h2']);
    assert.deepEqual(transition(world), []);
  });
});

test('assemblies that must be together go where the first goes', () => {
  const constraints = [together(names(3), 'INFINITY'), prefers('v1.vm', 'h2', 50)];
  inWorld(deployable(vms(3), { constraints }), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h2', 'v2 on h2', 'v3 on h2']);
    die(world, 'v3', 'h2');
    assert.deepEqual(placed(settle(world)), ['v3 on h2']);
  });
});

const racks = Object.fromEntries(
  [
    ['h1', 'r1'],
    ['h2', 'r1'],
    ['h3', 'r2'],
  ].map(([name = '', rack = '']) => [name, host({ attributes: { rack } })]),
);

test('apart and together are also a matter of a node attribute', () => {
  const apart = { constraints: [together(names(2), '-INFINITY', 'rack')], hostOptions: racks };
  inWorld(deployable(vms(2), apart), ['h1', 'h2', 'h3'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h1', 'v2 on h3']);
  });
  const near = {
    constraints: [together(names(2), 'INFINITY', 'rack'), prefers('v1.vm', 'h2', 10)],
    hostOptions: racks,
  };
  inWorld(deployable(vms(2), near), ['h1', 'h2', 'h3'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h2', 'v2 on h1']);
  });
});

test('a VM that must be with another waits for it; the other waits for nobody', () => {
  const colocation = {
    kind: 'colocation',
    id: 'c',
    resource: subject('v2.vm'),
    with: subject('v1.vm'),
    score: 'INFINITY',
    role: undefined,
    withRole: undefined,
    nodeAttribute: undefined,
  } as const;
  inWorld(deployable(vms(2), { constraints: [colocation] }), ['h1', 'h2'], (world) => {
    changeAssembly(world, 'v1', { mayStart: false });
    assert.deepEqual(placed(settle(world)), []);
    changeAssembly(world, 'v1', { mayStart: true });
    assert.deepEqual(placed(settle(world)), ['v1 on h1', 'v2 on h1']);
  });
});

test('preferences for hosts place, move by more than the stickiness, and ban', () => {
  const preferring = (score: number) => deployable(vms(1), { constraints: [prefers('v1.vm', 'h2', score)] });
  inWorld(preferring(10), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h2']);
    world.deployable = deployable(vms(1), { constraints: [prefers('v1.vm', 'h1', 50)] });
    assert.deepEqual(settle(world), [], 'it is not worth a restart');
    world.deployable = deployable(vms(1), { constraints: [prefers('v1.vm', 'h1', 500)] });
    assert.deepEqual(placed(settle(world)), ['v1 on h1']);
    world.deployable = deployable(vms(1), { constraints: [prefers('v1.vm', 'h1', '-INFINITY')] });
    assert.deepEqual(placed(settle(world)), ['v1 on h2']);
  });
});

const sites = { h1: host({ attributes: { site: 'a' } }), h2: host({ attributes: { site: 'b' } }) };

test('rules by attribute place on the hosts that match, and never inside of an assembly that does', () => {
  const constraints = [
    ruled('v1.vm', 'INFINITY', [attributeIs('site', 'b')]),
    ruled('v2.vm', '-INFINITY', [attributeIs('site', 'b')]),
    ruled('v3.vm', 200, [attributeIs('site', 'b'), attributeIs('#uname', 'elsewhere')], 'or'),
  ];
  const assemblies = vms(3, () => ({ attributes: { site: 'b' } }));
  inWorld(deployable(assemblies, { constraints, hostOptions: sites }), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)).toSorted(), ['v1 on h2', 'v2 on h1', 'v3 on h2']);
  });
});

test('a rule by date moves a VM when its time has come, and a rule by the clock stops a resource for hours', () => {
  const date = { kind: 'date', operation: 'gt', start: '2023-11-14T22:30:00Z', end: undefined } as const;
  const leaving = [ruled('v1.vm', '-INFINITY', [attributeIs('#uname', 'h1'), date])];
  inWorld(deployable(vms(1), { constraints: leaving }), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h1']);
    world.now += 3_600_000;
    assert.deepEqual(placed(settle(world)), ['v1 on h2']);
  });
  const atNight = [ruled('v1.x', '-INFINITY', [{ kind: 'date-spec', fields: { hours: '23-23' } }])];
  inWorld(deployable(vms(1), { constraints: atNight }), ['h1'], (world) => {
    settle(world);
    world.now += 3_600_000;
    assert.deepEqual(acts(settle(world)), ['stop v1.x on v1']);
    world.now += 3_600_000;
    assert.deepEqual(acts(settle(world)), ['start v1.x on v1']);
  });
});

test('a rule takes no VM to a host that is silent or that the deployable may not use', () => {
  const constraints = [ruled('v1.vm', 'INFINITY', [attributeIs('site', 'b')])];
  inWorld(deployable(vms(1), { constraints, hostOptions: sites }), ['h1', 'h2'], (world) => {
    changeHosts(world, (name) => ({ isBarred: name === 'h2' }));
    assert.deepEqual(placed(settle(world)), ['v1 on h1']);
    changeHosts(world, () => ({ isBarred: false }));
    world.deployable = { ...world.deployable, hosts: ['h1'] };
    assert.deepEqual(settle(world), []);
  });
});

/** Room for three VMs; four ask for it. */
function scarce(placement: PlacementStrategy): Deployable {
  const assemblies = vms(4, (position) => ({ utilization: { memory: 2048 }, priority: position }));
  const hostOptions = { h1: host({ utilization: { memory: 4096 } }), h2: host({ utilization: { memory: 2048 } }) };
  return deployable(assemblies, { placement, hostOptions });
}

for (const placement of ['utilization', 'minimal', 'balanced'] as const) {
  test(`placement ${placement}: no host gets more than it has, and the highest priorities get it`, () => {
    inWorld(scarce(placement), ['h1', 'h2'], (world) => {
      const on = placed(settle(world));
      assert.deepEqual(on.map((line) => line.slice(0, 2)).toSorted(), ['v2', 'v3', 'v4']);
      assert.equal(on.filter((line) => line.endsWith('on h1')).length, 2);
      changeHosts(world, (name) => ({ isDrained: name === 'h2' }));
      assert.deepEqual(placed(settle(world)), [], 'nobody has to make room for what leaves a host');
    });
  });
}

test('launcher hosts that tell what they have are not given more, and the document has the last word', () => {
  const assemblies = vms(4, () => ({ utilization: { memory: 2048 } }));
  const told = deployable(assemblies, { placement: 'utilization' });
  inWorld(told, ['h1', 'h2'], (world) => {
    changeHosts(world, (name) => ({ capacity: { cpus: 2, memory: name === 'h1' ? 4096 : 2048 } }));
    const on = placed(settle(world));
    assert.deepEqual([on.length, on.filter((line) => line.endsWith('on h1')).length], [3, 2]);
    world.deployable = { ...told, hostOptions: { h2: host({ utilization: { memory: 4096 } }) } };
    assert.deepEqual(
      placed(settle(world)).map((line) => line.slice(-2)),
      ['h2'],
    );
  });
});

test('a launcher host that has refused an assembly for lack of room is left out for that one', () => {
  inWorld(deployable(vms(2)), ['h1'], (world) => {
    changeAssembly(world, 'v1', { fullHosts: ['h1'] });
    assert.deepEqual(placed(settle(world)), ['v2 on h1']);
    changeAssembly(world, 'v1', { fullHosts: [] });
    assert.deepEqual(placed(settle(world)), ['v1 on h1']);
  });
});

test('without a strategy hosts take what comes', () => {
  inWorld(scarce('default'), ['h1', 'h2'], (world) => {
    assert.equal(placed(settle(world)).length, 4);
  });
});

test('a host that is drained is left by what another can take, gets nothing new, and may be returned to', () => {
  inWorld(deployable(vms(3)), ['h1', 'h2', 'h3'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h1', 'v2 on h2', 'v3 on h3']);
    changeHosts(world, (name) => ({ isDrained: name === 'h1' }));
    assert.deepEqual(placed(settle(world)), ['v1 on h2']);
    die(world, 'v2', 'h2');
    assert.deepEqual(placed(settle(world)), ['v2 on h2']);
    world.deployable = deployable(vms(4));
    assert.deepEqual(placed(settle(world)), ['v4 on h3']);
    changeHosts(world, () => ({ isDrained: false }));
    assert.deepEqual(settle(world), []);
  });
});

test('a preference keeps nothing on a host that is drained, neither the document’s nor an operator’s', () => {
  inWorld(deployable(vms(2), { constraints: [prefers('v1.vm', 'h1', 'INFINITY')] }), ['h1', 'h2'], (world) => {
    world.locationWishes = [{ resource: 'v2.vm', node: 'h1', kind: 'move' }];
    assert.deepEqual(placed(settle(world)), ['v1 on h1', 'v2 on h1']);
    changeHosts(world, (name) => ({ isDrained: name === 'h1' }));
    assert.deepEqual(placed(settle(world)), ['v1 on h2', 'v2 on h2']);
  });
});

test('draining stops nothing where there is nowhere to go', () => {
  for (const change of [{ isBarred: true }, { isDrained: true }, { state: 'offline' as const }]) {
    inWorld(deployable(vms(2)), ['h1', 'h2'], (world) => {
      changeHosts(world, (name) => (name === 'h2' ? change : {}));
      assert.deepEqual(placed(settle(world)), ['v1 on h1', 'v2 on h1'], JSON.stringify(change));
      changeHosts(world, (name) => (name === 'h1' ? { isDrained: true } : {}));
      assert.deepEqual(settle(world), []);
      die(world, 'v1', 'h1');
      assert.deepEqual(placed(settle(world)), ['v1 on h1'], 'what fails there is recovered there');
    });
  }
});

test('a VM that is barred from all other hosts stays on the drained one', () => {
  inWorld(deployable(vms(2), { constraints: [prefers('v1.vm', 'h2', '-INFINITY')] }), ['h1', 'h2'], (world) => {
    settle(world);
    changeHosts(world, (name) => ({ isDrained: name === 'h1' }));
    assert.deepEqual(settle(world), []);
  });
});

test('operators move and ban a VM, for as long as they say', () => {
  inWorld(deployable(vms(1)), ['h1', 'h2'], (world) => {
    assert.deepEqual(placed(settle(world)), ['v1 on h1']);
    world.locationWishes = [{ resource: 'v1.vm', node: 'h2', kind: 'move', until: world.now + 60_000 }];
    assert.deepEqual(placed(settle(world)), ['v1 on h2']);
    world.now += 61_000;
    assert.deepEqual(settle(world), [], 'it stays where it was moved to');
    world.locationWishes = [{ resource: 'v1.vm', node: 'h2', kind: 'ban', until: world.now + 60_000 }];
    assert.deepEqual(placed(settle(world)), ['v1 on h1']);
    world.locationWishes = [
      { resource: 'gone.vm', node: 'h2', kind: 'ban' },
      { resource: 'v1.vm', node: 'gone', kind: 'move' },
    ];
    assert.deepEqual(settle(world), [], 'wishes about what there is no more mean nothing');
  });
});

test('the scheduler says when a date, an hour or the end of a wish makes it worth while to decide again', () => {
  const gt = { kind: 'date', operation: 'gt', start: '2023-11-14T22:30:00Z', end: undefined } as const;
  inWorld(deployable(vms(1), { constraints: [ruled('v1.vm', 10, [gt])] }), ['h1', 'h2'], (world) => {
    settle(world);
    assert.equal(recheckAt(world), Date.parse('2023-11-14T22:30:01Z'), 'the first second after it');
  });
  inWorld(deployable(vms(1)), ['h1', 'h2'], (world) => {
    settle(world);
    assert.equal(recheckAt(world), undefined);
    const until = world.now + 60_400;
    world.locationWishes = [{ resource: 'v1.vm', node: 'h1', kind: 'move', until }];
    settle(world);
    const again = recheckAt(world) ?? 0;
    assert.ok(again >= until && again <= until + 2000, `${again - until} ms after its end`);
  });
});

test('stickiness and threshold of an assembly are its own', () => {
  const loose = vms(1, () => ({ stickiness: 1, migrationThreshold: 1 }));
  inWorld(deployable(loose, { constraints: [prefers('v1.vm', 'h1', 10)] }), ['h1', 'h2'], (world) => {
    settle(world);
    die(world, 'v1', 'h1');
    assert.deepEqual(placed(settle(world)), ['v1 on h2'], 'one failure is enough');
  });
});

test('a resource follows a rule of its own inside its assembly, and runs nowhere else', () => {
  const constraints = [ruled('v1.x', 100, [attributeIs('tier', 'front')])];
  const assemblies = vms(2, () => ({ attributes: { tier: 'front' } }));
  inWorld(deployable(assemblies, { constraints }), ['h1'], (world) => {
    assert.deepEqual(inside(settle(world)), ['start v1.x on v1', 'start v2.x on v2']);
    changeAssembly(world, 'v1', { wish: 'drained' });
    assert.deepEqual(inside(settle(world)), ['stop v1.x on v1']);
  });
});
