/** The cycle: ask the scheduler, execute its graph, look again, until there is nothing to do. */
import { beginTransition, fire, progress } from '../../graph/transition.js';
import type { GraphAction, Synapse } from '../../graph/transition-graph.js';
import { instanceResource } from '../../policy/clone-name.js';
import { cibInputOf } from './cib-input-of.js';
import type { ExecutedAction, TransitionSummary } from './dpe-effect.js';
import type { DpeEvent } from './dpe-event.js';
import type { Engine } from './dpe-state.js';
import { execute } from './execute.js';
import { onSettled } from './settled.js';
import { emit, isPassive, mayRun, setVolatile, type Work } from './work.js';

/** More decisions than this in `decisionWindowMs` without coming to rest: slow down instead of spinning. */
const decisionLimit = 60;
const decisionWindowMs = 10_000;
const slowDownMs = 1_000;

/** Takes the engine as far as it can go without news. */
export function advance(work: Work): void {
  if (work.volatile.engine.kind === 'executing') runGraph(work);
  if (work.volatile.engine.kind === 'idle' && work.volatile.pendingTrigger !== undefined && mayDecide(work)) {
    askScheduler(work, work.volatile.pendingTrigger);
  }
}

export function onDecided(work: Work, event: Extract<DpeEvent, { kind: 'decided' }>): void {
  const { engine } = work.volatile;
  if (engine.kind !== 'deciding' || engine.number !== event.number) return;
  setVolatile(work, { engine: { kind: 'idle' } });
  // What changed since it was asked makes the answer void.
  if (work.volatile.pendingTrigger !== undefined) return;
  if (event.outcome.kind === 'failed') {
    if (work.volatile.lastDecisionFailure !== event.outcome.reason) {
      emit(work, { kind: 'decision-failed', reason: event.outcome.reason });
    }
    setVolatile(work, {
      lastDecisionFailure: event.outcome.reason,
      pendingTrigger: engine.trigger,
      nextDecisionAt: work.now + slowDownMs,
    });
    return;
  }
  const { graph, recheckAt } = event.outcome;
  setVolatile(work, { lastDecisionFailure: undefined, recheckAt });
  const total = graph.synapses.length;
  if (!graph.synapses.some(hasEffect)) {
    setVolatile(work, { isSettled: true, recentDecisions: [] });
    onSettled(work);
    return;
  }
  const started = { number: engine.number, trigger: engine.trigger, startedAt: work.now, total };
  setVolatile(work, {
    engine: {
      kind: 'executing',
      ...started,
      transition: beginTransition(graph),
      done: 0,
      failed: 0,
      executed: new Map(),
    },
  });
}

/**
 * Points in the order of things alone change nothing, and come again with every decision (`load_stopped_*` of a VM that
 * finds no room). Of pseudo actions only the fencing of a guest and its maintenance are more than that.
 */
function hasEffect({ actions }: Synapse): boolean {
  return actions.some(
    (action) => action.kind !== 'pseudo' || ['stonith', 'maintenance_nodes'].includes(action.operation),
  );
}

function askScheduler(work: Work, trigger: string): void {
  const { durable, volatile } = work;
  const recent = [...volatile.recentDecisions.filter((at) => work.now - at < decisionWindowMs), work.now];
  const number = durable.counters.decision + 1;
  work.durable = { ...durable, counters: { ...durable.counters, decision: number } };
  setVolatile(work, {
    engine: { kind: 'deciding', number, trigger, askedAt: work.now },
    pendingTrigger: undefined,
    recentDecisions: recent,
    nextDecisionAt: recent.length >= decisionLimit ? work.now + slowDownMs : 0,
  });
  work.effects.push({ kind: 'decide', number, trigger, input: cibInputOf(work, work.now) });
}

