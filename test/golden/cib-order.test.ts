import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OrderConstraint } from '../../coordinator/model/deployable.js';
import { inside, order, step } from './cib-constraints.js';
import { assembly, deployable, resource } from './cib-deployables.js';
import { changeAssembly, failMonitor, inWorld, settle } from './cib-world.js';

const four = (constraint: OrderConstraint) =>
  deployable(
    ['a', 'b', 'c', 'd'].map((name) => assembly(name, resource('x'))),
    { constraints: [constraint] },
  );

const pair = (change: Partial<OrderConstraint>) => order([step(['a.x']), step(['b.x'])], change);
const restart = (name: string) => [`stop ${name}.x on ${name}`, `start ${name}.x on ${name}`];

/** What follows a failure of a.x, of both a.x and b.x, and a stop of a.x, of `a then b`. */
const kinds: readonly {
  readonly name: string;
  readonly change: Partial<OrderConstraint>;
  readonly failure: readonly string[];
  readonly failures: readonly string[];
  readonly stop: readonly string[];
}[] = [
  {
    name: 'mandatory: what follows restarts with what it follows, and stops with it',
    change: {},
    failure: ['stop b.x on b', ...restart('a'), 'start b.x on b'],
    failures: ['stop b.x on b', ...restart('a'), 'start b.x on b'],
    stop: ['stop b.x on b', 'stop a.x on a'],
  },
  {
    name: 'mandatory for starting alone: nothing follows a stop',
    change: { isSymmetrical: false },
    failure: restart('a'),
    failures: ['stop a.x on a', 'stop b.x on b', 'start a.x on a', 'start b.x on b'],
    stop: ['stop a.x on a'],
  },
  {
    name: 'optional: in order where both act',
    change: { strength: 'optional' },
    failure: restart('a'),
    failures: ['stop b.x on b', ...restart('a'), 'start b.x on b'],
    stop: ['stop a.x on a'],
  },
  {
    name: 'serialize: never both at once',
    change: { strength: 'serialize' },
    failure: restart('a'),
    failures: ['stop a.x on a', 'stop b.x on b', 'start a.x on a', 'start b.x on b'],
    stop: ['stop a.x on a'],
  },
];

for (const { name, change, failure, failures, stop } of kinds) {
  test(name, () => {
    inWorld(four(pair(change)), ['h1'], (world) => {
      const started = inside(settle(world));
      assert.ok(started.indexOf('start a.x on a') < started.indexOf('start b.x on b'));
      failMonitor(world, 'a', 'a.x');
      assert.deepEqual(inside(settle(world)), failure);
      failMonitor(world, 'a', 'a.x');
      failMonitor(world, 'b', 'b.x');
      assert.deepEqual(inside(settle(world)), failures);
      world.wishes = { 'a.x': { target: 'stopped' } };
      assert.deepEqual(inside(settle(world)), stop);
    });
  });
}

test('the members of a step are in no order among themselves, the next step waits for all of them', () => {
  inWorld(four(order([step(['a.x', 'b.x']), step(['c.x', 'd.x'])])), ['h1'], (world) => {
    assert.deepEqual(
      inside(settle(world)),
      ['a', 'b', 'c', 'd'].map((name) => `start ${name}.x on ${name}`),
    );
    failMonitor(world, 'b', 'b.x');
    assert.deepEqual(inside(settle(world)), [
      'stop c.x on c',
      'stop d.x on d',
      ...restart('b'),
      'start c.x on c',
      'start d.x on d',
    ]);
    world.stopAll = true;
    assert.deepEqual(
      inside(settle(world)),
      ['c', 'd', 'a', 'b'].map((name) => `stop ${name}.x on ${name}`),
    );
  });
});

test('where one member is enough, the next step waits for the first, and stays while one is left', () => {
  inWorld(four(order([step(['a.x', 'b.x'], { needsAll: false }), step(['c.x', 'd.x'])])), ['h1'], (world) => {
    changeAssembly(world, 'a', { mayStart: false });
    assert.deepEqual(
      inside(settle(world)),
      ['b', 'c', 'd'].map((name) => `start ${name}.x on ${name}`),
    );
    changeAssembly(world, 'a', { mayStart: true });
    assert.deepEqual(inside(settle(world)), ['start a.x on a']);
    failMonitor(world, 'b', 'b.x');
    assert.deepEqual(inside(settle(world)), restart('b'));
    world.wishes = { 'a.x': { target: 'stopped' }, 'b.x': { target: 'stopped' } };
    assert.deepEqual(inside(settle(world)).slice(0, 2), ['stop c.x on c', 'stop d.x on d']);
  });
});

test('what starts after a stop waits for it', () => {
  inWorld(
    four(order([step(['a.x'], { action: 'stop' }), step(['b.x'])], { isSymmetrical: false })),
    ['h1'],
    (world) => {
      world.wishes = { 'b.x': { target: 'stopped' } };
      settle(world);
      world.wishes = { 'a.x': { target: 'stopped' } };
      assert.deepEqual(inside(settle(world)), ['stop a.x on a', 'start b.x on b']);
    },
  );
});

test('a VM starts after what it is ordered after', () => {
  inWorld(four(order([step(['a.x']), step(['b.vm'])])), ['h1'], (world) => {
    const lines = settle(world).flat();
    assert.ok(lines.indexOf('start a.x on a') < lines.indexOf('start b.vm on h1'));
    world.stopAll = true;
    const stopped = settle(world).flat();
    assert.ok(stopped.indexOf('stop b.vm on h1') < stopped.indexOf('stop a.x on a'));
  });
});
