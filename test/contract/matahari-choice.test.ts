import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { MessageBus } from '../../agent/dbus/message-bus.js';
import { type PrivateBus, startPrivateBus } from '../../agent/dbus/private-bus.js';
import { connectMessageBus } from '../../agent/dbus/system-bus.js';
import { hasSystemBus } from '../../agent/matahari/bus-names.js';
import { chooseMatahari } from '../../agent/matahari/choose-backends.js';
import {
  done,
  type HostHeartbeat,
  type Invocation,
  type Matahari,
  type ResourceOp,
} from '../../agent/matahari/matahari.js';
import { type ScriptedMatahari, scriptedMatahari } from '../../agent/matahari/scripted-matahari.js';
import type { Dialect } from './matahari-dbus-dialect.js';
import { type MatahariDbusService, serveMatahari } from './matahari-dbus-service.js';
import { contractMachine } from './matahari-machine.js';
import { scriptedMachine } from './matahari-scripted-machine.js';
import { assertProblem, doneValue, eventually } from './matahari-under-test.js';

const files = contractMachine();
after(() => files.dispose());
const machine = scriptedMachine(files);

const allOwn = { Host: 'own', Services: 'own', Resources: 'own', Network: 'own', Sysconfig: 'own' } as const;
const allDbus = { Host: 'dbus', Services: 'dbus', Resources: 'dbus', Network: 'dbus', Sysconfig: 'dbus' } as const;

interface Site {
  readonly bus: PrivateBus;
  readonly own: ScriptedMatahari;
  readonly matahari: Matahari;
  serve(dialect?: Dialect): Promise<MatahariDbusService>;
}

const managed = 'shop.managed';

/** A bus, an own backend that does as it is told, and what chooses between it and the services on the bus. */
async function onBus(run: (site: Site) => Promise<void>): Promise<void> {
  const bus = await startPrivateBus();
  const services: MatahariDbusService[] = [];
  const connection = connectMessageBus(bus.address);
  const own = scriptedMatahari();
  own.replies.set('network.list', () => done(['of-own']));
  const isManaged = (name: string) => name === managed;
  const options = { own: () => own, bus: async () => connection, log: () => undefined };
  const matahari = chooseMatahari({ ...options, isManaged, isBusThere });
  try {
    await run({
      bus,
      own,
      matahari,
      serve: async (dialect = 'published') => {
        const service = await serveMatahari(bus.address, machine, dialect);
        services.push(service);
        return service;
      },
    });
  } finally {
    await matahari.close();
    for (const service of services) service.close();
    connection.close();
    await bus.close();
  }
}

const isBusThere = () => true;

test('without a system bus everything is our own, and no bus is asked for', async () => {
  const own = scriptedMatahari();
  own.replies.set('network.list', () => done(['of-own']));
  let asked = 0;
  const bus = async (): Promise<MessageBus | undefined> => {
    asked += 1;
    return undefined;
  };
  const options = { own: () => own, bus, log: () => undefined };
  const matahari = chooseMatahari({ ...options, isBusThere: () => hasSystemBus('unix:path=/nowhere/bus') });
  assert.deepEqual(doneValue(await matahari.network.list()), ['of-own']);
  assert.deepEqual(matahari.backends(), allOwn);
  assert.equal(asked, 0);
  await matahari.close();
  assert.ok(own.isClosed());

  const unreachable = chooseMatahari({ ...options, isBusThere });
  assert.deepEqual(doneValue(await unreachable.network.list()), ['of-own']);
  assert.equal(asked, 1);
  await unreachable.close();
});

test('nothing is opened before the first call', async () => {
  let opened = 0;
  const open = () => {
    opened += 1;
    return scriptedMatahari();
  };
  const matahari = chooseMatahari({ own: open, bus: async () => undefined, log: () => undefined, isBusThere });
  matahari.resources.onResourceOp(() => undefined)();
  assert.deepEqual(matahari.backends(), allOwn);
  assert.equal(opened, 0);
  await Promise.all([matahari.network.list(), matahari.services.list(), matahari.host.get()]);
  assert.equal(opened, 1);
  await matahari.close();
});

test('a bus without Matahari changes nothing', () =>
  onBus(async ({ matahari }) => {
    assert.deepEqual(doneValue(await matahari.network.list()), ['of-own']);
    assert.deepEqual(matahari.backends(), allOwn);
  }));

