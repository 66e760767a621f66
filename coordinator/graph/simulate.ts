import { type ActionOutcome, beginTransition, confirm, fire, type Progress, progress } from './transition.js';
import { type GraphAction, INFINITE_SCORE, type ResourceAction, type TransitionGraph } from './transition-graph.js';

/** An operation that shall fail, as `crm_simulate --op-fail RESOURCE_OPERATION_INTERVAL@NODE=RC` says it. */
export interface InjectedFailure {
  /** Name in the configuration or of the instance; names are compared without regard to case. */
  readonly resource: string;
  readonly operation: string;
  readonly intervalMs: number;
  readonly node: string;
  readonly exitCode: number;
}

export interface SimulationOptions {
  readonly failures?: readonly InjectedFailure[];
  /** Resources to be called by their instance's name (`web:0`); see `findInstanceOnlyIds`. Default: none. */
  readonly instanceOnlyIds?: ReadonlySet<string>;
}

export interface ExecutedAction {
  readonly action: GraphAction;
  /** What people call the resource; undefined where the action has none. */
  readonly resourceName: string | undefined;
  readonly outcome: ActionOutcome;
  /** Why it failed; undefined where it did not. */
  readonly failure: InjectedFailure | undefined;
}

export interface Simulation {
  /** In the order of execution. */
  readonly executed: readonly ExecutedAction[];
  /** `complete`, or `terminated` for a graph that can not be executed. */
  readonly end: Exclude<Progress, { kind: 'running' }>;
}

/**
 * Execute a graph in the mind: every action completes at once, as expected unless it is among `failures`.
 * Order and effect of failures are those of `crm_simulate --simulate` (lib/pacemaker/pcmk_simulate.c
 * pcmk__simulate_transition(), simulate_resource_action()): a simulated failure stops all but the most urgent at once.
 */
export function simulateOrder(graph: TransitionGraph, options: SimulationOptions = {}): Simulation {
  const { failures = [], instanceOnlyIds = new Set() } = options;
  const transition = beginTransition(graph, { batchLimit: () => -1 });
  const executed: ExecutedAction[] = [];
  for (;;) {
    const before = executed.length;
    for (const action of fire(transition)) {
      const resourceName = resourceNameOf(action, instanceOnlyIds);
      const failure = failures.find((candidate) => isMeant(candidate, action, resourceName));
      const outcome: ActionOutcome =
        failure === undefined
          ? { kind: 'succeeded' }
          : {
              kind: 'failed',
              reason: `simulated exit code ${failure.exitCode}`,
              abortPriority: INFINITE_SCORE,
            };
      executed.push({ action, resourceName, outcome, failure });
      confirm(transition, action.id, outcome);
    }
    const end = progress(transition);
    if (end.kind !== 'running') return { executed, end };
    // Everything is confirmed as it fires, so whatever is ready must have been found.
    if (executed.length === before) throw new Error(`transition ${graph.id} neither goes on nor ends`);
  }
}

/** One line of crm_simulate's "Executing Cluster Transition", without a line end (lib/pacemaker/pcmk_output.c inject_*). */
export function renderSummaryLine({ action, resourceName }: ExecutedAction): string {
  switch (action.kind) {
    case 'pseudo': {
      const place = action.node === undefined ? '' : ` on ${action.node.name}`;
      return `  * Pseudo action:   ${action.operationKey}${place}`;
    }
    case 'resource': {
      const interval = isBare(action) || action.intervalMs === 0 ? '' : `=${action.intervalMs}`;
      const name = (resourceName ?? '').padEnd(15);
      return `  * Resource action: ${name} ${action.operation}${interval} on ${action.node.name}`;
    }
    case 'cluster': {
      const subject = action.resource === undefined ? '' : ` for ${action.resource.id}`;
      return `  * Cluster action:  ${action.operation}${subject} on ${action.node.name}`;
    }
    case 'fencing':
      return `  * Fencing ${action.node.name} (${action.fencingOperation})`;
  }
}

function resourceNameOf(action: GraphAction, instanceOnlyIds: ReadonlySet<string>): string | undefined {
  if (action.kind === 'pseudo' || action.kind === 'fencing' || action.resource === undefined) return undefined;
  const { id, longId } = action.resource;
  return instanceOnlyIds.has(id) ? (longId ?? id) : id;
}

/** Neither leaves a trace in the history, so neither can be made to fail. */
function isBare(action: ResourceAction): boolean {
  return ['delete', 'meta-data'].includes(action.operation.toLowerCase());
}

function isMeant(failure: InjectedFailure, action: GraphAction, resourceName: string | undefined): boolean {
  if (action.kind !== 'resource' || isBare(action)) return false;
  const { operation, intervalMs, node } = action;
  const meant = failureKey(failure.resource, failure.operation, failure.intervalMs, failure.node);
  return [resourceName ?? action.resource.id, action.resource.id].some(
    (name) => failureKey(name, operation, intervalMs, node.name) === meant,
  );
}

function failureKey(resource: string, operation: string, intervalMs: number, node: string): string {
  return `${resource}_${operation}_${intervalMs}@${node}`.toLowerCase();
}
