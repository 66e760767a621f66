import type { JsonValue } from '../../state/json.js';
import type { OperationUserData } from './dpe-state.js';

/** What a step wants done; performed in order, after the step's state is committed. */
export type DpeEffect =
  | {
      readonly kind: 'decide';
      readonly number: number;
      readonly trigger: string;
      readonly cib: string;
      readonly nowUnixS: number;
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
  | { readonly kind: 'archive'; readonly summary: TransitionSummary };

export type LauncherOrder =
  | {
      readonly kind: 'start';
      readonly instance: string;
      readonly assembly: string;
      readonly image: string | undefined;
      readonly cpus: number | undefined;
      readonly memoryMiB: number | undefined;
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
  readonly window: readonly number[];
}

/** One decision and what came of it. */
export interface TransitionSummary {
  readonly number: number;
  readonly trigger: string;
  readonly at: number;
  readonly actions: number;
  readonly executed: readonly string[];
  readonly failed: number;
  readonly outcome: 'complete' | 'aborted' | 'terminated' | 'nothing-to-do' | 'failed';
  readonly reason: string;
  readonly durationMs: number;
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
