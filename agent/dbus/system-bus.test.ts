import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Message, MessageType, sessionBus } from '@jellybrick/dbus-next';
import { temporaryDirectory, until } from '../executors/executor-fixture.js';
import type { BusSignal, BusTarget, MessageBus } from './message-bus.js';
import { type PrivateBus, startPrivateBus } from './private-bus.js';
import { connectMessageBus } from './system-bus.js';

const name = 'org.example.Echo';
const echo: BusTarget = { service: name, path: '/org/example/Echo', interface: name };
const changed = { service: name, path: echo.path, interface: name, member: 'Changed' };

const itself: BusTarget = {
  service: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};

/** A service written with another implementation of D-Bus. */
async function serveEcho(address: string) {
  const bus = sessionBus({ busAddress: address });
  (bus as EventEmitter).on('error', () => undefined);
  bus.addMethodHandler((call: Message) => {
    if (call.interface !== name) return false;
    if (call.member === 'Same') bus.send(Message.newMethodReturn(call, call.signature, call.body));
    if (call.member === 'Fail') bus.send(Message.newError(call, 'org.example.Error.NotToday', 'not today'));
    return ['Same', 'Fail', 'Hang'].includes(call.member);
  });
  await bus.requestName(name);
  return {
    emit(text: string): void {
      bus.send(Message.newSignal(echo.path, name, 'Changed', 's', [text]));
    },
    close: () => bus.disconnect(),
  };
}

let daemon: PrivateBus;
const buses: MessageBus[] = [];

function connect(address = daemon.address): MessageBus {
  const bus = connectMessageBus(address);
  buses.push(bus);
  return bus;
}

before(async () => {
  daemon = await startPrivateBus();
});

after(async () => {
  for (const bus of buses) bus.close();
  await daemon.close();
});

test('a call brings the arguments there and the results back', async () => {
  const service = await serveEcho(daemon.address);
  const bus = connect();
  const values = [-5n, 2n ** 63n, { a: { signature: 'u', value: 3 } }, ['x', 'y'], [-1, true], Buffer.from('bytes')];
  const reply = await bus.call(echo, { member: 'Same', signature: 'xta{sv}as(ib)ay', arguments: values });
  assert.deepEqual(reply, {
    kind: 'reply',
    values: [-5n, 2n ** 63n, { a: 3 }, ['x', 'y'], [-1, true], Buffer.from('bytes')],
  });
  service.close();
});

test('what goes wrong with a call has the name of its error', async () => {
  const service = await serveEcho(daemon.address);
  const bus = connect();
  const nameOf = async (target: BusTarget, member: string, more: object = {}, timeoutMs?: number): Promise<string> => {
    const reply = await bus.call(target, { member, ...more }, timeoutMs);
    return reply.kind === 'error' ? reply.name : 'none';
  };
  assert.equal(await nameOf(echo, 'NoSuchMethod'), 'org.freedesktop.DBus.Error.UnknownMethod');
  assert.equal(
    await nameOf({ ...echo, service: 'org.example.Nobody' }, 'A'),
    'org.freedesktop.DBus.Error.ServiceUnknown',
  );
  assert.equal(await nameOf(echo, 'Hang', {}, 50), 'timeout');
  assert.equal(await nameOf(echo, 'not a member'), 'org.freedesktop.DBus.Error.InvalidArgs');
  assert.equal(
    await nameOf(echo, 'Same', { signature: 's', arguments: [1] }),
    'org.freedesktop.DBus.Error.InvalidArgs',
  );
  assert.deepEqual(await bus.call(echo, { member: 'Fail' }), {
    kind: 'error',
    name: 'org.example.Error.NotToday',
    message: 'not today',
  });
  service.close();
});

test('signals come from the service that was named, and from nobody else', async () => {
  const bus = connect();
  const heard: BusSignal[] = [];
  const remove = bus.onSignal(changed, (signal) => heard.push(signal));
  const service = await serveEcho(daemon.address);
  const impostor = sessionBus({ busAddress: daemon.address });
  await until('the impostor is connected', () => impostor.name ?? undefined);
  const names = await bus.call(itself, { member: 'ListNames' });
  const everybody = names.kind === 'reply' ? (names.values[0] as string[]).filter((each) => each.startsWith(':')) : [];
  assert.ok(everybody.length > 0);
  const { path, interface: from, member } = { ...changed };
  for (const destination of everybody) {
    const forged = {
      type: MessageType.SIGNAL,
      destination,
      path,
      interface: from,
      member,
      signature: 's',
      body: ['forged'],
    };
    impostor.send(new Message(forged));
  }
  service.emit('first');
  await until('the signal', () => heard.length > 0);
  assert.deepEqual(heard, [{ path: echo.path, values: ['first'] }]);
  remove();
  service.emit('second');
  await bus.call(echo, { member: 'Same' });
  assert.equal(heard.length, 1);
  impostor.disconnect();
  service.close();
});

test('a signal can be chosen by its first argument', async () => {
  const bus = connect();
  const heard: unknown[] = [];
  bus.onSignal({ ...changed, argument0: "it's" }, ({ values }) => heard.push(values[0]));
  const service = await serveEcho(daemon.address);
  await bus.call(itself, { member: 'GetId' });
  service.emit('other');
  service.emit("it's");
  await until('the signal', () => heard.length > 0);
  assert.deepEqual(heard, ["it's"]);
  service.close();
});

