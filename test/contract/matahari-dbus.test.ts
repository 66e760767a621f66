import { hostname } from 'node:os';
import type { MessageBus } from '../../agent/dbus/message-bus.js';
import { startPrivateBus } from '../../agent/dbus/private-bus.js';
import { connectMessageBus } from '../../agent/dbus/system-bus.js';
import { chooseMatahari } from '../../agent/matahari/choose-backends.js';
import { dbusMatahari } from '../../agent/matahari/dbus/dbus-matahari.js';
import { done, type Matahari, problem } from '../../agent/matahari/matahari.js';
import { scriptedMatahari } from '../../agent/matahari/scripted-matahari.js';
import { type Dialect, dialects } from './matahari-dbus-dialect.js';
import { serveMatahari } from './matahari-dbus-service.js';
import { contractMachine } from './matahari-machine.js';
import { scriptedMachine } from './matahari-scripted-machine.js';
import { matahariContract } from './matahari-suite.js';
import type { MachineUnderTest, MatahariUnderTest, SchemeUnderTest } from './matahari-under-test.js';

for (const dialect of ['published', 'released', 'plain'] as const) {
  const create = () => createServices(dialect, (bus) => dbusMatahari(bus));
  matahariContract(`Matahari's D-Bus services, as ${dialect}`, create, { isParallel: true });
}
matahariContract("Matahari's D-Bus services, as they are chosen", () => createServices('published', choose), {
  isParallel: true,
});

function choose(bus: MessageBus): Matahari {
  const own = scriptedMatahari();
  // What a complete service does not know or keep, nobody else does here either.
  own.replies.set('sysconfig.isConfigured', () => problem('not-found', 'no such key'));
  own.replies.set('sysconfig.get', () => done({ uuid: '', hostname: '', isPostbootConfigured: 0 }));
  own.replies.set('sysconfig.setPostbootConfigured', () => done(undefined));
  return chooseMatahari({
    own: () => own,
    bus: async () => bus,
    log: () => undefined,
    isBusThere: () => true,
  });
}

const complete = {
  profiles: ['balanced', 'powersave', 'off'],
  hardware: '4C4C4544-0042-3510-8054-B4C04F4D4E31',
} as const;

async function createServices(
  dialect: Dialect,
  openBackend: (bus: MessageBus) => Matahari,
): Promise<MatahariUnderTest> {
  const { isComplete } = dialects[dialect];
  const files = contractMachine();
  const bus = await startPrivateBus();
  const scripted = scriptedMachine(files, isComplete ? complete : {});
  const scheme = (failing: string, failure: string | RegExp, rest: Partial<SchemeUnderTest> = {}): SchemeUnderTest => ({
    counting: 'count',
    counted: scripted.counted,
    failing,
    failure,
    ...rest,
  });
  const query = { text: '/files/etc/hostname/hostname', data: 'shop', unknown: '/files/none' };
  const machine: MachineUnderTest = {
    hostname: hostname(),
    directory: files.directory,
    services: {
      quick: files.quick.name,
      hanging: { ...files.hanging, methods: ['start', 'stop', 'status'] },
      describes: isComplete,
      ...(isComplete ? { isEnabled: async (name: string) => scripted.enabled.has(name) } : {}),
    },
    hangingScript: files.hanging,
    ocf: files.ocf,
    describesResources: isComplete,
    cancelsRunning: isComplete,
    link: { name: 'test0', address: '192.0.2.5', mac: '02:00:5e:ab:cd:ef' },
    ...(isComplete ? { powerProfiles: complete.profiles } : {}),
    speaker: 'present',
    hasHardwareUuid: isComplete,
    schemes: {
      puppet: scheme('fail 3', 'FAILED\n3'),
      augeas: scheme('fail -1', 'FAILED\n-1\nno such command', { query }),
    },
    asked: async () => scripted.orders,
  };
  return {
    machine,
    open: async (): Promise<Matahari> => {
      const service = await serveMatahari(bus.address, scripted, dialect);
      const connection = connectMessageBus(bus.address);
      const matahari = openBackend(connection);
      return {
        ...matahari,
        close: async () => {
          await matahari.close();
          connection.close();
          service.close();
        },
      };
    },
    dispose: async () => {
      await bus.close();
      files.dispose();
    },
  };
}
