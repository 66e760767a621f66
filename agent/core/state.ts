import type { Agenda, Place, Turn } from './agenda.js';
import type { FailureBudget, FailureWindow } from './failure-window.js';
import { emptyWindow } from './failure-window.js';
import type { IdMap } from './id-map.js';
import type { Moment, Operation, OperationResult, ResourceDefinition } from './operation.js';

/**
 * Everything the agent knows. `epoch`, `counters`, `lease`, the resources' records, `orders` and `unspooled` survive the agent
 * (see durable-state.ts); the rest is what this process is doing at the moment.
 */
export interface AgentState {
  readonly policy: AgentPolicy;
  /** Epoch of the newest decider that this agent has seen; orders of older ones are refused. */
  readonly epoch: number;
  readonly counters: Counters;
  /** Until when exclusive resources may run (lease.ts); undefined before the first word of a decider about it. */
  readonly lease: Lease | undefined;
  readonly resources: IdMap<ResourceState>;
  /** By operation id: what an order that comes again is told. */
  readonly orders: IdMap<OrderRecord>;
  /** Ids of the orders that are done, oldest first: the first to be forgotten. */
  readonly doneOrders: readonly string[];
  /** Reports that are decided but not known to be in the outbox yet, in order (report-queue.ts). */
  readonly unspooled: readonly Report[];
  /** Number of operations started by this process. */
  readonly runs: number;
  /** Which resources have to be looked at when (follows from them; dispatch.ts keeps it). */
  readonly agenda: Agenda;
  /** bootMs of the last step. */
  readonly lookedAt: number;
}

export interface Lease {
  /** bootMs. */
  readonly until: number;
}

export interface AgentPolicy {
  readonly deployable: string;
  readonly instance: string;
  /** Which boot's clock every bootMs is of. */
  readonly boot: string;
  /** Unique for every process of the agent: what makes run ids unique. */
  readonly process: string;
  /**
   * Orders and recoveries at once, over all resources, and as many monitors (those of class `exec`, which only wait, are
   * not counted, nor monitors that take long: dispatch.ts).
   */
  readonly maxParallel: number;
  /** Orders that one resource may have waiting. */
  readonly maxQueued: number;
  readonly maxResources: number;
  /** Results of orders that are remembered. */
  readonly maxDoneOrders: number;
  /** Reports that are given to the outbox before it has confirmed the first of them. */
  readonly maxHandedOver: number;
  /** Further ones that may wait whole (there is no room on disk); those that come then are condensed, by resource. */
  readonly maxUnspooled: number;
}

export interface Counters {
  /** Starts of the agent in this instance. */
  readonly incarnation: number;
  readonly nextCallId: number;
  readonly nextReport: number;
  /** Number of the newest report that the decider has acknowledged. */
  readonly deliveredReport: number;
  /** Number of the newest report that the outbox was given. */
  readonly handedReport: number;
  /** Reports of which only the count was told (condense.ts). */
  readonly condensedReports: number;
}

export interface ResourceState {
  readonly record: ResourceRecord;
  /** The one operation that runs now. */
  readonly activity: Activity | undefined;
  /** Something happened to the resource: it must be looked at as soon as nothing else is to be done. */
  readonly isTriggered: boolean;
  /** bootMs of the next run of each recurring monitor, by `monitorKey`. */
  readonly dueAt: Readonly<Record<string, number>>;
  /** Its places on the agenda. */
  readonly wakeAt: number | undefined;
  readonly turn: Turn | undefined;
}

/** What must survive the agent, of one resource. */
export interface ResourceRecord {
  readonly resource: string;
  /** Its number in this instance, from 0: gives its monitors a phase of their own (monitor-phase.ts). */
  readonly slot: number;
  /** With which it was last started (or first looked at): what a local recovery uses. */
  readonly definition: ResourceDefinition | undefined;
  /** Orders in the order of their arrival; the first one may be running. */
  readonly queue: readonly QueuedOrder[];
  readonly monitors: Readonly<Record<string, RecurringMonitor>>;
  /** The last operation that changed the resource's state. */
  readonly lastOperation: OperationResult | undefined;
  /** Whether the last of what was ordered, or seen, is that it runs: otherwise its absence is no failure. */
  readonly isExpectedToRun: boolean;
  readonly delegation: Delegation | undefined;
  /** Never active without the lease; undefined for most. */
  readonly exclusive?: { readonly stopTimeoutMs: number } | undefined;
  readonly window: FailureWindow;
  readonly recovery: Recovery | undefined;
  /** Its stop because the lease has run out, due or under way. */
  readonly leaseStop?: LeaseStop | undefined;
}

export interface LeaseStop {
  readonly since: Moment;
  /** bootMs of the next attempt. */
  readonly retryAt: number;
  /** Attempts that failed. */
  readonly attempts: number;
  readonly operation: Operation;
  /** The monitor as whose failure it is told, and that monitor's reference. */
  readonly judged: Operation;
  readonly userData: string;
  readonly run: RunStart | undefined;
}