test('what is no longer listened to leaves nothing at the bus', async () => {
  const quiet = await startPrivateBus();
  const bus = connect(quiet.address);
  const names = await bus.call(itself, { member: 'ListNames' });
  const own = names.kind === 'reply' ? (names.values[0] as string[]).find((each) => each.startsWith(':')) : undefined;
  const matches = async (): Promise<unknown> => {
    const method = { member: 'GetConnectionStats', signature: 's', arguments: [own] };
    const reply = await bus.call({ ...itself, interface: 'org.freedesktop.DBus.Debug.Stats' }, method);
    return reply.kind === 'reply' ? (reply.values[0] as { MatchRules: number }).MatchRules : reply;
  };
  const removals = Array.from({ length: 20 }, (_, index) =>
    bus.onSignal({ ...changed, service: `a.b${index % 3}` }, () => undefined),
  );
  assert.equal(await matches(), 23);
  for (const remove of [...removals, ...removals]) remove();
  assert.equal(await matches(), 0);
  bus.close();
  await quiet.close();
});

test('many calls at once take turns, and calls that are never answered do not use up the connection', async () => {
  const service = await serveEcho(daemon.address);
  const bus = connect();
  const calls = Array.from({ length: 1000 }, () => bus.call(echo, { member: 'Same' }));
  for (const reply of await Promise.all(calls)) assert.deepEqual(reply, { kind: 'reply', values: [] });
  for (let round = 0; round < 3; round += 1) {
    const hanging = Array.from({ length: 60 }, () => bus.call(echo, { member: 'Hang' }, 100));
    for (const reply of await Promise.all(hanging)) assert.notEqual(reply.kind, 'reply');
  }
  assert.equal((await bus.call(echo, { member: 'Same' })).kind, 'reply');
  service.close();
});

test('a bus that dies ends calls at once, and everything goes on when it is back', async () => {
  const own = await startPrivateBus();
  const bus = connect(own.address);
  let service = await serveEcho(own.address);
  const heard: unknown[] = [];
  const states: boolean[] = [];
  bus.onSignal(changed, ({ values }) => heard.push(values[0]));
  bus.onConnection((isConnected) => states.push(isConnected));
  await bus.call(itself, { member: 'GetId' });
  const pending = bus.call(echo, { member: 'Hang' });
  await bus.call(itself, { member: 'GetId' });
  await own.kill();
  const reply = await pending;
  assert.equal(reply.kind === 'error' ? reply.name : '', 'disconnected');
  const without = await bus.call(echo, { member: 'Hang' });
  assert.equal(without.kind === 'error' ? without.name : '', 'disconnected');
  await own.start();
  await until('the connection', () => states.at(-1));
  service = await serveEcho(own.address);
  service.emit('after');
  await until('the signal', () => heard.length > 0);
  assert.deepEqual(states.slice(-2), [false, true]);
  assert.deepEqual(heard, ['after']);
  service.close();
  bus.close();
  await own.close();
});

test('without a bus a call says so at once, and what is closed stays closed', async () => {
  const bus = connect('unix:path=/nonexistent/bus');
  const began = performance.now();
  const reply = await bus.call(echo, { member: 'Same' });
  assert.deepEqual(reply, { kind: 'error', name: 'disconnected', message: 'no message bus: ENOENT' });
  assert.ok(performance.now() - began < 5000);
  bus.close();
  bus.close();
  const after = await bus.call(echo, { member: 'Same' });
  assert.equal(after.kind === 'error' ? after.name : '', 'disconnected');
  const nowhere = await connect('nonsense').call(echo, { member: 'Same' });
  assert.match(nowhere.kind === 'error' ? nowhere.message : '', /names no socket/);
});

test('whatever answers instead of a bus does no harm', async () => {
  const garbage = [
    Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
    Buffer.from('REJECTED EXTERNAL\r\n'),
    Buffer.alloc(100_000, 0x41),
    Buffer.concat([Buffer.from('OK 1234\r\n'), Buffer.from('6c02000100000001ffffffffffffffff00', 'hex')]),
    Buffer.concat([
      Buffer.from('OK 1234\r\n'),
      Buffer.from('6c020001000000080000000100000004aabbccdd0011223344', 'hex'),
    ]),
    Buffer.concat([Buffer.from('OK 1234\r\n'), Buffer.from('no message at all')]),
  ];
  const path = `${temporaryDirectory()}/socket`;
  for (const bytes of garbage) {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(bytes));
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const bus = connect(`unix:path=${path}`);
    const reply = await bus.call(echo, { member: 'Same' }, 15_000);
    assert.equal(reply.kind === 'error' ? reply.name : '', 'disconnected', bytes.toString('latin1').slice(0, 40));
    bus.close();
    await new Promise((resolve) => server.close(resolve));
  }
});

test('a connection holds no process open', async () => {
  const module = new URL('./system-bus.js', import.meta.url).href;
  const script = `const { connectMessageBus } = await import(${JSON.stringify(module)});
    const bus = connectMessageBus(${JSON.stringify(daemon.address)});
    bus.onSignal({ service: 'a.b', interface: 'a.b', member: 'C' }, () => undefined);
    const reply = await bus.call(${JSON.stringify(itself)}, { member: 'GetId' });
    console.log(reply.kind);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    timeout: 30_000,
  });
  assert.equal(stdout, 'reply\n');
});
