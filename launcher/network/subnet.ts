import { createHash } from 'node:crypto';

/**
 * Networks of guests: one /24 of 10.64.0.0/10 for each launcher host, written as its first three numbers ("10.77.3").
 * That is half of the private network 10.0.0.0/8 which people seldom number by hand.
 */
export type Subnet = string;

/** Number of /24 networks in 10.64.0.0/10. */
const count = 2 ** 14;
export const prefixLength = 24;

/** The launcher host itself. */
export function gatewayOf(subnet: Subnet): string {
  return `${subnet}.1`;
}

/** What is left for instances. */
export function guestAddresses(subnet: Subnet): readonly string[] {
  return Array.from({ length: 253 }, (_, index) => `${subnet}.${index + 2}`);
}

export function isInSubnet(address: string, subnet: Subnet): boolean {
  return address.startsWith(`${subnet}.`);
}

/** "10.77.3.0/24", or undefined when it is no /24. */
export function parseSubnet(text: string): Subnet | undefined {
  const [, subnet] = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.0\/24$/.exec(text) ?? [];
  return subnet?.split('.').every((number) => Number(number) < 256) === true ? subnet : undefined;
}

export interface SubnetChoice {
  /** Two owners seldom begin with the same network. */
  readonly owner: string;
  /** Taken when it is free. */
  readonly preferred: Subnet | undefined;
  /** Destinations of the machine's routes, but for those of the network that is being chosen for. */
  readonly routed: readonly string[];
}

/** The first network that nothing is routed to; undefined when there is none. */
export function chooseSubnet({ owner, preferred, routed }: SubnetChoice): Subnet | undefined {
  const taken = routed.map(parseDestination).filter((range) => range !== undefined);
  if (preferred !== undefined && !taken.some((range) => overlaps(range, toNumber(`${preferred}.0`)))) return preferred;
  const isTaken = takenSubnets(taken);
  const digest = createHash('sha256').update(owner).digest();
  const first = digest.readUInt16BE(0);
  // Odd, so that it comes by every network once.
  const step = digest.readUInt16BE(2) | 1;
  for (let turn = 0; turn < count; turn += 1) {
    const index = (first + turn * step) % count;
    if (isTaken[index] === 0) return `10.${64 + (index >> 8)}.${index & 255}`;
  }
  return undefined;
}

/** For each network of 10.64.0.0/10, in order: 1 when one of the ranges reaches into it. */
function takenSubnets(ranges: readonly Range[]): Uint8Array {
  const taken = new Uint8Array(count);
  const base = toNumber('10.64.0.0');
  for (const { start, length } of ranges) {
    const [from, to] = [start - base, start + length - base].map((offset) => Math.max(0, offset)) as [number, number];
    taken.fill(1, Math.floor(from / 256), Math.ceil(to / 256));
  }
  return taken;
}

interface Range {
  readonly start: number;
  readonly length: number;
}

/** Undefined for defaults: `default` itself, and the halves of the internet that VPN clients make of it. */
function parseDestination(destination: string): Range | undefined {
  const [, address, bits = '32'] = /^(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?$/.exec(destination) ?? [];
  if (address === undefined || Number(bits) < 8) return undefined;
  return { start: toNumber(address), length: 2 ** (32 - Number(bits)) };
}

function overlaps({ start, length }: Range, subnetStart: number): boolean {
  return start < subnetStart + 256 && subnetStart < start + length;
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}
