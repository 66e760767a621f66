import type { Operation, OperationOutcome } from '../core/operation.js';
import { Ocf } from '../core/operation.js';
import { isPopulated, killCgroup } from './cgroup.js';
import { newestPid, reclaimProcesses } from './cgroup-reclaim.js';
import type { CgroupTree } from './cgroup-tree.js';
import { awaitLeftover } from './leftover-script.js';
import { killFamily, livingFamily } from './process-family.js';
import { readProcessName } from './process-table.js';
import { type OperationRun, runToken } from './resource-executor.js';
import type { ResourceWatches } from './resource-watch.js';
import { runScript, type Script } from './run-script.js';
import { outcome, scriptOutcome } from './script-outcome.js';

export interface OperationScriptSettings {
  readonly instance: string;
  readonly cgroups: CgroupTree;
  readonly watches: ResourceWatches;
}

export type Program = Pick<Script, 'path' | 'arguments' | 'environment'>;

/** How an operation is run as a script. */
export interface OperationProgram extends Program {
  /** Maps an exit code to an OCF one. */
  readonly toOcf: (code: number) => number;
  /** Says whether the resource runs, when a start was interrupted and has left something; undefined when nothing can. */
  readonly monitor?: (() => Program & Pick<OperationProgram, 'toOcf'>) | undefined;
  /** Whether its processes are its life, and are watched between two monitors. */
  readonly isWatched: boolean;
  /** Absolute path of the file in which it says which process is its main one. */
  readonly pidFile?: string | undefined;
}

/** Runs the scripts of all classes that have any. */
export interface OperationScripts {
  /** Never rejects for what a script does. */
  run(run: OperationRun, program: OperationProgram): Promise<OperationOutcome>;
}

/** Operations that may leave daemons running: those live in the resource's cgroup `run`. */
const startingOperations = new Set([
  'start',
  'promote',
  'demote',
  'reload',
  'reload-agent',
  'migrate_from',
  'restart',
  'force-reload',
]);
/** Operations that tell how the resource is; the others change it, and nothing is watched meanwhile. */
const lookingOperations = new Set(['monitor', 'status', 'notify', 'validate-all', 'meta-data']);
const runningCodes: readonly number[] = [Ocf.success, Ocf.runningPromoted, Ocf.degraded, Ocf.degradedPromoted];

/** For the monitor that judges what an interrupted start has left. */
const judgeMs = 10_000;

/** What a successful stop has left has so long to end by itself. */
const afterStopMs = 50;
const afterStopPollMs = 5;

