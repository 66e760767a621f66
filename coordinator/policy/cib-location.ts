/** Preferences for nodes: the document's, and what operators have moved and banned. */
import { cloneId, type LocationConstraint, type RuleExpression, type Score, vmId } from '../model/deployable.js';
import type { CibInput, LocationWish } from '../state/cib-input.js';
import { clonedResources, constrainedId } from './clone-name.js';
import { roleName } from './dialect.js';
import { isEmptied } from './vm-placement.js';
import { type Attributes, element, type Xml } from './xml.js';

export function renderLocation(
  id: string,
  { subject, role, preference }: LocationConstraint,
  input: CibInput,
): readonly Xml[] {
  const rsc = constrainedId(input.deployable, subject);
  const roleText = role === undefined ? undefined : roleName(role, input.dialect);
  if (preference.kind === 'node') {
    const { node, score } = preference;
    return isOutOfPlace(node, score, input) ? [] : [element('rsc_location', { id, rsc, role: roleText, node, score })];
  }
  const { score, combine, expressions } = preference.rule;
  const rule = { id: `${id}.rule`, score, 'boolean-op': combine, role: roleText };
  const parts = expressions.map((expression, index) => renderExpression(`${id}.rule.${index}`, expression));
  return [element('rsc_location', { id, rsc }, [element('rule', rule, parts)])];
}

/**
 * Operators' moves and bans, as `crm_resource --move` and `--ban` write them (tools/crm_resource_ban.c). One with an end
 * is a rule with a date, so that the scheduler itself says when to decide again; what has ended is left out.
 */
export function renderLocationWishes(input: CibInput): readonly Xml[] {
  const movable = new Set([
    ...input.deployable.assemblies.map(({ name }) => vmId(name)),
    ...clonedResources(input.deployable).map(({ id }) => cloneId(id)),
  ]);
  const nodes = new Set([...input.hosts, ...input.deployable.assemblies].map(({ name }) => name));
  return input.locationWishes
    .filter(({ resource, node }) => movable.has(resource) && nodes.has(node))
    .filter(({ until }) => until === undefined || until > input.nowUnixMs)
    .filter(({ kind, node }) => !isOutOfPlace(node, wishScores[kind], input))
    .map((wish) => renderWish(wish, input));
}

const wishScores = { move: 'INFINITY', ban: '-INFINITY' } as const;
const wishPrefixes = { move: 'cli-prefer', ban: 'cli-ban' } as const;

function renderWish({ resource, node, kind, role, until }: LocationWish, { dialect }: CibInput): Xml {
  const id = `${wishPrefixes[kind]}-${resource}-on-${node}${role === undefined ? '' : `-${role}`}`;
  const score = wishScores[kind];
  const roleText = role === undefined ? undefined : roleName(role, dialect);
  if (until === undefined) {
    return element('rsc_location', { id, rsc: resource, role: roleText, node, score });
  }
  // Whole seconds are what the scheduler counts in.
  const end = new Date(Math.ceil(until / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  return element('rsc_location', { id, rsc: resource }, [
    element('rule', { id: `${id}-rule`, score, 'boolean-op': 'and', role: roleText }, [
      element('expression', { id: `${id}-expr`, attribute: '#uname', operation: 'eq', value: node, type: 'string' }),
      element('date_expression', { id: `${id}-lifetime-end`, operation: 'lt', end }),
    ]),
  ]);
}

/** A preference for a host that is being emptied would keep there what is to leave it. */
function isOutOfPlace(node: string, score: Score, input: CibInput): boolean {
  const isWanted = score === 'INFINITY' || (score !== '-INFINITY' && score > 0);
  const host = input.hosts.find(({ name }) => name === node);
  return isWanted && host !== undefined && isEmptied(host, input);
}

function renderExpression(id: string, expression: RuleExpression): Xml {
  switch (expression.kind) {
    case 'attribute': {
      const { attribute, operation, value, type } = expression;
      return element('expression', { id, attribute, operation, value, type });
    }
    case 'date':
      return element('date_expression', { id, ...dateAttributes(expression) });
    case 'date-spec':
      return element('date_expression', { id, operation: 'date_spec' }, [
        element('date_spec', { id: `${id}.spec`, ...expression.fields }),
      ]);
  }
}

/** The schema knows a start after which, an end before which, and a range. */
function dateAttributes({ operation, start, end }: Extract<RuleExpression, { kind: 'date' }>): Attributes {
  switch (operation) {
    case 'gt':
      return { operation, start };
    case 'lt':
      return { operation, end };
    case 'in_range':
      return { operation, start, end };
  }
}
