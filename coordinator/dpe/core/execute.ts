/** From an action of the graph to what is done about it: an order to a launcher or an agent, or an answer at once. */
import { deadlineOf } from '../../graph/action-timing.js';
import type { ActionOutcome } from '../../graph/transition.js';
import type { GraphAction, ResourceAction, TransitionGraph } from '../../graph/transition-graph.js';
import { instanceResource } from '../../policy/clone-name.js';
import { clearFailCount } from '../../state/fail-count.js';
import { deleteResource, eraseGuest } from '../../state/forget.js';
import { orderAgent } from './agent-actions.js';
import type { Execution } from './answer.js';
import { awaitsRecovery } from './failures.js';
import { executeFencing } from './fencing.js';
import { performerOf } from './performer.js';
import { settleAction } from './settle.js';
import { executeConnectionAction, executeVmAction } from './vm-actions.js';
import type { Work } from './work.js';

export function execute(work: Work, number: number, graph: TransitionGraph, planned: GraphAction): void {
  const action = withInstanceName(work, planned);
  const execution = { number, expiresAt: work.now + (deadlineOf(action, graph) ?? 0) };
  switch (action.kind) {
    case 'pseudo':
      if (action.operation === 'stonith' && action.node !== undefined) guestFenced(work, action.node.name);
      settleAction(work, action.id, { kind: 'succeeded' });
      return;
    case 'cluster':
      settleAction(work, action.id, executeClusterAction(work, action));
      return;
    case 'fencing':
      executeFencing(work, action);
      return;
    case 'resource':
      executeResourceAction(work, action, execution);
  }
}

/** In the CIB all instances of a clone have one name; here each has the name of its replica. */
function withInstanceName(work: Work, action: GraphAction): GraphAction {
  if ((action.kind !== 'resource' && action.kind !== 'cluster') || action.resource === undefined) return action;
  const id = instanceResource(work.durable.definition.deployable, action.resource.id, action.node.name);
  return id === action.resource.id ? action : { ...action, resource: { ...action.resource, id } };
}

function executeResourceAction(work: Work, action: ResourceAction, execution: Execution): void {
  if (action.operation === 'delete') {
    // What the definition no longer names is forgotten: that is the DPE's own memory, nobody is asked.
    const history = deleteResource(work.durable.history, action.node.name, action.resource.id);
    work.durable = { ...work.durable, history };
    settleAction(work, action.id, { kind: 'succeeded' });
    return;
  }
  const performer = performerOf(action.resource);
  switch (performer.kind) {
    case 'launcher':
      executeVmAction(work, action, performer.assembly, execution);
      return;
    case 'connection':
      executeConnectionAction(work, action, performer.assembly, execution);
      return;
    case 'agent':
      orderAgent(work, action, execution);
  }
}

/** The guest is fenced once its VM is stopped: what was known inside it no longer holds (design section 3). */
function guestFenced(work: Work, assembly: string): void {
  work.durable = { ...work.durable, history: eraseGuest(work.durable.history, assembly) };
}

function executeClusterAction(work: Work, action: Extract<GraphAction, { kind: 'cluster' }>): ActionOutcome {
  const resource = action.resource?.id ?? '';
  const { history } = work.durable;
  switch (action.operation) {
    case 'clear_failcount':
      // Ordered also for what left the definition while it was being recovered (lib/pacemaker: "it is orphaned").
      if (awaitsRecovery(history, action.node.name, resource)) return { kind: 'succeeded' };
      work.durable = { ...work.durable, history: clearFailCount(history, action.node.name, resource) };
      return { kind: 'succeeded' };
    case 'lrm_delete':
      work.durable = { ...work.durable, history: deleteResource(history, action.node.name, resource) };
      return { kind: 'succeeded' };
    default:
      return { kind: 'failed', reason: `nothing is known to do for "${action.operation}"` };
  }
}
