import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultAddress, parseBusAddress } from '../dbus/bus-address.js';
import type { BusTarget, MessageBus } from '../dbus/message-bus.js';
import type { MatahariObjectName } from './matahari.js';

/** Bus names of Matahari's services, by the objects that they have. */
export const busNames = {
  Host: 'org.matahariproject.Host',
  Services: 'org.matahariproject.Services',
  Resources: 'org.matahariproject.Services',
  Network: 'org.matahariproject.Network',
  Sysconfig: 'org.matahariproject.Sysconfig',
} as const satisfies Record<MatahariObjectName, string>;

const names = [...new Set(Object.values(busNames))];
const driver: BusTarget = {
  service: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
};
const askMs = 10_000;
/** The bus itself gives up on a service that does not come after 25 s. */
const startMs = 30_000;

/**
 * Whether there is a socket that a system bus may listen on; loads and connects nothing. An instance that shares the files
 * of a launcher host sees that machine's bus, whose services would act on the launcher host (Host's shutdown): it has none,
 * unless its environment names one.
 *
 * @param root stands for `/` in tests
 */
export function hasSystemBus(address?: string, root = '/'): boolean {
  const isNamed = address !== undefined || (process.env.DBUS_SYSTEM_BUS_ADDRESS ?? '') !== '';
  if (!isNamed && sharesMachine(root)) return false;
  return parseBusAddress(address ?? defaultAddress()).some((socket) => !('path' in socket) || isSocket(socket.path));
}

/**
 * The bus names that somebody has or that can be started, and are there in fact: a service that does not start, because
 * its program is gone, is as good as none. Empty when the bus does not answer.
 */
export async function findBusNames(bus: MessageBus): Promise<ReadonlySet<string>> {
  const owned = await listNames(bus, 'ListNames');
  const activatable = await listNames(bus, 'ListActivatableNames');
  const found = await Promise.all(
    names.map(async (name) => owned.has(name) || (activatable.has(name) && (await isStarted(bus, name)))),
  );
  return new Set(names.filter((_name, index) => found[index]));
}

/** Called when somebody takes or leaves one of the names, and when the bus goes or comes; returns its own removal. */
export function watchBusNames(bus: MessageBus, onChange: (isBusThere: boolean) => void): () => void {
  const { service, interface: iface } = driver;
  const match = { service, interface: iface, member: 'NameOwnerChanged' };
  const removals = [
    bus.onConnection(onChange),
    ...names.map((name) => bus.onSignal({ ...match, argument0: name }, () => onChange(true))),
  ];
  return () => {
    for (const remove of removals) remove();
  };
}

async function listNames(bus: MessageBus, member: string): Promise<ReadonlySet<unknown>> {
  const reply = await bus.call(driver, { member }, askMs);
  const [listed] = reply.kind === 'reply' ? reply.values : [];
  return new Set(Array.isArray(listed) ? listed : []);
}

async function isStarted(bus: MessageBus, name: string): Promise<boolean> {
  const method = { member: 'StartServiceByName', signature: 'su', arguments: [name, 0] };
  return (await bus.call(driver, method, startMs)).kind === 'reply';
}

/** PID 1 of such an instance is launcher/native/instance-init.c, in the 15 characters that the kernel keeps of a name. */
function sharesMachine(root: string): boolean {
  try {
    return readFileSync(join(root, 'proc/1/comm'), 'utf8').trim() === 'cpe-instance-in';
  } catch {
    return false;
  }
}

function isSocket(path: string): boolean {
  // Abstract sockets are nowhere in the file system.
  return path.startsWith('\0') || existsSync(path);
}
