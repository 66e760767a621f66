import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { findOwnAddress } from './own-address.js';

const cases: readonly { readonly servers: readonly string[]; readonly address: string }[] = [
  { servers: ['nats://127.0.0.1:4222'], address: '127.0.0.1' },
  { servers: ['127.0.0.1'], address: '127.0.0.1' },
  { servers: ['tls://localhost:4222'], address: '127.0.0.1' },
  { servers: ['nats://255.255.255.255:1', 'nats://127.0.0.1:4222'], address: '127.0.0.1' },
  { servers: ['::', 'nats://', 'nats://[::1]:4222', 'nats://127.0.0.1:99999'], address: '' },
  { servers: [], address: '' },
];

for (const { servers, address } of cases) {
  test(`towards ${servers.join(', ') || 'nothing'} this machine is ${address || 'nowhere'}`, async () => {
    assert.equal(await findOwnAddress(servers), address);
  });
}

const own = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal);

test('towards an address of its own it is that address', async () => {
  for (const { address } of own) assert.equal(await findOwnAddress([`nats://${address}:4222`]), address);
});
