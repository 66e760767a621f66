import assert from 'node:assert/strict';
import { assertNoSuch, assertProblem, type Create, doneValue, shared } from './matahari-under-test.js';

export function networkContract(create: Create): void {
  const { test } = shared(create);

  test('the object says whose it is', async ({ network, host }) => {
    const { uuid, hostname } = doneValue(await host.get());
    assert.deepEqual(doneValue(await network.get()), { uuid, hostname });
  });

  test('every interface is listed once', async ({ network }, { link }) => {
    const interfaces = doneValue(await network.list());
    assert.equal(new Set(interfaces).size, interfaces.length);
    assert.ok(interfaces.includes('lo'));
    if (link !== undefined) assert.ok(interfaces.includes(link.name));
  });

  test('the loopback interface is up, with its address and no hardware address', async ({ network }) => {
    assert.equal(doneValue(await network.status('lo')), 0);
    assert.equal(doneValue(await network.start('lo')), 0);
    assert.equal(doneValue(await network.getIpAddress('lo')), '127.0.0.1');
    assert.equal(doneValue(await network.getMacAddress('lo')), '00:00:00:00:00:00');
  });

  test('an interface goes down and up, as often as it is told', async ({ network }, { link }, { context }) => {
    if (link === undefined) return context.skip('no interface that may be taken down');
    for (const _ of [1, 2]) {
      assert.equal(doneValue(await network.stop(link.name)), 1);
      assert.equal(doneValue(await network.status(link.name)), 1);
      assert.equal(doneValue(await network.stop(link.name)), 1);
      assert.equal(doneValue(await network.start(link.name)), 0);
      assert.equal(doneValue(await network.start(link.name)), 0);
      assert.equal(doneValue(await network.status(link.name)), 0);
    }
  });

  test('an interface has an address and a hardware address', async ({ network }, { link }, { context }) => {
    if (link === undefined) return context.skip('no interface whose addresses are known');
    assert.equal(doneValue(await network.getIpAddress(link.name)), link.address);
    assert.equal(doneValue(await network.getMacAddress(link.name)), link.mac);
  });

  test('an unknown interface is refused', async ({ network }) => {
    const methods = ['start', 'stop', 'status', 'getIpAddress', 'getMacAddress'] as const;
    for (const method of methods) {
      assertProblem(await network[method]('no-such0'), 'not-found');
      for (const name of ['', '-a', 'lo eth0', '../lo', 'x'.repeat(64), 'lo\n']) {
        assertNoSuch(await network[method](name), 'iface');
      }
    }
    assert.equal(doneValue(await network.status('lo')), 0);
  });
}
