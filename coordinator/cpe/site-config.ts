/** What `cpectl up` decided for a home directory: read by the supervisor and by everything it starts. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SiteConfig {
  /** Launcher hosts that run on this machine (one launcherd each). */
  readonly launcherHosts: readonly string[];
  readonly busUrl: string;
  /** Path of the nats-server program. */
  readonly natsServer: string;
  readonly maxDeployables: number;
  readonly heartbeatMs: number;
  readonly agentLostMs: number;
  /** The supervisor is a service manager's to start again; otherwise cped sees to it. */
  readonly isForeground: boolean;
}

export const defaultSiteConfig = {
  launcherHosts: ['local'],
  maxDeployables: 1,
  heartbeatMs: 1_000,
  agentLostMs: 15_000,
} as const satisfies Partial<SiteConfig>;

export function configFile(home: string): string {
  return join(home, 'config.json');
}

/** Undefined when the home was never set up. Throws when the file is there and is not ours. */
export function readSiteConfig(home: string): SiteConfig | undefined {
  let text: string;
  try {
    text = readFileSync(configFile(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const value = JSON.parse(text) as SiteConfig;
  if (!Array.isArray(value.launcherHosts) || typeof value.busUrl !== 'string') {
    throw new Error(`${configFile(home)} is damaged; remove it and run cpectl up again`);
  }
  return value;
}

export function writeSiteConfig(home: string, config: SiteConfig): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = configFile(home);
  writeFileSync(`${file}.new`, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
