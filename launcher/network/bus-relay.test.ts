import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { connectBus } from '../../proto/nats-bus.js';
import { startBusFixture, untilStatus } from '../../test/contract/bus-server-fixture.js';
import { type BusRelay, openBusRelay, type RelayLimits } from './bus-relay.js';

const address = '127.0.0.1';

describe('the relay of the bus for guests', { timeout: 120_000 }, () => {
  test('clients work through it, and come back after the bus was killed', async (context) => {
    const bus = await startBusFixture(context);
    const troubles: string[] = [];
    const relay = await relayTo(context, Number(new URL(bus.server.url).port), {
      onTrouble: (text) => troubles.push(text),
    });
    const client = await connectBus({
      servers: [`nats://${address}:${relay.port}`],
      credentialsFile: await bus.credentials('launcher', 'one'),
      identity: { role: 'launcher', id: 'one' },
      name: 'through the relay',
      onProblem: () => undefined,
      firstConnectMs: 30_000,
    });
    context.after(() => client.close());
    await untilStatus(client, 'connected');
    for (let round = 0; round < 3; round += 1) {
      await bus.kill();
      await untilStatus(client, 'disconnected');
      // Tried again many times before the bus is there again.
      await until(() => troubles.length > round);
      bus.start();
      await untilStatus(client, 'connected');
    }
    assert.equal(troubles.length, 3, 'once for each time that the bus was away');
    assert.match(troubles[0] ?? '', /the bus at 127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
  });

  test('garbage is answered by the bus and ends the connection alone', async (context) => {
    const bus = await startBusFixture(context);
    const steady = await bus.connect('operator', 'steady');
    const relay = await relayTo(context, Number(new URL(bus.server.url).port));
    const socket = connect(relay.port, address);
    socket.on('error', () => undefined);
    socket.write(Buffer.alloc(100_000, 'x'));
    let said = '';
    socket.on('data', (data) => {
      said += String(data);
    });
    await closed(socket);
    assert.match(said, /^INFO /);
    assert.ok(steady.isConnected());
  });

  test('a guest that does not read holds up nobody, and little memory', async (context) => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    let sender: Socket | undefined;
    const server = await listen(context, (socket) => {
      sender ??= socket;
      if (sender !== socket) socket.end('still here');
      else for (let sent = 0; sent < 64; sent += 1) socket.write(chunk);
    });
    const relay = await relayTo(context, portOf(server));
    const slow = connect(relay.port, address).pause();
    context.after(() => slow.destroy());
    await until(() => sender !== undefined && sender.bytesWritten - sender.writableLength > 0);
    let before = -1;
    while (before !== sender?.writableLength) {
      before = sender?.writableLength ?? 0;
      await delay(200);
    }
    assert.ok(before > 32 << 20, `what it does not read stays with the sender: ${before}`);
    assert.equal(await readAll(connect(relay.port, address)), 'still here');
  });

  test('what was sent before a half-close arrives, in both directions', async (context) => {
    const server = await listen(context, (socket) => {
      let heard = 0;
      socket.on('data', (data) => {
        heard += data.length;
      });
      socket.on('end', () => socket.end(`heard ${heard}`));
    });
    const relay = await relayTo(context, portOf(server));
    const socket = connect({ port: relay.port, host: address, allowHalfOpen: true });
    socket.end(Buffer.alloc(3 << 20));
    assert.equal(await readAll(socket), `heard ${3 << 20}`);
  });

  test('a side that never ends after the other has is ended', async (context) => {
    const accepted: Socket[] = [];
    const server = await listen(context, (socket) => void accepted.push(socket.resume()));
    const relay = await relayTo(context, portOf(server), { limits: { lingerMs: 50 } });
    const socket = connect({ port: relay.port, host: address, allowHalfOpen: true });
    socket.on('error', () => undefined).resume();
    socket.end();
    await closed(socket);
    // The other side has read the end already and learns of more by writing only.
    await until(() => {
      accepted[0]?.write('anybody?');
      return accepted[0]?.destroyed === true;
    });
  });

  test('a server that vanishes resets its clients, a client that vanishes its server', async (context) => {
    const accepted: Socket[] = [];
    const server = await listen(context, (socket) => void accepted.push(socket.on('error', () => undefined).resume()));
    const relay = await relayTo(context, portOf(server));
    for (const [index, vanish] of [
      (_: Socket, upstream: Socket) => upstream.resetAndDestroy(),
      (client: Socket) => client.resetAndDestroy(),
    ].entries()) {
      const client = connect(relay.port, address).resume();
      client.on('error', () => undefined);
      await until(() => accepted.length > index);
      const upstream = accepted[index];
      assert.ok(upstream !== undefined);
      const ended = Promise.all([closed(client), closed(upstream)]);
      vanish(client, upstream);
      await ended;
    }
  });

  test('one guest cannot take the connections of the others, nor all of them those of the machine', async (context) => {
    const server = await listen(context, (socket) => socket.write('welcome'));
    const troubles: string[] = [];
    const limits = { connections: 5, connectionsPerGuest: 3 };
    const relay = await relayTo(context, portOf(server), { limits, onTrouble: (text) => troubles.push(text) });
    const from = (localAddress: string) =>
      firstWord(context, connect({ port: relay.port, host: address, localAddress }));
    const words: string[] = [];
    for (const guest of ['127.0.0.2', '127.0.0.2', '127.0.0.2', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']) {
      words.push(await from(guest));
    }
    assert.deepEqual(words, ['welcome', 'welcome', 'welcome', 'ECONNRESET', 'welcome', 'welcome', 'ECONNRESET']);
    assert.equal(troubles.length, 1);
  });

  test('strangers are refused', async (context) => {
    const server = await listen(context, (socket) => socket.write('welcome'));
    const relay = await relayTo(context, portOf(server), { mayUse: (guest) => guest === '127.0.0.9' });
    assert.equal(await firstWord(context, connect(relay.port, address)), 'ECONNRESET');
    const guest = connect({ port: relay.port, host: address, localAddress: '127.0.0.9' });
    assert.equal(await firstWord(context, guest), 'welcome');
  });

  test('closing it ends every connection', async (context) => {
    const server = await listen(context, (socket) => socket.write('welcome'));
    const relay = await relayTo(context, portOf(server));
    const socket = connect(relay.port, address);
    await once(socket, 'data');
    const ended = closed(socket);
    await relay.close();
    await ended;
  });

  test('an address that is taken is told by its code', async (context) => {
    const server = await listen(context, () => undefined);
    const port = portOf(server);
    await assert.rejects(relayTo(context, 1, { listen: { address, port } }), { code: 'EADDRINUSE' });
  });
});

interface Extra {
  readonly listen?: { readonly address: string; readonly port: number };
  readonly limits?: Partial<RelayLimits>;
  readonly mayUse?: (guest: string) => boolean;
  readonly onTrouble?: (text: string) => void;
}

async function relayTo(context: TestContext, port: number, extra: Extra = {}): Promise<BusRelay> {
  const relay = await openBusRelay({
    listen: { address, port: 0 },
    server: { host: address, port },
    mayUse: () => true,
    onTrouble: () => undefined,
    ...extra,
  });
  context.after(() => relay.close());
  return relay;
}

async function listen(context: TestContext, onConnection: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  }).listen(0, address);
  await once(server, 'listening');
  context.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** What the other side says first, or the code of the error that ends it. */
function firstWord(context: TestContext, socket: Socket): Promise<string> {
  context.after(() => socket.destroy());
  return new Promise((resolve) => {
    socket.once('data', (data) => resolve(String(data)));
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    socket.once('close', () => resolve('closed'));
  });
}

/** Unlike `once`, which takes an error for the end of its wait. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(10);
}
