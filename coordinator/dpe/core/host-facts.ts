/**
 * Launcher hosts as everybody knows them: drained, proven dead, with a fencer or without. A death is one fact for all
 * deployables; what had an instance there is recovered elsewhere, everything else is not touched.
 */
import { type ActionOutcome, loseNode } from '../../graph/transition.js';
import type { HostFact } from '../../state/host-fact.js';
import { recordHostDead } from '../../state/instance-record.js';
import type { DpeEvent, InstanceReport } from './dpe-event.js';
import type { HostState, HostSuspicion } from './dpe-state.js';
import { failOperationsOf, instanceEnded } from './instance-end.js';
import { settleAction, settleOrder } from './settle.js';
import { emit, mayRun, moveInstance, setVolatile, type Work, wantDecision } from './work.js';

/** A beat that was under way when the host died is no sign of life. */
const lateBeatMs = 2_000;

const plainHost: HostState = { standing: 'in-service', isDrained: false };

export function onHostFacts(work: Work, event: Extract<DpeEvent, { kind: 'host-facts' }>): void {
  setVolatile(work, { hostFacts: event.facts });
  for (const host of Object.keys(work.durable.hosts)) applyFact(work, host);
}

/** A sign of life of its launcher: whatever was believed of the host, it is in service. */
export function onHostHeard(work: Work, host: string): void {
  applyFact(work, host);
  const { standing, death } = hostState(work, host);
  const fencing = work.volatile.suspicions[host]?.action;
  if (fencing !== undefined) {
    if (work.now <= fencing.at + lateBeatMs) return;
    work.effects.push({ kind: 'end-fencing', host });
  }
  switch (standing) {
    case 'in-service':
      break;
    case 'dead':
      if (work.now <= (death?.notedAt ?? 0) + lateBeatMs) return;
      setHost(work, host, { standing: 'in-service' });
      emit(work, { kind: 'host-back', reason: `the launcher of host ${host} is heard again`, evidence: { host } });
      wantDecision(work, `launcher host ${host} is back`);
      break;
    case 'unclean':
    case 'fencing':
      setHost(work, host, { standing: 'in-service' });
      emit(work, { kind: 'host-heard', reason: `the launcher of host ${host} answers after all`, evidence: { host } });
      wantDecision(work, `launcher host ${host} is heard`);
      break;
  }
  // It was not fenced: what waits for that in the graph must not begin.
  forgetSuspicion(work, host, { kind: 'failed', reason: `the launcher of host ${host} answers` });
}

/**
 * An inventory of the host, held against a proof of death that was none: an instance that was given up for dead and runs
 * must end before its assembly is started again.
 */
export function destroyRisen(work: Work, host: string, instances: readonly InstanceReport[]): void {
  const { death } = hostState(work, host);
  for (const [assembly, { instance }] of Object.entries(work.durable.assemblies)) {
    if (instance.kind !== 'dead' || instance.host !== host || instance.at !== death?.notedAt) continue;
    if (!instances.some((report) => report.instance === instance.id && report.state === 'running')) continue;
    moveInstance(work, assembly, 'held', `launcher host ${host} was said to be dead, and its instance runs`);
    emit(work, {
      kind: 'assembly-held',
      assembly,
      instance: instance.id,
      reason: `launcher host ${host} was said to be dead, and the instance still runs; it is destroyed before another is started`,
      evidence: { host },
    });
    wantDecision(work, `assembly ${assembly} is not dead`);
  }
}

/**
 * Evidence says that a launcher host is dead. With a fencer configured the next graph has it fenced; without one an
 * operator is told what proves it. Nothing is concluded from evidence alone.
 *
 * @param evidence what speaks for it, one sentence each
 */
export function suspectHost(work: Work, host: string, evidence: readonly string[]): void {
  const { standing } = hostState(work, host);
  if (standing !== 'in-service' || work.volatile.suspicions[host] !== undefined) return;
  setSuspicion(work, host, { evidence, failures: 0, retryAt: 0 });
  if (hasFencer(work, host)) {
    markUnclean(work, host);
    return;
  }
  const command = confirmDeadCommand(host);
  emit(work, {
    kind: 'host-suspect',
    reason: `launcher host ${host} seems to be dead and no fencer is configured to prove it: what it ran stays where it is. If it is dead: ${command}`,
    evidence: { verdict: 'launcher-host', host, evidence, command },
  });
}

/** What an operator types who knows that a host is dead, and how. */
export function confirmDeadCommand(host: string): string {
  return `cpectl host confirm-dead ${host} --evidence "HOW YOU KNOW"`;
}

/** Proof that nothing on the host runs: instances end, and what was ordered there never happens. */
export function hostDied(work: Work, host: string, proof: { readonly at: number; readonly evidence: string }): void {
  const lost = mayRunOn(work, host);
  setHost(work, host, { standing: 'dead', death: { at: proof.at, notedAt: work.now } });
  forgetSuspicion(work, host, { kind: 'succeeded' });
  const { [host]: view, ...launchers } = work.volatile.launchers;
  if (view !== undefined) {
    setVolatile(work, { launchers: { ...launchers, [host]: { ...view, isAdopted: false, running: [] } } });
  }
  emit(work, {
    kind: 'host-dead',
    reason: `launcher host ${host} is dead: ${proof.evidence}`,
    evidence: { verdict: 'launcher-host', host, evidence: proof.evidence, assemblies: lost },
  });
  const reason = `launcher host ${host} is dead: ${proof.evidence}`;
  for (const assembly of lost) {
    failOperationsOf(work, assembly, reason);
    instanceEnded(work, assembly, reason, work.now, 'launcher-host');
  }
  endOrdersAt(work, host, reason);
  const { engine } = work.volatile;
  if (engine.kind === 'executing') loseNode(engine.transition, { name: host, uuid: host });
  work.durable = { ...work.durable, history: recordHostDead(work.durable.history, host) };
  const { [`launcher:${host}`]: _count, ...reports } = work.durable.reports;
  work.durable = { ...work.durable, reports };
  wantDecision(work, `launcher host ${host} is dead`);
}

