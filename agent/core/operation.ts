/** What is asked of a resource, and what came of it. Plain values: the core, the executors and the journal share them. */

/** One instant by two clocks: `unixMs` for people and other machines, `bootMs` (CLOCK_BOOTTIME) for measuring. */
export interface Moment {
  readonly unixMs: number;
  readonly bootMs: number;
}

/** How a resource is run: the agent (class, provider, type) and everything that is passed to it. */
export interface ResourceDefinition {
  readonly class: string;
  readonly provider: string;
  readonly type: string;
  /** Resolved values; OCF_RESKEY_* of an `ocf` resource. */
  readonly parameters: Readonly<Record<string, string>>;
  /** OCF_RESKEY_CRM_meta_*. */
  readonly meta: Readonly<Record<string, string>>;
  /** Class `exec` only. */
  readonly exec: ExecDefinition | undefined;
}

export interface ExecDefinition {
  /** argv; the first is looked up in PATH. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Empty: the agent's own. */
  readonly directory: string;
  /** Name or number; empty: the agent's own. */
  readonly user: string;
  /** By name as in documents: counts, bytes, and seconds of CPU time; what is absent stays as the agent's own. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly health: readonly HealthCheck[];
}

export interface HealthTiming {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Consecutive failures that make the check fail. */
  readonly failures: number;
  /** Consecutive successes that make a failed check good again; absent: one. */
  readonly successes?: number;
  readonly initialDelayMs: number;
}

export type HealthCheck = HealthTiming &
  /** One of the resource's processes has this name. */
  (
    | { readonly kind: 'process'; readonly process: string }
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    /** Any of `status` is healthy; an empty list means 200 to 399. */
    | { readonly kind: 'http'; readonly url: string; readonly status: readonly number[] }
    | { readonly kind: 'command'; readonly command: readonly string[] }
  );

/** One operation of a resource as an executor runs it. */
export interface Operation {
  /** CIB id: `<assembly>.<name>`. */
  readonly resource: string;
  /** start, stop, monitor, ... */
  readonly name: string;
  /** Above 0 for a recurring monitor. */
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly definition: ResourceDefinition;
}

/** OCF 1.1 exit codes (resource-agents: ocf-returncodes); other classes are mapped to them. */
export const Ocf = {
  success: 0,
  genericError: 1,
  wrongArguments: 2,
  unimplemented: 3,
  noPermission: 4,
  notInstalled: 5,
  notConfigured: 6,
  notRunning: 7,
  runningPromoted: 8,
  failedPromoted: 9,
  degraded: 190,
  degradedPromoted: 191,
} as const;

/** How the run itself went: only `done` means that `rc` is the resource agent's own word. */
export type OperationStatus = 'done' | 'timeout' | 'error' | 'cancelled' | 'not-installed';

export interface OperationOutcome {
  readonly rc: number;
  readonly status: OperationStatus;
  /** One line for people; empty when there is nothing to say. */
  readonly exitReason: string;
  /** Tail of what it wrote, bounded by whoever ran it. */
  readonly output: string;
  /** Of a start whose agent can reload; without it every changed parameter needs a restart. */
  readonly reload?: ReloadRules | undefined;
}

/** How a resource whose agent can reload is to be treated when its parameters change. */
export interface ReloadRules {
  /** Of a change of one of these the resource has to be restarted; others take effect by a reload. */
  readonly restartParameters: readonly string[];
}

/** An outcome with its place in the instance's history. */
export interface OperationResult extends OperationOutcome {
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  /** Grows with every recorded result of this instance, over restarts of the agent too. */
  readonly callId: number;
  readonly startedUnixMs: number;
  readonly endedUnixMs: number;
  /** One instant by both clocks: says which unix time the two are in, when that is stepped (unix-time.ts). */
  readonly base: Moment;
  readonly execMs: number;
  readonly queueMs: number;
  /** Reference of the order that asked for it, unchanged. */
  readonly userData: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Whether a result is what was expected. Degraded counts as its healthy counterpart, as in the Pacemaker controller
 * (daemons/controld/controld_te_events.c, process_graph_event).
 */
export function isExpected(outcome: OperationOutcome, expectedRc: number): boolean {
  return outcome.status === 'done' && healthyCounterpart(outcome.rc) === expectedRc;
}

function healthyCounterpart(rc: number): number {
  if (rc === Ocf.degraded) return Ocf.success;
  if (rc === Ocf.degradedPromoted) return Ocf.runningPromoted;
  return rc;
}

/** For the default branch of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
