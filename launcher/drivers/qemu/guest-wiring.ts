import type { GuestAddresses } from '../../../proto/guest-credentials.js';
import type { GuestNetwork } from '../../network/guest-network.js';
import type { Wiring } from './qemu-arguments.js';
import { userNetwork } from './user-network.js';

/** How guests are connected, whichever network there is. */
export interface GuestWiring {
  readonly addresses: readonly string[];
  /** The device that QEMU opens for it. */
  readonly device: string | undefined;
  busServers(servers: readonly string[]): readonly string[];
  guestAddresses(address: string, instance: string): GuestAddresses;
  attach(instance: string): Promise<Wiring>;
  /** Also what was never attached. */
  detach(instance: string): Promise<void>;
  close(): Promise<void>;
}

/** Guests with addresses that their launcher host and each other reach. */
export function bridgeWiring(network: GuestNetwork): GuestWiring {
  return {
    addresses: network.addresses,
    device: '/dev/net/tun',
    busServers: () => network.busServers,
    guestAddresses: (address, instance) => network.guestAddresses(address, network.macOf(instance)),
    attach: async (instance) => ({ kind: 'tap', tap: await network.addTap(instance), mac: network.macOf(instance) }),
    detach: (instance) => network.removeTap(instance),
    close: () => network.close(),
  };
}

/** Guests that reach others and are reached by nobody. */
export function userWiring(home: string, launcherHost: string): GuestWiring {
  const { network, host, addresses, busServers, guestAddresses } = userNetwork(home, launcherHost);
  return {
    addresses,
    device: undefined,
    busServers,
    guestAddresses,
    attach: async () => ({ kind: 'user', network, host, mac: ANY_MAC }),
    detach: async () => undefined,
    close: async () => undefined,
  };
}

/** Each guest is alone on its network. */
const ANY_MAC = '52:54:00:12:34:56';
