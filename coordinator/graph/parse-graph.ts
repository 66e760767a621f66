import { parseDurationMs } from './duration.js';
import {
  type GraphAction,
  INFINITE_SCORE,
  type NodeRef,
  type ResourceRef,
  type Synapse,
  type TransitionGraph,
} from './transition-graph.js';
import { childrenNamed, readXmlInSteps, type XmlElement } from './xml-element.js';
import { createPlainXmlReader } from './xml-element-plain.js';

export type ParsedGraph =
  | { readonly kind: 'graph'; readonly graph: TransitionGraph }
  | { readonly kind: 'malformed'; readonly message: string };

const META_PREFIX = 'CRM_meta_';

/**
 * Parse the XML text of a transition graph, as libpacemaker writes it, into typed values.
 *
 * The library's own reader skips what it does not understand (lib/pacemaker/pcmk_graph_consumer.c
 * pcmk__unpack_graph()); here a graph with an unknown kind of action, a missing id, a doubled action or a number that
 * is none is malformed as a whole, because executing part of a plan is worse than asking for another one. An input that
 * names no action of the graph is accepted: it is never confirmed, and the transition ends as terminated.
 */
export function parseGraph(xml: string): ParsedGraph {
  const steps = parseGraphInSteps(xml);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in steps of a few milliseconds, between which the caller may do something else. */
export function* parseGraphInSteps(xml: string): Generator<void, ParsedGraph, void> {
  const plain = yield* parsePlainGraph(xml);
  if (plain !== undefined) return plain;
  const reading = yield* readXmlInSteps(xml);
  if (reading.kind === 'malformed') return reading;
  const problems: Problems = [];
  const synapses = childrenNamed(reading.root, 'synapse').map((element) => readSynapse(element, problems));
  return completeGraph(reading.root, synapses, problems);
}

/** How much text is read between two steps. */
const stepChars = 50_000;

/** One synapse at a time, so that no more of the document than that is in memory; undefined where it is not plain. */
function* parsePlainGraph(xml: string): Generator<void, ParsedGraph | undefined, void> {
  const problems: Problems = [];
  const synapses: Synapse[] = [];
  const reader = createPlainXmlReader(xml, (child) => {
    if (child.name === 'synapse') synapses.push(readSynapse(child, problems));
  });
  for (let limit = stepChars; ; limit += stepChars) {
    const state = reader.readUntil(limit);
    const root = reader.root();
    if (state === 'not-plain') return undefined;
    if (state === 'complete' && root !== undefined) return completeGraph(root, synapses, problems);
    yield;
  }
}

/** Where something is wrong, the reader says so in `problems` and goes on with a stand-in that nobody gets to see. */
type Problems = string[];

function completeGraph(root: XmlElement, synapses: readonly Synapse[], ofSynapses: Problems): ParsedGraph {
  const problems: Problems = [];
  const graph = { ...readHead(root, problems), synapses };
  problems.push(...ofSynapses.slice(0, 1));
  refuseDoubledActions(synapses, problems);
  const [message] = problems;
  return message === undefined ? { kind: 'graph', graph } : { kind: 'malformed', message };
}

function readHead(root: XmlElement, problems: Problems): Omit<TransitionGraph, 'synapses'> {
  if (root.name !== 'transition_graph') complain(root, 'is not a transition graph', problems);
  const attributes = root.attributes;
  const clusterDelayMs = duration(root, 'cluster-delay', undefined, problems);
  const fencingTimeout = 'fencing-timeout' in attributes ? 'fencing-timeout' : 'stonith-timeout';
  const recheckBy = optionalInteger(root, 'recheck-by', problems);
  return {
    id: integer(root, 'transition_id', undefined, problems),
    batchLimit: Math.max(-1, integer(root, 'batch-limit', 0, problems)),
    migrationLimit: Math.max(-1, integer(root, 'migration-limit', -1, problems)),
    clusterDelayMs,
    fencingTimeoutMs: duration(root, fencingTimeout, clusterDelayMs, problems),
    failedStopOffset: score(root, 'failed-stop-offset', problems),
    failedStartOffset: score(root, 'failed-start-offset', problems),
    recheckAtMs: recheckBy === undefined ? undefined : recheckBy * 1000,
  };
}

function refuseDoubledActions(synapses: readonly Synapse[], problems: Problems): void {
  const seen = new Set<number>();
  for (const { actions } of synapses) {
    for (const { id } of actions) {
      if (seen.has(id)) problems.push(`action ${id} is there twice`);
      seen.add(id);
    }
  }
}

function readSynapse(element: XmlElement, problems: Problems): Synapse {
  const actions = childrenNamed(element, 'action_set').flatMap((set) =>
    set.children.map((child) => readAction(child, problems)),
  );
  if (actions.length === 0) complain(element, 'has no action', problems);
  const inputs = childrenNamed(element, 'inputs')
    .flatMap((list) => childrenNamed(list, 'trigger'))
    .flatMap((trigger) => trigger.children)
    .map((input) => integer(input, 'id', undefined, problems));
  return {
    id: integer(element, 'id', undefined, problems),
    priority: Math.max(0, integer(element, 'priority', 0, problems)),
    actions,
    inputs: [...new Set(inputs)],
  };
}

function readAction(element: XmlElement, problems: Problems): GraphAction {
  const base = readActionBase(element, problems);
  const { meta, operation } = base;
  const routerNode = element.attributes.router_node;
  switch (element.name) {
    case 'pseudo_event':
      return { kind: 'pseudo', ...base, node: optionalNode(element), maintenance: readMaintenance(element) };
    case 'crm_event': {
      const node = requiredNode(element, problems);
      if (operation === 'stonith') {
        const fencingOperation = meta.get('stonith_action') ?? '';
        if (fencingOperation === '') complain(element, 'does not say how to fence', problems);
        return { kind: 'fencing', ...base, node, fencingOperation, priorityDelay: meta.get('priority_fencing_delay') };
      }
      const resource = readResource(element);
      return { kind: 'cluster', ...base, node, routerNode, resource, mode: element.attributes.mode };
    }
    case 'rsc_op': {
      const resource = readResource(element);
      if (resource === undefined) complain(element, 'names no resource', problems);
      return {
        kind: 'resource',
        ...base,
        node: requiredNode(element, problems),
        routerNode,
        resource: resource ?? { id: '', longId: undefined, class: '', provider: undefined, type: '' },
        expectedRc: metaInteger(element, meta, 'op_target_rc', problems),
        onFail: meta.get('on_fail'),
        migration: readMigration(operation, meta),
        lockedSinceSec: optionalInteger(element, 'shutdown-lock', problems),
      };
    }
    default:
      complain(element, 'is no known kind of action', problems);
      return { kind: 'pseudo', ...base, node: undefined, maintenance: [] };
  }
}

function readActionBase(element: XmlElement, problems: Problems) {
  const { meta, parameters, featureSet } = readAttributes(element);
  return {
    id: integer(element, 'id', undefined, problems),
    operation: required(element, 'operation', problems),
    operationKey: required(element, 'operation_key', problems),
    internalOperationKey: element.attributes.internal_operation_key,
    intervalMs: metaInteger(element, meta, 'interval', problems),
    timeoutMs: metaInteger(element, meta, 'timeout', problems),
    startDelayMs: metaInteger(element, meta, 'start_delay', problems),
    noWait: isTrue(meta.get('op_no_wait')),
    meta,
    parameters,
    featureSet,
    downs: childrenNamed(element, 'downed')
      .flatMap((downed) => childrenNamed(downed, 'node'))
      .map((node) => required(node, 'id', problems)),
  };
}

/** A parameter whose name begins with a digit is no XML name; it comes as `<param name value/>` (hash2smartfield()). */
function readAttributes(element: XmlElement) {
  const meta = new Map<string, string>();
  const parameters = new Map<string, string>();
  let featureSet: string | undefined;
  const [list] = childrenNamed(element, 'attributes');
  for (const [name, value] of Object.entries(list?.attributes ?? {})) {
    if (name.startsWith(META_PREFIX)) meta.set(name.slice(META_PREFIX.length), value);
    else if (name === 'crm_feature_set') featureSet = value;
    else parameters.set(name, value);
  }
  for (const { attributes } of list === undefined ? [] : childrenNamed(list, 'param')) {
    if (attributes.name !== undefined && attributes.value !== undefined)
      parameters.set(attributes.name, attributes.value);
  }
  return { meta, parameters, featureSet };
}

function readResource(element: XmlElement): ResourceRef | undefined {
  const attributes = childrenNamed(element, 'primitive')[0]?.attributes;
  if (attributes?.id === undefined) return undefined;
  return {
    id: attributes.id,
    longId: attributes['long-id'],
    class: attributes.class ?? '',
    provider: attributes.provider,
    type: attributes.type ?? '',
  };
}

function readMigration(operation: string, meta: ReadonlyMap<string, string>) {
  if (operation !== 'migrate_to' && operation !== 'migrate_from') return undefined;
  const source = meta.get('migrate_source');
  const target = meta.get('migrate_target');
  return source === undefined || target === undefined ? undefined : { source, target };
}

function readMaintenance(element: XmlElement) {
  return childrenNamed(element, 'maintenance')
    .flatMap((list) => childrenNamed(list, 'node'))
    .map(({ attributes }) => ({
      uuid: attributes.id ?? '',
      inMaintenance: isTrue(attributes.node_in_maintenance),
    }));
}

function optionalNode({ attributes }: XmlElement): NodeRef | undefined {
  const { on_node: name, on_node_uuid: uuid } = attributes;
  return name === undefined || uuid === undefined ? undefined : { name, uuid };
}

function requiredNode(element: XmlElement, problems: Problems): NodeRef {
  return { name: required(element, 'on_node', problems), uuid: required(element, 'on_node_uuid', problems) };
}

function required(element: XmlElement, name: string, problems: Problems): string {
  const value = element.attributes[name];
  if (value === undefined || value === '') complain(element, `has no ${name}`, problems);
  return value ?? '';
}

/** A number that must be there, unless there is a default for it. */
function integer(element: XmlElement, name: string, otherwise: number | undefined, problems: Problems): number {
  const value = optionalInteger(element, name, problems) ?? otherwise;
  if (value === undefined) complain(element, `has no number in ${name}`, problems);
  return value ?? 0;
}

function optionalInteger(element: XmlElement, name: string, problems: Problems): number | undefined {
  const text = element.attributes[name];
  return text === undefined ? undefined : checkedInteger(element, name, text, problems);
}

function metaInteger(element: XmlElement, meta: ReadonlyMap<string, string>, name: string, problems: Problems): number {
  const text = meta.get(name);
  return text === undefined ? 0 : Math.max(0, checkedInteger(element, META_PREFIX + name, text, problems));
}

function checkedInteger(element: XmlElement, name: string, text: string, problems: Problems): number {
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
  complain(element, `has ${name}="${text}", which is no number`, problems);
  return 0;
}

function duration(element: XmlElement, name: string, otherwise: number | undefined, problems: Problems): number {
  const text = element.attributes[name];
  const value = text === undefined ? otherwise : parseDurationMs(text);
  if (value === undefined) complain(element, `has no duration in ${name}`, problems);
  return value ?? 0;
}

/** Without one, failures count as infinite, as in daemons/controld/controld_te_events.c update_failcount(). */
function score(element: XmlElement, name: string, problems: Problems): number {
  const text = element.attributes[name];
  if (text === undefined || text === 'INFINITY' || text === '+INFINITY') return INFINITE_SCORE;
  return checkedInteger(element, name, text, problems);
}

/** Spellings of truth: lib/common/strings.c crm_str_to_boolean(). */
function isTrue(text: string | undefined): boolean {
  return text !== undefined && ['true', 'on', 'yes', 'y', '1'].includes(text.toLowerCase());
}

function complain(element: XmlElement, what: string, problems: Problems): void {
  problems.push(`line ${element.line}: <${element.name}> ${what}`);
}
