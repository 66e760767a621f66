import type { TransitionGraph } from '../../graph/transition-graph.js';
import type { Deployable } from '../../model/deployable.js';
import type { AgentTime } from '../../policy/agent-clock.js';
import type { HostFact } from '../../state/host-fact.js';
import type { OperationUserData, VmCondition } from './dpe-state.js';
import type { OperatorVerb } from './operator-verb.js';

/** What happens to a DPE. Every event carries `now` (unix ms); `chance` is in [0, 1). */
export type DpeEvent = { readonly now: number } & (
  | { readonly kind: 'definition-changed'; readonly revision: number; readonly deployable: Deployable }
  | { readonly kind: 'desired-changed'; readonly revision: number; readonly state: 'running' | 'stopped' }
  | { readonly kind: 'bus-changed'; readonly isConnected: boolean }
  | { readonly kind: 'tick'; readonly chance: number }
  | {
      readonly kind: 'launcher-beat';
      readonly host: string;
      readonly running: readonly string[];
      /** Of those in `running` that do not work; absent: all of them do. */
      readonly conditions?: readonly ConditionReport[];
      /** Of the launcher host in all; absent: it does not tell. */
      readonly capacity?: Capacity | undefined;
    }
  | {
      readonly kind: 'launcher-adopted';
      readonly host: string;
      readonly instances: readonly InstanceReport[];
      readonly inFlight: readonly { readonly operationId: string }[];
    }
  | { readonly kind: 'launcher-result'; readonly operationId: string; readonly outcome: LauncherOutcome }
  | {
      readonly kind: 'instance-died';
      readonly host: string;
      readonly sequence: number;
      readonly instance: string;
      readonly evidence: string;
      readonly at: number;
      readonly token: number;
      readonly chance: number;
    }
  | {
      readonly kind: 'agent-registered';
      readonly instance: string;
      readonly incarnation: string;
      /** Its clocks when it sent this. */
      readonly clock?: AgentTime;
    }
  | { readonly kind: 'agent-heard'; readonly instance: string; readonly clock?: AgentTime }
  | {
      readonly kind: 'agent-adopted';
      readonly instance: string;
      /** Of the agent's process; empty where it does not say. */
      readonly incarnation?: string;
      readonly inFlight: readonly { readonly operationId: string; readonly expiresAt: number }[];
    }
  | {
      readonly kind: 'agent-report';
      readonly instance: string;
      readonly sequence: number;
      /** Its clocks when it sent this. */
      readonly clock?: AgentTime;
      readonly report: AgentReportBody;
      readonly token: number;
      readonly chance: number;
    }
  | {
      readonly kind: 'operator-verb';
      readonly verb: OperatorVerb;
      readonly by: string;
      readonly token: number;
      readonly chance: number;
    }
  /** The store's facts about all launcher hosts, whole, whenever one of them changed. */
  | { readonly kind: 'host-facts'; readonly facts: Readonly<Record<string, HostFact>> }
  /** A fencer has ended. */
  | {
      readonly kind: 'host-fenced';
      readonly host: string;
      readonly outcome:
        | { readonly kind: 'fenced'; readonly evidence: string }
        /** It was proven dead meanwhile, by another DPE or by an operator. */
        | { readonly kind: 'known'; readonly death: NonNullable<HostFact['death']> }
        | { readonly kind: 'failed'; readonly reason: string };
    }
  /** What another DPE hears, by launcher host; counts of an earlier moment are replaced. */
  | {
      readonly kind: 'silence-count';
      readonly deployable: string;
      readonly hosts: Readonly<Record<string, SilenceCount>>;
    }
  | { readonly kind: 'order-refused'; readonly operationId: string; readonly code: string; readonly message: string }
  | { readonly kind: 'decided'; readonly number: number; readonly elapsedMs: number; readonly outcome: DecisionOutcome }
);

/** Instances whose agents were heard of, and how many of them are silent without being proven dead. */
export interface SilenceCount {
  readonly running: number;
  readonly silent: number;
}

/** In the words of a document's utilization; memory in MiB. */
export interface Capacity {
  readonly cpus: number;
  readonly memory: number;
}

export interface ConditionReport {
  readonly instance: string;
  /**
   * `unknown`: its launcher cannot tell; what was known before holds. `rebooting`: its guest was restarted a moment ago,
   * in this life of the instance.
   */
  readonly condition: VmCondition['kind'] | 'rebooting' | 'unknown';
  readonly evidence: string;
}

export interface InstanceReport {
  readonly instance: string;
  readonly assembly: string;
  readonly state: 'running' | 'dead' | 'failed' | 'unknown';
  readonly address: string;
  readonly hostname: string;
  readonly evidence: string;
  readonly at: number;
  /** Of a start that failed: nothing was tried, the launcher host has no room. */
  readonly hasNoRoom?: boolean;
}

export type LauncherOutcome =
  | { readonly kind: 'state'; readonly state: InstanceReport }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Result of one operation, as the agent tells it; times in unix ms by the agent's clock. */
export interface OperationOutcome {
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly callId: number;
  readonly rc: number;
  readonly status: 'done' | 'timeout' | 'error' | 'cancelled' | 'not-installed';
  readonly startedAt: number;
  readonly endedAt: number;
  readonly queueMs: number;
  readonly timeoutMs: number;
  readonly exitReason: string;
  readonly output: string;
  readonly userData: OperationUserData | undefined;
  /** Of an agent that can reload: the parameters whose change needs a restart all the same. */
  readonly restartParameters?: readonly string[] | undefined;
}

export type AgentReportBody =
  | { readonly kind: 'order-result'; readonly operationId: string; readonly result: OperationOutcome }
  | MonitorChange
  | LocalRecoveryNews
  /** Several of the two before, of one resource: its agent had no room for all of them. */
  | {
      readonly kind: 'condensed';
      readonly resource: string;
      /** All of them, the newest included. */
      readonly failures: number;
      readonly recovered: number;
      readonly firstAt: number;
      readonly lastAt: number;
      readonly newest: LocalRecoveryNews | MonitorChange;
    }
  /** Report of a kind this version does not know, or one that is not believed (`reason`): acknowledged, without effect. */
  | { readonly kind: 'unknown'; readonly reason?: string };

export interface MonitorChange {
  readonly kind: 'monitor-changed';
  readonly result: OperationOutcome;
}

export interface LocalRecoveryNews {
  readonly kind: 'local-recovery';
  readonly resource: string;
  readonly failure: OperationOutcome;
  readonly stop: OperationOutcome | undefined;
  readonly start: OperationOutcome | undefined;
  readonly monitor: OperationOutcome | undefined;
  readonly verdict: 'recovered' | 'escalate' | 'failed';
  readonly reason: string;
  readonly failures: number;
  readonly detectedAt: number;
  readonly recoveredAt: number;
}

export type DecisionOutcome =
  | {
      readonly kind: 'graph';
      readonly graph: TransitionGraph;
      readonly recheckAt: number | undefined;
    }
  | { readonly kind: 'failed'; readonly reason: string };
