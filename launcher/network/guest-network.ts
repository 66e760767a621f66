/**
 * The network between a launcher host and the guests that run on it: a bridge with a /24 of its own, on which guests
 * reach each other, their launcher host, and through a relay there the bus. Nothing is forwarded to other networks, and
 * two launcher hosts of one machine have two bridges.
 *
 * Bridge and addresses outlive launcherd, as guests do; the relay is part of launcherd, so that agents reconnect when
 * that is started again. Meanwhile they monitor and repair on their own, and nobody takes their silence for death.
 */
import { createHash } from 'node:crypto';
import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuestAddresses } from '../../proto/guest-credentials.js';
import { type BridgePlan, ensureBridge, type RemovedBridge, removeBridge } from './bridge.js';
import { deleteLink, ip, showLinks } from './ip-command.js';
import { type NetworkRecord, readNetworkRecord, writeNetworkRecord } from './network-record.js';
import { openNetworkRelays } from './network-relays.js';
import { gatewayOf, guestAddresses, isInSubnet, parseSubnet, prefixLength } from './subnet.js';

export interface GuestNetworkOptions {
  /** The state directory of the whole system; `launcher/<launcher host>/network.json` in it keeps what was chosen. */
  readonly home: string;
  readonly launcherHost: string;
  /** As launcherd reaches them: `nats://127.0.0.1:4222`, `tls://bus.example:4222`, `host:port`. */
  readonly busServers: readonly string[];
  /** "10.77.3.0/24" instead of a network that is chosen. */
  readonly subnet?: string;
  /**
   * For operators who forward (net.ipv4.ip_forward, masquerading): guests get a default route by their launcher host,
   * and these name servers. Without it they reach nothing else.
   */
  readonly uplink?: { readonly nameservers: readonly string[] };
  readonly onTrouble: (reason: string) => void;
}

export interface GuestNetwork {
  /** Name of the bridge. */
  readonly bridge: string;
  /** The launcher host's own address. */
  readonly gateway: string;
  /** Of instances, for Platform.addresses. */
  readonly addresses: readonly string[];
  /** As guests reach them, in the same order: AgentIdentity.busServers. */
  readonly busServers: readonly string[];
  /** What a guest makes of its interface (guestCredentials.network). `mac`: undefined for the only one that it has. */
  guestAddresses(address: string, mac?: string): GuestAddresses;
  /** The same for an instance at all times, and for no other one: of locally administered addresses. */
  macOf(instance: string): string;
  /** Makes sure that the bridge is there: before each start, because someone may have removed it. */
  ensure(): Promise<void>;
  /** Makes the tap of an instance on the bridge, for one hypervisor to hold, or finds it. Returns its name. */
  addTap(instance: string): Promise<string>;
  /** Also one that is not there. Rejects when it cannot be removed. */
  removeTap(instance: string): Promise<void>;
  /** Ends the relay. Bridge, taps and guests stay. */
  close(): Promise<void>;
}

/** Rejects with a message for operators: without root, without iproute2, without a free network. */
export async function openGuestNetwork(options: GuestNetworkOptions): Promise<GuestNetwork> {
  const directory = join(options.home, 'launcher', options.launcherHost);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const owner = await ownerOf(options);
  const plan = bridgePlan(owner, options.launcherHost);
  const file = join(directory, 'network.json');
  const before = await readNetworkRecord(file);

  const wanted = options.subnet === undefined ? before?.subnet : parseSubnet(options.subnet);
  if (options.subnet !== undefined && wanted === undefined)
    throw new Error(`not a network a.b.c.0/24: ${options.subnet}`);
  const subnet = await ensureBridge(plan, wanted);
  if (options.subnet !== undefined && subnet !== wanted) throw new Error(`${options.subnet} is routed elsewhere`);
  const relays = await openNetworkRelays({
    address: gatewayOf(subnet),
    servers: options.busServers,
    knownPorts: before?.subnet === subnet ? before.relayPorts : [],
    mayUse: (address) => isInSubnet(address, subnet),
    onTrouble: options.onTrouble,
  });
  const record: NetworkRecord = { subnet, relayPorts: relays.ports };
  try {
    // Before any guest is told of it.
    if (JSON.stringify(record) !== JSON.stringify(before)) await writeNetworkRecord(file, record);
  } catch (error) {
    await relays.close();
    throw error;
  }

  const ensure = async () => {
    if ((await ensureBridge(plan, subnet)) === subnet) return;
    throw new Error(`${subnet}.0/${prefixLength}, the network of the guests here, is routed elsewhere by now`);
  };
  return {
    bridge: plan.name,
    gateway: gatewayOf(subnet),
    addresses: guestAddresses(subnet),
    busServers: relays.urls,
    guestAddresses: (address, mac) => ({
      address: `${address}/${prefixLength}`,
      gateway: options.uplink === undefined ? undefined : gatewayOf(subnet),
      nameservers: options.uplink?.nameservers ?? [],
      mac,
    }),
    macOf: (instance) => macOf(`${owner}\0${instance}`),
    ensure,
    addTap: async (instance) => {
      await ensure();
      const name = tapName(owner, instance);
      await ensureTap(name, plan.name, instance);
      return name;
    },
    removeTap: async (instance) => {
      await deleteLink(tapName(owner, instance));
    },
    close: relays.close,
  };
}

/** Removes the bridge of a launcher host that has no instance left, and what is on it. Not while its launcherd runs. */
export async function removeGuestNetwork(host: {
  readonly home: string;
  readonly launcherHost: string;
}): Promise<RemovedBridge> {
  return removeBridge(bridgePlan(await ownerOf(host), host.launcherHost).name);
}

/** A home has one name, however it is reached: networks follow from it. */
async function ownerOf({ home, launcherHost }: { home: string; launcherHost: string }): Promise<string> {
  return `${await realpath(home)}\0${launcherHost}`;
}

function bridgePlan(owner: string, launcherHost: string): BridgePlan {
  return {
    name: `cpe${digest(owner).slice(0, 8)}`,
    mac: macOf(owner),
    alias: `guests of the launcher host ${launcherHost}`,
    owner,
  };
}

async function ensureTap(name: string, bridge: string, instance: string): Promise<void> {
  const [present] = await showLinks('dev', name);
  if (present === undefined) await ip('tuntap', 'add', 'dev', name, 'mode', 'tap');
  else if (present.kind !== 'tun') throw new Error(`the network interface ${name} is no tap of ours`);
  await ip('link', 'set', 'dev', name, 'alias', instance, 'master', bridge, 'up');
}

/** Interfaces have up to 15 characters (IFNAMSIZ). */
function tapName(owner: string, instance: string): string {
  return `cpet${digest(`${owner}\0${instance}`).slice(0, 10)}`;
}

/** Locally administered, unicast: the second digit says so. QEMU's own prefix is known to everybody's tools. */
function macOf(seed: string): string {
  const [, a, b, c, d] = /^(..)(..)(..)(..)/.exec(digest(seed)) ?? [];
  return ['52', '54', a, b, c, d].join(':');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
