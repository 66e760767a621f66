import { type ExecFileException, execFile } from 'node:child_process';

/** A network interface, as far as it matters here. */
export interface Link {
  readonly name: string;
  /** `bridge`, `tun`, `veth` ...; undefined for hardware and the loopback. */
  readonly kind: string | undefined;
  /** The bridge that it is a port of. */
  readonly master: string | undefined;
  readonly isUp: boolean;
  /** Whether somebody is at the other end: the process that holds a tap, the guest with the other half of a veth. */
  readonly hasCarrier: boolean;
  /** IPv4 addresses with prefix length. */
  readonly addresses: readonly string[];
}

export interface Route {
  /** `10.1.2.0/24`, `10.1.2.3`, or `default`. */
  readonly destination: string;
  readonly device: string | undefined;
}

const timeoutMs = 10_000;

/** Interfaces by a filter of ip-link(8): `dev NAME`, `master NAME`; none for a device that does not exist. */
export async function showLinks(...filter: readonly string[]): Promise<readonly Link[]> {
  try {
    return asList(await ip('-details', 'address', 'show', ...filter)).map(parseLink);
  } catch (error) {
    if (isMissingDevice(error)) return [];
    throw error;
  }
}

/** The IPv4 routes of every table: what the machine can reach by now, its own addresses included. */
export async function showRoutes(): Promise<readonly Route[]> {
  return asList(await ip('-4', 'route', 'show', 'table', 'all')).map((item) => ({
    destination: text(item.dst) ?? 'default',
    device: text(item.dev),
  }));
}

/** True when there was one. */
export async function deleteLink(name: string): Promise<boolean> {
  try {
    await ip('link', 'delete', 'dev', name);
    return true;
  } catch (error) {
    if (isMissingDevice(error)) return false;
    throw error;
  }
}

/**
 * Runs `ip -json` of iproute2. Resolves with what it has printed; rejects with a message for operators.
 */
export function ip(...args: readonly string[]): Promise<unknown> {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  return new Promise((resolve, reject) => {
    execFile('ip', ['-json', ...args], { env, timeout: timeoutMs, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(explain(args, error, stderr.trim())));
      else resolve(stdout.trim() === '' ? [] : JSON.parse(stdout));
    });
  });
}

function explain(args: readonly string[], error: ExecFileException, said: string): string {
  if (error.code === 'ENOENT') return 'the program ip is missing: install the package iproute2';
  const message = `ip ${args.join(' ')}: ${said || error.message}`;
  if (!/Operation not permitted|Permission denied/.test(said)) return message;
  return `${message}: networks for guests need root, or the capability CAP_NET_ADMIN`;
}

function isMissingDevice(error: unknown): boolean {
  return error instanceof Error && /Cannot find device|does not exist|No such device/.test(error.message);
}

function parseLink(item: Record<string, unknown>): Link {
  const flags = Array.isArray(item.flags) ? item.flags : [];
  const addresses = asList(item.addr_info).filter(({ family }) => family === 'inet');
  return {
    name: text(item.ifname) ?? '',
    kind: isRecord(item.linkinfo) ? text(item.linkinfo.info_kind) : undefined,
    master: text(item.master),
    isUp: flags.includes('UP'),
    hasCarrier: flags.includes('LOWER_UP'),
    addresses: addresses.map(({ local, prefixlen }) => `${String(local)}/${String(prefixlen)}`),
  };
}

/** Newer releases of ip print an empty object among the rest where a filter left something out. */
function asList(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord).filter((item) => Object.keys(item).length > 0) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
