import { writeFile } from 'node:fs/promises';
import { deleteLink, ip, type Link, showLinks, showRoutes } from './ip-command.js';
import { chooseSubnet, gatewayOf, prefixLength, type Subnet } from './subnet.js';

export interface BridgePlan {
  readonly name: string;
  /** Of the bridge itself: without one of its own it would change with its ports, and guests ask anew who it is. */
  readonly mac: string;
  /** Shown by ip-link(8). */
  readonly alias: string;
  /** Chooses the network (chooseSubnet). */
  readonly owner: string;
}

/**
 * Makes sure that a bridge is there and up, with the first address of a network that nothing else is routed to:
 * `preferred`, or else the one that it has, or else another one. Rejects with a message for operators, also when guests
 * would have to change their network.
 */
export async function ensureBridge(plan: BridgePlan, preferred: Subnet | undefined): Promise<Subnet> {
  const present = await findBridge(plan.name);
  const current = present === undefined ? undefined : subnetOf(present);
  const wanted = preferred ?? current;
  if (present?.isUp && wanted !== undefined && wanted === current) return wanted;
  if (present === undefined) await addBridge(plan);
  // Two launcher hosts that choose at the same time may choose the same; each finds the other's then.
  for (let subnet = wanted; ; ) {
    subnet = await freeSubnet(plan, subnet);
    await moveTo(plan.name, subnet);
    if ((await freeSubnet(plan, subnet)) === subnet) return subnet;
  }
}

async function moveTo(bridge: string, subnet: Subnet): Promise<void> {
  const others = ((await findBridge(bridge))?.addresses ?? []).filter((address) => address !== cidrOf(subnet));
  const ports = others.length === 0 ? [] : await showLinks('master', bridge);
  if (ports.some(({ hasCarrier }) => hasCarrier)) {
    throw new Error(
      `guests run in ${others.join(', ')}: end them before ${subnet}.0/${prefixLength} becomes their network`,
    );
  }
  for (const address of others) await ip('address', 'delete', address, 'dev', bridge);
  await ip('address', 'replace', cidrOf(subnet), 'dev', bridge);
  await ip('link', 'set', 'dev', bridge, 'up');
}

export type RemovedBridge =
  | { readonly kind: 'removed' }
  /** By the interfaces of instances that run. */
  | { readonly kind: 'in-use'; readonly ports: readonly string[] };

/** Removes a bridge, with the taps on it that nobody holds, unless something runs on it. True also when there is none. */
export async function removeBridge(name: string): Promise<RemovedBridge> {
  if ((await findBridge(name)) === undefined) return { kind: 'removed' };
  const ports = await showLinks('master', name);
  const isIdle = ({ kind, hasCarrier }: Link) => kind === 'tun' && !hasCarrier;
  const inUse = ports.filter((port) => !isIdle(port));
  if (inUse.length > 0) return { kind: 'in-use', ports: inUse.map((port) => port.name) };
  for (const port of ports) await deleteLink(port.name);
  await deleteLink(name);
  return { kind: 'removed' };
}

async function findBridge(name: string): Promise<Link | undefined> {
  const [link] = await showLinks('dev', name);
  if (link !== undefined && link.kind !== 'bridge')
    throw new Error(`the network interface ${name} is no bridge of ours`);
  return link;
}

async function addBridge({ name, mac, alias }: BridgePlan): Promise<void> {
  await ip('link', 'add', 'name', name, 'address', mac, 'type', 'bridge');
  await ip('link', 'set', 'dev', name, 'alias', alias);
  // A guest could offer itself as a router to the machine otherwise. Where there is no IPv6 there is no file.
  await writeFile(`/proc/sys/net/ipv6/conf/${name}/disable_ipv6`, '1').catch(() => undefined);
}

async function freeSubnet({ name, owner }: BridgePlan, preferred: Subnet | undefined): Promise<Subnet> {
  const routes = (await showRoutes()).filter(({ device }) => device !== name);
  const subnet = chooseSubnet({ owner, preferred, routed: routes.map(({ destination }) => destination) });
  if (subnet !== undefined) return subnet;
  throw new Error(
    'every network of 10.64.0.0/10 is routed elsewhere: choose a /24 for the guests of this launcher host',
  );
}

/** Undefined for a bridge that has not come so far, or that somebody else has given addresses. */
function subnetOf({ addresses }: Link): Subnet | undefined {
  const [address, ...others] = addresses;
  const subnet = address?.replace(/\.1\/24$/, '');
  return others.length === 0 && subnet !== undefined && address === cidrOf(subnet) ? subnet : undefined;
}

function cidrOf(subnet: Subnet): string {
  return `${gatewayOf(subnet)}/${prefixLength}`;
}
