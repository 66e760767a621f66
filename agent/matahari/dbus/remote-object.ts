import type { BusReply, BusTarget, MessageBus } from '../../dbus/message-bus.js';
import { type BusRefusal, readRefusal } from './bus-refusal.js';
import { type IntrospectedInterface, parseIntrospection } from './introspection.js';
import { interfaceName, matahariInterfaces, type PublishedInterface } from './matahari-interfaces.js';

export type BusOutcome = { readonly kind: 'reply'; readonly values: readonly unknown[] } | BusRefusal;

export type Argument = string | number | Readonly<Record<string, string>>;

/** One of Matahari's interfaces on an object of the bus. */
export interface RemoteObject {
  /** Calls a method; the arguments are written in the types that the service says it has. */
  call(member: string, args: readonly Argument[], timeoutMs?: number): Promise<BusOutcome>;
  /** All properties by name, as the schema spells them. */
  properties(): Promise<{ readonly kind: 'done'; readonly values: Readonly<Record<string, unknown>> } | BusRefusal>;
  setProperty(name: string, value: string | number): Promise<BusOutcome>;
}

/** Where it is, and how it spells its types. */
interface Located {
  readonly path: string;
  /** Undefined: it does not tell, so it is taken to have what was published. */
  readonly described: IntrospectedInterface | undefined;
}

/**
 * Matahari's services and the interface that was published for them differ in places (the path of Resources, the types of
 * bytes and maps), so the object is introspected once; and again when it does not understand what it is told.
 */
export function remoteObject(bus: MessageBus, object: keyof typeof matahariInterfaces): RemoteObject {
  const published: PublishedInterface = matahariInterfaces[object];
  const name = interfaceName(object);
  let locating: Promise<Located> | undefined;

  const ask = async (path: string, iface: string, member: string, args: Written, timeoutMs?: number) => {
    const target: BusTarget = { service: published.service, path, interface: iface };
    return toOutcome(
      await bus.call(target, { member, signature: args.types.join(''), arguments: args.values }, timeoutMs),
    );
  };
  const locate = async (): Promise<Located> => {
    for (const path of published.paths) {
      const outcome = await ask(path, 'org.freedesktop.DBus.Introspectable', 'Introspect', nothing);
      if (outcome.kind === 'refused') continue;
      const described = parseIntrospection(String(outcome.values[0] ?? '')).get(name);
      if (described !== undefined) return { path, described };
    }
    // Not for long: it may have been down, or about to register its objects.
    locating = undefined;
    return { path: published.paths[0], described: undefined };
  };
  const located = (): Promise<Located> => {
    locating ??= locate();
    return locating;
  };
  /** What was not understood was not done either: it may be said once more, in the types that hold by now. */
  const attempt = async (send: (at: Located) => Promise<BusOutcome>): Promise<BusOutcome> => {
    const first = await located();
    const outcome = await send(first);
    const isMisunderstood =
      outcome.kind === 'refused' && (outcome.reason === 'not-implemented' || outcome.reason === 'invalid-arguments');
    if (!isMisunderstood) return outcome;
    locating = undefined;
    const second = await located();
    return isSame(first, second) ? outcome : send(second);
  };

  return {
    call: (member, args, timeoutMs) =>
      attempt(({ path, described }) => {
        const types = described?.methods.get(member);
        const usable = types?.length === args.length ? types : (published.methods[member] ?? []);
        return ask(path, name, member, write(usable, args), timeoutMs);
      }),
    async properties() {
      const all = await attempt(({ path }) => ask(path, propertiesInterface, 'GetAll', texts(name)));
      const [values] = all.kind === 'reply' ? all.values : [];
      if (isRecord(values)) return { kind: 'done', values: bySchemaName(values) };
      // GetAll is not in the published interface.
      const found: Record<string, unknown> = {};
      for (const property of Object.keys(published.properties)) {
        const one = await attempt(({ path }) => ask(path, propertiesInterface, 'Get', texts(name, property)));
        if (one.kind === 'reply') found[property] = one.values[0];
        else if (one.reason !== 'not-implemented' && one.reason !== 'invalid-arguments') return one;
      }
      return { kind: 'done', values: found };
    },
    setProperty: (property, value) =>
      attempt(({ path, described }) => {
        const type = described?.properties.get(property) ?? published.properties[property] ?? 's';
        const types = ['s', 's', 'v'];
        const values = [name, property, { signature: type, value }];
        return ask(path, propertiesInterface, 'Set', { types, values });
      }),
  };
}

interface Written {
  readonly types: readonly string[];
  readonly values: readonly unknown[];
}

const nothing: Written = { types: [], values: [] };
const propertiesInterface = 'org.freedesktop.DBus.Properties';

function texts(...values: readonly string[]): Written {
  return { types: values.map(() => 's'), values };
}

function write(types: readonly string[], args: readonly Argument[]): Written {
  return { types, values: args.map((value, index) => writeOne(types[index] ?? '', value)) };
}

function writeOne(type: string, value: Argument): unknown {
  switch (type) {
    case 'a{sv}':
      return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, { signature: 's', value: text }]));
    case 'v':
      return { signature: typeof value === 'number' ? 'u' : typeof value === 'string' ? 's' : 'a{ss}', value };
    case 's':
      return String(value);
    default:
      return value;
  }
}

function toOutcome(reply: BusReply): BusOutcome {
  return reply.kind === 'reply' ? reply : readRefusal(reply.name, reply.message);
}

/** GObject's own spelling of a property has dashes. */
function bySchemaName(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key.replaceAll('-', '_'), value]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: Located, b: Located): boolean {
  return a.path === b.path && JSON.stringify(describe(a)) === JSON.stringify(describe(b));
}

function describe({ described }: Located): unknown {
  return described === undefined ? undefined : [[...described.methods], [...described.properties]];
}
