/**
 * Everything a DPE knows of its deployable. `durable` is what a successor continues from: plain JSON, committed to the
 * store before any effect of a step is performed. `volatile` is what can be asked for again.
 */
import type { Transition } from '../../graph/transition.js';
import type { Deployable } from '../../model/deployable.js';
import type { AgentClock } from '../../policy/agent-clock.js';
import type { HeldScope } from '../../policy/assess-storm.js';
import type { Verdict } from '../../policy/classify-failure.js';
import type { LocationWish, ResourceWish, SchedulerDialect } from '../../state/cib-input.js';
import type { History } from '../../state/history.js';
import type { HostFact } from '../../state/host-fact.js';
import type { OperationOrder, ResourceDescriptor } from '../../state/record.js';
import type { ExecutedAction } from './dpe-effect.js';
import type { Capacity, SilenceCount } from './dpe-event.js';

export interface DpeState {
  readonly durable: DurableState;
  readonly volatile: VolatileState;
}

export interface DurableState {
  readonly name: string;
  /** Definition in force; `revision` 0 before the first. */
  readonly definition: { readonly revision: number; readonly deployable: Deployable };
  readonly desired: { readonly revision: number; readonly state: 'running' | 'stopped' };
  /** Launcher hosts that were ever heard of. */
  readonly hosts: Readonly<Record<string, HostState>>;
  /** What operators want besides the definition and the desired state. */
  readonly overrides: Overrides;
  readonly assemblies: Readonly<Record<string, AssemblyState>>;
  readonly history: History;
  readonly windows: {
    /** Failure times (unix ms) within the period, by CIB id of the resource. */
    readonly resources: Readonly<Record<string, readonly number[]>>;
    readonly assemblies: Readonly<Record<string, readonly number[]>>;
    readonly deployable: readonly number[];
    /** What failed at these times, by CIB id of the resource or name of the assembly; for people. */
    readonly causes?: Readonly<Record<string, readonly FailureCause[]>>;
  };
  readonly recovery: Recovery;
  readonly counters: { readonly decision: number; readonly incarnation: number; readonly call: number };
  /** Newest report processed, by instance and by launcher host (`launcher:<host>`); newest call-id (`calls:<instance>`). */
  readonly reports: Readonly<Record<string, number>>;
  /** True once every resource ran after the last start: what tells starting from recovering. */
  readonly hasRun: boolean;
  /** Condition last told in an event; undefined since something is being done about it. */
  readonly told?: 'running' | 'stopped' | 'failed';
}

/** One failure in a window: what was said of it. */
export interface FailureCause {
  /** Unix ms. */
  readonly at: number;
  readonly reason: string;
}

export interface HostState {
  /**
   * `unclean`: evidence says that it is dead and a fencer can prove it; `fencing`: that is under way. `dead`: proven, by
   * a fencer or an operator, until its launcher is heard again.
   */
  readonly standing: 'in-service' | 'unclean' | 'fencing' | 'dead';
  readonly isDrained: boolean;
  /** What its launcher said last that it has in all for instances; absent: it never said. */
  readonly capacity?: Capacity;
  /** Its newest death that was taken in: when it was proven, and when that was noted here (unix ms). */
  readonly death?: { readonly at: number; readonly notedAt: number };
}

/** Of a launcher host that seems to be dead. */
export interface HostSuspicion {
  /** One sentence each. */
  readonly evidence: readonly string[];
  /** How often its fencer has failed. */
  readonly failures: number;
  /** Unix ms before which the fencer is not tried again; 0: at once. */
  readonly retryAt: number;
  /** The action that its fencer works for, since `at` (unix ms). */
  readonly action?: { readonly transition: number; readonly id: number; readonly at: number };
}

export interface Overrides {
  readonly isInMaintenance: boolean;
  /** No decision is made until an operator resumes; agents go on with what is delegated to them. */
  readonly hold?: { readonly since: number; readonly by: string; readonly reason: string };
  /** By CIB id; a resource without an entry is as the document says. */
  readonly resources: Readonly<Record<string, ResourceWish>>;
  readonly assemblies: Readonly<Record<string, 'standby' | 'drained'>>;
  readonly locations: readonly LocationWish[];
  /** CIB ids of resources and VMs that are being stopped in order to be started again; then the wish ends by itself. */
  readonly restarting: readonly string[];
}

