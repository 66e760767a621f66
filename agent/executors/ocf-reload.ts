import type { ReloadRules } from '../core/operation.js';
import type { OcfMetadata } from './parse-ocf-metadata.js';

/**
 * Whether an agent can reload, and what cannot be changed so (daemons/controld/controld_metadata.c
 * controld_cache_metadata, controld_cib.c append_restart_list): by OCF 1.1 what is not `reloadable`, with the action
 * `reload-agent`; before, what is `unique`, with the action `reload`. Undefined: every change needs a restart.
 */
export function reloadRules(metadata: OcfMetadata): ReloadRules | undefined {
  const isLegacy = isLegacyReload(metadata);
  if (!isLegacy && !(isOcf11(metadata) && hasAction(metadata, 'reload-agent'))) return undefined;
  const restarting = metadata.parameters.filter(({ isReloadable, isUnique }) => (isLegacy ? isUnique : !isReloadable));
  return { restartParameters: restarting.map(({ name }) => name) };
}

/** Whether what takes over changed parameters is the action `reload`, as agents of before OCF 1.1 have it. */
export function isLegacyReload(metadata: OcfMetadata): boolean {
  return !isOcf11(metadata) && hasAction(metadata, 'reload');
}

function isOcf11({ version: { major, minor } }: OcfMetadata): boolean {
  return major > 1 || (major === 1 && minor >= 1);
}

function hasAction({ actions }: OcfMetadata, wanted: string): boolean {
  return actions.some(({ name }) => name.toLowerCase() === wanted);
}
