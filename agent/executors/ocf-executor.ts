import { chmodSync, mkdirSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Operation, OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { baseEnvironment, findUnsafe } from './environment.js';
import type { OperationScripts } from './operation-script.js';
import type { ResourceExecutor } from './resource-executor.js';
import { notInstalled, outcome } from './script-outcome.js';

export interface OcfSettings {
  /** OCF_ROOT: agents are in resource.d/PROVIDER/TYPE below it. */
  readonly root: string;
  /** Where the agents' own state goes (HA_RSCTMP, HA_VARRUN ...): instances of one machine must not share it. */
  readonly directory: string;
  readonly scripts: OperationScripts;
}

/**
 * Runs OCF resource agents (OCF Resource Agent API 1.1). A missing agent is rc 5 with the path that was looked for;
 * what the agent says is passed on unchanged.
 */
export function ocfExecutor(settings: OcfSettings): ResourceExecutor {
  const directories = ocfDirectories(settings.directory);
  return {
    async run(run) {
      const { operation } = run;
      const { provider, type } = operation.definition;
      if (!isAgentName(provider) || !isAgentName(type)) {
        return missing(operation, `no resource agent can be named ${JSON.stringify(`ocf:${provider}:${type}`)}`);
      }
      const path = join(settings.root, 'resource.d', provider, type);
      const obstacle = await explainObstacle(path, operation);
      if (obstacle !== undefined) return obstacle;
      const unsafe = findUnsafe(operation.definition.parameters) ?? findUnsafe(operation.definition.meta);
      if (unsafe !== undefined) return outcome(Ocf.wrongArguments, 'done', unsafe);
      const invocation = (asked: Operation) => ({
        path,
        arguments: [asked.name],
        environment: {
          ...ocfEnvironment(asked, settings.root, directories),
          OCF_RESOURCE_INSTANCE: run.instanceName ?? asked.resource,
        },
        toOcf: (rc: number) => rc,
      });
      return settings.scripts.run(run, {
        ...invocation(operation),
        monitor: () => invocation({ ...operation, name: 'monitor', intervalMs: 0 }),
        isWatched: true,
        pidFile: pidFileOf(operation),
      });
    },
  };
}

/** Why the program of an operation cannot be run, as its outcome; undefined when it can. */
export async function explainObstacle(path: string, operation: Operation): Promise<OperationOutcome | undefined> {
  try {
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return missing(operation, `${path}: there is no such file`);
    return outcome(Ocf.noPermission, 'error', `${path}: not executable (${code})`);
  }
}

/**
 * The outcome of an operation whose program does not exist. A stop is good: what cannot be started does not run, and a
 * stop that fails would cost the whole instance.
 */
export function missing(operation: Operation, reason: string): OperationOutcome {
  return operation.name === 'stop' ? outcome(Ocf.success, 'done', reason) : notInstalled(reason);
}

/** A name of a provider or an agent: one path component. */
export function isAgentName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._+@-]{0,127}$/.test(name);
}

/** Most agents of daemons have such a parameter (resource-agents: `pidfile`, or `pid`). */
function pidFileOf({ definition: { parameters } }: Operation): string | undefined {
  return [parameters.pidfile, parameters.pid].find((path) => path !== undefined && isAbsolute(path));
}

function ocfEnvironment(
  { name, intervalMs, timeoutMs, definition }: Operation,
  root: string,
  directories: Readonly<Record<string, string>>,
): Record<string, string> {
  const { parameters, meta, provider, type } = definition;
  const environment: Record<string, string> = {
    ...baseEnvironment(),
    ...directories,
    OCF_ROOT: root,
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_EXIT_REASON_PREFIX: 'ocf-exit-reason:',
    OCF_RESOURCE_PROVIDER: provider,
    OCF_RESOURCE_TYPE: type,
    OCF_CHECK_LEVEL: parameters.OCF_CHECK_LEVEL ?? '0',
    // The agents' log goes to their standard error, and so into the operation's output.
    HA_LOGFACILITY: 'none',
    HA_debug: '0',
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

/** The variables that resource-agents' ocf-directories takes over when they are set. */
function ocfDirectories(base: string): Readonly<Record<string, string>> {
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
