import { Message as BusMessage, type Message, type MessageBus, sessionBus, Variant } from '@jellybrick/dbus-next';
import { type Dialect, dialects, ServiceError, type ServiceObject } from './matahari-dbus-dialect.js';
import { matahariObjects } from './matahari-dbus-objects.js';
import type { ScriptedMachine } from './matahari-scripted-machine.js';

/** Matahari's D-Bus services on a message bus, all of them in this process. */
export interface MatahariDbusService {
  /** Calls that were made: `org.matahariproject.Host.get_uuid(s)`. */
  readonly calls: readonly string[];
  /** Gives up a bus name, as a service that ends, and takes it again. */
  release(busName: string): Promise<void>;
  request(busName: string): Promise<void>;
  close(): void;
}

const allBusNames = ['Host', 'Services', 'Network', 'Sysconfig'].map((name) => `org.matahariproject.${name}`);
const unknown = 'org.freedesktop.DBus.Error.UnknownMethod';

/**
 * Written from the published schemas and their transformation, without our own backend; see `Dialect` for how a
 * service may differ from what was published.
 */
export async function serveMatahari(
  address: string,
  machine: ScriptedMachine,
  dialect: Dialect,
  busNames: readonly string[] = allBusNames,
): Promise<MatahariDbusService> {
  const bus = sessionBus({ busAddress: address });
  const objects = matahariObjects(machine, dialects[dialect]);
  const calls: string[] = [];
  bus.addMethodHandler((message: Message) => {
    const onPath = objects.filter((object) => object.path === message.path);
    if (onPath.length === 0) return false;
    calls.push(`${message.interface}.${message.member}(${message.signature})`);
    void answer(bus, message, onPath);
    return true;
  });
  for (const name of busNames) await bus.requestName(name, 0);
  return {
    calls,
    release: async (name) => void (await bus.releaseName(name)),
    request: async (name) => void (await bus.requestName(name, 0)),
    close: () => {
      for (const object of objects) object.close?.();
      bus.disconnect();
    },
  };
}

async function answer(bus: MessageBus, message: Message, onPath: readonly ServiceObject[]): Promise<void> {
  try {
    const { signature, values } = await perform(message, onPath);
    bus.send(BusMessage.newMethodReturn(message, signature, values as unknown[]));
  } catch (error) {
    const name = error instanceof ServiceError ? error.errorName : 'org.freedesktop.DBus.Error.Failed';
    bus.send(BusMessage.newError(message, name, (error as Error).message));
  }
}

interface Reply {
  readonly signature: string;
  readonly values: readonly unknown[];
}

async function perform(message: Message, onPath: readonly ServiceObject[]): Promise<Reply> {
  if (message.interface === 'org.freedesktop.DBus.Introspectable') {
    return { signature: 's', values: [introspection(onPath)] };
  }
  if (message.interface === 'org.freedesktop.DBus.Properties') return performProperties(message, onPath);
  const object = onPath.find(({ name }) => name === message.interface);
  const method = object?.methods[message.member];
  // dbus-glib finds a method by its name and its signature.
  if (method === undefined || types(method.in) !== message.signature) {
    throw new ServiceError(unknown, `Method "${message.member}" with signature "${message.signature}" doesn't exist`);
  }
  return { signature: types(method.out), values: await method.run(message.body.map(unwrap) as never) };
}

async function performProperties(message: Message, onPath: readonly ServiceObject[]): Promise<Reply> {
  const [iface, name, value] = message.body as [string, string, Variant | undefined];
  const object = onPath.find((candidate) => candidate.name === iface);
  if (object === undefined) throw new ServiceError(unknown, `no interface ${iface}`);
  const read = (property: string): Variant => {
    const known = object.properties[property];
    if (known === undefined) throw new ServiceError(object.errors.invalid, 'Invalid Arguments');
    return new Variant(known.sent ?? known.type, known.get());
  };
  switch (message.member) {
    case 'Get':
      return { signature: 'v', values: [read(name)] };
    case 'GetAll':
      if (!object.hasGetAll) break;
      return {
        signature: 'a{sv}',
        values: [Object.fromEntries(Object.keys(object.properties).map((key) => [key, read(key)]))],
      };
    case 'Set': {
      const known = object.properties[name];
      if (known?.set === undefined || value?.signature !== known.type) {
        throw new ServiceError(object.errors.invalid, 'Invalid Arguments');
      }
      known.set(value.value as never);
      return { signature: '', values: [] };
    }
  }
  throw new ServiceError(unknown, `Method "${message.member}" doesn't exist`);
}

function introspection(onPath: readonly ServiceObject[]): string {
  const args = (direction: 'in' | 'out', list: readonly (readonly [string, string])[]) =>
    list.map(([name, type]) => `<arg name="${name}" type="${type}" direction="${direction}"/>`).join('');
  const interfaces = onPath.map(({ name, methods, properties }) => {
    const methodTexts = Object.entries(methods).map(
      ([member, method]) => `<method name="${member}">${args('in', method.in)}${args('out', method.out)}</method>`,
    );
    const propertyTexts = Object.entries(properties).map(
      ([member, property]) =>
        `<property name="${member}" type="${property.type}" access="${property.set === undefined ? 'read' : 'readwrite'}"/>`,
    );
    return `<interface name="${name}">${methodTexts.join('')}${propertyTexts.join('')}</interface>`;
  });
  return `<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"
"http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">
<node>${interfaces.join('\n')}<node name="child"/></node>`;
}

function types(list: readonly (readonly [string, string])[]): string {
  return list.map(([, type]) => type).join('');
}

function unwrap(value: unknown): unknown {
  if (value instanceof Variant) return unwrap(value.value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrap(item)]));
}
