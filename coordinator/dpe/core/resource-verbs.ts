/** Verbs about resources and VMs. */
import type { OperationRecord } from '../../state/history.js';
import { ownEntry } from '../../state/own-entry.js';
import { executionStatus, exitCode, noTransition, recordResult } from '../../state/record.js';
import { isRunning } from './cib-input-of.js';
import { forgetFailuresOf, tryFailedAgain } from './cleanup.js';
import { delegate } from './delegation.js';
import { failAssembly } from './failures.js';
import type { VerbReply } from './operator-verb.js';
import { resourceOperationFailed } from './order-results.js';
import { isActedOn, isInStandby, isVmWantedStopped, setOverrides, standingOf, wishFor } from './overrides.js';
import { type Asked, conflict, delays, done, refused, tellOrdered, unchanged, whyDown } from './verb-reply.js';
import { allMembers, findSubject, type Member, type VerbSubject } from './verb-subject.js';
import { assemblyState, type Work } from './work.js';

/** `resource-move`, `-ban` and `-clear` are in location-verbs. */
export interface ResourceVerb {
  readonly kind:
    | 'resource-start'
    | 'resource-stop'
    | 'resource-restart'
    | 'resource-manage'
    | 'resource-unmanage'
    | 'resource-fail'
    | 'resource-cleanup';
  readonly resource: string;
}

export function performResourceVerb(asked: Asked, { kind, resource }: ResourceVerb): VerbReply {
  const found = findSubject(asked.work.durable.definition.deployable, resource);
  if (found.kind === 'refused') return found;
  const { subject } = found;
  switch (kind) {
    case 'resource-start':
      return start(asked, subject);
    case 'resource-stop':
      return stop(asked, subject);
    case 'resource-restart':
      return restart(asked, subject);
    case 'resource-manage':
      return manage(asked, subject, true);
    case 'resource-unmanage':
      return manage(asked, subject, false);
    case 'resource-fail':
      return fail(asked, subject);
    case 'resource-cleanup':
      return cleanup(asked, subject);
  }
}

/** Of everything in the deployable. */
export function cleanupAll(asked: Asked): VerbReply {
  const { work } = asked;
  const { name } = work.durable;
  const down = whyDown(asked);
  if (work.durable.recovery.kind === 'halted' && down !== undefined) return conflict(down);
  const removed = tryFailedAgain(work);
  const forgotten = new Set([...removed, ...forgetFailuresOf(work, allMembers(work.durable.definition.deployable))]);
  if (forgotten.size === 0) return unchanged(`nothing has failed in deployable ${name}`);
  const ids = [...forgotten];
  tellOrdered(asked, 'resource-cleanup', { evidence: { resources: ids } });
  return done(`failures of ${ids.join(', ')} are forgotten`, delays(asked));
}

function start(asked: Asked, subject: VerbSubject): VerbReply {
  const { work } = asked;
  const ids = idsOf(subject);
  const isRestarting = ids.some((id) => work.durable.overrides.restarting.includes(id));
  const all = [...ids, ...instancesOf(subject)];
  const isChanged = all.map((id) => wishFor(work, id, { target: 'started' })).includes(true) || isRestarting;
  setOverrides(work, { restarting: work.durable.overrides.restarting.filter((id) => !all.includes(id)) });
  const warnings = [...delays(asked), ...obstacles(work, subject)];
  if (isChanged) {
    tell(asked, 'resource-start', subject);
    return done(`${subject.asked} is to run`, warnings);
  }
  const down = whyDown(asked);
  if (down !== undefined) return conflict(down);
  return unchanged(`${subject.asked} is to run already`, warnings);
}

function stop(asked: Asked, subject: VerbSubject): VerbReply {
  const { work } = asked;
  const ids = idsOf(subject);
  const isChanged = ids.map((id) => wishFor(work, id, { target: 'stopped' })).includes(true);
  // A restart that is under way ends here: stopped it stays.
  setOverrides(work, { restarting: work.durable.overrides.restarting.filter((id) => !ids.includes(id)) });
  const warnings = [...delays(asked), ...unmanagedWarnings(work, subject)];
  if (!isChanged) return unchanged(`${subject.asked} is to stay stopped already`, warnings);
  tell(asked, 'resource-stop', subject);
  return done(`${subject.asked} is to stop, after what depends on it; until: cpectl resource start`, warnings);
}

