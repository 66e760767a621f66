/** Constraints that golden cases are about, and what a course of events boils down to. */
import type {
  ColocatedSet,
  LocationConstraint,
  LocationRule,
  OrderConstraint,
  OrderStep,
  RuleExpression,
  Score,
  Subject,
} from '../../coordinator/model/deployable.js';

/** `web.app` a resource, `web.app-clone` a clone, `web.vm` a VM, any other a group. */
export function subject(id: string): Subject {
  const [assembly = '', resource] = id.split('.');
  if (resource === undefined) {
    return { kind: 'group', group: id };
  }
  if (resource === 'vm') {
    return { kind: 'assembly', assembly };
  }
  return resource.endsWith('-clone')
    ? { kind: 'clone', assembly, resource: resource.slice(0, -'-clone'.length) }
    : { kind: 'resource', assembly, resource };
}

export function step(ids: readonly string[], change: Partial<OrderStep> = {}): OrderStep {
  return { members: ids.map(subject), action: 'start', needsAll: true, ...change };
}

export function order(steps: readonly OrderStep[], change: Partial<OrderConstraint> = {}): OrderConstraint {
  return { kind: 'order', id: 'o', steps, strength: 'mandatory', isSymmetrical: true, ...change };
}

export function together(ids: readonly string[], score: Score, nodeAttribute?: string): ColocatedSet {
  return { kind: 'colocated-set', id: 's', members: ids.map(subject), score, nodeAttribute };
}

export function prefers(id: string, node: string, score: Score): LocationConstraint {
  const preference = { kind: 'node', node, score } as const;
  return { kind: 'location', id: `${id}-${node}`, subject: subject(id), role: undefined, preference };
}

export function ruled(
  id: string,
  score: Score,
  expressions: readonly RuleExpression[],
  combine: LocationRule['combine'] = 'and',
): LocationConstraint {
  const preference = { kind: 'rule', rule: { score, combine, expressions } } as const;
  return { kind: 'location', id: `${id}-rule`, subject: subject(id), role: undefined, preference };
}

export function attributeIs(attribute: string, value: string): RuleExpression {
  return { kind: 'attribute', attribute, operation: 'eq', value, type: undefined };
}

/** Without probes and recurring monitors. */
export function acts(transitions: readonly (readonly string[])[]): readonly string[] {
  return transitions.flat().filter((line) => !/^(monitor|cancel)/.test(line) || line.includes(': '));
}

/** Only what concerns resources inside of assemblies, not VMs, connections and guests. */
export function inside(transitions: readonly (readonly string[])[]): readonly string[] {
  return acts(transitions).filter((line) => /^\w+ [\w-]+\.(?!vm )/.test(line));
}

/** Where VMs were started: `v1 on h1`. */
export function placed(transitions: readonly (readonly string[])[]): readonly string[] {
  return transitions.flat().flatMap((line) => {
    const [, vm, host] = /^start ([\w-]+)\.vm on (\w+)$/.exec(line) ?? [];
    return vm === undefined ? [] : [`${vm} on ${host}`];
  });
}
