import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { openNetworkRelays, parseServer } from './network-relays.js';

const address = '127.0.0.1';
const quiet = { address, mayUse: () => true, onTrouble: () => undefined };

describe('relays to the bus servers', () => {
  for (const [url, host, port, scheme] of [
    ['nats://127.0.0.1:4222', '127.0.0.1', 4222, 'nats'],
    ['tls://bus.example', 'bus.example', 4222, 'tls'],
    ['bus.example:4333', 'bus.example', 4333, 'nats'],
    ['nats://[::1]:4222', '::1', 4222, 'nats'],
    ['nats://bus:80', 'bus', 80, 'nats'],
    ['nats://user:secret@bus:4222', 'bus', 4222, 'nats'],
  ] as const) {
    test(`an address is read as the client library does: ${url}`, () => {
      assert.deepEqual(parseServer(url), { scheme, host, port });
    });
  }

  test('guests learn no word of what the servers are called, or secrets in it', async () => {
    const relays = await openNetworkRelays({ ...quiet, servers: ['tls://user:secret@bus.example:1'], knownPorts: [0] });
    try {
      assert.deepEqual(relays.urls, [`tls://${address}:${relays.ports[0]}`]);
    } finally {
      await relays.close();
    }
  });

  test('a new relay has the port of its server where that is free, and another one where it is not', async () => {
    const port = await freePort();
    const one = await openNetworkRelays({ ...quiet, servers: [`nats://bus:${port}`], knownPorts: [] });
    const two = await openNetworkRelays({ ...quiet, servers: [`nats://bus:${port}`], knownPorts: [] });
    try {
      assert.deepEqual(one.ports, [port]);
      assert.notDeepEqual(two.ports, [port]);
    } finally {
      await one.close();
      await two.close();
    }
  });

  test('a port that guests know is waited for', { timeout: 60_000 }, async () => {
    const other = createServer().listen(0, address);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const troubles: string[] = [];
    const options = {
      ...quiet,
      servers: ['nats://bus:1', 'nats://bus:2'],
      onTrouble: (text: string) => troubles.push(text),
    };
    const relays = await openNetworkRelays({ ...options, knownPorts: [port] });
    try {
      assert.equal(relays.ports[0], port);
      assert.equal(troubles.length, 1);
      other.close();
      await once(other, 'close');
      while (!(await isListening(port))) await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      await relays.close();
    }
    assert.equal(await isListening(port), false);
  });

  test('while a known port is waited for, the relays can be closed', async () => {
    const other = createServer().listen(0, address);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const relays = await openNetworkRelays({ ...quiet, servers: ['nats://bus:1'], knownPorts: [port] });
    await relays.close();
    other.close();
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