export interface QueuedOrder {
  readonly operationId: string;
  readonly operation: Operation;
  readonly expectedRc: number;
  readonly userData: string;
  readonly acceptedAt: Moment;
  readonly notBefore: number;
  /** Cancelled while it ran: its first result is its last. */
  readonly isCancelled: boolean;
  /** Set when it was started; still set after a restart of the agent: then it was interrupted. */
  readonly run: RunStart | undefined;
}

export interface RecurringMonitor {
  readonly operation: Operation;
  readonly expectedRc: number;
  readonly userData: string;
  /** bootMs: it is due at every multiple of its interval from here. */
  readonly phase: number;
  /** The last result that was reported. */
  readonly last: OperationResult;
}

export interface Delegation extends FailureBudget {
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly monitorTimeoutMs: number;
  /** Resources of this instance that have to run first; undefined in journals of agents that did not know of it. */
  readonly after?: readonly string[] | undefined;
}

/** A local recovery under way. What it has done so far is reported in one piece when it ends. */
export interface Recovery {
  readonly failure: OperationResult;
  readonly detectedAt: Moment;
  /** Failures in the window, the one that started it and its own failed attempts included. */
  readonly failures: number;
  readonly attempts: number;
  /** What is monitored at the end: the monitor that found the failure. */
  readonly monitor: Operation;
  readonly phase: RecoveryPhase;
  readonly results: RecoveryResults;
}

export type RecoveryStep = 'stop' | 'start' | 'monitor';
export type RecoveryResults = Readonly<Partial<Record<RecoveryStep, OperationResult>>>;

export type RecoveryPhase =
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'step'; readonly step: RecoveryStep; readonly run: RunStart | undefined };

export interface RunStart {
  readonly id: string;
  readonly at: Moment;
}

export interface Activity {
  readonly run: RunStart;
  readonly operation: Operation;
  readonly purpose: Purpose;
  /** undefined: it needs none. */
  readonly place: Place | undefined;
}

export type Purpose =
  | { readonly kind: 'order' }
  | { readonly kind: 'recovery'; readonly step: RecoveryStep }
  | { readonly kind: 'lease' }
  /** `key` is undefined for a look at a resource that has no recurring monitor. */
  | { readonly kind: 'monitor'; readonly key: string | undefined };

export type OrderRecord =
  | { readonly kind: 'accepted'; readonly resource: string }
  | { readonly kind: 'done'; readonly result: OperationResult; readonly reportNumber: number };

/** `number` grows with every report of the instance; it tells apart what is in the outbox twice. `boot`: see AgentPolicy. */
export type Report = { readonly number: number; readonly boot: string } & ReportBody;

export type ReportBody =
  | { readonly kind: 'order-result'; readonly operationId: string; readonly result: OperationResult }
  | MonitorChangedReport
  | LocalRecoveryReport
  | CondensedReport;

/** A recurring monitor that says something else than before. */
export interface MonitorChangedReport {
  readonly kind: 'monitor-changed';
  readonly result: OperationResult;
  readonly isFailure: boolean;
}

/** Several reports of one resource, told by their count and the newest of them. */
export interface CondensedReport {
  readonly kind: 'condensed';
  readonly resource: string;
  /** All of them, the newest included. */
  readonly failures: number;
  readonly recovered: number;
  readonly firstUnixMs: number;
  readonly lastUnixMs: number;
  readonly newest: LocalRecoveryReport | MonitorChangedReport;
}

/**
 * One failure and what was done about it. `recovered`: it works again. `escalate`: the budget does not cover it.
 * `failed`: repairing was given up half-way (a stop that failed, an order that came in between); `reason` says why.
 */
export interface LocalRecoveryReport {
  readonly kind: 'local-recovery';
  readonly resource: string;
  readonly failure: OperationResult;
  readonly results: RecoveryResults;
  readonly verdict: 'recovered' | 'escalate' | 'failed';
  readonly reason: string;
  readonly failuresInWindow: number;
  readonly detectedUnixMs: number;
  /** 0 unless recovered. */
  readonly recoveredUnixMs: number;
}

/** Reason of a recovery that only tells that the lease was over; the decider reads it (coordinator/dpe/core/exclusive.ts). */
export const leaseEndReason = 'lease ran out';

export function monitorKey(operation: string, intervalMs: number): string {
  return `${operation}/${intervalMs}`;
}

/** @param slot how many resources were known before it. */
export function newResource(resource: string, slot: number): ResourceState {
  return {
    record: {
      resource,
      slot,
      definition: undefined,
      queue: [],
      monitors: {},
      lastOperation: undefined,
      isExpectedToRun: false,
      delegation: undefined,
      exclusive: undefined,
      window: emptyWindow,
      recovery: undefined,
      leaseStop: undefined,
    },
    activity: undefined,
    isTriggered: false,
    dueAt: {},
    wakeAt: undefined,
    turn: undefined,
  };
}
