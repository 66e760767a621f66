import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { Ocf } from '../core/operation.js';
import type { SystemdManager } from '../systemd/systemd-manager.js';
import { parseUnitName } from '../systemd/unit-name.js';
import { isAgentName, missing } from './ocf-executor.js';
import type { OperationRun, ResourceExecutor } from './resource-executor.js';
import { outcome } from './script-outcome.js';

export interface ServiceSettings {
  /** Where init scripts are: usually /etc/init.d. */
  readonly initScripts: string;
  readonly systemd: SystemdManager;
  readonly lsbExecutor: ResourceExecutor;
  readonly systemdExecutor: ResourceExecutor;
}

type Resolution =
  | { readonly kind: 'script' }
  | { readonly kind: 'unit' }
  | { readonly kind: 'nothing'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Class `service`: what the name stands for on this machine, an init script before a systemd unit (Pacemaker:
 * lib/services/services.c, resources_find_service_class). Found out anew for each operation, so that a service whose
 * package was installed meanwhile is found.
 */
export function serviceExecutor(settings: ServiceSettings): ResourceExecutor {
  return {
    async run(run) {
      const { operation } = run;
      const resolved = await resolve(settings, run);
      switch (resolved.kind) {
        case 'script':
          return settings.lsbExecutor.run(run);
        case 'unit':
          return settings.systemdExecutor.run(run);
        case 'nothing':
          return missing(operation, resolved.reason);
        case 'unknown':
          return outcome(Ocf.genericError, 'error', resolved.reason);
      }
    },
    watch: (resource) => settings.systemdExecutor.watch?.(resource) ?? settings.lsbExecutor.watch?.(resource),
  };
}

async function resolve(settings: ServiceSettings, { operation }: OperationRun): Promise<Resolution> {
  const { type } = operation.definition;
  const script = join(settings.initScripts, type);
  if (isAgentName(type) && (await isExecutable(script))) return { kind: 'script' };
  const parsed = parseUnitName(type);
  if (parsed.kind === 'invalid') {
    return { kind: 'nothing', reason: `neither an init script nor a unit: ${parsed.reason}` };
  }
  const unit = await settings.systemd.unit(parsed.name, operation.timeoutMs);
  switch (unit.kind) {
    case 'done':
      return unit.value.loadState === 'not-found'
        ? { kind: 'nothing', reason: `neither init script ${script} nor unit ${parsed.name} is there` }
        : { kind: 'unit' };
    case 'refused':
      return { kind: 'nothing', reason: `no init script ${script}, and systemd says: ${unit.message}` };
    case 'unavailable':
      // Its executor knows whether systemd is only away.
      return { kind: 'unit' };
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
