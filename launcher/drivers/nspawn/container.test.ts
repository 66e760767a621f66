import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { InstanceSpec } from '../../driver.js';
import { containerNames, findProblem } from './container.js';

const spec: InstanceSpec = {
  instance: 'shop.db.one.1-1',
  deployable: 'shop',
  assembly: 'db',
  image: 'debian-12',
  cpus: undefined,
  memoryMiB: undefined,
  disks: [],
  networks: [],
  placement: {},
  bootDeadlineMs: 1000,
  identity: {
    deployable: 'shop',
    assembly: 'db',
    instance: 'shop.db.one.1-1',
    launcherHost: 'one',
    epoch: 1,
    busServers: ['nats://127.0.0.1:4222'],
    credentialsFile: '/nonexistent',
    heartbeatIntervalMs: 1000,
  },
};

describe('a container', () => {
  test('has names of its own, the same at all times', () => {
    const names = containerNames('/home', 'one', 'shop.db.one.1-1');
    assert.deepEqual(containerNames('/home', 'one', 'shop.db.one.1-1'), names);
    const others = [
      containerNames('/home', 'one', 'shop.db.one.1-2'),
      containerNames('/home', 'two', 'shop.db.one.1-1'),
      containerNames('/other', 'one', 'shop.db.one.1-1'),
    ];
    for (const key of ['machine', 'uuid', 'interface'] as const) {
      assert.equal(new Set([names, ...others].map((each) => each[key])).size, 4, key);
    }
    assert.match(names.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.ok(names.interface.length <= 15, 'systemd-nspawn would shorten it otherwise');
  });

  for (const [what, change, problem] of [
    ['an image', {}, undefined],
    ['a size', { cpus: 0.5, memoryMiB: 128 }, undefined],
    ['the default network', { networks: ['default'] }, undefined],
    ['no image', { image: undefined }, /needs an image/],
    ['disks', { disks: [{ name: 'data', sizeMiB: 10 }] }, /no disks of their own/],
    ['another network', { networks: ['default', 'dmz'] }, /no network dmz .* only: default/],
    ['no CPU', { cpus: 0 }, /0 CPUs/],
    ['no memory', { memoryMiB: Number.NaN }, /NaN MiB/],
  ] as const) {
    test(`with ${what} is ${problem === undefined ? 'started' : 'refused'}`, () => {
      const found = findProblem({ ...spec, ...change });
      if (problem === undefined) assert.equal(found, undefined);
      else assert.match(found ?? '', problem);
    });
  }
});
