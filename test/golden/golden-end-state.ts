import type { ExecutedAction } from '../../coordinator/graph/simulate.js';
import type { GraphAction, ResourceAction } from '../../coordinator/graph/transition-graph.js';
import { operationDigest } from '../../coordinator/policy/digest.js';
import { sanitiseId } from '../../coordinator/policy/xml.js';
import type { OperationRecord } from '../../coordinator/state/history.js';
import { executionStatus, type OperationResult, recordResult } from '../../coordinator/state/record.js';
import { childOf, childrenOf, parseTree, renderTree, type Tree } from './golden-tree.js';

/**
 * The CIB that results from a simulated execution, as crm_simulate would write it (lib/pacemaker/pcmk_simulate.c,
 * pcmk_injections.c). The records are made by our own history writer, except those of operations that a cluster keeps no
 * record of and the simulator does: migrations, notifications and cancellations.
 *
 * Like the simulator, and unlike a controller, it leaves out what deleting a resource's history, clearing fail counts
 * and fencing a guest do to the CIB; and it counts a failed stop once, not as infinite.
 */
export function endStateOf(cibXml: string, executed: readonly ExecutedAction[], nowUnixS: number): string {
  const cib = parseTree(cibXml);
  const status = childOf(cib, 'status');
  for (const { action, resourceName, failure } of executed) {
    if (action.kind === 'fencing' && action.fencingOperation !== 'on') recordFencing(status, action);
    if (action.kind !== 'resource' || ['delete', 'meta-data'].includes(action.operation)) continue;
    const rc = failure?.exitCode ?? action.expectedRc;
    const state = nodeState(status, action, action.routerNode === undefined ? action.node.uuid : action.node.name);
    recordOperation(state, action, { resourceName: resourceName ?? action.resource.id, rc, nowUnixS });
    if (failure !== undefined) countFailure(state, failure.resource, action, { rc, nowUnixS });
  }
  return renderTree(cib);
}

function nodeState(status: Tree, action: GraphAction, uuid: string): Tree {
  const name = action.node?.name ?? '';
  const known = childrenOf(status, 'node_state').find(({ attributes }) => attributes.uname === name);
  if (known !== undefined) {
    mergeDoubles(known);
    return known;
  }
  const state: Tree = { name: 'node_state', attributes: { id: uuid, uname: name }, children: [] };
  status.children.push(state);
  return state;
}

/** Where elements share a name and an id, changing them by id makes the first what the last is (update_cib_object()). */
function mergeDoubles({ children }: Tree): void {
  const firsts = new Map<string, Tree>();
  for (const child of children) {
    const key = `${child.name} ${child.attributes.id}`;
    const first = firsts.get(key);
    if (first !== undefined) Object.assign(first.attributes, child.attributes);
    else if (child.attributes.id !== undefined) firsts.set(key, child);
    mergeDoubles(child);
  }
}

/** pcmk__inject_node_state_change(), simulate_fencing_action() */
function recordFencing(status: Tree, action: Extract<GraphAction, { kind: 'fencing' }>): void {
  const state = nodeState(status, action, action.node.uuid);
  Object.assign(state.attributes, { in_ccm: 'false', crmd: 'offline', join: 'down', expected: 'down' });
  state.children = state.children.filter(({ name }) => name !== 'lrm' && name !== 'transient_attributes');
}

interface Outcome {
  readonly rc: number;
  readonly nowUnixS: number;
}

function recordOperation(state: Tree, action: ResourceAction, outcome: Outcome & { resourceName: string }): void {
  const history = historyOf(state, action, outcome.resourceName);
  const callId = 1 + Math.max(0, ...childrenOf(history, 'lrm_rsc_op').map(callIdOf));
  for (const record of recordsOf(action, callId, outcome)) {
    const known = childrenOf(history, 'lrm_rsc_op').find(({ attributes }) => attributes.id === record.id);
    const entry: Tree = known ?? { name: 'lrm_rsc_op', attributes: { id: record.id }, children: [] };
    if (known === undefined) history.children.push(entry);
    Object.assign(entry.attributes, attributesOf(action, record));
  }
}

