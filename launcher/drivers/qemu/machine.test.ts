import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machineUuid } from './machine.js';
import { conditionOf } from './machine-link.js';
import { userNetwork } from './user-network.js';

test('a machine is known by its home, its launcher host and its instance', () => {
  const uuids = [
    machineUuid('/a', 'local', 'shop.db.local.1-1'),
    machineUuid('/b', 'local', 'shop.db.local.1-1'),
    machineUuid('/a', 'other', 'shop.db.local.1-1'),
    machineUuid('/a', 'local', 'shop.db.local.1-2'),
  ];
  assert.equal(new Set(uuids).size, 4);
  for (const uuid of uuids) assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(machineUuid('/a', 'local', 'shop.db.local.1-1'), uuids[0]);
});

test('every run state of QEMU is one condition', () => {
  const cases: [unknown, string][] = [
    [{ status: 'running' }, 'working'],
    [{ status: 'paused' }, 'paused'],
    [{ status: 'io-error' }, 'paused'],
    [{ status: 'suspended' }, 'paused'],
    [{ status: 'prelaunch' }, 'paused'],
    [{ status: 'one of tomorrow' }, 'paused'],
    [{ status: 'guest-panicked' }, 'panicked'],
    [{ status: 'internal-error' }, 'panicked'],
    [{}, 'not-answering'],
    [undefined, 'not-answering'],
    [[{ status: 'running' }], 'not-answering'],
  ];
  for (const [answer, expected] of cases) assert.equal(conditionOf(answer).kind, expected, JSON.stringify(answer));
});

test('servers on the launcher host have another address for guests of a private network', () => {
  const { host, network, addresses, busServers, guestAddresses } = userNetwork('/home', 'local');
  assert.deepEqual(
    busServers(['nats://127.0.0.1:4222', 'tls://localhost:4222', '127.0.0.1', 'nats://bus.example:4222']),
    [`nats://${host}:4222`, `tls://${host}:4222`, host, 'nats://bus.example:4222'],
  );
  const [first = ''] = addresses;
  assert.deepEqual(guestAddresses(first), {
    address: `${first}/24`,
    gateway: host,
    nameservers: [host.replace(/2$/, '3')],
    mac: undefined,
  });
  assert.equal(network, host.replace(/2$/, '0/24'));
  assert.ok(!addresses.includes(host) && new Set(addresses).size === addresses.length);
});
