import { claimOf, createJobSlots, type JobSlots, occupy, refusingNode, release } from './job-slots.js';
import { createHeap, insert, type PositionHeap, peek, take } from './position-heap.js';
import { beginPass, type Claim, createReadyQueue, enqueue, type ReadyQueue, roomAt, takeNext } from './ready-queue.js';
import {
  type GraphAction,
  INFINITE_SCORE,
  type NodeRef,
  type Synapse,
  type TransitionGraph,
} from './transition-graph.js';

/**
 * The execution of one graph, by the rules of lib/pacemaker/pcmk_graph_consumer.c and of the controller around it
 * (daemons/controld/controld_te_*.c). It belongs to one caller, who fires actions, has them done, and confirms them; it
 * is changed in place, so that executing a graph costs little more than reading it (n log n in its size). It does
 * nothing itself and knows no time: timers (`deadlineOf`) are the caller's.
 */
export interface Transition {
  readonly graph: TransitionGraph;
  readonly [internals]: Internals;
}

export interface TransitionOptions {
  /** Synapses in flight at once, given the graph's limit (0: the graph leaves it open, below 0: none); default as given. */
  readonly batchLimit?: (configured: number) => number;
  /** Resource operations in flight at once on a node that runs or relays them; at least 1. Default: no limit. */
  readonly jobLimit?: (node: string) => number;
}

export type ActionOutcome =
  | { readonly kind: 'succeeded' }
  /** Failed, but configured not to matter. */
  | { readonly kind: 'failure-ignored'; readonly reason: string }
  /**
   * Aborts the transition. Defaults: with a priority just above that of the action's synapse (fencing: infinite), and
   * `restart`; a fencing that no device can do is not worth trying again at once and says `stop`.
   */
  | {
      readonly kind: 'failed';
      readonly reason: string;
      readonly abortPriority?: number;
      readonly completion?: Completion;
    }
  /** No result within `deadlineOf`. */
  | { readonly kind: 'timed-out' };

/** What to do once a transition is over, in rising order of weight: nothing, wait, decide anew, shut down. */
export type Completion = 'done' | 'stop' | 'restart' | 'shutdown';

/** Why a transition was aborted. */
export type AbortReason =
  | { readonly kind: 'action-failed'; readonly action: GraphAction; readonly detail: string }
  | { readonly kind: 'action-timed-out'; readonly action: GraphAction }
  | { readonly kind: 'node-lost'; readonly node: NodeRef }
  | { readonly kind: 'requested'; readonly detail: string };

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly action: GraphAction }
  /** A doubled or late result; the first one counts. */
  | { readonly kind: 'already-settled'; readonly action: GraphAction }
  /** A result of what was never ordered. */
  | { readonly kind: 'not-fired'; readonly action: GraphAction }
  | { readonly kind: 'unknown-action' };

export type Progress =
  /** `pending` synapses are in flight; `hasReady`: another `fire` may find something. */
  | { readonly kind: 'running'; readonly pending: number; readonly hasReady: boolean }
  /** `unfired` synapses were left out, because of an abort or of a lost node. */
  | {
      readonly kind: 'complete';
      readonly completion: Completion;
      readonly reason: AbortReason | undefined;
      readonly unfired: number;
    }
  /** Nobody aborted it, yet these synapses can never fire: their missing inputs are not in the graph, or a circle. */
  | { readonly kind: 'terminated'; readonly stuck: readonly { synapse: Synapse; missing: readonly number[] }[] };

const internals = Symbol('internals');

const COMPLETION_WEIGHT = { done: 0, stop: 1, restart: 2, shutdown: 3 } as const satisfies Record<Completion, number>;

interface Internals {
  readonly synapses: readonly SynapseState[];
  readonly actions: ReadonlyMap<number, ActionState>;
  /** By action id: the synapses that wait for it. */
  readonly dependents: ReadonlyMap<number, readonly SynapseState[]>;
  readonly queue: ReadyQueue<SynapseState>;
  /** Every synapse that is ready, and some that were; the one of the highest rank on top. */
  readonly byRank: PositionHeap<{ readonly position: number; readonly state: SynapseState }>;
  readonly slots: JobSlots;
  readonly batchLimit: () => number;
  /** Actions of fired synapses that have not been handed to the caller yet. */
  readonly toHandOut: ActionState[];
  pending: number;
  abortPriority: number;
  completion: Completion;
  reason: AbortReason | undefined;
}

interface SynapseState {
  readonly synapse: Synapse;
  readonly position: number;
  readonly claim: Claim;
  /** Fires only while no abort has a higher priority; infinite if it consists of pseudo actions, which always run. */
  readonly rank: number;
  readonly missing: Set<number>;
  unconfirmed: number;
  phase: 'waiting' | 'ready' | 'skipped' | 'fired' | 'confirmed' | 'failed';
}

interface ActionState {
  readonly action: GraphAction;
  readonly owner: SynapseState;
  phase: 'unfired' | 'in-flight' | 'settled';
}

