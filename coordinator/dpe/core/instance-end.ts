import { loseNode } from '../../graph/transition.js';
import type { Classified } from '../../policy/classify-failure.js';
import { type AssemblyFailure, failAssembly, recordAssemblyFailure } from './failures.js';
import { settleOrder } from './settle.js';
import { conditionWords } from './vm-condition.js';
import {
  assemblyState,
  dropOrder,
  emit,
  mayRun,
  moveInstance,
  setAssembly,
  setVolatile,
  type Work,
  wantDecision,
} from './work.js';

/**
 * An instance is proven dead. Whether that is a failure depends on whether its end was asked for.
 *
 * @param verdict what died: the instance alone, or its launcher host with it
 */
export function instanceEnded(
  work: Work,
  assembly: string,
  evidence: string,
  at: number,
  verdict: 'vm' | 'launcher-host' = 'vm',
): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none' || !mayRun(instance)) return;
  const wasExpected = instance.kind === 'stopping';
  const wasCounted = instance.kind === 'lost' || instance.kind === 'held';
  moveInstance(work, assembly, 'dead', wasExpected ? 'stopped' : evidence);
  forgetAgent(work, instance.id);
  forgetInherited(work, instance.id);
  if (wasExpected) {
    emit(work, {
      kind: 'assembly-stopped',
      assembly,
      instance: instance.id,
      reason: 'stopped',
      evidence: { evidence },
    });
    return;
  }
  failOperationsOf(work, assembly, `instance ${instance.id} is dead`);
  if (wasCounted) {
    recordAssemblyFailure(work, assembly, { at, reason: evidence, as: 'dead' });
    emit(work, {
      kind: 'assembly-dead',
      assembly,
      instance: instance.id,
      reason: evidence,
      evidence: { ...provenDead(evidence, verdict) },
    });
    wantDecision(work, `assembly ${assembly} is proven dead`);
    return;
  }
  failAssembly(work, assembly, {
    at,
    reason: `instance died: ${evidence}`,
    as: 'dead',
    evidence: { ...provenDead(evidence, verdict) },
  });
}

/** What its launcher, or the fencer of its host, has proven. */
export function provenDead(proof: string, verdict: 'vm' | 'launcher-host' = 'vm'): Classified {
  return { verdict, evidence: [proof] };
}

/** The agent is silent while its instance lives: everything inside counts as lost, and the instance has to go. */
export function agentLost(work: Work, assembly: string, silentMs: number, classified: Classified): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'running') return;
  const words = conditionWords(instance);
  const silence = `its agent has been silent for ${silentMs} ms`;
  const reason = words === undefined ? `${silence} while its instance runs` : `${silence}; ${words}`;
  loseInstance(work, assembly, `the agent of ${instance.id} is lost`, {
    reason,
    evidence: { ...classified, silentMs },
  });
}

/** Nothing in the instance can be working, by the word of its launcher, and nobody else watches it: it has to go. */
export function vmLost(work: Work, assembly: string, reason: string, classified: Classified): void {
  loseInstance(work, assembly, reason, { reason, evidence: { ...classified } });
}

function loseInstance(
  work: Work,
  assembly: string,
  why: string,
  failure: Pick<AssemblyFailure, 'reason' | 'evidence'>,
): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'running') return;
  moveInstance(work, assembly, 'lost', failure.reason);
  forgetInherited(work, instance.id);
  failOperationsOf(work, assembly, why);
  failAssembly(work, assembly, { at: work.now, as: 'lost', ...failure });
}

/** Operations under way in an instance that is gone have failed (controld_te_events.c fail_incompletable_actions). */
export function failOperationsOf(work: Work, assembly: string, reason: string): void {
  const { engine } = work.volatile;
  if (engine.kind === 'executing') loseNode(engine.transition, { name: assembly, uuid: assembly });
  for (const [operationId, order] of Object.entries(work.volatile.orders)) {
    if (order.assembly !== assembly) continue;
    if (order.kind === 'agent') {
      dropOrder(work, operationId);
      work.effects.push({ kind: 'withdraw', operationId });
    } else if (order.kind === 'connection') {
      settleOrder(work, operationId, order, { kind: 'failed', reason });
    }
  }
  setAssembly(work, assembly, { isConnected: false });
}

export function forgetAgent(work: Work, instance: string): void {
  const { [instance]: _gone, ...agents } = work.volatile.agents;
  setVolatile(work, { agents });
}

/** What an earlier decider had under way in an instance that is gone, or has to go, ends with it: nobody waits for it. */
function forgetInherited(work: Work, instance: string): void {
  const kept = Object.entries(work.volatile.inherited).filter(([, inherited]) => inherited.instance !== instance);
  setVolatile(work, { inherited: Object.fromEntries(kept) });
}
