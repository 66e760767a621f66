/** Services on the bus that are slow, silent, replaced or wrong: the port holds, nothing is thrown. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Message, type MessageBus as ServiceBus, sessionBus, Variant } from '@jellybrick/dbus-next';
import type { MessageBus } from '../../agent/dbus/message-bus.js';
import { type PrivateBus, startPrivateBus } from '../../agent/dbus/private-bus.js';
import { connectMessageBus } from '../../agent/dbus/system-bus.js';
import { dbusMatahari } from '../../agent/matahari/dbus/dbus-matahari.js';
import type { Invocation, Matahari } from '../../agent/matahari/matahari.js';
import { serveMatahari } from './matahari-dbus-service.js';
import { contractMachine } from './matahari-machine.js';
import { scriptedMachine } from './matahari-scripted-machine.js';
import { assertProblem, doneValue } from './matahari-under-test.js';

const files = contractMachine();
let privateBus: PrivateBus;
let bus: MessageBus;

before(async () => {
  privateBus = await startPrivateBus();
  bus = connectMessageBus(privateBus.address);
});
after(async () => {
  bus.close();
  await privateBus.close();
  files.dispose();
});

/** Answers every call as it is told; undefined is no answer. */
async function serveAnything(
  answer: (message: Message) => readonly [signature: string, body: unknown[]] | undefined,
  run: (matahari: Matahari) => Promise<void>,
): Promise<void> {
  const service: ServiceBus = sessionBus({ busAddress: privateBus.address });
  service.addMethodHandler((message: Message) => {
    if (!message.path.startsWith('/org/matahariproject/')) return false;
    const told = answer(message);
    if (told !== undefined) service.send(Message.newMethodReturn(message, ...told));
    return true;
  });
  for (const object of ['Host', 'Services', 'Network', 'Sysconfig']) {
    await service.requestName(`org.matahariproject.${object}`, 0);
  }
  const matahari = dbusMatahari(bus);
  try {
    await run(matahari);
  } finally {
    await matahari.close();
    service.disconnect();
  }
}

test('nobody on the bus is a problem of every method', async () => {
  const matahari = dbusMatahari(bus);
  for (const outcome of await everyCall(matahari)) assertProblem(outcome, 'unavailable');
  await matahari.close();
});

test('answers of wrong types are survived', () =>
  serveAnything(
    () => ['a{sv}', [{ load: new Variant('s', 'no map'), list: new Variant('as', ['x']) }]],
    async (matahari) => {
      for (const outcome of await everyCall(matahari)) assert.ok(outcome.kind === 'done' || outcome.problem.code);
      const state = doneValue(await matahari.host.get());
      assert.deepEqual([state.memory, state.load, state.hostname], [0, {}, '']);
    },
  ));

test('an answer without the value that it has to have is no success', () =>
  serveAnything(
    (message) => (message.member === 'list' ? ['as', [['quick']]] : ['', []]),
    async ({ host, services, network, sysconfig }) => {
      assertProblem(await host.setUuid('Custom', 'x'), 'failed');
      assertProblem(await services.start('quick', 1000), 'failed');
      assertProblem(await services.enable('quick'), 'failed');
      assertProblem(await network.status('quick'), 'failed');
      assertProblem(await sysconfig.runString('x', 1, 'puppet', 'key'), 'failed');
    },
  ));

test('a service that does not answer is a timeout of its caller, and a margin', () =>
  serveAnything(
    (message) => {
      if (message.member === 'list') return ['as', [['quick']]];
      return message.interface === 'org.freedesktop.DBus.Introspectable' ? ['s', ['<node/>']] : undefined;
    },
    async ({ services }) => {
      const began = performance.now();
      assertProblem(await services.status('quick', 500), 'timeout');
      const tookMs = performance.now() - began;
      assert.ok(tookMs >= 500 && tookMs < 20_000, `${tookMs} ms`);
    },
  ));

test('a service that takes another’s place is spoken to in its own types', async () => {
  const machine = scriptedMachine(files);
  const matahari = dbusMatahari(bus);
  for (const dialect of ['published', 'plain', 'released', 'published'] as const) {
    const service = await serveMatahari(privateBus.address, machine, dialect);
    assert.equal(doneValue(await matahari.resources.invoke(monitor)).rc, 7, dialect);
    assert.equal(doneValue(await matahari.services.status(files.quick.name, 10_000)), 3, dialect);
    assert.ok(service.calls.some((call) => call.includes(dialect === 'plain' ? 'invoke(sssssia{ss}iis)' : 'a{sv}uus')));
    service.close();
  }
  await matahari.close();
});

const monitor: Invocation = {
  name: 'probe',
  standard: 'ocf',
  provider: files.ocf.provider,
  agent: files.ocf.agent,
  action: 'monitor',
  intervalMs: 0,
  parameters: { state: join(files.directory, 'state') },
  timeoutMs: 10_000,
  expectedRc: 0,
  userdata: '',
};

function everyCall({ host, services, resources, network, sysconfig }: Matahari) {
  return Promise.all([
    host.get(),
    host.setUpdateInterval(1),
    host.identify(),
    host.getUuid(''),
    host.setUuid('Custom', 'x'),
    host.listPowerProfiles(),
    host.getPowerProfile(),
    host.setPowerProfile('off'),
    services.get(),
    services.list(),
    services.enable('x'),
    services.disable('x'),
    services.start('x', 1000),
    services.stop('x', 1000),
    services.status('x', 1000),
    services.describe('x'),
    resources.get(),
    resources.listStandards(),
    resources.listProviders('ocf'),
    resources.list('ocf', 'x'),
    resources.describe('ocf', 'x', 'y'),
    resources.invoke(monitor),
    network.get(),
    network.list(),
    network.start('lo'),
    network.getIpAddress('lo'),
    network.getMacAddress('lo'),
    sysconfig.get(),
    sysconfig.setPostbootConfigured(1),
    sysconfig.runUri('file:///nowhere', 0, 'puppet', 'key'),
    sysconfig.runString('x', 0, 'puppet', 'key'),
    sysconfig.query('/files', 0, 'augeas'),
    sysconfig.isConfigured('key'),
  ]);
}