/** Begin to execute a graph. Nothing has fired yet. */
export function beginTransition(graph: TransitionGraph, options: TransitionOptions = {}): Transition {
  const synapses = graph.synapses.map(createSynapseState);
  const actions = new Map<number, ActionState>();
  const dependents = new Map<number, SynapseState[]>();
  for (const owner of synapses) {
    for (const action of owner.synapse.actions) actions.set(action.id, { action, owner, phase: 'unfired' });
    for (const input of owner.missing) {
      const waiting = dependents.get(input);
      if (waiting === undefined) dependents.set(input, [owner]);
      else waiting.push(owner);
    }
  }
  const { batchLimit = (configured) => configured, jobLimit = () => Number.POSITIVE_INFINITY } = options;
  const inner: Internals = {
    synapses,
    actions,
    dependents,
    queue: createReadyQueue(),
    byRank: createHeap(),
    slots: createJobSlots({ jobLimit, migrationLimit: graph.migrationLimit }),
    batchLimit: () => batchLimit(graph.batchLimit),
    toHandOut: [],
    pending: 0,
    abortPriority: 0,
    completion: 'done',
    reason: undefined,
  };
  for (const state of synapses) if (state.missing.size === 0) makeReady(inner, state);
  return { graph, [internals]: inner };
}

/**
 * One pass over the graph: yields the actions to be executed now, in document order, within the limits.
 *
 * Pseudo actions are yielded too; the caller confirms them, and whatever else is `isConfirmedWhenFired`, before asking
 * for the next one. What a confirmation makes ready further down in the document is then part of the same pass, as it
 * is in Pacemaker; what it makes ready further up waits for the next. Leaving the loop early loses nothing.
 *
 * One difference: a node without room is asked again in the next pass, not again and again in the same.
 */
export function* fire(transition: Transition): Generator<GraphAction, void, undefined> {
  const inner = transition[internals];
  beginPass(inner.queue);
  for (;;) {
    const state = inner.toHandOut.shift() ?? fireNextSynapse(inner);
    if (state === undefined) return;
    // A node may have been lost before all actions of a synapse were handed out.
    if (state.phase !== 'unfired') continue;
    state.phase = 'in-flight';
    occupy(inner.slots, state.action);
    yield state.action;
  }
}

/**
 * Tell the outcome of an action that has fired. A failure aborts the transition just above the priority of its synapse,
 * a failed fencing or a missing result entirely; what waits for it never becomes ready, unless its priority is infinite.
 * Results that are late, doubled or unknown change nothing and are answered as such; Pacemaker makes a new decision
 * then (process_graph_event()), which is up to the caller.
 */
export function confirm(transition: Transition, actionId: number, outcome: ActionOutcome): Confirmation {
  const inner = transition[internals];
  const state = inner.actions.get(actionId);
  if (state === undefined) return { kind: 'unknown-action' };
  const { action, owner } = state;
  if (state.phase === 'unfired') return { kind: 'not-fired', action };
  if (state.phase === 'settled') return { kind: 'already-settled', action };

  settle(inner, state, outcome.kind === 'failed' || outcome.kind === 'timed-out');
  if (owner.phase === 'fired' && --owner.unconfirmed === 0) {
    owner.phase = 'confirmed';
    inner.pending--;
  }
  if (outcome.kind === 'timed-out') {
    raiseAbort(inner, INFINITE_SCORE, 'restart', { kind: 'action-timed-out', action });
  } else if (outcome.kind === 'failed') {
    const usual = action.kind === 'fencing' ? INFINITE_SCORE : owner.synapse.priority + 1;
    const reason: AbortReason = { kind: 'action-failed', action, detail: outcome.reason };
    raiseAbort(inner, outcome.abortPriority ?? usual, outcome.completion ?? 'restart', reason);
  }
  return { kind: 'confirmed', action };
}

export interface AbortRequest {
  /** Synapses below it no longer fire; `INFINITE_SCORE` stops all but the most urgent. */
  readonly priority: number;
  readonly completion: Completion;
  readonly reason: string;
}

/**
 * Stop firing what has a lower priority. What is in flight is waited for, pseudo actions go on. Priority and completion
 * each only rise (daemons/controld/controld_te_utils.c update_abort_priority()); tells whether one of them did.
 */
export function abort(transition: Transition, request: AbortRequest): boolean {
  const reason: AbortReason = { kind: 'requested', detail: request.reason };
  return raiseAbort(transition[internals], request.priority, request.completion, reason);
}

/**
 * A node is gone: what was to be done on it, or by way of it, fails, and the transition is aborted. Fencing and pseudo
 * actions go on. Returns the actions that were in flight there, whose timers are to be dropped.
 * Rule: daemons/controld/controld_te_events.c fail_incompletable_actions().
 */
