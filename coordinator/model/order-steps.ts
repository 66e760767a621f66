import type { DecodedConstraint } from './decode-constraints.js';
import { memberIds } from './decode-groups.js';
import {
  type Assembly,
  cloneId,
  type Group,
  type OrderConstraint,
  resourceId,
  type Subject,
  subjectId,
  vmId,
} from './deployable.js';
import type { Located } from './document-tree.js';
import type { OrderStep } from './order-cycles.js';

export interface OrderSteps {
  /** `place` is an index of `places`. */
  readonly steps: readonly OrderStep[];
  readonly places: readonly Located[];
}

/**
 * What must start before what: the document's mandatory orders, and what holds without being said (a VM before what is
 * inside, the members of a group in order, a start before a promotion). Orders of other kinds and orders that one of
 * several can satisfy may well run in a circle.
 */
export function orderSteps(
  constraints: readonly DecodedConstraint[],
  assemblies: readonly Assembly[],
  groups: readonly Group[],
): OrderSteps {
  const byName = new Map(groups.map((group) => [group.name, group]));
  const places: Located[] = [];
  const steps: OrderStep[] = [];
  const orders = constraints.flatMap(({ constraint, at }) => (constraint.kind === 'order' ? [{ constraint, at }] : []));
  // Without an order there is nothing to be in a circle with, and a place of its own a circle needs.
  for (const { constraint, at } of orders) {
    const place = places.push(at) - 1;
    for (const [first, second] of mandatoryPairs(constraint, byName)) steps.push({ first, second, place });
  }
  return { steps: [...steps, ...impliedSteps(assemblies, groups)], places };
}

/** Names of what starts in the graph of orders: a CIB id, or one with its promotion. */
function mandatoryPairs(
  { steps, strength, isSymmetrical }: OrderConstraint,
  groups: ReadonlyMap<string, Group>,
): [string, string][] {
  if (strength !== 'mandatory') return [];
  return steps.slice(1).flatMap((then, index) => {
    const first = steps[index];
    if (first === undefined || (!first.needsAll && first.members.length > 1)) return [];
    const pairs = first.members.flatMap((one) =>
      then.members.flatMap((other) => pairsOf(names(one, first.action, groups), names(other, then.action, groups))),
    );
    if (isUp(first.action) && isUp(then.action)) return pairs;
    // What stops first starts last, where the reverse holds.
    const isReversed = isSymmetrical && !isUp(first.action) && !isUp(then.action);
    return isReversed ? pairs.map(([one, other]): [string, string] => [other, one]) : [];
  });
}

function isUp(action: string): boolean {
  return action === 'start' || action === 'promote';
}

function names(subject: Subject, action: string, groups: ReadonlyMap<string, Group>): string[] {
  const group = subject.kind === 'group' ? groups.get(subject.group) : undefined;
  if (group !== undefined) return memberIds(group);
  return [action === 'promote' || action === 'demote' ? promotionOf(subjectId(subject)) : subjectId(subject)];
}

function promotionOf(id: string): string {
  return `${id} promoted`;
}

function impliedSteps(assemblies: readonly Assembly[], groups: readonly Group[]): OrderStep[] {
  const inside = assemblies.flatMap(({ name, replica, resources }) =>
    resources.flatMap(({ name: resource, clone }): OrderStep[] => {
      const isClone = clone !== undefined && replica !== undefined;
      const id = isClone
        ? cloneId(resourceId({ assembly: replica.of, resource }))
        : resourceId({ assembly: name, resource });
      const start = implied(vmId(name), id);
      return isClone && clone.promotable !== undefined ? [start, implied(id, promotionOf(id))] : [start];
    }),
  );
  const chains = groups.flatMap((group) => {
    const ids = memberIds(group);
    return ids.slice(1).map((id, index) => implied(ids[index] ?? '', id));
  });
  return [...inside, ...chains];
}

/** No constraint of the document: whatever closes a circle with it is the one to blame. */
function implied(first: string, second: string): OrderStep {
  return { first, second, place: -1 };
}

function pairsOf(firsts: readonly string[], seconds: readonly string[]): [string, string][] {
  return firsts.flatMap((first) => seconds.map((second): [string, string] => [first, second]));
}