test('services on the bus are used, each as long as it is there', () =>
  onBus(async ({ matahari, serve }) => {
    const service = await serve();
    assert.deepEqual(doneValue(await matahari.network.list()), ['lo', 'test0', 'bare0']);
    assert.deepEqual(matahari.backends(), allDbus);
    for (const [name, ownOnes] of [
      ['org.matahariproject.Network', { Network: 'own' }],
      ['org.matahariproject.Services', { Services: 'own', Resources: 'own' }],
    ] as const) {
      await service.release(name);
      await eventually(`${name} gone`, () => isEqual(matahari.backends(), { ...allDbus, ...ownOnes }));
      if (name.endsWith('Network')) assert.deepEqual(doneValue(await matahari.network.list()), ['of-own']);
      await service.request(name);
      await eventually(`${name} again`, () => isEqual(matahari.backends(), allDbus));
    }
    assert.deepEqual(doneValue(await matahari.network.list()), ['lo', 'test0', 'bare0']);
  }));

test('a service that comes later is found, and a bus that goes is left', () =>
  onBus(async ({ matahari, serve, bus }) => {
    assert.deepEqual(doneValue(await matahari.network.list()), ['of-own']);
    const service = await serve();
    await eventually('the services are used', () => isEqual(matahari.backends(), allDbus));
    service.close();
    await bus.kill();
    await eventually('our own are used', () => isEqual(matahari.backends(), allOwn));
    assert.deepEqual(doneValue(await matahari.network.list()), ['of-own']);
    await bus.start();
    await serve();
    await eventually('the services are used', () => isEqual(matahari.backends(), allDbus));
  }));

test('Resources of a service that loses parameters are our own, and so is what it does not implement', () =>
  onBus(async ({ matahari, serve, own }) => {
    await serve('released');
    own.replies.set('services.describe', () => done('<resource-agent name="own"/>'));
    own.replies.set('sysconfig.isConfigured', () => done('OK\nof our own'));
    let postboot = 0;
    own.replies.set('sysconfig.setPostbootConfigured', (value) => {
      postboot = Number(value);
      return done(undefined);
    });
    const properties = { uuid: 'u', hostname: 'h' };
    own.replies.set('sysconfig.get', () => done({ ...properties, isPostbootConfigured: postboot }));
    assert.equal(doneValue(await matahari.services.describe(files.quick.name)), '<resource-agent name="own"/>');
    assert.deepEqual(matahari.backends(), { ...allDbus, Resources: 'own' });
    assert.equal(doneValue(await matahari.sysconfig.isConfigured('key')), 'OK\nof our own');
    doneValue(await matahari.sysconfig.setPostbootConfigured(5));
    assert.equal(postboot, 5);
    assert.equal(doneValue(await matahari.sysconfig.get()).isPostbootConfigured, 5);
    assertProblem(await matahari.resources.listStandards(), 'failed');
  }));

test('recurring operations go on when the backend changes, and tell what changed meanwhile', () =>
  onBus(async ({ matahari, serve, own }) => {
    const service = await serve();
    const result = join(files.directory, 'moving.result');
    const set = (rc: number) => {
      writeFileSync(`${result}.new`, `${rc}`);
      renameSync(`${result}.new`, result);
    };
    const ops: ResourceOp[] = [];
    matahari.resources.onResourceOp(() => assert.fail('a listener that harms nobody else'));
    matahari.resources.onResourceOp((op) => ops.push(op));
    const told = () => ops.map(({ rc }) => rc);
    set(0);
    const first = doneValue(await matahari.resources.invoke(monitor({ result })));
    set(7);
    await eventually('told by the service', () => isEqual(told(), [7]));

    own.replies.set('resources.invoke', () => done({ rc: 8, sequence: 1, userdata: 'mine' }));
    own.replies.set('resources.cancel', () => done(undefined));
    await service.release('org.matahariproject.Services');
    await eventually('told by the next backend', () => isEqual(told(), [7, 8]));
    assert.deepEqual(
      own.asked.filter(([method]) => method === 'resources.invoke').map(([, [invocation]]) => invocation),
      [monitor({ result })],
    );
    own.raise({ ...opOf(monitor({ result })), rc: 9, sequence: 2, timestampUnixMs: Date.now() });
    assert.deepEqual(told(), [7, 8, 9]);

    await service.request('org.matahariproject.Services');
    await eventually('told by the service again', () => isEqual(told(), [7, 8, 9, 7]));
    assert.ok(own.asked.some(([method, [name]]) => method === 'resources.cancel' && name === 'moving'));
    set(0);
    await eventually('told at the next change', () => isEqual(told(), [7, 8, 9, 7, 0]));
    ops.reduce((last, { sequence }) => {
      assert.ok(sequence >= last, `${sequence} after ${last}`);
      return sequence;
    }, first.sequence);
    doneValue(await matahari.resources.cancel('moving', 'monitor', 100, 5_000));
    assertProblem(await matahari.resources.cancel('moving', 'monitor', 100, 5_000), 'not-found');
  }));

