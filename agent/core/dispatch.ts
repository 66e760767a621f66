import type { Agenda, Place, Turn } from './agenda.js';
import { compareTurns, compareWakes, inserted, removed } from './agenda.js';
import { changesOf, lookUp, valuesOf } from './id-map.js';
import { heedLease, leaseDue } from './lease.js';
import { dueAfterStandstill } from './monitor-phase.js';
import type { Candidate } from './next-operation.js';
import { changesState, hasBegunStep, isWatched, nextOperation, takesPlace, waitsFor } from './next-operation.js';
import type { Moment } from './operation.js';
import { awaitPrerequisites } from './prerequisites.js';
import type { Draft } from './recording.js';
import { withResource } from './recording.js';
import { cutShort } from './recovery.js';
import type { Activity, AgentState, ResourceState, RunStart } from './state.js';
import type { StepInput, Stepped } from './step.js';

/** A `tick` comes at least that often while anything waits for time to pass. */
export const maxTickMs = 10_000;
/** So long without a step although one was due: the machine, or the agent, stood still. */
const standstillMs = 15_000;
/** A look at a resource that takes longer is waiting for something, and keeps no other one from being looked at. */
const slowAfterMs = 1000;
/** Of each place: while so many hang, no further monitor is begun. */
const maxSlowPerPlace = 8;

/**
 * Starts everything that can run now: of each resource its stop when its lease has run out, else its next order, else
 * the next step of its local recovery, else a monitor that is due. One operation at a time per resource; over all
 * resources at most `maxParallel` orders and recoveries, and as many monitors, those that have waited longest first.
 * However many monitors hang, a repair waits for none of them, and the next monitor not for long.
 *
 * Looks at what has changed and at what has become due, and at nothing else.
 *
 * @param before the state that the step began with.
 */
export function dispatch(before: AgentState, state: AgentState, { at }: StepInput): Stepped {
  const { ids, busy } = concerned(before, state, at);
  const stoodStill = at.bootMs - before.lookedAt >= standstillMs;
  let draft: Draft = { state: { ...state, lookedAt: at.bootMs, agenda: { ...state.agenda, busy } }, effects: [] };
  const ready: Candidate[] = [];
  for (const id of ids) {
    const considered = consider(draft, id, { at, stoodStill });
    draft = considered.draft;
    if (considered.candidate !== undefined) ready.push(considered.candidate);
  }
  ready.sort(compareTurns);
  for (const candidate of ready)
    draft = takesPlace(candidate.operation) ? queue(draft, candidate) : start(draft, candidate, at);
  return fillPlaces(draft, at);
}

/** bootMs at which a `tick` is due next; undefined when nothing waits for time to pass. */
export function nextWakeAt({ agenda }: AgentState): number | undefined {
  return agenda.wakes[0]?.at;
}

/** The resources that have to be looked at, and how many places are taken. */
function concerned(
  before: AgentState,
  state: AgentState,
  at: Moment,
): { readonly ids: ReadonlySet<string>; readonly busy: Agenda['busy'] } {
  const ids = new Set<string>();
  const busy = { ...state.agenda.busy };
  for (const change of changesOf(before.resources, state.resources)) {
    ids.add(change.id);
    const [left, taken] = [change.before?.activity?.place, change.after?.activity?.place];
    if (left !== undefined) busy[left] -= 1;
    if (taken !== undefined) busy[taken] += 1;
  }
  for (const wake of state.agenda.wakes) {
    if (wake.at > at.bootMs) break;
    ids.add(wake.resource);
  }
  if (before.lease !== state.lease) {
    for (const { record } of valuesOf(state.resources)) if (record.exclusive !== undefined) ids.add(record.resource);
  }
  return { ids, busy };
}

