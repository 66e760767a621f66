import { shiftWindow } from './failure-window.js';
import { dueTimes } from './finish-run.js';
import type { Moment } from './operation.js';
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

const firstCounters: Counters = {
  incarnation: 0,
  nextCallId: 1,
  nextReport: 1,
  deliveredReport: 0,
  lostReports: 0,
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
  if (before.resources !== after.resources) collect(changes, resourcePrefix, records(before), records(after));
  if (before.orders !== after.orders) collect(changes, orderPrefix, before.orders, after.orders);
  if (before.unspooled !== after.unspooled) collect(changes, reportPrefix, byNumber(before), byNumber(after));
  return changes;
}

/** All of it, as a restart of the journal writes it. */
export function durableEntries(state: AgentState, clock: BootClock): readonly DurableChange[] {
  const changes: DurableChange[] = [{ key: clockKey, value: clock }, agentEntry(state)];
  collect(changes, resourcePrefix, {}, records(state));
  collect(changes, orderPrefix, {}, state.orders);
  collect(changes, reportPrefix, {}, byNumber(state));
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
  const resources: Record<string, ResourceState> = {};
  const orders: Record<string, OrderRecord> = {};
  const unspooled: Report[] = [];
  for (const [key, value] of entries) {
    if (key.startsWith(resourcePrefix)) {
      const record = shiftRecord(value as ResourceRecord, shiftMs);
      const dueAt = dueTimes(record, {}, clock.at);
      resources[record.resource] = { record, activity: undefined, isTriggered: false, dueAt };
    } else if (key.startsWith(orderPrefix)) {
      orders[key.slice(orderPrefix.length)] = value as OrderRecord;
    } else if (key.startsWith(reportPrefix)) {
      unspooled.push(value as Report);
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
  };
}

function agentEntry({ epoch, counters, lease }: AgentState): DurableChange {
  const entry: AgentEntry = { epoch, counters, lease };
  return { key: agentKey, value: entry };
}

function records(state: AgentState): Readonly<Record<string, ResourceRecord>> {
  return Object.fromEntries(Object.entries(state.resources).map(([id, resource]) => [id, resource.record]));
}

function byNumber(state: AgentState): Readonly<Record<string, Report>> {
  return Object.fromEntries(state.unspooled.map((report) => [report.number, report]));
}

function collect(
  changes: DurableChange[],
  prefix: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(after)) {
    if (before[key] !== value) changes.push({ key: prefix + key, value });
  }
  for (const key of Object.keys(before)) {
    if (!(key in after)) changes.push({ key: prefix + key, value: undefined });
  }
}

function oldestFirst(orders: Readonly<Record<string, OrderRecord>>): readonly string[] {
  const done: { readonly id: string; readonly reportNumber: number }[] = [];
  for (const [id, order] of Object.entries(orders)) {
    if (order.kind === 'done') done.push({ id, reportNumber: order.reportNumber });
  }
  return done.sort((a, b) => a.reportNumber - b.reportNumber).map(({ id }) => id);
}

function bootShift(before: BootClock | undefined, now: BootClock): number {
  if (before === undefined || before.bootId === now.bootId) return 0;
  return now.at.bootMs - now.at.unixMs - (before.at.bootMs - before.at.unixMs);
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
            detectedAt: shift(recovery.detectedAt),
            phase:
              recovery.phase.kind === 'waiting'
                ? { ...recovery.phase, until: recovery.phase.until + shiftMs }
                : recovery.phase,
          },
  };
}