/** The instance's history where there is one, else the resource's (pcmk__inject_resource_history()). */
function historyOf(state: Tree, { resource }: ResourceAction, resourceName: string): Tree {
  const resources = childOf(childOf(state, 'lrm', { id: state.attributes.id ?? '' }), 'lrm_resources');
  const known = childrenOf(resources, 'lrm_resource');
  for (const id of [resourceName, resource.id]) {
    const found = known.find(({ attributes }) => attributes.id === id);
    if (found !== undefined) return found;
  }
  const { id, class: standard, provider, type } = resource;
  const attributes = { id, class: standard, ...(provider === undefined ? {} : { provider }), type };
  const made: Tree = { name: 'lrm_resource', attributes, children: [] };
  resources.children.push(made);
  return made;
}

function recordsOf(action: ResourceAction, callId: number, { rc, nowUnixS }: Outcome): OperationRecord[] {
  const { operation, intervalMs, expectedRc, node, resource } = action;
  const result: OperationResult = {
    operation,
    intervalMs,
    expectedRc,
    transition: -1,
    action: callId,
    digest: operationDigest(Object.fromEntries(action.parameters), operation, intervalMs, action.timeoutMs),
    callId,
    rc,
    status: executionStatus.done,
    changedAt: nowUnixS * 1000,
    execMs: 0,
    queueMs: 0,
    exitReason: rc === expectedRc ? '' : 'User-injected result',
  };
  const only = simulatorsOwnRecordId(action, rc);
  if (only !== undefined) return [{ ...result, id: only, rc: operation === 'notify' ? 0 : rc }];
  return Object.values(recordResult({}, node.name, resource, result)[node.name]?.resources[resource.id]?.records ?? {});
}

/** Of operations that our own writer leaves out, or (migrations) does not tell from others (pcmk__create_history_xml()). */
function simulatorsOwnRecordId(action: ResourceAction, rc: number): string | undefined {
  const { operation, intervalMs, expectedRc, resource, meta } = action;
  switch (operation) {
    case 'notify':
      return `${resource.id}_${meta.get('notify_type')}_notify_${meta.get('notify_operation')}_0`;
    case 'cancel':
      return rc === expectedRc ? `${resource.id}_cancel_${intervalMs}` : `${resource.id}_last_failure_0`;
    case 'migrate_to':
    case 'migrate_from':
      return `${resource.id}_${operation}_${intervalMs}`;
    default:
      return undefined;
  }
}

function attributesOf({ resource, migration }: ResourceAction, record: OperationRecord): Record<string, string> {
  const key = `${record.action}:${record.transition}:${record.expectedRc}:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`;
  return {
    operation_key: `${resource.id}_${record.operation}_${record.intervalMs}`,
    operation: record.operation,
    'transition-key': key,
    'transition-magic': `${record.status}:${record.rc};${key}`,
    'exit-reason': record.exitReason,
    'call-id': String(record.callId),
    'rc-code': String(record.rc),
    'op-status': String(record.status),
    interval: String(record.intervalMs),
    'last-rc-change': String(Math.floor(record.changedAt / 1000)),
    'exec-time': '0',
    'queue-time': '0',
    'op-digest': record.digest,
    ...(migration === undefined ? {} : { migrate_source: migration.source, migrate_target: migration.target }),
  };
}

/** pcmk__inject_failcount() */
function countFailure(state: Tree, name: string, action: ResourceAction, { rc, nowUnixS }: Outcome): void {
  if (rc === 0 || (rc === 7 && action.intervalMs === 0)) return;
  const id = state.attributes.id ?? '';
  const set = childOf(childOf(state, 'transient_attributes', { id }), 'instance_attributes', { id });
  const put = (attribute: string, change: (before: string | undefined) => string) => {
    const known = childrenOf(set, 'nvpair').find(({ attributes }) => attributes.name === attribute);
    if (known !== undefined) known.attributes.value = change(known.attributes.value);
    else set.children.push(pair(`${set.attributes.id}-${sanitiseId(attribute)}`, attribute, change(undefined)));
  };
  const suffix = `${name}#${action.operation}_${action.intervalMs}`;
  put(`fail-count-${suffix}`, (before) => (before === 'INFINITY' ? before : String(Number(before ?? 0) + 1)));
  put(`last-failure-${suffix}`, () => String(nowUnixS));
}

function pair(id: string, name: string, value: string): Tree {
  return { name: 'nvpair', attributes: { id, name, value }, children: [] };
}

function callIdOf({ attributes }: Tree): number {
  return Number(attributes['call-id'] ?? 0);
}
