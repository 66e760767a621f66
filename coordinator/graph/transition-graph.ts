/**
 * A transition graph as typed values: what the Pacemaker scheduler wants done, in which order. Element and attribute
 * names are those of lib/pacemaker/pcmk_graph_producer.c; they are the same from 2.1.5 to 3.x.
 */

/** Pacemaker's infinite score (`PCMK_SCORE_INFINITY`); the highest priority of a synapse or an abort. */
export const INFINITE_SCORE = 1_000_000;

/** A node of the CIB: a launcher host or a guest node (assembly). */
export interface NodeRef {
  readonly name: string;
  readonly uuid: string;
}

export interface ResourceRef {
  /** Name in the configuration, to be used in operations and history. */
  readonly id: string;
  /** Instance name (`web:0`) where the resource is a member of an anonymous clone. */
  readonly longId: string | undefined;
  readonly class: string;
  readonly provider: string | undefined;
  readonly type: string;
}

/** What every kind of action has. */
interface ActionBase {
  /** Unique within the graph. */
  readonly id: number;
  /** `start`, `stop`, `monitor`, `running`, `stonith`, `lrm_delete` ... */
  readonly operation: string;
  /** `<resource>_<operation>_<interval ms>`, the name the operation has in the history. */
  readonly operationKey: string;
  /** The same with the scheduler's instance name, where that differs (anonymous clones). */
  readonly internalOperationKey: string | undefined;
  /** 0 unless the operation recurs. */
  readonly intervalMs: number;
  /** What the operation itself may take (`CRM_meta_timeout`); how long to wait for its result is `deadlineOf`. */
  readonly timeoutMs: number;
  readonly startDelayMs: number;
  /** Counts as confirmed as soon as it was ordered; nobody waits for its result (`CRM_meta_op_no_wait`). */
  readonly noWait: boolean;
  /** The `CRM_meta_*` attributes, without that prefix: `interval`, `on_fail`, `notify_type` ... */
  readonly meta: ReadonlyMap<string, string>;
  /** Instance attributes: all other attributes except `crm_feature_set`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** `crm_feature_set` of the scheduler. Resource agents may ask for it; operation digests leave it out. */
  readonly featureSet: string | undefined;
  /** Uuids of the nodes that are expected to go down by this action. */
  readonly downs: readonly string[];
}

/** A point in the order of things, without work on a node. Fencing a guest node is one (`operation: 'stonith'`). */
export interface PseudoAction extends ActionBase {
  readonly kind: 'pseudo';
  readonly node: NodeRef | undefined;
  /** Only of `maintenance_nodes`: remote nodes whose maintenance state has changed. */
  readonly maintenance: readonly { readonly uuid: string; readonly inMaintenance: boolean }[];
}

/** An operation of a resource. */
export interface ResourceAction extends ActionBase {
  readonly kind: 'resource';
  readonly node: NodeRef;
  /** The cluster node (launcher host) that reaches `node`, where that is a guest or remote node. */
  readonly routerNode: string | undefined;
  readonly resource: ResourceRef;
  /** The exit code that means success: 0 for most, 7 for a probe that should find nothing. */
  readonly expectedRc: number;
  /** `ignore`, `restart`, `fence` ... where the configuration says so. */
  readonly onFail: string | undefined;
  /** Only of `migrate_to` and `migrate_from`: node names. */
  readonly migration: { readonly source: string; readonly target: string } | undefined;
  /** Unix seconds since when a shutdown lock binds the resource to its node. */
  readonly lockedSinceSec: number | undefined;
}

/** An order to the controller of a node: `clear_failcount`, `lrm_delete`, `do_shutdown`. */
export interface ClusterAction extends ActionBase {
  readonly kind: 'cluster';
  readonly node: NodeRef;
  readonly routerNode: string | undefined;
  readonly resource: ResourceRef | undefined;
  /** `cib`: only the history is to be cleaned, not the executor. */
  readonly mode: string | undefined;
}

/** Fencing a cluster node (launcher host) for real. */
export interface FencingAction extends ActionBase {
  readonly kind: 'fencing';
  readonly node: NodeRef;
  /** `reboot`, `off` or `on` (`CRM_meta_stonith_action`). */
  readonly fencingOperation: string;
  /** `priority-fencing-delay` as configured, where it applies. */
  readonly priorityDelay: string | undefined;
}

export type GraphAction = PseudoAction | ResourceAction | ClusterAction | FencingAction;

/** Actions that fire together once all inputs are confirmed. The scheduler puts exactly one action into each. */
export interface Synapse {
  readonly id: number;
  readonly priority: number;
  readonly actions: readonly GraphAction[];
  /** Ids of the actions that have to be confirmed before; each once. */
  readonly inputs: readonly number[];
}

export interface TransitionGraph {
  readonly id: number;
  /** Most synapses in flight at once; 0 = up to the executor, -1 = no limit. */
  readonly batchLimit: number;
  /** Most migrations in flight per node; 0 or less = no limit. */
  readonly migrationLimit: number;
  /** Allowance for the way to the node and back (`cluster-delay`). */
  readonly clusterDelayMs: number;
  /** How long fencing may take (`stonith-timeout`, in 3.x `fencing-timeout`). */
  readonly fencingTimeoutMs: number;
  /** What a failed stop or start adds to the fail count; `INFINITE_SCORE` sets it to infinity. */
  readonly failedStopOffset: number;
  readonly failedStartOffset: number;
  /** Unix ms at which time alone may change the decision. */
  readonly recheckAtMs: number | undefined;
  /** In document order, which is the order in which ready synapses fire. */
  readonly synapses: readonly Synapse[];
}

/**
 * Nothing is done for it on a node, or nobody waits for it: its caller confirms it as soon as it has fired. Whoever is
 * fenced is waited for in any case (daemons/controld/controld_fencing.c controld_execute_fence_action()).
 */
export function isConfirmedWhenFired(action: GraphAction): boolean {
  return action.kind === 'pseudo' || (action.noWait && action.kind !== 'fencing');
}
