import type { Assembly } from '../../model/deployable.js';
import type { CibInput } from '../../state/cib-input.js';
import type { Fencer } from '../../state/host-fact.js';
import type { JsonValue } from '../../state/json.js';
import type { SilenceCount } from './dpe-event.js';
import type { OperationUserData } from './dpe-state.js';
import type { VerbReply } from './operator-verb.js';

/** What a step wants done; performed in order, after the step's state is committed. */
export type DpeEffect =
  | {
      readonly kind: 'decide';
      readonly number: number;
      readonly trigger: string;
      /** What the decision depends on, the time included. */
      readonly input: CibInput;
    }
  | { readonly kind: 'adopt-launcher'; readonly host: string }
  | { readonly kind: 'adopt-agent'; readonly instance: string }
  | { readonly kind: 'delegate'; readonly instance: string; readonly delegations: readonly DelegationOrder[] }
  | {
      readonly kind: 'order-launcher';
      readonly operationId: string;
      readonly host: string;
      readonly order: LauncherOrder;
      readonly expiresAt: number;
    }
  | {
      readonly kind: 'order-agent';
      readonly operationId: string;
      readonly instance: string;
      readonly order: AgentOrder;
      readonly expiresAt: number;
    }
  /** Nobody waits for it any more: stop trying to deliver it. */
  | { readonly kind: 'withdraw'; readonly operationId: string }
  /** The report behind this token is committed (or was before): tell its sender. */
  | { readonly kind: 'acknowledge'; readonly token: number; readonly sequence: number }
  /** What became of an operator's verb, once it is committed. */
  | { readonly kind: 'reply'; readonly token: number; readonly reply: VerbReply }
  /** Runs the host's fencer; answered by `host-fenced`. */
  | {
      readonly kind: 'fence-host';
      readonly host: string;
      readonly operation: 'off' | 'reboot';
      readonly fencer: Fencer;
      readonly expiresAt: number;
      /** When its launcher was heard last (unix ms): a proof of death since then, by whomever, is proof enough. */
      readonly heardAt: number;
    }
  /** Its launcher answers: what its fencer, or the wait for another's, would still bring is not wanted any more. */
  | { readonly kind: 'end-fencing'; readonly host: string }
  /** Proven dead by this DPE's fencer: a fact for all deployables. */
  | { readonly kind: 'tell-host-dead'; readonly host: string; readonly at: number; readonly evidence: string }
  /** Tells the other DPEs what this one hears. */
  | { readonly kind: 'tell-silence'; readonly hosts: Readonly<Record<string, SilenceCount>> }
  /** The agent may let its exclusive resources run for so long from now. */
  | { readonly kind: 'renew-lease'; readonly instance: string; readonly leaseMs: number }
  | { readonly kind: 'archive'; readonly summary: TransitionSummary };

export type LauncherOrder =
  | {
      readonly kind: 'start';
      readonly instance: string;
      readonly assembly: string;
      readonly image: string | undefined;
      readonly cpus: number | undefined;
      readonly memoryMiB: number | undefined;
      readonly disks: Assembly['disks'];
      readonly networks: Assembly['networks'];
      readonly platformPlacement: Assembly['platformPlacement'];
    }
  | { readonly kind: 'stop'; readonly instance: string; readonly graceMs: number }
  | { readonly kind: 'destroy'; readonly instance: string }
  | { readonly kind: 'forget'; readonly instance: string };

export type AgentOrder =
  | {
      readonly kind: 'execute';
      readonly resource: string;
      readonly class: string;
      readonly provider: string | undefined;
      readonly type: string;
      readonly operation: string;
      readonly intervalMs: number;
      readonly timeoutMs: number;
      readonly startDelayMs: number;
      readonly expectedRc: number;
      readonly parameters: Readonly<Record<string, string>>;
      readonly meta: Readonly<Record<string, string>>;
      readonly userData: OperationUserData;
    }
  | {
      readonly kind: 'cancel';
      readonly resource: string;
      readonly operation: string;
      readonly intervalMs: number;
      readonly userData: OperationUserData;
    };

export interface DelegationOrder {
  readonly resource: string;
  readonly failures: number;
  readonly periodMs: number;
  readonly startTimeoutMs: number;
  readonly stopTimeoutMs: number;
  readonly monitorTimeoutMs: number;
  /** Stopped by the agent when its lease ends. */
  readonly isExclusive: boolean;
  readonly window: readonly number[];
  /** Resources of the same assembly that have to run first. */
  readonly after: readonly string[];
}

/** One decision and what came of it. */
export interface TransitionSummary {
  readonly number: number;
  readonly trigger: string;
  readonly at: number;
  readonly actions: number;
  /** In the order in which they began. */
  readonly executed: readonly ExecutedAction[];
  readonly failed: number;
  readonly outcome: 'complete' | 'aborted' | 'terminated' | 'nothing-to-do' | 'failed';
  readonly reason: string;
  readonly durationMs: number;
}

/** One action of a transition, and how it went. Times in unix ms. */
export interface ExecutedAction {
  readonly id: number;
  readonly kind: 'pseudo' | 'resource' | 'cluster' | 'fencing';
  readonly operation: string;
  /** `<resource>_<operation>_<interval ms>`; empty where it has none. */
  readonly key: string;
  /** CIB id; empty where it has none. */
  readonly resource: string;
  readonly node: string;
  readonly intervalMs: number;
  readonly beganAt: number;
  /** Undefined: it had not ended when the transition did. */
  readonly endedAt: number | undefined;
  readonly outcome: 'succeeded' | 'failed' | 'failure-ignored' | 'timed-out' | 'pending';
  readonly reason: string;
}

/** An event for the deployable's log (see the store's EventDraft, which this becomes). */
export interface DpeEventDraft {
  readonly time: number;
  readonly assembly?: string;
  readonly resource?: string;
  readonly instance?: string;
  readonly kind: string;
  readonly reason: string;
  readonly evidence?: JsonValue;
}