/** `held`: an operator lets nothing be decided. */
export type Condition = 'stopped' | 'starting' | 'running' | 'recovering' | 'stopping' | 'failed' | 'held';

/** What is done about the deployable as a whole. */
export type Recovery =
  | { readonly kind: 'none' }
  /** Escalated: everything is stopped in order, then started again. */
  | { readonly kind: 'restarting'; readonly since: number; readonly reason: string }
  /** Out of attempts: everything is stopped until an operator starts it again. */
  | { readonly kind: 'halted'; readonly since: number; readonly reason: string };

export interface AssemblyState {
  readonly instance: InstanceRecord;
  /** Its agent has registered and counts as alive: the guest node is online. */
  readonly isConnected: boolean;
  /** Known values for references; kept while it is down. */
  readonly address?: string;
  readonly hostname?: string;
  /** Its agent's clock minus ours (ms), as last known; survives the DPE so that no report is read by a wrong clock. */
  readonly clockOffsetMs?: number;
  /** Its budget was spent on its last launcher host; until it runs on another. */
  readonly isLeavingHost?: boolean;
  /** Launcher hosts that had no room for it, and until when (unix ms) they are not asked again; 0: they may be. */
  readonly fullHosts?: Readonly<Record<string, number>>;
  /** Unix ms before which it must not be booted (back-off); 0 for at once. */
  readonly mayStartAt: number;
  readonly since: number;
  readonly reason: string;
}

export type InstanceRecord =
  | { readonly kind: 'none' }
  /** Ordered (committed before the order leaves); whether it runs is not known yet. */
  | { readonly kind: 'starting'; readonly id: string; readonly host: string; readonly at: number }
  | {
      readonly kind: 'running';
      readonly id: string;
      readonly host: string;
      readonly at: number;
      /** What its launcher says of its VM; absent while it works. */
      readonly condition?: VmCondition;
      /** Its guest was restarted by order then (unix ms), and its agent was not heard since. */
      readonly rebootedAt?: number;
    }
  | { readonly kind: 'stopping'; readonly id: string; readonly host: string; readonly at: number }
  /** Its agent is lost, or it must end for another reason, and it may still run. */
  | { readonly kind: 'lost'; readonly id: string; readonly host: string; readonly at: number }
  /** Its end cannot be proven: nothing is done with the assembly until it can. */
  | {
      readonly kind: 'held';
      readonly id: string;
      readonly host: string;
      readonly at: number;
      /** Why it is held is no reason to end it: should its agent answer, it goes on as it is. Default false. */
      readonly mayReturn?: boolean;
      /** An order to end it was given and not refused: it may be carried out at any time. Default false. */
      readonly isEnding?: boolean;
    }
  /** Proven. */
  | { readonly kind: 'dead'; readonly id: string; readonly host: string; readonly at: number };

/** An instance that is not dead and does not work either, since a moment in unix ms. */
export interface VmCondition {
  readonly kind: 'paused' | 'panicked' | 'not-answering';
  readonly evidence: string;
  readonly since: number;
}

export interface VolatileState {
  readonly epoch: number;
  readonly incarnation: string;
  readonly options: DpeOptions;
  readonly dialect: SchedulerDialect;
  readonly startedAt: number;
  readonly bus: { readonly isConnected: boolean; readonly since: number };
  readonly silence: SilenceView;
  readonly launchers: Readonly<Record<string, LauncherView>>;
  /** What the store says of launcher hosts; undefined before it was read. */
  readonly hostFacts: Readonly<Record<string, HostFact>> | undefined;
  readonly suspicions: Readonly<Record<string, HostSuspicion>>;
  readonly agents: Readonly<Record<string, AgentView>>;
  readonly engine: Engine;
  /** Why another decision is needed once the engine is idle. */
  readonly pendingTrigger: string | undefined;
  /** Operations under way, by operation id. */
  readonly orders: Readonly<Record<string, Order>>;
  /** Operations that an earlier decider ordered and that are still under way: awaited before the first decision. */
  readonly inherited: Readonly<Record<string, { readonly instance: string; readonly expiresAt: number }>>;
  readonly operationCount: number;
  /** The scheduler had nothing to do on the last decision, and nothing has changed since. */
  readonly isSettled: boolean;
  readonly recheckAt: number | undefined;
  readonly lastDecisionFailure: string | undefined;
  /** Times of the latest decisions since the engine last came to rest. */
  readonly recentDecisions: readonly number[];
  readonly nextDecisionAt: number;
}

