/** The constraints of a document, as Pacemaker's. */
import type {
  ColocatedSet,
  ColocationConstraint,
  Constraint,
  OrderConstraint,
  OrderStep,
  Role,
  Subject,
} from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import { renderLocation } from './cib-location.js';
import { constrainedId } from './clone-name.js';
import { roleName } from './dialect.js';
import { element, sanitiseId, type Xml } from './xml.js';

/** The index keeps ids apart that only differ in odd characters. */
export function renderConstraints(input: CibInput): readonly Xml[] {
  return input.deployable.constraints.flatMap((constraint, index) => renderConstraint(constraint, index, input));
}

function renderConstraint(constraint: Constraint, index: number, input: CibInput): readonly Xml[] {
  const id = `cpe.${constraint.kind}.${index}.${sanitiseId(constraint.id)}`;
  switch (constraint.kind) {
    case 'order':
      return renderOrder(id, constraint, input);
    case 'colocation':
      return [renderColocation(id, constraint, input)];
    case 'colocated-set':
      return renderColocatedSet(id, constraint, input);
    case 'location':
      return renderLocation(id, constraint, input);
  }
}

const kinds = { mandatory: 'Mandatory', optional: 'Optional', serialize: 'Serialize' } as const;

/**
 * A chain becomes one order for each pair of members of neighbouring steps. Only where one of several members is enough
 * for the next step, the two steps become sets.
 */
function renderOrder(id: string, { steps, strength, isSymmetrical }: OrderConstraint, input: CibInput): readonly Xml[] {
  const ids = ({ members }: OrderStep) => members.map((member) => constrainedId(input.deployable, member));
  const attributes = {
    kind: kinds[strength],
    // What is never to happen at once has no direction to reverse.
    symmetrical: isSymmetrical || strength === 'serialize' ? undefined : false,
  };
  return steps.slice(1).flatMap((then, position) => {
    const first = steps[position];
    if (first === undefined) {
      return [];
    }
    const pair = `${id}.${position}`;
    if (!first.needsAll && first.members.length > 1) {
      const sets = [orderSet(`${pair}.first`, first, ids(first)), orderSet(`${pair}.then`, then, ids(then))];
      return [element('rsc_order', { id: pair, ...attributes }, sets)];
    }
    const isOne = first.members.length * then.members.length === 1;
    return ids(first).flatMap((one, from) =>
      ids(then).map((next, to) =>
        element('rsc_order', {
          id: isOne ? pair : `${pair}.${from}.${to}`,
          first: one,
          'first-action': first.action === then.action && first.action === 'start' ? undefined : first.action,
          // biome-ignore lint/suspicious/noThenProperty: this is its name
          then: next,
          'then-action': first.action === then.action && first.action === 'start' ? undefined : then.action,
          ...attributes,
        }),
      ),
    );
  });
}

function orderSet(id: string, { action, needsAll }: OrderStep, members: readonly string[]): Xml {
  const attributes = { id, sequential: false, 'require-all': needsAll ? undefined : false };
  return element('resource_set', { ...attributes, action: action === 'start' ? undefined : action }, refs(members));
}

function renderColocation(id: string, constraint: ColocationConstraint, input: CibInput): Xml {
  const role = (name: Role | undefined) => (name === undefined ? undefined : roleName(name, input.dialect));
  return element('rsc_colocation', {
    id,
    rsc: constrainedId(input.deployable, constraint.resource),
    'rsc-role': role(constraint.role),
    'with-rsc': constrainedId(input.deployable, constraint.with),
    'with-rsc-role': role(constraint.withRole),
    score: constraint.score,
    'node-attribute': constraint.nodeAttribute,
  });
}

/**
 * Together: each with the one before it, so that the first decides. Apart: each from all before it, which Pacemaker makes
 * of a set with a negative score by itself (lib/pacemaker/pcmk_sched_colocation.c unpack_colocation_set); sets know no
 * node attribute, so there it takes pairs.
 */
function renderColocatedSet(
  id: string,
  { members, score, nodeAttribute }: ColocatedSet,
  { deployable }: CibInput,
): readonly Xml[] {
  const ids = members.map((member: Subject) => constrainedId(deployable, member));
  const isApart = score === '-INFINITY' || (score !== 'INFINITY' && score < 0);
  if (isApart && nodeAttribute === undefined) {
    return [element('rsc_colocation', { id, score }, [element('resource_set', { id: `${id}.set` }, refs(ids))])];
  }
  return ids.flatMap((rsc, position) => {
    const others = ids.slice(isApart ? 0 : Math.max(0, position - 1), position);
    return others.map((other, index) =>
      element('rsc_colocation', {
        id: `${id}.${position}.${index}`,
        rsc,
        'with-rsc': other,
        score,
        'node-attribute': nodeAttribute,
      }),
    );
  });
}

function refs(ids: readonly string[]): readonly Xml[] {
  return ids.map((id) => element('resource_ref', { id }));
}
