/** Parts that the primitives and constraints of our CIB are made of. Ids get three parts and more: names have one or two. */
import { encodeParameter } from './parameter-text.js';
import { type Attributes, element, nvpairs, type Xml } from './xml.js';

export interface OperationOptions {
  readonly timeoutMs: number;
  readonly intervalMs?: number;
  readonly onFail?: string | undefined;
  /** As the dialect has it. */
  readonly role?: string | undefined;
  /** `OCF_CHECK_LEVEL`. */
  readonly depth?: number | undefined;
}

export function operation(
  resource: string,
  name: string,
  { timeoutMs, intervalMs = 0, onFail, role, depth }: OperationOptions,
): Xml {
  const id = `${resource}.${name}.${intervalMs}`;
  const attributes = { id, name, interval: `${intervalMs}ms`, timeout: `${timeoutMs}ms`, role, 'on-fail': onFail };
  return element('op', attributes, instanceAttributes(id, { OCF_CHECK_LEVEL: depth }));
}

/** Parameters of a resource; values are encoded here. No element at all where nothing is set. */
export function instanceAttributes(owner: string, values: Attributes): readonly Xml[] {
  return attributeSet('instance_attributes', owner, encoded(values));
}

/** Parameters that a resource has on one node only. */
export function instanceAttributesOn(node: string, owner: string, values: Attributes): readonly Xml[] {
  const rule = `${owner}.rule.${node}`;
  const expression = { id: `${rule}.expression`, attribute: '#uname', operation: 'eq', value: node };
  const isOnNode = element('rule', { id: rule, 'boolean-op': 'and' }, [element('expression', expression)]);
  return attributeSet('instance_attributes', `${owner}.${node}`, encoded(values), [isOnNode]);
}

function encoded(values: Attributes): Attributes {
  const pairs = Object.entries(values).map(([name, value]) => [
    name,
    value === undefined ? undefined : encodeParameter(String(value)),
  ]);
  return Object.fromEntries(pairs);
}

/** No element at all where nothing is set. */
export function metaAttributes(owner: string, values: Attributes): readonly Xml[] {
  return attributeSet('meta_attributes', owner, values);
}

/** Attributes of a node of the CIB, for rules. */
export function nodeAttributes(owner: string, values: Attributes): readonly Xml[] {
  return attributeSet('instance_attributes', owner, values);
}

/** Capacity of a host, or what a VM takes of it. */
export function utilization(owner: string, values: Attributes): readonly Xml[] {
  return attributeSet('utilization', owner, values);
}

function attributeSet(name: string, owner: string, values: Attributes, rules: readonly Xml[] = []): readonly Xml[] {
  const id = `${owner}.${name}`;
  const pairs = nvpairs(id, values);
  return pairs.length === 0 ? [] : [element(name, { id }, [...rules, ...pairs])];
}

export type Discovery = 'exclusive' | 'never';

/**
 * Keeps a resource from being placed and from being probed, on whatever node. `never` would do so for one node, and
 * have all others probed; discovery is exclusive to the nodes that a rule matches (lib/pacemaker/pcmk_sched_location.c
 * generate_location_rule), and this one matches none.
 */
export function nowhere(rsc: string): Xml {
  const id = `${rsc}.location`;
  const expression = { id: `${id}.rule.expression`, attribute: '#uname', operation: 'not_defined' };
  return element('rsc_location', { id, rsc, 'resource-discovery': 'exclusive' }, [
    element('rule', { id: `${id}.rule`, score: '-INFINITY' }, [element('expression', expression)]),
  ]);
}

export function location(rsc: string, node: string, score: number | string, discovery: Discovery): Xml {
  return element('rsc_location', { id: `${rsc}.location.${node}`, rsc, node, score, 'resource-discovery': discovery });
}

export function order(id: string, first: string, then: string, kind: 'Mandatory' | 'Optional' = 'Mandatory'): Xml {
  return element('rsc_order', { id, first, then, kind });
}