export interface DpeOptions {
  readonly heartbeatIntervalMs: number;
  /** Silence of an agent, with its launcher in touch and its instance alive, after which it counts as lost. */
  readonly agentLostAfterMs: number;
  readonly launcherSilentAfterMs: number;
  /** How long the first decision waits for launchers and agents that are to be adopted. */
  readonly adoptionGraceMs: number;
  /** Launcher hosts of this machine: awaited (a third of the grace) so that the first placement sees all of them. */
  readonly expectedHosts: readonly string[];
  readonly heldRetryMs: number;
}

/** Who hears whom, here and in the DPEs of other deployables, and what follows from many being silent at once. */
export interface SilenceView {
  /** What was told to the other DPEs last. */
  readonly told: { readonly at: number; readonly hosts: Readonly<Record<string, SilenceCount>> };
  /** By deployable, the own one left out. */
  readonly others: Readonly<
    Record<string, { readonly at: number; readonly hosts: Readonly<Record<string, SilenceCount>> }>
  >;
  /** Scopes in which the recovery of silent instances is held. */
  readonly held: readonly HeldScope[];
  /** Launcher hosts whose long silence has been told, with what was said of it. */
  readonly lostHosts: Readonly<Record<string, Verdict>>;
  /** By launcher host: silence before this moment does not count (a storm has ended). */
  readonly countsFrom: Readonly<Record<string, number>>;
  /** Silence before this moment does not count: this process itself stood still, or its clock was set. */
  readonly listeningSince: number;
  readonly lastTickAt: number;
}

export interface LauncherView {
  readonly isAdopted: boolean;
  readonly lastBeatAt: number;
  /** Instances that its last beat or inventory named as running. */
  readonly running: readonly string[];
  /** Current instances that its last inventory had no record of. */
  readonly unknown?: readonly string[];
}

export interface AgentView {
  readonly incarnation: string;
  readonly isAdopted: boolean;
  readonly lastHeardAt: number;
  readonly isSuspect: boolean;
  readonly clock?: AgentClock;
  /** The latest moment, in our time, that it has reported of. */
  readonly reportedAt?: number;
  /** When the lease of its exclusive resources was last renewed. */
  readonly leaseRenewedAt?: number;
}

export type Engine =
  | { readonly kind: 'idle' }
  | { readonly kind: 'deciding'; readonly number: number; readonly trigger: string; readonly askedAt: number }
  | {
      readonly kind: 'executing';
      readonly number: number;
      readonly trigger: string;
      readonly transition: Transition;
      readonly startedAt: number;
      readonly total: number;
      readonly done: number;
      readonly failed: number;
      /** By action id, in the order in which they began. Changed in place, like the transition. */
      readonly executed: Map<number, ExecutedAction>;
    };

interface OrderBase {
  /** Action of the graph in flight that waits for it; undefined for orders outside of graphs. */
  readonly action: number | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

export type Order = OrderBase &
  (
    | {
        readonly kind: 'agent';
        readonly assembly: string;
        readonly instance: string;
        readonly resource: ResourceDescriptor;
        readonly operation: string;
        readonly intervalMs: number;
        readonly timeoutMs: number;
        readonly isCancel: boolean;
        readonly userData: OperationUserData;
        /** As the graph's action has them (encodeParameter). */
        readonly parameters: ReadonlyMap<string, string>;
      }
    | {
        readonly kind: 'launcher';
        readonly what: 'start' | 'stop' | 'destroy';
        readonly assembly: string;
        readonly instance: string;
        readonly host: string;
        /** No order to end the instance was given before: refused, it runs on as it was. */
        readonly isFirstEnd?: boolean;
        /** How the result is recorded; undefined for a destroy outside of graphs. */
        readonly order: OperationOrder | undefined;
      }
    | {
        readonly kind: 'connection';
        readonly assembly: string;
        readonly host: string;
        readonly order: OperationOrder;
      }
  );

/** Travels with an order to the agent and back: a result can be recorded even when its order is forgotten. */
export interface OperationUserData {
  readonly transition: number;
  readonly action: number;
  readonly expectedRc: number;
  readonly digest: string;
  readonly class: string;
  readonly provider: string | undefined;
  readonly type: string;
}
