import type { Agenda } from './agenda.js';
import { compareWakes, emptyAgenda } from './agenda.js';
import { shiftWindow } from './failure-window.js';
import { dueTimes } from './finish-run.js';
import type { IdMap } from './id-map.js';
import { changesOf, emptyIdMap, entriesOf, valuesOf, withValue } from './id-map.js';
import { nextDue } from './monitor-phase.js';
import type { Moment, OperationResult } from './operation.js';
import { withResults } from './report-results.js';
import type {
  AgentPolicy,
  AgentState,
  Counters,
  Lease,
  OrderRecord,
  Report,
  ResourceRecord,
  ResourceState,
} from './state.js';

/** A change of what must survive the agent: the new value of a key, or undefined when the key is gone. */
export interface DurableChange {
  readonly key: string;
  readonly value: unknown;
}

/** Which boot's CLOCK_BOOTTIME the durable state is written in, and one instant by both clocks. */
export interface BootClock {
  readonly bootId: string;
  readonly at: Moment;
}

const agentKey = 'agent';
const clockKey = 'clock';
const resourcePrefix = 'resource/';
const orderPrefix = 'order/';
const reportPrefix = 'report/';
/** bootMs. */
const firstLookAt = 0;

const firstCounters: Counters = {
  incarnation: 0,
  nextCallId: 1,
  nextReport: 1,
  deliveredReport: 0,
  handedReport: 0,
  condensedReports: 0,
};

interface AgentEntry {
  readonly epoch: number;
  readonly counters: Counters;
  readonly lease?: Lease | undefined;
}

/**
 * What differs between two states, of that which must survive the agent. Parts are compared by identity: a step leaves
 * what it does not change alone.
 */
export function durableChanges(before: AgentState, after: AgentState): readonly DurableChange[] {
  if (before === after) return [];
  const changes: DurableChange[] = [];
  const isAgent = before.epoch !== after.epoch || before.counters !== after.counters || before.lease !== after.lease;
  if (isAgent) changes.push(agentEntry(after));
  collectRecords(changes, before.resources, after.resources);
  collectOrders(changes, before.orders, after.orders);
  if (before.unspooled !== after.unspooled) collectReports(changes, before.unspooled, after.unspooled);
  return changes;
}

/** All of it, as a restart of the journal writes it. */
export function durableEntries(state: AgentState, clock: BootClock): readonly DurableChange[] {
  const changes: DurableChange[] = [{ key: clockKey, value: clock }, agentEntry(state)];
  collectRecords(changes, emptyIdMap(), state.resources);
  collectOrders(changes, emptyIdMap(), state.orders);
  collectReports(changes, [], state.unspooled);
  return changes;
}

/**
 * The state that a starting agent begins with.
 *
 * @param entries what the journal holds; empty for the first agent of an instance.
 * @param clock now: when the machine booted since (which the instance normally does not survive), everything measured
 *   in the old boot's time is mapped by unix time.
 * @param initial the epoch of the identity.
 */
export function restoreState(
  entries: ReadonlyMap<string, unknown>,
  policy: AgentPolicy,
  { clock, epoch }: { readonly clock: BootClock; readonly epoch: number },
): AgentState {
  const agent = entries.get(agentKey) as AgentEntry | undefined;
  const shiftMs = bootShift(entries.get(clockKey) as BootClock | undefined, clock);
  let resources = emptyIdMap<ResourceState>();
  let orders = emptyIdMap<OrderRecord>();
  const unspooled: Report[] = [];
  for (const [key, value] of entries) {
    if (key.startsWith(resourcePrefix)) {
      const record = shiftRecord(value as ResourceRecord, shiftMs);
      const dueAt = dueTimes(record, {}, { at: clock.at, due: nextDue });
      const idle = { activity: undefined, isTriggered: false, wakeAt: firstLookAt, turn: undefined };
      resources = withValue(resources, record.resource, { record, dueAt, ...idle });
    } else if (key.startsWith(orderPrefix)) {
      orders = withValue(orders, key.slice(orderPrefix.length), shiftOrder(value as OrderRecord, shiftMs));
    } else if (key.startsWith(reportPrefix)) {
      const report = withResults(value as Report, (result) => shiftResult(result, shiftMs));
      unspooled.push({ ...report, boot: policy.boot });
    }
  }
  const counters = agent?.counters ?? firstCounters;
  return {
    policy,
    epoch: Math.max(epoch, agent?.epoch ?? 0),
    counters: { ...counters, incarnation: counters.incarnation + 1 },
    // An upper bound: what was granted since the journal was last written is lost. Of another boot nothing is left.
    lease: shiftMs === 0 ? agent?.lease : undefined,
    resources,
    orders,
    doneOrders: oldestFirst(orders),
    unspooled: unspooled.sort((a, b) => a.number - b.number),
    runs: 0,
    agenda: { ...emptyAgenda, wakes: firstLooks(resources) },
    lookedAt: clock.at.bootMs,
  };
}

