import { parseGraph } from '../../coordinator/graph/parse-graph.js';
import { beginTransition, confirm, fire, progress } from '../../coordinator/graph/transition.js';
import type { GraphAction, ResourceAction, TransitionGraph } from '../../coordinator/graph/transition-graph.js';
import { renderCib } from '../../coordinator/policy/cib.js';
import { instanceResource } from '../../coordinator/policy/clone-name.js';
import { operationDigest } from '../../coordinator/policy/digest.js';
import type { Scheduler } from '../../coordinator/scheduler/scheduler.js';
import type { CibInput } from '../../coordinator/state/cib-input.js';
import { clearFailCount } from '../../coordinator/state/fail-count.js';
import { deleteResource, eraseGuest } from '../../coordinator/state/forget.js';
import { nextCallId } from '../../coordinator/state/history-edit.js';
import { executionStatus, recordResult } from '../../coordinator/state/record.js';

const mostTransitions = 10;

/**
 * What a deployable comes to when everything that is ordered succeeds at once: decides and executes until the scheduler
 * has nothing left to do. Nothing is started; only the history is written. Rejects when there is no rest.
 */
export async function settle(scheduler: Scheduler, input: CibInput): Promise<CibInput> {
  let current = input;
  for (let transition = 1; transition <= mostTransitions; transition++) {
    const graph = await graphOf(scheduler, current);
    if (graph.synapses.length === 0) return current;
    current = executed(graph, current, transition);
  }
  throw new Error(`${input.deployable.name} does not come to rest`);
}

/** The graph of an input, decided as a whole. Rejects when there is none. */
export async function graphOf(scheduler: Scheduler, input: CibInput): Promise<TransitionGraph> {
  const nowUnixS = Math.floor(input.nowUnixMs / 1000);
  const decision = await scheduler.decide({ cib: renderCib(input), nowUnixS });
  if (decision.kind !== 'graph') throw new Error(`no decision: ${decision.kind}, ${decision.message}`);
  const parsed = parseGraph(decision.graphXml);
  if (parsed.kind === 'malformed') throw new Error(`a graph that is none: ${parsed.message}`);
  return parsed.graph;
}

/** The input after a graph was executed, every action as expected. */
export function executed(graph: TransitionGraph, input: CibInput, number: number): CibInput {
  const transition = beginTransition(graph);
  let current = input;
  for (let wasBusy = true; wasBusy; ) {
    wasBusy = false;
    for (const action of fire(transition)) {
      wasBusy = true;
      current = { ...current, nowUnixMs: current.nowUnixMs + 10 };
      current = afterAction(current, action, number);
      confirm(transition, action.id, { kind: 'succeeded' });
    }
  }
  const end = progress(transition);
  if (end.kind !== 'complete') throw new Error(`a graph of ${input.deployable.name} cannot be executed: ${end.kind}`);
  return { ...current, nowUnixMs: current.nowUnixMs + 1000 };
}

function afterAction(input: CibInput, action: GraphAction, number: number): CibInput {
  const { history } = input;
  if (action.kind === 'pseudo') {
    const isGuestFenced = action.operation === 'stonith' && action.node !== undefined;
    return isGuestFenced ? { ...input, history: eraseGuest(history, action.node.name) } : input;
  }
  const node = action.node.name;
  if (action.kind === 'resource') {
    return action.operation === 'delete'
      ? { ...input, history: deleteResource(history, node, nameOf(action.resource.id, node, input)) }
      : afterOperation(input, action, number);
  }
  return action.kind === 'cluster' && action.operation === 'clear_failcount'
    ? { ...input, history: clearFailCount(history, node, nameOf(action.resource?.id ?? '', node, input)) }
    : input;
}

function nameOf(resource: string, node: string, { deployable }: CibInput): string {
  return instanceResource(deployable, resource, node);
}

function afterOperation(input: CibInput, action: ResourceAction, number: number): CibInput {
  const { operation, intervalMs, expectedRc, timeoutMs, parameters } = action;
  const { class: standard, provider, type } = action.resource;
  const node = action.node.name;
  const id = nameOf(action.resource.id, node, input);
  const isConnection = type === 'remote';
  const isCancel = operation === 'cancel';
  const resource = { id, class: standard, provider, type, container: isConnection ? `${id}.vm` : undefined };
  const history = recordResult(input.history, node, resource, {
    operation: isCancel ? (action.meta.get('operation') ?? '') : operation,
    intervalMs,
    expectedRc,
    transition: number,
    action: action.id,
    digest: operationDigest(Object.fromEntries(parameters), operation, intervalMs, timeoutMs),
    callId: nextCallId(input.history, node),
    rc: expectedRc,
    status: isCancel ? executionStatus.cancelled : executionStatus.done,
    changedAt: input.nowUnixMs,
    execMs: 10,
    queueMs: 0,
    exitReason: '',
  });
  const [assembly = ''] = id.split('.');
  const known = input.assemblies[assembly];
  if (known === undefined) return { ...input, history };
  const learned = isConnection
    ? { ...known, isConnected: operation !== 'stop' && (operation === 'start' || known.isConnected) }
    : type === 'assembly' && operation === 'start'
      ? { ...known, host: node, address: `127.1.0.${assembly.length}`, hostname: assembly }
      : known;
  return { ...input, history, assemblies: { ...input.assemblies, [assembly]: learned } };
}