/** What somebody else has proven, in the words that are told. */
export function proofOf({ at, evidence, by }: NonNullable<HostFact['death']>) {
  return { at, evidence: `${evidence} (${by})` };
}

export function hostState(work: Work, host: string): HostState {
  return work.durable.hosts[host] ?? plainHost;
}

export function setHost(work: Work, host: string, change: Partial<HostState>): void {
  const next = { ...hostState(work, host), ...change };
  work.durable = { ...work.durable, hosts: { ...work.durable.hosts, [host]: next } };
}

export function setSuspicion(work: Work, host: string, suspicion: HostSuspicion): void {
  setVolatile(work, { suspicions: { ...work.volatile.suspicions, [host]: suspicion } });
}

/** @param outcome of the action that waits for its fencer, if there is one */
function forgetSuspicion(work: Work, host: string, outcome: ActionOutcome): void {
  const suspicion = work.volatile.suspicions[host];
  if (suspicion === undefined) return;
  const { [host]: _over, ...suspicions } = work.volatile.suspicions;
  setVolatile(work, { suspicions });
  endFencing(work, suspicion, outcome);
}

/** The action that waits for the fencer, if it still does. */
export function endFencing(work: Work, { action }: HostSuspicion, outcome: ActionOutcome): void {
  const { engine } = work.volatile;
  if (action === undefined || engine.kind !== 'executing' || engine.number !== action.transition) return;
  settleAction(work, action.id, outcome);
}

function applyFact(work: Work, host: string): void {
  const { hostFacts } = work.volatile;
  if (hostFacts === undefined) return;
  const fact = hostFacts[host];
  const before = hostState(work, host);
  const isDrained = fact?.isDrained ?? false;
  if (isDrained !== before.isDrained) {
    setHost(work, host, { isDrained });
    tellDrained(work, host, isDrained);
  }
  const { standing } = before;
  const death = fact?.death;
  const isNew = death !== undefined && death.at > (before.death?.at ?? 0) && !isHeardSince(work, host, death.at);
  if (isNew && standing === 'dead' && mayRunOn(work, host).length === 0) {
    // One death, proven twice.
    setHost(work, host, { death: { notedAt: work.now, ...before.death, at: death.at } });
    return;
  }
  if (isNew) {
    hostDied(work, host, proofOf(death));
    return;
  }
  const isSuspected = work.volatile.suspicions[host] !== undefined;
  if (standing === 'in-service' && isSuspected && hasFencer(work, host)) markUnclean(work, host);
  if (standing === 'unclean' && !hasFencer(work, host)) {
    setHost(work, host, { standing: 'in-service' });
    const reason = `launcher host ${host} has no fencer any more that could prove its death`;
    emit(work, { kind: 'host-suspect', reason, evidence: { host } });
    wantDecision(work, reason);
  }
}

function mayRunOn({ durable }: Work, host: string): readonly string[] {
  return Object.entries(durable.assemblies)
    .filter(([, { instance }]) => instance.kind !== 'none' && instance.host === host && mayRun(instance))
    .map(([name]) => name);
}

function isHeardSince({ volatile }: Work, host: string, at: number): boolean {
  return (volatile.launchers[host]?.lastBeatAt ?? 0) > at + lateBeatMs;
}

function hasFencer({ volatile }: Work, host: string): boolean {
  return volatile.hostFacts?.[host]?.fencer !== undefined;
}

function markUnclean(work: Work, host: string): void {
  setHost(work, host, { standing: 'unclean' });
  const evidence = work.volatile.suspicions[host]?.evidence ?? [];
  emit(work, {
    kind: 'host-unclean',
    reason: `launcher host ${host} seems to be dead (${evidence.join('; ')}); it is fenced`,
    evidence: { verdict: 'launcher-host', host, evidence },
  });
  wantDecision(work, `launcher host ${host} is unclean`);
}

function tellDrained(work: Work, host: string, isDrained: boolean): void {
  const reason = isDrained
    ? `launcher host ${host} is drained: what can run elsewhere leaves`
    : `launcher host ${host} takes instances again`;
  emit(work, { kind: isDrained ? 'host-drained' : 'host-undrained', reason, evidence: { host } });
  wantDecision(work, reason);
}

/** What was ordered of its launcher never happens any more; a stop has come true. */
function endOrdersAt(work: Work, host: string, reason: string): void {
  for (const [operationId, order] of Object.entries(work.volatile.orders)) {
    if (order.kind !== 'launcher' || order.host !== host) continue;
    work.effects.push({ kind: 'withdraw', operationId });
    const isEnd = order.what !== 'start';
    settleOrder(work, operationId, order, isEnd ? { kind: 'succeeded' } : { kind: 'failed', reason });
  }
}