function restart(asked: Asked, subject: VerbSubject): VerbReply {
  const { work } = asked;
  const down = whyDown(asked);
  if (down !== undefined) return conflict(down);
  const { asked: name } = subject;
  const inert = subject.members.find(({ id }) => !isActedOn(work.durable, id));
  if (inert !== undefined) return conflict(`${inert.id} is unmanaged or in maintenance: it cannot be restarted`);
  const ids = idsOf(subject);
  const { restarting } = work.durable.overrides;
  if (ids.every((id) => restarting.includes(id))) return unchanged(`${name} is being restarted already`);
  if (ids.some((id) => standingOf(work.durable, id)?.target === 'stopped')) {
    return conflict(`${name} is to be stopped; start it with: cpectl resource start ${work.durable.name} ${name}`);
  }
  if (!subject.members.some((member) => isUp(work, member))) {
    return conflict(`${name} does not run; if it has failed: cpectl resource cleanup ${work.durable.name} ${name}`);
  }
  setOverrides(work, { restarting: [...new Set([...restarting, ...ids])] });
  tell(asked, 'resource-restart', subject);
  return done(`${name} is to stop, after what depends on it, and to start again`, delays(asked));
}

function manage(asked: Asked, subject: VerbSubject, isManaged: boolean): VerbReply {
  const { work } = asked;
  const verb = isManaged ? 'manage' : 'unmanage';
  const whole = needsWhole(subject, verb);
  if (whole !== undefined) return whole;
  const changed = idsOf(subject).filter((id) => wishFor(work, id, { isManaged }));
  const warnings = [...delays(asked), ...(isManaged ? [] : [unprotected(subject)])];
  const state = isManaged ? 'managed' : 'unmanaged: nothing is started, stopped or repaired there';
  if (changed.length === 0) return unchanged(`${subject.asked} is ${state} (it was already)`, warnings);
  // Its agent must not repair what nobody is to touch, and may again what is managed again.
  for (const assembly of new Set(subject.members.map((member) => member.assembly))) delegate(work, assembly);
  tell(asked, `resource-${verb}`, subject);
  return done(`${subject.asked} is ${state}`, warnings);
}

/** Pacemaker's `crm_resource --fail`: goes the way of any failure. */
function fail(asked: Asked, subject: VerbSubject): VerbReply {
  const { work, by } = asked;
  const down = whyDown(asked);
  if (down !== undefined) return conflict(down);
  const [member, ...others] = subject.members;
  if (member === undefined || others.length > 0) {
    const names = subject.members.map(({ assembly, name }) => `${assembly}.${name}`);
    return refused(`${subject.asked} is more than one; say which is to fail: ${names.join(', ')}`);
  }
  if (!isUp(work, member)) return conflict(`${subject.asked} does not run: there is nothing that could fail`);
  if (!isActedOn(work.durable, member.id)) {
    return conflict(`${subject.asked} is unmanaged or in maintenance: nothing would be done about its failure`);
  }
  const reason = `declared failed by ${by}`;
  if (member.kind === 'vm') {
    tell(asked, 'resource-fail', subject);
    const evidence = { verdict: 'operator', by };
    failAssembly(work, member.assembly, { at: work.now, reason, evidence, as: 'escalated' });
  } else {
    const monitor = recurringMonitor(work, member);
    if (monitor === undefined) return conflict(`${subject.asked} is not monitored yet; try again`);
    tell(asked, 'resource-fail', subject);
    failMonitor(asked, member, monitor, reason);
  }
  return done(`${subject.asked} counts as failed`, delays(asked));
}

function cleanup(asked: Asked, subject: VerbSubject): VerbReply {
  const { work } = asked;
  const down = whyDown(asked);
  if (work.durable.recovery.kind === 'halted' && down !== undefined) return conflict(down);
  const forgotten = forgetFailuresOf(work, subject.members);
  if (forgotten.length === 0) return unchanged(`${subject.asked} has no failures that could be forgotten`);
  tell(asked, 'resource-cleanup', subject);
  return done(`failures of ${forgotten.join(', ')} are forgotten`, delays(asked));
}

