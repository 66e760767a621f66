import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Assembly } from '../../coordinator/model/deployable.js';
import { order, step } from './cib-constraints.js';
import { assembly, deployable, resource, text } from './cib-deployables.js';
import { decide, inWorld, once, settle, transition, type World } from './cib-world.js';

/** `web.app`, whose name identifies it and whose level does not, and `lb.x` ordered after it. */
function site(name: string, level: string, log = 'a "log" <1> & ü') {
  const parameters = { name: text(name), level: text(level), log: text(log) };
  return deployable([assembly('web', resource('app', { parameters })), assembly('lb', resource('x'))], {
    constraints: [order([step(['web.app']), step(['lb.x'])])],
  });
}

const restarted = ['stop lb.x on lb', 'stop web.app on web', 'start web.app on web', 'start lb.x on lb'];
const reloaded = ['reload-agent web.app on web'];

/** What happens to resources inside, without the monitors that are ordered anew. */
function happens(world: World): readonly string[] {
  return settle(world)
    .flat()
    .filter((line) => !line.startsWith('monitor'));
}

const cases: readonly {
  readonly name: string;
  readonly restarting: readonly string[] | undefined;
  readonly to: readonly [string, string, string?];
  readonly lines: readonly string[];
}[] = [
  { name: 'one that may change', restarting: ['name', 'log', 'other'], to: ['a', '2'], lines: reloaded },
  { name: 'one that identifies it', restarting: ['name', 'log', 'other'], to: ['b', '1'], lines: restarted },
  { name: 'one that identifies it, in odd characters', restarting: ['log'], to: ['a', '1', '"'], lines: restarted },
  { name: 'both', restarting: ['name'], to: ['b', '2'], lines: restarted },
  { name: 'any, of an agent that restarts for none', restarting: [], to: ['b', '2'], lines: reloaded },
  { name: 'any, of an agent that cannot reload', restarting: undefined, to: ['a', '2'], lines: restarted },
  { name: 'none', restarting: ['name'], to: ['a', '1'], lines: [] },
];

for (const { name, restarting, to, lines } of cases) {
  test(`a changed parameter, ${name}, is met as crm_simulate would meet it`, () => {
    inWorld(site('a', '1'), ['h1'], (world) => {
      if (restarting !== undefined) world.reloads = { 'web.app': restarting };
      settle(world);
      world.deployable = site(...to);
      assert.deepEqual(happens(world), lines);
      // Back again: what was reloaded knows its parameters as what was started does.
      world.deployable = site('a', '1');
      assert.deepEqual(happens(world), lines);
    });
  });
}

test('a reload has the time that its definition gives it', () => {
  const timed = (level: string) => {
    const operations = [
      { name: 'reload', intervalMs: 0, role: undefined, depth: undefined, timeoutMs: 77_000 },
    ] as const;
    return deployable([assembly('web', resource('app', { parameters: { level: text(level) }, operations }))]);
  };
  inWorld(timed('1'), ['h1'], (world) => {
    world.reloads = { 'web.app': [] };
    settle(world);
    world.deployable = timed('2');
    const timeouts = decide(world)
      .flatMap(({ actions }) => actions)
      .filter(({ operation }) => operation === 'reload-agent')
      .map(({ attributes }) => attributes.CRM_meta_timeout);
    assert.deepEqual(timeouts, ['77000']);
  });
});

test('a reload that fails is followed by a restart', () => {
  inWorld(site('a', '1'), ['h1'], (world) => {
    world.reloads = { 'web.app': ['name'] };
    settle(world);
    world.deployable = site('a', '2');
    assert.ok(transition(world, once('web.app_reload-agent_0', 1)).includes('reload-agent web.app on web: rc 1'));
    assert.deepEqual(happens(world), restarted);
  });
});

test('a decision during a reload leaves the resource where it is', () => {
  inWorld(site('a', '1'), ['h1'], (world) => {
    world.reloads = { 'web.app': ['name'] };
    settle(world);
    world.deployable = site('a', '2');
    assert.ok(
      transition(world, once('web.app_reload-agent_0', 'pending')).includes('reload-agent web.app on web: pending'),
    );
    const lines = transition(world).filter((line) => !line.startsWith('monitor'));
    assert.ok(!lines.some((line) => line.startsWith('stop') || line.startsWith('start')), lines.join('\n'));
  });
});

/** What changes about the VM of `web`, and back. */
const machines: Readonly<Record<string, Partial<Assembly>>> = {
  image: { image: 'debian-13' },
  disks: { disks: [{ name: 'data', sizeMiB: 2048 }] },
  networks: { networks: ['back'] },
  placement: { platformPlacement: { zone: 'b' } },
};

for (const [what, change] of Object.entries(machines)) {
  test(`a changed machine (${what}) is a new instance, in order; said in other words it is none`, () => {
    const disks = [{ name: 'data', sizeMiB: 1024 }];
    const web = { ...assembly('web', resource('app')), disks, networks: ['front'] };
    const before = { ...web, platformPlacement: { zone: 'a', rack: '1' } };
    inWorld(deployable([before]), ['h1'], (world) => {
      settle(world);
      world.deployable = deployable([{ ...before, platformPlacement: { rack: '1', zone: 'a' } }]);
      assert.deepEqual(happens(world), []);
      world.deployable = deployable([{ ...before, ...change }]);
      assert.deepEqual(
        happens(world).filter((line) => !line.includes(' web on ')),
        ['stop web.app on web', 'stop web.vm on h1', 'start web.vm on h1', 'start web.app on web'],
      );
    });
  });
}
