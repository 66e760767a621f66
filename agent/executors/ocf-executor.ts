import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Operation, OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { checkOcfParameters } from './check-ocf-parameters.js';
import { findUnsafe } from './environment.js';
import { metadataEnvironment, ocfDirectories, ocfEnvironment } from './ocf-environment.js';
import { type OcfDescription, ocfMetadataReader } from './ocf-metadata.js';
import { ocfPidFiles } from './ocf-pid-file.js';
import { isLegacyReload, reloadRules } from './ocf-reload.js';
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
 * what the agent says is passed on unchanged. Before a start its parameters are held against the agent's meta-data; an
 * agent whose meta-data cannot be read is started all the same, and the outcome says so.
 */
export function ocfExecutor(settings: OcfSettings): ResourceExecutor {
  const places = { root: settings.root, directories: ocfDirectories(settings.directory) };
  const reader = ocfMetadataReader({ owner: settings.directory });
  const pidFiles = ocfPidFiles();
  return {
    async run(run) {
      const { operation } = run;
      const { provider, type, parameters, meta } = operation.definition;
      if (!isAgentName(provider) || !isAgentName(type)) {
        return missing(operation, `no resource agent can be named ${JSON.stringify(`ocf:${provider}:${type}`)}`);
      }
      const path = join(settings.root, 'resource.d', provider, type);
      const obstacle = explainObstacle(path, operation);
      if (obstacle !== undefined) return obstacle;
      const unsafe = findUnsafe(parameters) ?? findUnsafe(meta);
      if (unsafe !== undefined) return unfit(operation, unsafe);
      const describe = () => reader.describe(path, metadataEnvironment(places, provider, type));

      const description = describedOperations.has(operation.name) ? await describe() : undefined;
      if (description !== undefined) pidFiles.learn(path, description);
      else if (!pidFiles.isLearned(path)) void describe().then((found) => pidFiles.learn(path, found));
      const { refusal, notes } = checkParameters(operation, description);
      if (refusal !== undefined) return outcome(refusal.rc, 'done', refusal.reason, withNotes('', notes));
      const invocation = (asked: Operation) => ({
        path,
        arguments: [argumentOf(asked, description)],
        environment: ocfEnvironment(asked, places, run.instanceName ?? asked.resource),
        toOcf: (rc: number) => rc,
      });
      const done = await settings.scripts.run(run, {
        ...invocation(operation),
        monitor: () => invocation({ ...operation, name: 'monitor', intervalMs: 0 }),
        isWatched: true,
        pidFile: pidFiles.find(path, parameters),
      });
      const noted = notes.length === 0 ? done : { ...done, output: withNotes(done.output, notes) };
      return leavesHistory(operation) && isRunning(done) ? withReload(noted, description ?? (await describe())) : noted;
    },
  };
}

/** Why the program of an operation cannot be run, as its outcome; undefined when it can. */
export function explainObstacle(path: string, operation: Operation): OperationOutcome | undefined {
  try {
    // Asked before every monitor: a turn through the thread pool takes ten times as long.
    accessSync(path, constants.X_OK);
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

/** Likewise for parameters that no program can be given. */
function unfit(operation: Operation, reason: string): OperationOutcome {
  return outcome(operation.name === 'stop' ? Ocf.success : Ocf.wrongArguments, 'done', reason);
}

/** Those for which the agent's own description is read before they are run. */
const describedOperations: ReadonlySet<string> = new Set(['start', 'validate-all', 'reload-agent']);
const checkedOperations: ReadonlySet<string> = new Set(['start', 'validate-all']);

function checkParameters(operation: Operation, description: OcfDescription | undefined) {
  if (description === undefined || !checkedOperations.has(operation.name)) return { refusal: undefined, notes: [] };
  if (description.kind === 'described') return checkOcfParameters(description, operation.definition.parameters);
  return {
    refusal: undefined,
    notes: [`the agent's meta-data could not be read (${description.reason}): its parameters were not checked`],
  };
}

const mostNotes = 10;

function withNotes(output: string, notes: readonly string[]): string {
  const lines = notes.slice(0, mostNotes).map((note) => `${note}\n`);
  return (output === '' || output.endsWith('\n') ? output : `${output}\n`) + lines.join('');
}

/**
 * Pacemaker orders `reload-agent` of every agent that can reload; one of before OCF 1.1 knows it as `reload`
 * (daemons/controld/controld_execd.c, do_lrm_rsc_op).
 */
function argumentOf({ name }: Operation, description: OcfDescription | undefined): string {
  const isLegacy = description?.kind === 'described' && isLegacyReload(description.metadata);
  return name === 'reload-agent' && isLegacy ? 'reload' : name;
}

/** Operations whose record the scheduler compares parameters with (lib/pacemaker/pcmk_sched_actions.c). */
const recordedOperations: ReadonlySet<string> = new Set([
  ...['start', 'monitor', 'promote', 'demote', 'migrate_from', 'reload', 'reload-agent'],
]);

function leavesHistory({ name, intervalMs }: Operation): boolean {
  return intervalMs === 0 && recordedOperations.has(name);
}

function isRunning({ rc, status }: OperationOutcome): boolean {
  return status === 'done' && (rc === Ocf.success || rc === Ocf.runningPromoted);
}

function withReload(done: OperationOutcome, description: OcfDescription): OperationOutcome {
  const reload = description.kind === 'described' ? reloadRules(description.metadata) : undefined;
  return reload === undefined ? done : { ...done, reload };
}
