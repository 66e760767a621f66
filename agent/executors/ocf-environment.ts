import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Operation } from '../core/operation.js';
import { baseEnvironment } from './environment.js';

/** What the environment of every resource agent has to say of this machine. */
export interface OcfPlaces {
  /** OCF_ROOT. */
  readonly root: string;
  /** What ocfDirectories has made. */
  readonly directories: Readonly<Record<string, string>>;
}

/**
 * The environment of an operation (OCF Resource Agent API 1.0 and 1.1, "Parameter Passing"; lib/services/services_linux.c
 * add_action_env_vars). Both versions of the API have the same variables; 1.1 is what is named.
 *
 * @param instanceName OCF_RESOURCE_INSTANCE
 */
export function ocfEnvironment(
  { name, intervalMs, timeoutMs, definition }: Operation,
  places: OcfPlaces,
  instanceName: string,
): Record<string, string> {
  const { parameters, meta, provider, type } = definition;
  const environment: Record<string, string> = {
    ...agentEnvironment(places, provider, type),
    OCF_RESOURCE_INSTANCE: instanceName,
    OCF_CHECK_LEVEL: parameters.OCF_CHECK_LEVEL ?? '0',
    OCF_RESKEY_CRM_meta_name: name,
    OCF_RESKEY_CRM_meta_interval: String(intervalMs),
    OCF_RESKEY_CRM_meta_timeout: String(timeoutMs),
  };
  for (const [key, value] of Object.entries(meta)) {
    // As Pacemaker spells them in the environment (lib/common/nvpair.c, crm_meta_name).
    environment[`OCF_RESKEY_CRM_meta_${key.replace(/^CRM_meta_/, '').replaceAll('-', '_')}`] = value;
  }
  for (const [key, value] of Object.entries(parameters)) {
    if (key !== 'OCF_CHECK_LEVEL') environment[`OCF_RESKEY_${key}`] = value;
  }
  return environment;
}

/** The environment in which an agent describes itself: no resource, no parameters. */
export function metadataEnvironment(places: OcfPlaces, provider: string, type: string): Record<string, string> {
  return { ...agentEnvironment(places, provider, type), OCF_RESOURCE_INSTANCE: type, OCF_OUTPUT_FORMAT: 'xml' };
}

function agentEnvironment({ root, directories }: OcfPlaces, provider: string, type: string): Record<string, string> {
  return {
    ...baseEnvironment(),
    ...directories,
    OCF_ROOT: root,
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_EXIT_REASON_PREFIX: 'ocf-exit-reason:',
    OCF_RESOURCE_PROVIDER: provider,
    OCF_RESOURCE_TYPE: type,
    // The agents' log goes to their standard error, and so into the operation's output.
    HA_LOGFACILITY: 'none',
    HA_debug: '0',
  };
}

/** Makes the directories that resource-agents' ocf-directories takes over from the environment; returns the variables. */
export function ocfDirectories(base: string): Readonly<Record<string, string>> {
  const directories = {
    HA_RSCTMP: join(base, 'rsctmp'),
    HA_VARRUN: join(base, 'run'),
    HA_VARLOCK: join(base, 'lock'),
    HA_VARLIB: join(base, 'lib'),
  } as const;
  // Agents create files there as other users too, as they do in /run/resource-agents.
  for (const directory of Object.values(directories)) {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o1777);
  }
  return directories;
}