function recurringMonitor(work: Work, { assembly, id }: Member): OperationRecord | undefined {
  const records = Object.values(ownEntry(ownEntry(work.durable.history, assembly)?.resources, id)?.records ?? {});
  return records.find(({ operation, intervalMs }) => operation === 'monitor' && intervalMs > 0);
}

/** What its agent would have reported: the result of a monitor that has not been started anew, and so of its call-id. */
function failMonitor({ work, by }: Asked, { assembly, id }: Member, monitor: OperationRecord, reason: string): void {
  const known = ownEntry(ownEntry(work.durable.history, assembly)?.resources, id);
  if (known === undefined) return;
  const { operation, intervalMs } = monitor;
  const rc = exitCode.unknownError;
  const newest = Math.max(...Object.values(known.records).map(({ callId }) => callId));
  const history = recordResult(
    work.durable.history,
    assembly,
    { id, ...known },
    {
      ...monitor,
      transition: noTransition,
      action: newest,
      callId: newest,
      rc,
      status: executionStatus.done,
      changedAt: work.now,
      exitReason: reason,
    },
  );
  work.durable = { ...work.durable, history };
  const evidence = { verdict: 'operator', by, rc };
  resourceOperationFailed(work, { assembly, resource: { id }, operation, intervalMs }, reason, work.now, evidence);
}

function isUp(work: Work, { kind, assembly, id }: Member): boolean {
  const { instance } = assemblyState(work, assembly);
  return instance.kind === 'running' && (kind === 'vm' || isRunning(work.durable.history, assembly, id));
}

/** Under which names wishes about it are put down. */
function idsOf({ kind, members }: VerbSubject): readonly string[] {
  return [...new Set(members.map(({ id, clone }) => (kind === 'clone' ? (clone ?? id) : id)))];
}

/** What was wanted of single instances ends with a word about all of them. */
function instancesOf({ kind, members }: VerbSubject): readonly string[] {
  return kind === 'clone' ? members.map(({ id }) => id) : [];
}

/** Pacemaker leaves a clone alone as a whole, or not at all. */
function needsWhole({ kind, asked, members }: VerbSubject, verb: string): VerbReply | undefined {
  const [member] = members;
  if (kind !== 'clone-instance' || member === undefined) return undefined;
  const { clone = '', assembly } = member;
  const ban = `to have it run everywhere but there: cpectl resource ban ${clone} ${assembly}`;
  return refused(`${asked} is one instance of the clone ${clone}; ${verb} ${clone} as a whole, or, ${ban}`);
}

/** Why it may not run although it is to. */
function obstacles({ durable }: Work, { members }: VerbSubject): readonly string[] {
  const found = members.flatMap(({ kind, assembly, id }) => {
    if (standingOf(durable, id)?.isManaged === false) return [`${id} is unmanaged: nothing starts it`];
    if (standingOf(durable, id)?.target === 'stopped') return [`${id} is to be stopped with all of its clone`];
    if (kind === 'vm') {
      const isDrained = durable.overrides.assemblies[assembly] === 'drained';
      return isDrained
        ? [`assembly ${assembly} is drained: cpectl assembly unstandby ${durable.name} ${assembly}`]
        : [];
    }
    if (isVmWantedStopped(durable, assembly)) return [`the VM of ${assembly} is to be stopped: ${id} waits for it`];
    return isInStandby(durable, assembly) ? [`assembly ${assembly} is in standby: ${id} waits for its end`] : [];
  });
  return [...new Set(found)];
}

function unmanagedWarnings({ durable }: Work, { members }: VerbSubject): readonly string[] {
  const ids = members.filter(({ id }) => standingOf(durable, id)?.isManaged === false).map(({ id }) => id);
  return [...new Set(ids)].map((id) => `${id} is unmanaged: nothing stops it`);
}

function unprotected({ members }: VerbSubject): string {
  const isVm = members.every(({ kind }) => kind === 'vm');
  return isVm
    ? 'what runs inside is still managed'
    : 'it is not protected from its VM: when that is stopped or recovered, it goes too';
}

function tell(asked: Asked, kind: string, subject: VerbSubject): void {
  const [assembly = '', resource = ''] = subject.asked.split('.');
  tellOrdered(asked, kind, { assembly, resource });
}
