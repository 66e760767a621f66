import { existsSync, lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { GuestAddresses } from '../../proto/guest-credentials.js';
import { runTool } from './run-tool.js';

export interface NetworkSettings {
  /** Directory of the kernel's network interfaces. */
  readonly interfaces?: string;
  readonly resolvConf?: string;
  /** For the interface to appear: its driver may still be loaded. */
  readonly deadlineMs?: number;
}

const pollMs = 20;
/** ARPHRD_ETHER of <linux/if_arp.h>. */
const ethernet = '1';

/**
 * Gives the guest's interface its address and route, and names it servers, as it was told to: what already is so stays
 * so. Rejects when there is no such interface in time, or the kernel refuses.
 */
export async function configureNetwork(addresses: GuestAddresses, settings: NetworkSettings = {}): Promise<void> {
  const { interfaces = '/sys/class/net', resolvConf = '/etc/resolv.conf', deadlineMs = 30_000 } = settings;
  const device = await awaitInterface(interfaces, addresses.mac, deadlineMs);
  // One process for all of it: under emulation each costs a tenth of a second.
  await runTool('ip', ['-batch', '-'], networkCommands(device, addresses)).catch((error: unknown) => {
    // A container may have been given its address already, and not the right to change it.
    if (!hasAddress(addresses.address)) throw error;
  });
  if (addresses.nameservers.length > 0) writeResolvConf(resolvConf, addresses.nameservers);
}

/** Lines for ip(8) in batch mode; repeating them changes nothing. */
export function networkCommands(device: string, { address, gateway }: GuestAddresses): string {
  const lines = ['link set dev lo up', `link set dev ${device} up`, `address replace ${address} brd + dev ${device}`];
  if (gateway !== undefined) lines.push(`route replace default via ${gateway} dev ${device} onlink`);
  return `${lines.join('\n')}\n`;
}

async function awaitInterface(directory: string, mac: string | undefined, deadlineMs: number): Promise<string> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = findInterface(directory, mac);
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      const wanted = mac === undefined ? 'network interface' : `network interface with the address ${mac}`;
      throw new Error(`no ${wanted} in ${directory} after ${deadlineMs} ms`);
    }
    await pause(pollMs);
  }
}

/**
 * That with the hardware address; without one the first of real hardware, else the first of all that are of the kind of
 * Ethernet, in the order in which they were made.
 */
function findInterface(directory: string, mac: string | undefined): string | undefined {
  const candidates = readdirSync(directory)
    .map((name) => ({
      name,
      type: attribute(directory, name, 'type'),
      mac: attribute(directory, name, 'address'),
      index: Number(attribute(directory, name, 'ifindex')),
      isVirtual: !existsSync(join(directory, name, 'device')),
    }))
    .filter(({ type }) => type === ethernet)
    .sort((a, b) => Number(a.isVirtual) - Number(b.isVirtual) || a.index - b.index);
  return (mac === undefined ? candidates[0] : candidates.find((candidate) => candidate.mac === mac))?.name;
}

function attribute(directory: string, device: string, name: string): string {
  try {
    return readFileSync(join(directory, device, name), 'latin1').trim();
  } catch {
    // It is gone again, or has none.
    return '';
  }
}

function hasAddress(address: string): boolean {
  return Object.values(networkInterfaces()).some((known) => known?.some(({ cidr }) => cidr === address));
}

/** A link in its place leads to what a resolver writes that knows nothing of these servers: it is replaced. */
function writeResolvConf(path: string, nameservers: readonly string[]): void {
  const text = `# Written by cpe-agent at boot.\n${nameservers.map((server) => `nameserver ${server}\n`).join('')}`;
  if (isFileWith(path, text)) return;
  const fresh = `${path}.cpe-agent`;
  writeFileSync(fresh, text, { mode: 0o644 });
  try {
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    // A file that is mounted there, as into a container, can only be written.
    if ((error as { readonly code?: string }).code !== 'EBUSY') throw error;
    writeFileSync(path, text);
  }
}

function isFileWith(path: string, text: string): boolean {
  try {
    return lstatSync(path).isFile() && readFileSync(path, 'utf8') === text;
  } catch {
    return false;
  }
}