export function operationScripts({ instance, cgroups, watches }: OperationScriptSettings): OperationScripts {
  /** Of which nothing is left in `op` that an earlier agent had started. */
  const swept = new Set<string>();

  const enter = ({ id, operation: { name, resource } }: OperationRun): string | undefined =>
    cgroups.enter(resource, startingOperations.has(name) ? 'run' : 'op', id);

  /** Nobody waits any more for what an earlier agent was running. */
  const sweep = async (resource: string): Promise<void> => {
    if (swept.has(resource)) return;
    swept.add(resource);
    await cgroups.kill(resource, 'op');
  };

  const runNow = async (run: OperationRun, program: OperationProgram): Promise<OperationOutcome> => {
    const { operation, signal } = run;
    const script = { ...toScript(run, program, instance), cgroup: enter(run), signal };
    return scriptOutcome(await runScript(script), operation.timeoutMs, program.toOcf);
  };

  /** Nothing of a resource that has started well is where it should be: it may be elsewhere, or there is nothing. */
  const reclaim = (run: OperationRun, since: number): void => {
    const { resource } = run.operation;
    const directory = enter(run);
    if (directory !== undefined) reclaimProcesses(directory, runToken(instance, run.id), since);
    if (cgroups.populated(resource, 'run') === undefined) cgroups.tidy(resource);
  };

  /**
   * An interrupted start may have ended half-way (its output went nowhere; that is a signal to a shell). If something of
   * it runs and the monitor does not find the resource running, that is ended: another start would start a second one.
   */
  const settleStart = async (run: OperationRun, script: Script, program: OperationProgram): Promise<void> => {
    const family = { leader: undefined, startTime: undefined, token: script.token };
    const isLeft = script.cgroup === undefined ? livingFamily(family).length > 0 : isPopulated(script.cgroup);
    if (!isLeft) return;
    if (program.monitor !== undefined) {
      const timeoutMs = Math.min(run.operation.timeoutMs, judgeMs);
      const operation = { ...run.operation, name: 'monitor', timeoutMs };
      const judged = await runNow({ ...run, id: `${run.id}.judge`, operation }, { ...program, ...program.monitor() });
      if (judged.status === 'done' && runningCodes.includes(judged.rc)) return;
    }
    if (script.cgroup !== undefined) await killCgroup(script.cgroup);
    await killFamily(family);
  };

  const settleInterrupted = async (run: OperationRun, program: OperationProgram): Promise<void> => {
    const { name, resource } = run.operation;
    // In `op` nothing else runs, and it may be there or further below.
    const cgroup = startingOperations.has(name) ? enter(run) : cgroups.populated(resource, 'op');
    const script = { ...toScript(run, program, instance), cgroup };
    await awaitLeftover(script);
    await sweep(resource);
    if (name === 'start') await settleStart(run, script, program);
  };

  return {
    async run(run, program) {
      const { operation, isInterrupted } = run;
      const { resource, name } = operation;
      const isLooking = lookingOperations.has(name);
      if (!isLooking) watches.end(resource);
      if (isInterrupted) await settleInterrupted(run, program);
      await sweep(resource);
      if (name === 'start') {
        const survivors = await cgroups.kill(resource, 'left');
        if (survivors.length > 0) return stillThere(survivors);
      }
      const since = isLooking ? 0 : newestPid();
      const done = await runNow(run, program);
      const isRunning = done.status === 'done' && runningCodes.includes(done.rc);
      if (name === 'stop') return isRunning ? afterStop(operation, done, cgroups) : done;
      if (isRunning && program.isWatched && name !== 'meta-data' && name !== 'validate-all') {
        if (!isLooking && cgroups.populated(resource, 'run') === undefined) reclaim(run, since);
        watches.begin(resource, { pidFile: program.pidFile });
      } else if (!isRunning && (name === 'monitor' || name === 'status')) {
        watches.end(resource);
      }
      return done;
    },
  };
}

function toScript({ id, operation }: OperationRun, program: Program, instance: string): Script {
  const { path, arguments: rest, environment } = program;
  return { path, arguments: rest, environment, timeoutMs: operation.timeoutMs, token: runToken(instance, id) };
}

/**
 * The agent's script says that the resource has stopped, and it is the judge: what it has left is named, and goes on
 * until the next start needs its place.
 */
async function afterStop(
  { resource }: Operation,
  done: OperationOutcome,
  cgroups: CgroupTree,
): Promise<OperationOutcome> {
  const deadline = performance.now() + afterStopMs;
  while (cgroups.populated(resource, 'run') !== undefined && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, afterStopPollMs));
  }
  const names = cgroups.putAside(resource).flatMap((pid) => nameOf(pid) ?? []);
  cgroups.tidy(resource);
  if (names.length === 0) return done;
  const note = `still running after the stop: ${names.join(', ')}; will be killed before the next start`;
  return { ...done, output: done.output === '' ? note : `${done.output.trimEnd()}\n${note}` };
}

/** "123 (nginx)"; undefined when it has ended. */
function nameOf(pid: number): string | undefined {
  const name = readProcessName(pid);
  return name === undefined ? undefined : `${pid} (${name})`;
}

function stillThere(survivors: readonly number[]): OperationOutcome {
  const reason = `processes that the last stop left could not be killed: ${survivors.join(', ')}`;
  return outcome(Ocf.genericError, 'error', reason);
}
