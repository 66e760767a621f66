import type { NetConnectOpts } from 'node:net';

/** Where D-Bus's own libraries look for the system bus when nothing else is said. */
const systemBusAddress = 'unix:path=/run/dbus/system_bus_socket';

/** DBUS_SYSTEM_BUS_ADDRESS, or the well-known socket. */
export function defaultAddress(): string {
  return process.env.DBUS_SYSTEM_BUS_ADDRESS || systemBusAddress;
}

/**
 * The sockets that an address names, in order (D-Bus specification, "Server Addresses"): unix:path, unix:abstract and
 * tcp:host,port. Those of other transports are left out.
 */
export function parseBusAddress(address: string): readonly NetConnectOpts[] {
  return address.split(';').flatMap((one) => {
    const colon = one.indexOf(':');
    const keys = new Map(
      one
        .slice(colon + 1)
        .split(',')
        .map((pair): [string, string] => {
          const equals = pair.indexOf('=');
          return [pair.slice(0, equals), unescaped(pair.slice(equals + 1))];
        }),
    );
    return socketOf(one.slice(0, colon), keys) ?? [];
  });
}

function socketOf(transport: string, keys: ReadonlyMap<string, string>): NetConnectOpts | undefined {
  const [path, abstract, host, port] = ['path', 'abstract', 'host', 'port'].map((key) => keys.get(key));
  if (transport === 'unix' && path !== undefined) return { path };
  if (transport === 'unix' && abstract !== undefined) return { path: `\0${abstract}` };
  if (transport === 'tcp' && port !== undefined && /^[0-9]{1,5}$/.test(port)) {
    return { host: host ?? 'localhost', port: Number(port) };
  }
  return undefined;
}

/** Escapes are of bytes, in an address that is UTF-8. */
function unescaped(value: string): string {
  const [first = '', ...parts] = value.split('%');
  const bytes = parts.flatMap((part) => [
    Buffer.from([Number.parseInt(part.slice(0, 2), 16)]),
    Buffer.from(part.slice(2), 'utf8'),
  ]);
  return Buffer.concat([Buffer.from(first, 'utf8'), ...bytes]).toString('utf8');
}
