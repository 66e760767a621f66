import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inside, order, step, subject } from './cib-constraints.js';
import { addressOf, assembly, deployable, resource } from './cib-deployables.js';
import { changeAssembly, failMonitor, inWorld, settle } from './cib-world.js';

const groups = [{ name: 'front', assembly: 'web', members: ['cache', 'app', 'proxy'] }];

/** `cache`, `app` and `proxy` of web are a group, `lb.x` is ordered after it, `log` stands beside it. */
const site = (change = {}) =>
  deployable(
    [
      assembly('web', resource('log'), resource('proxy'), resource('cache'), resource('app', change)),
      assembly('lb', resource('x')),
      assembly('db', resource('sql')),
    ],
    { groups, constraints: [order([{ ...step([]), members: [subject('front')] }, step(['lb.x'])])] },
  );

test('a group starts in order, stops in reverse, and what follows it waits for all of it', () => {
  inWorld(site(), ['h1'], (world) => {
    assert.deepEqual(
      inside(settle(world)).filter((line) => !/log|sql/.test(line)),
      ['start web.cache on web', 'start web.app on web', 'start web.proxy on web', 'start lb.x on lb'],
    );
    world.stopAll = true;
    assert.deepEqual(
      inside(settle(world)).filter((line) => !/log|sql/.test(line)),
      ['stop lb.x on lb', 'stop web.proxy on web', 'stop web.app on web', 'stop web.cache on web'],
    );
  });
});

test('a member that fails restarts with what follows it', () => {
  const chain = ['web.cache on web', 'web.app on web', 'web.proxy on web', 'lb.x on lb'];
  inWorld(site(), ['h1'], (world) => {
    settle(world);
    for (const [position, member] of ['web.cache', 'web.app', 'web.proxy'].entries()) {
      failMonitor(world, 'web', member);
      const restarted = chain.slice(position);
      assert.deepEqual(inside(settle(world)), [
        ...restarted.toReversed().map((each) => `stop ${each}`),
        ...restarted.map((each) => `start ${each}`),
      ]);
    }
    failMonitor(world, 'web', 'web.log');
    assert.deepEqual(inside(settle(world)), ['stop web.log on web', 'start web.log on web']);
  });
});

test('a member that waits for a value keeps the later ones waiting and the earlier ones running', () => {
  inWorld(site({ parameters: { peer: addressOf('db') } }), ['h1'], (world) => {
    changeAssembly(world, 'db', { mayStart: false });
    assert.deepEqual(inside(settle(world)), ['start web.log on web', 'start web.cache on web']);
    changeAssembly(world, 'db', { mayStart: true });
    assert.deepEqual(inside(settle(world)), [
      'start db.sql on db',
      'start web.app on web',
      'start web.proxy on web',
      'start lb.x on lb',
    ]);
  });
});

test('a configure step of a member stands before it and outside of its group', () => {
  inWorld(site({ configure: { url: '/c', timeoutMs: 1000 } }), ['h1'], (world) => {
    const lines = inside(settle(world));
    assert.ok(lines.indexOf('start web.app-configure on web') < lines.indexOf('start web.app on web'));
    failMonitor(world, 'web', 'web.app');
    assert.equal(settle(world).flat().includes('start web.app-configure on web'), false);
  });
});

test('operators stop a group, a member with what follows it, and leave a member alone', () => {
  inWorld(site(), ['h1'], (world) => {
    settle(world);
    world.wishes = { front: { target: 'stopped' } };
    assert.equal(inside(settle(world)).at(-1), 'stop web.cache on web');
    world.wishes = { 'web.app': { target: 'stopped' } };
    assert.deepEqual(inside(settle(world)), ['start web.cache on web']);
    world.wishes = {};
    settle(world);
    world.wishes = { 'web.proxy': { isManaged: false } };
    failMonitor(world, 'web', 'web.proxy');
    assert.equal(inside(settle(world)).includes('stop web.proxy on web'), false);
  });
});
