/**
 * The port to the Pacemaker scheduler: a CIB and a time in, a transition graph out.
 *
 * The answer depends on the request alone (and on the time zone the adapter was opened with). No method throws for what
 * the scheduler does or fails to do, except `hello`.
 */

/** One question. */
export interface DecideRequest {
  /** The whole CIB as XML text. Write it from typed state: what other hands wrote can crash the library. */
  readonly cib: string;
  /** The time for which to decide (rules, failure timeouts): whole seconds since the epoch, 0 to the end of year 9999. */
  readonly nowUnixS: number;
  /** Longest time until the promise settles, waiting in the queue and retries included. Default: the adapter's. */
  readonly deadlineMs?: number;
  /** Secret parameters have been taken out of this CIB: compare digests over what remains (`pe_flag_sanitized`). */
  readonly isSanitized?: boolean;
  /** The answer shall have the library's view of nodes and resources. It costs about a tenth of the decision. */
  readonly wantsStatus?: boolean;
}

/**
 * - `graph`: decided. The graph's `transition_id` is always 0; numbering transitions is the caller's.
 * - `refused`: the input's fault. Asking again gives the same answer.
 * - `failed`: the scheduler's fault, after `attempts` attempts. `stderr` is the end of what the last one printed.
 */
export type Decision =
  | {
      readonly kind: 'graph';
      /** `<transition_graph>` as the library writes it, unformatted. */
      readonly graphXml: string;
      /** Undefined unless asked for. */
      readonly status: SchedulerStatus | undefined;
      readonly warnings: readonly SchedulerWarning[];
      /** When time alone changes the answer (`recheck_by`); undefined: never. */
      readonly recheckAtUnixS: number | undefined;
      /** Wall time of the attempt that answered, time in the queue not included. */
      readonly elapsedMs: number;
    }
  | {
      readonly kind: 'refused';
      readonly reason: RefusalReason;
      readonly message: string;
      readonly warnings: readonly SchedulerWarning[];
    }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      readonly message: string;
      readonly attempts: number;
      readonly stderr: string;
    };

/**
 * - `malformed-xml`, `forbidden-xml` (a DOCTYPE), `not-a-cib`: see the message.
 * - `schema`: it does not satisfy the schema that it names in `validate-with`, nor any other it could be upgraded to.
 * - `feature-set`: its `crm_feature_set` is newer than the library.
 * - `oversize`: larger than the adapter was opened for.
 */
export type RefusalReason = 'malformed-xml' | 'forbidden-xml' | 'not-a-cib' | 'schema' | 'feature-set' | 'oversize';

/**
 * - `not-built`, `not-started`: there is no scheduler process to ask; the message says how to get one.
 * - `crashed`, `timeout`, `protocol` (it answered nonsense, or more than allowed): the process was replaced.
 * - `overloaded`: too many requests are waiting. `closed`: the adapter was closed.
 */
export type FailureReason = 'not-built' | 'not-started' | 'crashed' | 'timeout' | 'protocol' | 'overloaded' | 'closed';

/** A line of the library's log, which is where it explains itself. */
export interface SchedulerWarning {
  readonly severity: 'error' | 'warning';
  /** The library's function that logged it. */
  readonly source: string;
  readonly message: string;
}

/** The library's own view of the CIB, for operators; the graph says what to do. */
export interface SchedulerStatus {
  readonly nodes: readonly NodeStatus[];
  /** Depth first: a group, clone or bundle before its members, which name it as `parent`. */
  readonly resources: readonly ResourceStatus[];
}

export interface NodeStatus {
  readonly id: string;
  readonly name: string;
  readonly kind: 'member' | 'remote' | 'guest';
  readonly isOnline: boolean;
  /** Must be fenced before its resources may run elsewhere. */
  readonly isUnclean: boolean;
  readonly isPending: boolean;
  readonly isStandby: boolean;
  readonly isInMaintenance: boolean;
  readonly isShuttingDown: boolean;
  readonly runningResources: number;
}

export type ResourceRole = 'Unknown' | 'Stopped' | 'Started' | 'Unpromoted' | 'Promoted';

export interface ResourceStatus {
  readonly id: string;
  readonly parent: string | undefined;
  readonly variant: 'primitive' | 'group' | 'clone' | 'bundle';
  /** What the history says it is. */
  readonly role: ResourceRole;
  /** What it will be when the graph has been executed. */
  readonly nextRole: ResourceRole;
  readonly isFailed: boolean;
  /** Nothing will be done about it until an operator acts. */
  readonly isBlocked: boolean;
  readonly isManaged: boolean;
  /** In the history but no longer in the configuration. */
  readonly isOrphan: boolean;
  readonly pendingOperation: string | undefined;
  /** Names of the nodes on which it is. */
  readonly on: readonly string[];
  /** Name of the node where it will be. */
  readonly to: string | undefined;
}

export interface LibraryVersion {
  /** Pacemaker release the binding was built for, e.g. `2.1.5`. */
  readonly library: string;
  /** The loaded library's own `crm_feature_set`: the newest that a CIB may carry. */
  readonly featureSet: string;
  /** Newest schema, e.g. `pacemaker-3.9`. */
  readonly schema: string;
}

export interface Scheduler {
  /** Throws RangeError only for a `nowUnixS` outside its range. Requests are answered in the order they were made. */
  decide(request: DecideRequest): Promise<Decision>;
  /** Starts the scheduler if it does not run, so that the first decision is fast. Rejects where `decide` would answer `failed`. */
  hello(): Promise<LibraryVersion>;
  /** Ends the scheduler; requests under way and waiting are answered `failed`, `closed`. Resolves when no process is left. */
  close(): Promise<void>;
}