/** Brings a resource's place on the agenda up to date, and says what it would run now. */
function consider(
  draft: Draft,
  id: string,
  { at, stoodStill }: { readonly at: Moment; readonly stoodStill: boolean },
): { readonly draft: Draft; readonly candidate: Candidate | undefined } {
  const known = lookUp(draft.state.resources, id);
  if (known === undefined) return { draft, candidate: undefined };
  let next = offAgenda(draft, known);
  if (known.activity !== undefined) return { draft: givePlaceUp(next, id, at), candidate: undefined };
  if (stoodStill) next = leaveOutMissed(next, id, at);
  next = yieldToOrder(heedLease(next, id, at), id);
  next = awaitPrerequisites(forgetTrigger(next, id), id, at);
  const resource = lookUp(next.state.resources, id) ?? known;
  const candidate = nextOperation(next.state, resource, at);
  const waits = candidate === undefined ? waitsFor(resource) : [];
  const wakeAt = earliestAfter([...waits, ...leaseDue(next.state, resource.record)], at);
  return { draft: wakeAt === undefined ? next : withWake(next, resource, wakeAt), candidate };
}

/** A look at a resource that takes long keeps its place no longer. */
function givePlaceUp(draft: Draft, id: string, at: Moment): Draft {
  const resource = lookUp(draft.state.resources, id);
  const activity = resource?.activity;
  if (resource === undefined || activity?.place === undefined || activity.place === 'slow') return draft;
  if (changesState(activity.operation)) return draft;
  const slowAt = activity.run.at.bootMs + slowAfterMs;
  if (slowAt > at.bootMs) return withWake(draft, resource, slowAt);
  const { busy } = draft.state.agenda;
  const moved = { ...busy, slow: busy.slow + 1, [activity.place]: busy[activity.place] - 1 };
  return withAgenda(withResource(draft, { ...resource, activity: { ...activity, place: 'slow' } }), { busy: moved });
}

/** What happened to a resource that nobody watches is no news later: whoever takes it in charge looks for himself. */
function forgetTrigger(draft: Draft, id: string): Draft {
  const resource = lookUp(draft.state.resources, id);
  return resource?.isTriggered === true && !isWatched(resource.record)
    ? withResource(draft, { ...resource, isTriggered: false })
    : draft;
}

function earliestAfter(times: readonly number[], at: Moment): number | undefined {
  let earliest: number | undefined;
  for (const time of times) {
    if (time > at.bootMs && (earliest === undefined || time < earliest)) earliest = time;
  }
  return earliest;
}

function offAgenda(draft: Draft, resource: ResourceState): Draft {
  const { wakeAt, turn } = resource;
  if (wakeAt === undefined && turn === undefined) return draft;
  const { resource: id } = resource.record;
  let { wakes, turns } = draft.state.agenda;
  if (wakeAt !== undefined) wakes = removed(wakes, { at: wakeAt, resource: id }, compareWakes);
  if (turn !== undefined) turns = removed(turns, turn, compareTurns);
  return withAgenda(withResource(draft, { ...resource, wakeAt: undefined, turn: undefined }), { wakes, turns });
}

function withWake(draft: Draft, resource: ResourceState, wakeAt: number): Draft {
  const wakes = inserted(draft.state.agenda.wakes, { at: wakeAt, resource: resource.record.resource }, compareWakes);
  return withAgenda(withResource(draft, { ...resource, wakeAt }), { wakes });
}

function queue(draft: Draft, { rank, since, slot, resource: id }: Candidate): Draft {
  const resource = lookUp(draft.state.resources, id);
  if (resource === undefined) return draft;
  const turn: Turn = { rank, since, slot, resource: id };
  const turns = inserted(draft.state.agenda.turns, turn, compareTurns);
  return withAgenda(withResource(draft, { ...resource, turn }), { turns });
}

function withAgenda(draft: Draft, change: Partial<Agenda>): Draft {
  return { ...draft, state: { ...draft.state, agenda: { ...draft.state.agenda, ...change } } };
}

/** Starts those whose turn it is, for as long as there are places. */
function fillPlaces(draft: Draft, at: Moment): Draft {
  let next = draft;
  for (;;) {
    const turn = nextTurn(next.state);
    if (turn === undefined) return next;
    const resource = lookUp(next.state.resources, turn.resource);
    const candidate = resource && nextOperation(next.state, resource, at);
    if (candidate === undefined)
      next = withAgenda(next, { turns: removed(next.state.agenda.turns, turn, compareTurns) });
    else next = start(next, candidate, at);
  }
}