test('an operation that was cancelled between two backends does not come back', () =>
  onBus(async ({ matahari, serve, own }) => {
    const service = await serve();
    const result = join(files.directory, 'cancelled.result');
    writeFileSync(result, '0');
    doneValue(await matahari.resources.invoke(monitor({ result })));
    let answer: (() => void) | undefined;
    own.replies.set('resources.invoke', async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return done({ rc: 0, sequence: 1, userdata: '' });
    });
    const cancelled: unknown[] = [];
    own.replies.set('resources.cancel', (name) => {
      cancelled.push(name);
      return done(undefined);
    });
    await service.release('org.matahariproject.Services');
    await eventually('the next backend was asked', () => answer !== undefined);
    doneValue(await matahari.resources.cancel('moving', 'monitor', 100, 5_000));
    cancelled.length = 0;
    answer?.();
    await eventually('it is ended there too', () => cancelled.length > 0);
  }));

test('a service that comes and goes all the time loses no operation', () =>
  onBus(async ({ matahari, serve, own }) => {
    const service = await serve();
    const result = join(files.directory, 'flapping.result');
    const ops: ResourceOp[] = [];
    matahari.resources.onResourceOp((op) => ops.push(op));
    writeFileSync(result, '0');
    own.replies.set('resources.invoke', () => done({ rc: 0, sequence: 1, userdata: '' }));
    own.replies.set('resources.cancel', () => done(undefined));
    doneValue(await matahari.resources.invoke(monitor({ result })));
    for (let times = 0; times < 20; times += 1) {
      await service.release('org.matahariproject.Services');
      await service.request('org.matahariproject.Services');
    }
    await eventually('the services are used', () => isEqual(matahari.backends(), allDbus));
    assert.equal(ops.length, 0);
    writeFileSync(`${result}.new`, '7');
    renameSync(`${result}.new`, result);
    await eventually('the change is told', () => ops.length > 0);
    assert.deepEqual(
      ops.map(({ name, rc }) => [name, rc]),
      [['moving', 7]],
    );
    doneValue(await matahari.resources.cancel('moving', 'monitor', 100, 5_000));
  }));

test('resources of the deployable stay with our own backend', () =>
  onBus(async ({ matahari, serve, own }) => {
    await serve();
    own.replies.set('resources.invoke', () => done({ rc: 0, sequence: 1, userdata: '' }));
    own.replies.set('resources.fail', () => done(undefined));
    doneValue(await matahari.resources.invoke({ ...monitor({}), name: managed, intervalMs: 0 }));
    doneValue(await matahari.resources.fail(managed, 1));
    assert.equal(doneValue(await matahari.resources.invoke({ ...monitor({}), intervalMs: 0 })).rc, 7);
    assert.deepEqual(
      own.asked.map(([method]) => method),
      ['resources.invoke', 'resources.fail'],
    );
  }));

test('heartbeats go on without a gap at their interval', () =>
  onBus(async ({ matahari, serve, own }) => {
    const service = await serve();
    const beats: HostHeartbeat[] = [];
    const remove = matahari.host.onHeartbeat((beat) => beats.push(beat));
    doneValue(await matahari.host.setUpdateInterval(1));
    await eventually('two heartbeats of the service', () => beats.length >= 2);
    const intervals: unknown[] = [];
    own.replies.set('host.setUpdateInterval', (seconds) => {
      intervals.push(seconds);
      return done(undefined);
    });
    await service.release('org.matahariproject.Host');
    await eventually('the interval is told to the next backend', () => isEqual(intervals, [1]));
    const count = beats.length;
    await eventually('the next backend is heard', () => {
      own.beat({ timestampUnixMs: Date.now(), sequence: 40 + beats.length - count, uuid: 'u', hostname: 'own' });
      return beats.length >= count + 3;
    });
    await service.request('org.matahariproject.Host');
    await eventually('the service is heard again', () => beats.at(-1)?.hostname !== 'own' && beats.length > count + 3);
    beats.forEach((beat, index) => {
      assert.equal(beat.sequence, index + (beats[0]?.sequence ?? 0));
    });
    remove();
  }));

function monitor(parameters: Readonly<Record<string, string>>): Invocation {
  return {
    name: 'moving',
    standard: 'ocf',
    provider: files.ocf.provider,
    agent: files.ocf.agent,
    action: 'monitor',
    intervalMs: 100,
    parameters: { state: join(files.directory, 'moving.state'), ...parameters },
    timeoutMs: 20_000,
    expectedRc: 0,
    userdata: 'mine',
  };
}

function opOf({ parameters: _parameters, timeoutMs: _timeoutMs, ...op }: Invocation) {
  return op;
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
