import type { Operation, OperationOutcome } from '../core/operation.js';

/** One run of an operation. */
export interface OperationRun {
  /** Unique in the instance. What the run starts carries it in its environment, so that it can be found again. */
  readonly id: string;
  readonly operation: Operation;
  /** An agent before this one began the run and did not see its end. */
  readonly isInterrupted: boolean;
  /** Aborted: what runs is ended, with status `cancelled`. An executor that cannot end it lets it come to its end. */
  readonly signal?: AbortSignal | undefined;
  /** What the resource agent is told that its resource is called (OCF_RESOURCE_INSTANCE); default its own name. */
  readonly instanceName?: string | undefined;
}

/**
 * The port to what resources really are; one per resource class. An executor runs what it is told and judges nothing:
 * queues, intervals and recovery are the core's.
 */
export interface ResourceExecutor {
  /** Never rejects, and settles soon after the operation's timeout at the latest. */
  run(run: OperationRun): Promise<OperationOutcome>;
  /** What it sees of a resource between two monitors; undefined when the resource is none of its own, or not running. */
  watch?(resource: string): Watch | undefined;
}

/** What is seen of a running resource between two monitors. */
export type Watch =
  /** The process of a command: its exit is told by the kernel (`exec`). */
  | { readonly kind: 'exit'; readonly pid: number }
  /** The resource's own cgroup: told when its last process ends. */
  | { readonly kind: 'cgroup'; readonly processes: number }
  /** Several processes of which some matter more: looked at many times a second, beside the cgroup if there is one. */
  | { readonly kind: 'processes'; readonly pids: readonly number[] }
  /** Changes of a systemd unit's state. */
  | { readonly kind: 'unit'; readonly unit: string }
  /** Nothing: the interval of its monitor decides. */
  | { readonly kind: 'interval'; readonly reason: string };

/** Called when something happened to a resource that a monitor should look at now. */
export type ResourceListener = (resource: string) => void;

/** The environment variable that ties a process to the run that started it. */
export const runVariable = 'CPE_OPERATION';

/** Value of `runVariable`: instances of one machine share a process table when they are not isolated. */
export function runToken(instance: string, run: string): string {
  return `${instance}/${run}`;
}