export function loseNode(transition: Transition, node: NodeRef): GraphAction[] {
  const inner = transition[internals];
  const wereInFlight: GraphAction[] = [];
  let isAffected = false;
  for (const state of inner.synapses) {
    if (state.phase === 'confirmed' || state.phase === 'failed') continue;
    const lost = state.synapse.actions
      .map(({ id }) => inner.actions.get(id))
      .filter((action) => action !== undefined)
      .filter(({ action, phase }) => phase !== 'settled' && runsOn(action, node));
    if (lost.length === 0) continue;
    isAffected = true;
    if (state.phase === 'fired') inner.pending--;
    state.phase = 'failed';
    for (const action of lost) {
      if (action.phase === 'in-flight') wereInFlight.push(action.action);
      settle(inner, action, true);
    }
  }
  if (isAffected) raiseAbort(inner, INFINITE_SCORE, 'restart', { kind: 'node-lost', node });
  return wereInFlight;
}

/** How far the transition has come. It is over when nothing is in flight and nothing can fire; an abort can still rise. */
export function progress(transition: Transition): Progress {
  const inner = transition[internals];
  const { pending, abortPriority, completion, reason } = inner;
  const hasReady = highestReadyRank(inner) >= abortPriority;
  if (pending > 0 || hasReady) return { kind: 'running', pending, hasReady };

  const unfired = inner.synapses.filter(({ phase }) => phase !== 'confirmed');
  const isStuck = unfired.some(({ phase }) => phase !== 'failed') && abortPriority <= 0;
  if (!isStuck) return { kind: 'complete', completion, reason, unfired: unfired.length };
  return { kind: 'terminated', stuck: unfired.map(({ synapse, missing }) => ({ synapse, missing: [...missing] })) };
}

/** The actions that have fired and are not confirmed, in document order. */
export function actionsInFlight(transition: Transition): GraphAction[] {
  const states = [...transition[internals].actions.values()];
  return states.filter(({ phase }) => phase === 'in-flight').map(({ action }) => action);
}

function fireNextSynapse(inner: Internals): ActionState | undefined {
  for (;;) {
    const limit = inner.batchLimit();
    if (limit > 0 && inner.pending >= limit) return undefined;
    const next = takeNext(inner.queue, (claim) => refusingNode(inner.slots, claim));
    if (next === undefined) return undefined;
    if (next.phase !== 'ready') continue;
    if (next.rank < inner.abortPriority) {
      next.phase = 'skipped';
      continue;
    }
    next.phase = 'fired';
    inner.pending++;
    for (const { id } of next.synapse.actions) {
      const state = inner.actions.get(id);
      if (state !== undefined) inner.toHandOut.push(state);
    }
    return inner.toHandOut.shift();
  }
}

function settle(inner: Internals, state: ActionState, hasFailed: boolean): void {
  if (state.phase === 'in-flight') {
    for (const node of release(inner.slots, state.action)) roomAt(inner.queue, node);
  }
  state.phase = 'settled';
  for (const dependent of inner.dependents.get(state.action.id) ?? []) {
    // A failed action holds up what comes after it, except what must be done in any case.
    if (dependent.phase !== 'waiting' || (hasFailed && dependent.synapse.priority !== INFINITE_SCORE)) continue;
    dependent.missing.delete(state.action.id);
    if (dependent.missing.size === 0) makeReady(inner, dependent);
  }
}

function raiseAbort(inner: Internals, priority: number, completion: Completion, reason: AbortReason): boolean {
  const isMoreUrgent = priority > inner.abortPriority;
  const isWeightier = COMPLETION_WEIGHT[completion] > COMPLETION_WEIGHT[inner.completion];
  if (isMoreUrgent) inner.abortPriority = priority;
  if (isWeightier) inner.completion = completion;
  if (isMoreUrgent || isWeightier) inner.reason = reason;
  return isMoreUrgent || isWeightier;
}

function makeReady(inner: Internals, state: SynapseState): void {
  state.phase = 'ready';
  insert(inner.byRank, { position: -state.rank, state });
  enqueue(inner.queue, state);
}

/** Minus infinity if nothing is ready. */
function highestReadyRank({ byRank }: Internals): number {
  let top = peek(byRank);
  for (; top !== undefined && top.state.phase !== 'ready'; top = peek(byRank)) take(byRank);
  return top?.state.rank ?? Number.NEGATIVE_INFINITY;
}

function createSynapseState(synapse: Synapse, position: number): SynapseState {
  return {
    synapse,
    position,
    claim: claimOf(synapse.actions),
    rank: synapse.actions.every(({ kind }) => kind === 'pseudo') ? Number.POSITIVE_INFINITY : synapse.priority,
    missing: new Set(synapse.inputs),
    unconfirmed: synapse.actions.length,
    phase: 'waiting',
  };
}

function runsOn(action: GraphAction, node: NodeRef): boolean {
  if (action.kind === 'pseudo' || action.kind === 'fencing') return false;
  return action.node.uuid === node.uuid || action.routerNode === node.name;
}
