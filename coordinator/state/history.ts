/**
 * What is known of operations on the nodes of a deployable's CIB: launcher hosts (VM and connection resources) and
 * assemblies as guest nodes (the resources inside). Written the way the Pacemaker controller writes it
 * (daemons/controld/controld_execd.c, lib/common/operations.c), so that Pacemaker's own tools read it and agree.
 */

/** Name of a node of the CIB: a launcher host, or an assembly (guest node). */
export type NodeName = string;

/** One `lrm_rsc_op`. */
export interface OperationRecord {
  /** `<rsc>_last_0`, `<rsc>_last_failure_0`, `<rsc>_monitor_<ms>`, `<rsc>_monitor_0` is recorded as `<rsc>_last_0`. */
  readonly id: string;
  readonly operation: string;
  readonly intervalMs: number;
  /** -1 for a pending operation and for one that timed out unanswered. */
  readonly callId: number;
  readonly rc: number;
  /** PCMK_EXEC_*: -1 pending, 0 done, 1 cancelled, 2 timeout, 4 error, 6 not installed ... */
  readonly status: number;
  readonly expectedRc: number;
  /** Transition number and action id that asked for it (transition-key). */
  readonly transition: number;
  readonly action: number;
  /** Unix ms of the last change of the result; rendered in seconds as `last-rc-change`. */
  readonly changedAt: number;
  readonly execMs: number;
  readonly queueMs: number;
  readonly digest: string;
  readonly exitReason: string;
  readonly restart?: RestartDigest | undefined;
}

/** Of an operation of an agent that can reload: what tells a change that needs a restart from one that does not. */
export interface RestartDigest {
  /** Names of the parameters whose change needs a restart, whether they have a value or not. */
  readonly parameters: readonly string[];
  /** operationDigest of those of them that had one. */
  readonly digest: string;
}

/** Everything recorded for one resource on one node; keyed by record id. */
export interface ResourceHistory {
  readonly class: string;
  readonly provider: string | undefined;
  readonly type: string;
  /** For a connection resource: the VM resource that contains it. */
  readonly container: string | undefined;
  readonly records: Readonly<Record<string, OperationRecord>>;
}

export interface NodeHistory {
  readonly resources: Readonly<Record<string, ResourceHistory>>;
  /** Transient attributes: `fail-count-<rsc>#<op>_<ms>`, `last-failure-<rsc>#<op>_<ms>`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** History of all nodes; a node without an entry has none. */
export type History = Readonly<Record<NodeName, NodeHistory>>;
