import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { type GuestAddresses, guestCredentials } from '../../proto/guest-credentials.js';
import { type AgentIdentity, parseIdentity, stateDirectoryOf } from '../identity.js';
import type { GuestFiles } from './identity-source.js';

/** What a guest has been told, understood. */
export interface GuestConfiguration {
  readonly identity: AgentIdentity;
  /** Content of the credentials file. */
  readonly bus: string;
  /** Undefined: the guest finds its addresses by itself. */
  readonly network: GuestAddresses | undefined;
  /** The launcher host's time, ms since 1970; undefined when it was not told. */
  readonly timeUnixMs: number | undefined;
  /** Random bytes of the launcher host. */
  readonly seed: Uint8Array | undefined;
}

export type ParsedGuest =
  | { readonly kind: 'guest'; readonly configuration: GuestConfiguration }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

export interface GuestDirectories {
  readonly run: string;
  readonly state: string;
}

/**
 * Reads what a launcher has handed over. Where the agent keeps its credentials and its state is the guest's business,
 * whatever the identity says: credentials in `run`, state in `state`, in a directory of this instance alone.
 */
export function parseGuestFiles(files: GuestFiles, directories: GuestDirectories): ParsedGuest {
  const problems: string[] = [];
  const value = parseJson(guestCredentials.identity, files.identity, problems);
  const parsed = parseIdentity({
    ...(isObject(value) ? value : {}),
    credentialsFile: join(directories.run, 'bus.creds'),
    stateDirectory: directories.state,
  });
  if (problems.length === 0 && parsed.kind === 'problems') {
    problems.push(...parsed.problems.map((problem) => `${guestCredentials.identity}: ${problem}`));
  }
  if (files.bus === undefined) problems.push(`${guestCredentials.bus}: not there, but an identity is`);
  const network = parseNetwork(files.network, problems);
  const timeUnixMs = parseTime(files.time, problems);
  if (parsed.kind === 'problems' || files.bus === undefined || problems.length > 0)
    return { kind: 'problems', problems };
  const identity = {
    ...parsed.identity,
    stateDirectory: stateDirectoryOf(directories.state, parsed.identity.instance),
  };
  const seed = files.seed === undefined ? undefined : Buffer.from(files.seed, 'base64');
  return { kind: 'guest', configuration: { identity, bus: files.bus, network, timeUnixMs, seed } };
}

const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

function parseNetwork(text: string | undefined, problems: string[]): GuestAddresses | undefined {
  if (text === undefined) return undefined;
  const known = problems.length;
  const value = parseJson(guestCredentials.network, text, problems);
  const refuse = (problem: string): number => problems.push(`${guestCredentials.network}: ${problem}`);
  const { address, gateway, nameservers = [], mac } = isObject(value) ? value : {};
  if (problems.length > known) return undefined;
  if (!isInterfaceAddress(address)) refuse('address: an IPv4 address with prefix length is required');
  if (!isAbsent(gateway) && !isAddress(gateway)) refuse('gateway: not an IPv4 address');
  if (!Array.isArray(nameservers) || !nameservers.every(isAddress)) refuse('nameservers: not a list of IPv4 addresses');
  if (!isAbsent(mac) && !(typeof mac === 'string' && MAC.test(mac))) refuse('mac: not a hardware address');
  if (problems.length > known) return undefined;
  return {
    address: address as string,
    gateway: isAbsent(gateway) ? undefined : (gateway as string),
    nameservers: nameservers as readonly string[],
    mac: isAbsent(mac) ? undefined : (mac as string).toLowerCase(),
  };
}

function parseTime(text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  const time = Number(text.trim());
  if (Number.isSafeInteger(time) && time > 0) return time;
  problems.push(`${guestCredentials.time}: milliseconds since 1970 are required`);
  return undefined;
}

function parseJson(name: string, text: string, problems: string[]): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) problems.push(`${name}: not a JSON object`);
    return value;
  } catch {
    // What was there instead may be a secret in the wrong place.
    problems.push(`${name}: not JSON`);
    return undefined;
  }
}

function isInterfaceAddress(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const [address, prefix, ...rest] = value.split('/');
  return rest.length === 0 && isAddress(address) && /^\d{1,2}$/.test(prefix ?? '') && Number(prefix) <= 32;
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && isIPv4(value);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
