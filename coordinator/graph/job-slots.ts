import type { Claim } from './ready-queue.js';
import { type GraphAction, isConfirmedWhenFired } from './transition-graph.js';

/**
 * How many resource operations are in flight where. Cluster, fencing and pseudo actions have no limit.
 * Rules: daemons/controld/controld_te_actions.c te_update_job_count(), graph_action_allowed(), allowed_on_node().
 */
export interface JobSlots {
  readonly jobs: Map<string, { running: number; migrating: number }>;
  readonly limits: JobLimits;
}

export interface JobLimits {
  /** Operations at once on a node that runs or relays them; below 1 counts as 1, or a transition could not go on. */
  readonly jobLimit: (node: string) => number;
  /** Migrations at once per node; 0 or less = no limit. */
  readonly migrationLimit: number;
}

export function createJobSlots(limits: JobLimits): JobSlots {
  return { jobs: new Map(), limits };
}

/** What actions that fire together need. */
export function claimOf(actions: readonly GraphAction[]): Claim {
  const nodes = [...new Set(actions.flatMap(nodesOf))];
  const migrates = actions.some((action) => action.kind === 'resource' && action.migration !== undefined);
  return { key: JSON.stringify([migrates, ...nodes]), nodes, migrates };
}

/** The first node that has no room for this claim. */
export function refusingNode({ jobs, limits }: JobSlots, { nodes, migrates }: Claim): string | undefined {
  return nodes.find((node) => {
    const { running = 0, migrating = 0 } = jobs.get(node) ?? {};
    if (running >= Math.max(1, limits.jobLimit(node))) return true;
    return migrates && limits.migrationLimit > 0 && migrating >= limits.migrationLimit;
  });
}

export function occupy(slots: JobSlots, action: GraphAction): void {
  count(slots, action, 1);
}

/** Returns the nodes that have room again. */
export function release(slots: JobSlots, action: GraphAction): readonly string[] {
  return count(slots, action, -1);
}

function count({ jobs }: JobSlots, action: GraphAction, by: 1 | -1): readonly string[] {
  if (isConfirmedWhenFired(action)) return [];
  const nodes = nodesOf(action);
  const isRelayed = action.kind === 'resource' && action.routerNode !== undefined;
  const migrates = action.kind === 'resource' && action.migration !== undefined && !isRelayed;
  for (const node of nodes) {
    const { running, migrating } = jobs.get(node) ?? { running: 0, migrating: 0 };
    jobs.set(node, { running: running + by, migrating: migrating + (migrates ? by : 0) });
  }
  return nodes;
}

/** Where an action counts: on the node that relays it if there is one; a migration on both its ends. */
function nodesOf(action: GraphAction): readonly string[] {
  if (action.kind !== 'resource') return [];
  if (action.routerNode !== undefined) return [action.routerNode];
  if (action.migration !== undefined) return [action.migration.source, action.migration.target];
  return [action.node.name];
}