function nextTurn({ agenda: { turns, busy }, policy: { maxParallel } }: AgentState): Turn | undefined {
  const isUrgentFree = busy.urgent < maxParallel;
  const isRoutineFree = busy.routine < maxParallel && busy.slow < maxParallel * maxSlowPerPlace;
  const [first] = turns;
  if (first?.rank === 0 && isUrgentFree) return first;
  return isRoutineFree ? turns.find(({ rank }) => rank === 1) : undefined;
}

/** After a suspend all monitors would be due at once. */
function leaveOutMissed(draft: Draft, id: string, at: Moment): Draft {
  const resource = lookUp(draft.state.resources, id);
  if (resource === undefined) return draft;
  const { monitors } = resource.record;
  const dueAt = Object.entries(resource.dueAt).map(([key, due]) => {
    const monitor = monitors[key];
    if (monitor === undefined) return [key, due] as const;
    const { phase, operation } = monitor;
    return [key, dueAfterStandstill(due, { phase, intervalMs: operation.intervalMs }, at)] as const;
  });
  return withResource(draft, { ...resource, dueAt: Object.fromEntries(dueAt) });
}

/** An order does not wait for a back-off to end, nor for the steps that a recovery has not begun. */
function yieldToOrder(draft: Draft, id: string): Draft {
  const record = lookUp(draft.state.resources, id)?.record;
  const order = record?.queue[0];
  if (record?.recovery === undefined || order === undefined || order.run !== undefined) return draft;
  // A step that an agent before us had begun is finished first: what it left behind is not known.
  if (hasBegunStep(record.recovery)) return draft;
  return cutShort(draft, record, `cut short by an order to ${order.operation.name} it`);
}

function start(draft: Draft, candidate: Candidate, at: Moment): Draft {
  const resource = lookUp(draft.state.resources, candidate.resource);
  if (resource === undefined) return draft;
  const idle = offAgenda(draft, resource);
  const { policy, runs, agenda } = idle.state;
  const { operation, purpose } = candidate;
  const isInterrupted = candidate.interrupted !== undefined;
  const run = candidate.interrupted ?? { id: `${policy.process}.${runs + 1}`, at };
  const place = takesPlace(operation) ? placeOf(candidate) : undefined;
  const activity: Activity = { run, operation, purpose, place };
  const started = { ...begin(resource, candidate, run), activity, wakeAt: undefined, turn: undefined };
  const busy = place === undefined ? agenda.busy : { ...agenda.busy, [place]: agenda.busy[place] + 1 };
  const taken = givePlaceUp(withAgenda(withResource(idle, started), { busy }), candidate.resource, at);
  return {
    state: { ...taken.state, runs: runs + 1 },
    effects: [...taken.effects, { kind: 'run', run: run.id, operation, isInterrupted }],
  };
}

function placeOf({ rank }: Turn): Place {
  return rank === 0 ? 'urgent' : 'routine';
}

/** What changes when a run begins: orders and recovery steps are journalled as begun, a monitor is only due again. */
function begin(resource: ResourceState, { purpose, operation }: Candidate, run: RunStart): ResourceState {
  const { record } = resource;
  switch (purpose.kind) {
    case 'order': {
      const [order, ...rest] = record.queue;
      const queue = order === undefined ? rest : [{ ...order, run }, ...rest];
      if (!changesState(operation)) return { ...resource, isTriggered: false, record: { ...record, queue } };
      return { ...resource, isTriggered: false, dueAt: {}, record: { ...record, queue, monitors: {} } };
    }
    case 'recovery': {
      if (record.recovery === undefined) return resource;
      const phase = { kind: 'step', step: purpose.step, run } as const;
      return { ...resource, isTriggered: false, record: { ...record, recovery: { ...record.recovery, phase } } };
    }
    case 'lease': {
      if (record.leaseStop === undefined) return resource;
      const leaseStop = { ...record.leaseStop, run };
      return { ...resource, isTriggered: false, dueAt: {}, record: { ...record, monitors: {}, leaseStop } };
    }
    case 'monitor':
      return { ...resource, isTriggered: false };
  }
}
