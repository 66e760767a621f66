import { createHash } from 'node:crypto';
import type { GuestAddresses } from '../../../proto/guest-credentials.js';

/**
 * The network that QEMU itself makes for a guest (`-netdev user`), for a launcherd without the right to make one of its
 * own: each guest reaches the launcher host and its networks, and nobody reaches a guest, other guests neither.
 */
export interface UserNetwork {
  readonly network: string;
  /** By which guests reach the launcher host's loopback addresses. */
  readonly host: string;
  readonly addresses: readonly string[];
  guestAddresses(address: string): GuestAddresses;
  /** Servers on the launcher host, by the address that it has for guests. */
  busServers(servers: readonly string[]): readonly string[];
}

const PREFIX_LENGTH = 24;
/** QEMU's own ones come before it. */
const FIRST_ADDRESS = 15;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Guests of two launcher hosts have different addresses, though no guest could tell. */
export function userNetwork(home: string, launcherHost: string): UserNetwork {
  const digest = createHash('sha256').update(`user network\0${home}\0${launcherHost}`).digest();
  const prefix = `10.${128 + ((digest[0] ?? 0) % 64)}.${digest[1] ?? 0}`;
  const host = `${prefix}.2`;
  return {
    network: `${prefix}.0/${PREFIX_LENGTH}`,
    host,
    addresses: Array.from({ length: 255 - FIRST_ADDRESS }, (_, at) => `${prefix}.${FIRST_ADDRESS + at}`),
    guestAddresses: (address) => ({
      address: `${address}/${PREFIX_LENGTH}`,
      gateway: host,
      nameservers: [`${prefix}.3`],
      mac: undefined,
    }),
    busServers: (servers) => servers.map((server) => withHost(server, host)),
  };
}

/** Of `nats://127.0.0.1:4222`, `127.0.0.1:4222`, `127.0.0.1`. */
function withHost(server: string, host: string): string {
  const [, scheme = '', name = '', port = ''] = /^([a-z]+:\/\/)?(.*?)(:\d+)?$/.exec(server) ?? [];
  return LOOPBACK.test(name) ? `${scheme}${host}${port}` : server;
}
