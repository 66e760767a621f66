/** What `cpectl up` decided for a home directory: read by the supervisor and by everything it starts. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SiteConfig {
  /** Launcher hosts that run on this machine (one launcherd each). */
  readonly launcherHosts: readonly string[];
  /** Of launcher hosts that have another driver than `local`: DRIVER[:ADDRESS], as launcherd takes it. */
  readonly drivers: Readonly<Record<string, string>>;
  /** Servers of the bus as the processes of this machine reach them, separated by commas. */
  readonly busUrl: string;
  /** IP address on which the bus listens for other machines too; undefined: on the loopback alone. */
  readonly listen?: string | undefined;
  /** Path of the nats-server program; empty: the bus is somebody else's to run. */
  readonly natsServer: string;
  readonly maxDeployables: number;
  readonly heartbeatMs: number;
  readonly agentLostMs: number;
  /** The supervisor is a service manager's to start again; otherwise cped sees to it. */
  readonly isForeground: boolean;
  /** Name of this machine in a site with several coordinator machines, which share one store. */
  readonly machine?: string;
  /** Where the store is; default `lmdb`, in this home. */
  readonly store?: StoreChoice;
}

export const storeChoices = ['lmdb', 'jetstream'] as const;
export type StoreChoice = (typeof storeChoices)[number];

export const defaultSiteConfig = {
  launcherHosts: ['local'],
  drivers: {},
  maxDeployables: 1,
  heartbeatMs: 1_000,
  agentLostMs: 15_000,
} as const satisfies Partial<SiteConfig>;

export function configFile(home: string): string {
  return join(home, 'config.json');
}

/** Undefined when the home was never set up. Throws an Error that names the file when it is there and is not ours. */
export function readSiteConfig(home: string): SiteConfig | undefined {
  let text: string;
  try {
    text = readFileSync(configFile(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const value = parseConfig(text);
  if (value === undefined) throw new Error(`${configFile(home)} is damaged; remove it and run cpectl up again`);
  return value;
}

function parseConfig(text: string): SiteConfig | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { launcherHosts, drivers = {}, busUrl, ...rest } = value as Partial<Record<keyof SiteConfig, unknown>>;
  if (!Array.isArray(launcherHosts) || !launcherHosts.every((host) => typeof host === 'string')) return undefined;
  if (typeof busUrl !== 'string' || typeof drivers !== 'object' || drivers === null) return undefined;
  if (!Object.values(drivers).every((driver) => typeof driver === 'string')) return undefined;
  const numbers = [rest.maxDeployables, rest.heartbeatMs, rest.agentLostMs];
  if (!numbers.every((number) => number === undefined || Number.isSafeInteger(number))) return undefined;
  return { ...rest, launcherHosts, drivers, busUrl } as SiteConfig;
}

/** The driver of each launcher host. */
export function driversOf({ launcherHosts, drivers }: SiteConfig): Record<string, string> {
  return Object.fromEntries(launcherHosts.map((host) => [host, drivers[host] ?? 'local']));
}

export function writeSiteConfig(home: string, config: SiteConfig): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = configFile(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
