import { createSocket } from 'node:dgram';

const defaultPort = 4222;
const lookupMs = 2000;

/**
 * The IPv4 address from which this machine reaches the first of the bus servers that it has a way to, as the kernel would
 * choose it now; nothing is sent. Empty when there is none.
 *
 * @param servers `nats://host:port` and the like; a bare host, or host and port, will do.
 */
export async function findOwnAddress(servers: readonly string[]): Promise<string> {
  for (const server of servers) {
    const address = await addressTowards(server);
    if (address !== '') return address;
  }
  return '';
}

function addressTowards(server: string): Promise<string> {
  const url = parseServer(server);
  if (url === undefined) return Promise.resolve('');
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (address: string): void => {
      clearTimeout(timer);
      socket.removeAllListeners('connect').removeAllListeners('error');
      // The look-up of a name may still be under way, and fail.
      socket.on('error', () => undefined);
      try {
        socket.close();
      } catch {
        // It is closed when it could not be connected.
      }
      resolve(address);
    };
    const timer = setTimeout(() => end(''), lookupMs);
    socket.once('error', () => end(''));
    socket.connect(url.port, url.host, (error?: Error) => end(error ? '' : socket.address().address));
  });
}

function parseServer(server: string): { readonly host: string; readonly port: number } | undefined {
  try {
    const { hostname, port } = new URL(server.includes('://') ? server : `nats://${server}`);
    return hostname === '' ? undefined : { host: hostname, port: port === '' ? defaultPort : Number(port) };
  } catch {
    return undefined;
  }
}
