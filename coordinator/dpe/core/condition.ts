import { type Assembly, cloneId, type Resource, resourceId, vmId } from '../../model/deployable.js';
import { isCloned } from '../../policy/clone-name.js';
import { isRunning } from './cib-input-of.js';
import type { Condition, DpeState, DurableState } from './dpe-state.js';
import { standingOf } from './overrides.js';
import { listed } from './verb-subject.js';
import { waitingOf } from './waiting.js';
import { emit, mayRun, type Work } from './work.js';

/** Where the deployable as a whole stands, and why it is not further. */
export function conditionOf({ durable, volatile }: DpeState, now: number): { condition: Condition; reason: string } {
  const { recovery, desired } = durable;
  const isDown = !Object.values(durable.assemblies).some(({ instance }) => mayRun(instance));
  if (durable.overrides.hold !== undefined)
    return { condition: 'held', reason: whoHolds(durable.name, durable.overrides.hold) };
  if (recovery.kind === 'halted') {
    const resume = `resume with: cpectl deployable start ${durable.name}`;
    return { condition: 'failed', reason: `${recovery.reason}; stopped after too many failures, ${resume}` };
  }
  if (desired.state === 'stopped') {
    const isStopped = isDown && volatile.engine.kind === 'idle' && volatile.pendingTrigger === undefined;
    return isStopped ? { condition: 'stopped', reason: '' } : { condition: 'stopping', reason: '' };
  }
  if (recovery.kind === 'restarting') return { condition: 'recovering', reason: recovery.reason };
  const underWay = durable.hasRun ? 'recovering' : 'starting';
  if (volatile.lastDecisionFailure !== undefined) {
    return { condition: 'failed', reason: `no decision: ${volatile.lastDecisionFailure}` };
  }
  if (!volatile.isSettled) return { condition: underWay, reason: waitingFor({ durable, volatile }) };
  const missing = whatIsMissing({ durable, volatile });
  if (missing === undefined) return { condition: 'running', reason: whatWaits({ durable, volatile }) };
  const isBackingOff = Object.values(durable.assemblies).some(({ mayStartAt }) => mayStartAt > now);
  return { condition: isBackingOff ? underWay : 'failed', reason: `${missing}${whyNothingIsDone(durable)}` };
}

/**
 * Tells once where the deployable has come to rest. Only a graph with something to do ends a rest: a restart of the DPE,
 * which looks and finds nothing to do, is no news.
 */
export function tellCondition(work: Work): void {
  const { condition, reason } = conditionOf(work, work.now);
  if (work.volatile.engine.kind === 'executing' && condition !== 'failed') setTold(work, undefined);
  if (condition !== 'running' && condition !== 'stopped' && condition !== 'failed') return;
  if (condition === work.durable.told) return;
  const isFirst = work.durable.told === undefined && !work.durable.hasRun && condition === 'stopped';
  setTold(work, condition);
  if (condition === 'running') work.durable = { ...work.durable, hasRun: true };
  // A deployable that was never started is stopped from the beginning.
  if (isFirst && work.durable.desired.revision <= 1) return;
  // The event that halted it has said so, and how to resume.
  if (work.durable.recovery.kind === 'halted') return;
  const running = reason === '' ? 'everything runs' : `everything else runs: ${reason}`;
  const reasons = { running, stopped: 'everything is stopped', failed: reason };
  emit(work, { kind: `deployable-${condition}`, reason: reasons[condition] });
}

function whyNothingIsDone({ name, overrides, definition }: DurableState): string {
  if (overrides.isInMaintenance)
    return `; nothing is done in maintenance, until: cpectl deployable maintenance ${name} off`;
  return definition.deployable.isInMaintenance ? '; its document says maintenance: nothing is done' : '';
}

function whoHolds(name: string, { by, reason }: NonNullable<DurableState['overrides']['hold']>): string {
  const why = reason === '' ? '' : ` (${reason})`;
  return `held by ${by}${why}: nothing is decided until: cpectl deployable resume ${name}`;
}

function setTold(work: Work, told: DurableState['told']): void {
  if (told === work.durable.told) return;
  const { told: _before, ...durable } = work.durable;
  work.durable = told === undefined ? durable : { ...durable, told };
}

function waitingFor({ durable, volatile }: DpeState): string {
  if (Object.values(volatile.launchers).some(({ isAdopted }) => isAdopted)) return '';
  const hosts = durable.definition.deployable.hosts;
  return `waiting for launcher host ${hosts.length === 0 ? 'any' : hosts.join(' or ')}`;
}

/** What is wanted and does not run: what operators or the document want stopped, and what needs it, is not missing. */
function whatIsMissing({ durable, volatile }: DpeState): string | undefined {
  const waiting = waitingOf(durable);
  for (const assembly of durable.definition.deployable.assemblies) {
    if (waiting.has(vmId(assembly.name))) continue;
    const state = durable.assemblies[assembly.name];
    if (state?.instance.kind !== 'running' || !state.isConnected) {
      const hosts = Object.keys(volatile.launchers).length === 0 ? ' (no launcher host is in touch)' : '';
      return `assembly ${assembly.name} does not run${state?.reason ? `: ${state.reason}` : hosts}`;
    }
    for (const resource of assembly.resources) {
      const id = resourceId({ assembly: assembly.name, resource: resource.name });
      if (waiting.has(id) || isRunning(durable.history, assembly.name, id)) continue;
      // Of a clone with fewer instances than replicas, and of one that is kept away, no replica is sure to have one.
      if (isCloned(assembly, resource) && isNotEverywhere(durable, assembly, resource)) continue;
      const manage = `cpectl resource manage ${durable.name} ${id}`;
      const unmanaged = standingOf(durable, id)?.isManaged === false ? `: it is unmanaged (${manage})` : '';
      return `resource ${id} does not run${unmanaged || lastWord(durable, assembly.name, id)}`;
    }
  }
  return undefined;
}

/** What does not run although nobody asked for that, because something that it needs is to be stopped. */
function whatWaits({ durable }: DpeState): string {
  const waiting = [...waitingOf(durable)].filter(([id, cause]) => {
    const [assembly = ''] = id.split('.');
    const isOutside = cause !== id && cause !== assembly && cause !== vmId(assembly);
    return isOutside && durable.assemblies[assembly] !== undefined;
  });
  if (waiting.length === 0) return '';
  return listed(waiting.map(([id, cause]) => `${id} waits for ${cause}, which is to be stopped`));
}

function isNotEverywhere({ overrides }: DurableState, { replica }: Assembly, { name, clone }: Resource): boolean {
  const id = cloneId(`${replica?.of}.${name}`);
  return clone?.max !== undefined || overrides.locations.some(({ resource }) => resource === id);
}

/** What its last operation on record says. */
function lastWord({ history }: DurableState, assembly: string, id: string): string {
  const records = Object.values(history[assembly]?.resources[id]?.records ?? {});
  const newest = records.reduce<(typeof records)[number] | undefined>(
    (best, record) => (record.exitReason !== '' && (best === undefined || record.callId > best.callId) ? record : best),
    undefined,
  );
  return newest === undefined ? '' : `: ${newest.operation} said "${newest.exitReason}"`;
}
