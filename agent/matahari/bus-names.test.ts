import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPrivateBus } from '../dbus/private-bus.js';
import { temporaryDirectory } from '../executors/executor-fixture.js';
import { hasSystemBus } from './bus-names.js';

function rootWithInit(name: string): string {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'proc/1'), { recursive: true });
  writeFileSync(join(root, 'proc/1/comm'), `${name}\n`);
  return root;
}

test('the bus of a machine whose files an instance shares is not its own', async (context) => {
  const own = process.env.DBUS_SYSTEM_BUS_ADDRESS;
  context.after(() => {
    if (own === undefined) delete process.env.DBUS_SYSTEM_BUS_ADDRESS;
    else process.env.DBUS_SYSTEM_BUS_ADDRESS = own;
  });
  const bus = await startPrivateBus();
  context.after(() => bus.close());
  const shared = rootWithInit('cpe-instance-in');
  delete process.env.DBUS_SYSTEM_BUS_ADDRESS;
  assert.equal(hasSystemBus(undefined, shared), false);
  assert.equal(hasSystemBus(bus.address, shared), true);
  process.env.DBUS_SYSTEM_BUS_ADDRESS = bus.address;
  assert.equal(hasSystemBus(undefined, shared), true);
  assert.equal(hasSystemBus(undefined, rootWithInit('systemd')), true);
  process.env.DBUS_SYSTEM_BUS_ADDRESS = 'unix:path=/nowhere/bus';
  assert.equal(hasSystemBus(undefined, rootWithInit('systemd')), false);
});