/** The first step looks at everything. */
function firstLooks(resources: IdMap<ResourceState>): Agenda['wakes'] {
  return valuesOf(resources)
    .map(({ record }) => ({ at: firstLookAt, resource: record.resource }))
    .sort(compareWakes);
}

function agentEntry({ epoch, counters, lease }: AgentState): DurableChange {
  const entry: AgentEntry = { epoch, counters, lease };
  return { key: agentKey, value: entry };
}

function collectRecords(changes: DurableChange[], before: IdMap<ResourceState>, after: IdMap<ResourceState>): void {
  for (const change of changesOf(before, after)) {
    const record = change.after?.record;
    if (change.before?.record !== record) changes.push({ key: resourcePrefix + change.id, value: record });
  }
}

function collectOrders(changes: DurableChange[], before: IdMap<OrderRecord>, after: IdMap<OrderRecord>): void {
  for (const { id, after: value } of changesOf(before, after)) changes.push({ key: orderPrefix + id, value });
}

function collectReports(changes: DurableChange[], before: readonly Report[], after: readonly Report[]): void {
  const kept = new Set(after);
  const known = new Set(before);
  for (const report of before)
    if (!kept.has(report)) changes.push({ key: reportPrefix + report.number, value: undefined });
  for (const report of after)
    if (!known.has(report)) changes.push({ key: reportPrefix + report.number, value: report });
}

function oldestFirst(orders: IdMap<OrderRecord>): readonly string[] {
  const done: { readonly id: string; readonly reportNumber: number }[] = [];
  for (const [id, order] of entriesOf(orders)) {
    if (order.kind === 'done') done.push({ id, reportNumber: order.reportNumber });
  }
  return done.sort((a, b) => a.reportNumber - b.reportNumber).map(({ id }) => id);
}

function bootShift(before: BootClock | undefined, now: BootClock): number {
  if (before === undefined || before.bootId === now.bootId) return 0;
  return now.at.bootMs - now.at.unixMs - (before.at.bootMs - before.at.unixMs);
}

/** Results that are told later say by both clocks when they were. */
function shiftResult(result: OperationResult, shiftMs: number): OperationResult {
  if (shiftMs === 0) return result;
  return { ...result, base: { ...result.base, bootMs: result.base.bootMs + shiftMs } };
}

function shiftOrder(order: OrderRecord, shiftMs: number): OrderRecord {
  return order.kind === 'accepted' ? order : { ...order, result: shiftResult(order.result, shiftMs) };
}

function shiftRecord(record: ResourceRecord, shiftMs: number): ResourceRecord {
  if (shiftMs === 0) return record;
  const shift = (at: Moment): Moment => ({ ...at, bootMs: at.bootMs + shiftMs });
  const { recovery } = record;
  return {
    ...record,
    window: shiftWindow(record.window, shiftMs),
    queue: record.queue.map((order) => ({
      ...order,
      acceptedAt: shift(order.acceptedAt),
      notBefore: order.notBefore + shiftMs,
      run: order.run === undefined ? undefined : { ...order.run, at: shift(order.run.at) },
    })),
    monitors: Object.fromEntries(
      Object.entries(record.monitors).map(([key, monitor]) => [key, { ...monitor, phase: monitor.phase + shiftMs }]),
    ),
    recovery:
      recovery === undefined
        ? undefined
        : {
            ...recovery,
            failure: shiftResult(recovery.failure, shiftMs),
            results: Object.fromEntries(
              Object.entries(recovery.results).map(([step, result]) => [step, shiftResult(result, shiftMs)]),
            ),
            detectedAt: shift(recovery.detectedAt),
            phase:
              recovery.phase.kind === 'waiting'
                ? { ...recovery.phase, until: recovery.phase.until + shiftMs }
                : recovery.phase,
          },
  };
}
