/** Fencing of launcher hosts: never confirmed without proof, tried again with growing distance. */
import type { FencingAction } from '../../graph/transition-graph.js';
import { type BackOff, bootDelayMs } from '../../policy/back-off.js';
import type { DpeEvent } from './dpe-event.js';
import type { HostSuspicion } from './dpe-state.js';
import { confirmDeadCommand, endFencing, hostDied, hostState, proofOf, setHost, setSuspicion } from './host-facts.js';
import { settleAction } from './settle.js';
import { emit, type Work, wantDecision } from './work.js';

/** While it waits the host counts as silent, so that nothing else waits with it. */
const fencingBackOff: BackOff = { firstMs: 10_000, factor: 2, capMs: 600_000, jitterShare: 0.25 };

const noEvidence: HostSuspicion = { evidence: [], failures: 0, retryAt: 0 };

export function executeFencing(work: Work, action: FencingAction): void {
  const host = action.node.name;
  const { engine } = work.volatile;
  if (hostState(work, host).standing === 'dead') {
    settleAction(work, action.id, { kind: 'succeeded' });
    return;
  }
  const fencer = work.volatile.hostFacts?.[host]?.fencer;
  if (fencer === undefined || engine.kind !== 'executing') {
    emit(work, {
      kind: 'host-fencing-failed',
      reason: `launcher host ${host} would have to be fenced, but no fencer is configured for it`,
      evidence: { host, operation: action.fencingOperation, command: confirmDeadCommand(host) },
    });
    settleAction(work, action.id, { kind: 'failed', reason: 'no fencer is configured' });
    return;
  }
  const before = work.volatile.suspicions[host] ?? noEvidence;
  setSuspicion(work, host, { ...before, action: { transition: engine.number, id: action.id, at: work.now } });
  setHost(work, host, { standing: 'fencing' });
  const operation = action.fencingOperation === 'off' ? 'off' : 'reboot';
  emit(work, {
    kind: 'host-fencing',
    reason: `launcher host ${host} is being fenced by ${fencer.command[0] ?? 'its fencer'}`,
    evidence: { host, operation, attempt: before.failures + 1 },
  });
  work.effects.push({
    kind: 'fence-host',
    host,
    operation,
    fencer,
    expiresAt: work.now + fencer.timeoutMs,
    heardAt: work.volatile.launchers[host]?.lastBeatAt ?? 0,
  });
}

export function onHostFenced(work: Work, { host, outcome }: Extract<DpeEvent, { kind: 'host-fenced' }>): void {
  // A proof by other means came first: then this one adds nothing.
  if (hostState(work, host).standing !== 'fencing') return;
  switch (outcome.kind) {
    case 'fenced':
      hostDied(work, host, { at: work.now, evidence: outcome.evidence });
      work.effects.push({ kind: 'tell-host-dead', host, at: work.now, evidence: outcome.evidence });
      return;
    case 'known':
      hostDied(work, host, proofOf(outcome.death));
      return;
    case 'failed':
      fencingFailed(work, host, outcome.reason);
  }
}

function fencingFailed(work: Work, host: string, reason: string): void {
  const suspicion = work.volatile.suspicions[host] ?? noEvidence;
  const failures = suspicion.failures + 1;
  // The curve begins to wait with the second failure; here the first one waits already.
  const delayMs = bootDelayMs(failures + 1, fencingBackOff, work.chance);
  setSuspicion(work, host, { evidence: suspicion.evidence, failures, retryAt: work.now + delayMs });
  setHost(work, host, { standing: 'unclean' });
  emit(work, {
    kind: 'host-fencing-failed',
    reason: `launcher host ${host} could not be fenced: ${reason}; tried again in ${Math.round(delayMs / 1000)} s. If it is dead: ${confirmDeadCommand(host)}`,
    evidence: { host, failures, delayMs },
  });
  endFencing(work, suspicion, { kind: 'failed', reason });
  wantDecision(work, `launcher host ${host} could not be fenced`);
}

/** Whether the policy is to see the host as one that must be fenced now. */
export function isFencingDue(work: Pick<Work, 'durable' | 'volatile'>, host: string, now: number): boolean {
  const standing = work.durable.hosts[host]?.standing;
  if (standing !== 'unclean' && standing !== 'fencing') return false;
  return (work.volatile.suspicions[host]?.retryAt ?? 0) <= now;
}

/** A fencer that failed is tried again when its time has come. */
export function retryFencing(work: Work): void {
  for (const [host, suspicion] of Object.entries(work.volatile.suspicions)) {
    if (suspicion.retryAt === 0 || work.now < suspicion.retryAt) continue;
    setSuspicion(work, host, { ...suspicion, retryAt: 0 });
    wantDecision(work, `launcher host ${host} is to be fenced again`);
  }
}