/** Nothing is decided before it is known what runs, and what an earlier decider left under way has ended. */
function mayDecide(work: Work): boolean {
  const { durable, volatile, now } = work;
  if (durable.definition.revision === 0 || durable.overrides.hold !== undefined) return false;
  if (now < volatile.nextDecisionAt) return false;
  if (Object.values(volatile.inherited).some(({ expiresAt }) => expiresAt > now)) return false;
  if (!Object.values(volatile.launchers).some(({ isAdopted }) => isAdopted)) return false;
  const { adoptionGraceMs, expectedHosts } = volatile.options;
  const upMs = now - volatile.startedAt;
  if (upMs >= adoptionGraceMs) return true;
  const { hosts } = durable.definition.deployable;
  const awaited = hosts.length === 0 ? [...expectedHosts, ...livingHosts(work)] : hosts;
  const isComplete = awaited.every((host) => volatile.launchers[host]?.isAdopted === true);
  if (!isComplete && upMs < adoptionGraceMs / 3) return false;
  return Object.entries(durable.assemblies).every(([assembly, { instance, isConnected }]) => {
    if (instance.kind === 'none' || !mayRun(instance)) return true;
    if (volatile.launchers[instance.host]?.isAdopted !== true) return false;
    return !isConnected || isPassive(work, assembly) || volatile.agents[instance.id]?.isAdopted === true;
  });
}

/** Launcher hosts that the site has heard of, wherever they are, and that are not proven dead. */
function livingHosts({ volatile }: Work): readonly string[] {
  return Object.values(volatile.hostFacts ?? {})
    .filter(({ death }) => death === undefined)
    .map(({ name }) => name);
}

function runGraph(work: Work): void {
  for (;;) {
    const { engine } = work.volatile;
    if (engine.kind !== 'executing') return;
    let fired = 0;
    for (const action of fire(engine.transition)) {
      fired++;
      engine.executed.set(action.id, begun(work, action));
      execute(work, engine.number, engine.transition.graph, action);
    }
    const current = work.volatile.engine;
    if (current.kind !== 'executing') return;
    const state = progress(current.transition);
    if (state.kind === 'running') {
      if (state.hasReady && fired > 0) continue;
      return;
    }
    finish(work, state);
    return;
  }
}

function finish(work: Work, state: Exclude<ReturnType<typeof progress>, { kind: 'running' }>): void {
  const { engine } = work.volatile;
  if (engine.kind !== 'executing') return;
  const reason = state.kind === 'complete' ? describeReason(state.reason) : 'some actions could never become ready';
  const outcome = state.kind === 'terminated' ? 'terminated' : state.unfired > 0 ? 'aborted' : 'complete';
  work.effects.push({ kind: 'archive', summary: summarise(work, engine, outcome, reason) });
  setVolatile(work, {
    engine: { kind: 'idle' },
    pendingTrigger: work.volatile.pendingTrigger ?? (reason === '' ? 'transition complete' : reason),
  });
}

function summarise(
  work: Work,
  engine: Extract<Engine, { kind: 'executing' }>,
  outcome: TransitionSummary['outcome'],
  reason: string,
): TransitionSummary {
  return {
    number: engine.number,
    trigger: engine.trigger,
    at: engine.startedAt,
    actions: engine.total,
    executed: [...engine.executed.values()],
    failed: engine.failed,
    outcome,
    reason,
    durationMs: work.now - engine.startedAt,
  };
}

type Reason = Extract<ReturnType<typeof progress>, { kind: 'complete' }>['reason'];

function describeReason(reason: Reason): string {
  switch (reason?.kind) {
    case undefined:
      return '';
    case 'requested':
      return reason.detail;
    case 'action-failed':
      return `${reason.action.operationKey} failed: ${reason.detail}`;
    case 'action-timed-out':
      return `${reason.action.operationKey} timed out`;
    case 'node-lost':
      return `${reason.node.name} was lost`;
  }
}

function begun(work: Work, action: GraphAction): ExecutedAction {
  const inCib = 'resource' in action ? (action.resource?.id ?? '') : '';
  const node = action.node?.name ?? '';
  return {
    id: action.id,
    kind: action.kind,
    operation: action.operation,
    key: action.operationKey,
    resource: instanceResource(work.durable.definition.deployable, inCib, node),
    node,
    intervalMs: action.kind === 'resource' ? action.intervalMs : 0,
    beganAt: work.now,
    endedAt: undefined,
    outcome: 'pending',
    reason: '',
  };
}
