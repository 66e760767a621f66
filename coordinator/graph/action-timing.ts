import { type GraphAction, isConfirmedWhenFired, type TransitionGraph } from './transition-graph.js';

/**
 * How long to wait for an action's result once it has fired, in ms; undefined for what its caller confirms at once.
 *
 * The operation's timeout and start delay plus the cluster delay, which stands in for a missing timeout as well
 * (daemons/controld/controld_te_actions.c te_start_action_timer(), execute_rsc_action()); for fencing the graph's fencing
 * timeout (daemons/controld/controld_fencing.c controld_execute_fence_action()).
 */
export function deadlineOf(action: GraphAction, graph: TransitionGraph): number | undefined {
  if (isConfirmedWhenFired(action)) return undefined;
  if (action.kind === 'fencing') return graph.fencingTimeoutMs;
  const ownMs = action.timeoutMs + action.startDelayMs;
  return (ownMs > 0 ? ownMs : graph.clusterDelayMs) + graph.clusterDelayMs;
}
