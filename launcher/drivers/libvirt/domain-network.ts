import { createHash } from 'node:crypto';
import type { GuestAddresses } from '../../../proto/guest-credentials.js';
import type { GuestNetwork } from '../../network/guest-network.js';
import { userNetwork } from '../qemu/user-network.js';
import type { DomainInterface } from './domain-xml.js';

/** How guests of a launcher host reach it, and the bus. */
export interface DomainNetwork {
  readonly addresses: readonly string[];
  /** The servers that launcherd reaches the bus by, as guests reach them. */
  busServers(servers: readonly string[]): readonly string[];
  guestAddresses(address: string, instance: string): GuestAddresses;
  interfaceOf(instance: string): DomainInterface;
  /** Before each start. */
  ensure(): Promise<void>;
  close(): Promise<void>;
}

/** A bridge of ours, on which libvirtd makes the taps. */
export function bridgedNetwork(network: GuestNetwork): DomainNetwork {
  return {
    addresses: network.addresses,
    busServers: () => network.busServers,
    guestAddresses: (address, instance) => network.guestAddresses(address, network.macOf(instance)),
    interfaceOf: (instance) => ({ kind: 'bridge', bridge: network.bridge, mac: network.macOf(instance) }),
    ensure: network.ensure,
    close: network.close,
  };
}

/** QEMU's own, where nobody has the right to make a bridge. Guests reach the launcher host, and nobody reaches them. */
export function unprivilegedNetwork(home: string, launcherHost: string): DomainNetwork {
  const network = userNetwork(home, launcherHost);
  const mac = (instance: string) => macOf(`${home}\0${launcherHost}\0${instance}`);
  return {
    addresses: network.addresses,
    busServers: network.busServers,
    guestAddresses: (address, instance) => ({ ...network.guestAddresses(address), mac: mac(instance) }),
    interfaceOf: (instance) => ({ kind: 'user', network: network.network, mac: mac(instance) }),
    ensure: async () => {},
    close: async () => {},
  };
}

/** An address (locally administered, of QEMU's prefix) for an interface on one of libvirt's own networks. */
export function macOf(seed: string): string {
  const [, a, b, c, d] = /^(..)(..)(..)(..)/.exec(createHash('sha256').update(seed).digest('hex')) ?? [];
  return ['52', '54', a, b, c, d].join(':');
}
