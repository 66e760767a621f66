import type { XmlAttribute, XmlElement } from './read-xml.js';

/** What the value of an attribute is. A list has all values that it may have. */
export type ValueKind =
  | 'id'
  | 'id-ref'
  | 'resource'
  | 'object'
  | 'node'
  | 'text'
  | 'score'
  | 'boolean'
  | 'integer'
  | readonly string[];

export interface PacemakerElement {
  readonly attributes: Readonly<Record<string, ValueKind>>;
  readonly required?: readonly string[];
  /** Of each list exactly one; `<x>` stands for elements. */
  readonly oneOf?: readonly (readonly string[])[];
  /** What an attribute needs beside it: one of the list. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  readonly children?: readonly string[];
  /** Without one of its children it says nothing. */
  readonly isContainer?: boolean;
}

const roles = ['Started', 'Stopped', 'Promoted', 'Unpromoted', 'Master', 'Slave'] as const;
const actions = ['start', 'stop', 'promote', 'demote'] as const;
const orderKinds = ['Mandatory', 'Optional', 'Serialize'] as const;

/** Elements of the raw section, as the schema has them (Pacemaker: xml/constraints-*.rng and tags-*.rng). */
export const topElements = {
  rsc_location: {
    attributes: {
      id: 'id',
      rsc: 'resource',
      'rsc-pattern': 'text',
      role: roles,
      node: 'node',
      score: 'score',
      'resource-discovery': ['always', 'never', 'exclusive'],
    },
    required: ['id'],
    oneOf: [
      ['rsc', 'rsc-pattern', '<resource_set>'],
      ['node', '<rule>'],
    ],
    needs: { node: ['score'], score: ['node'], role: ['rsc', 'rsc-pattern'] },
    children: ['resource_set', 'rule', 'lifetime'],
  },
  rsc_colocation: {
    attributes: {
      id: 'id',
      score: 'score',
      // The schema leaves it open; these are the library's own words (lib/common/strings.c, crm_str_to_boolean).
      influence: ['true', 'false', 'yes', 'no', 'on', 'off', '1', '0', 'y', 'n'],
      rsc: 'resource',
      'with-rsc': 'resource',
      'node-attribute': 'text',
      'rsc-role': roles,
      'with-rsc-role': roles,
      'rsc-instance': 'integer',
      'with-rsc-instance': 'integer',
    },
    required: ['id'],
    oneOf: [['rsc', '<resource_set>']],
    needs: {
      rsc: ['with-rsc'],
      'with-rsc': ['rsc'],
      'node-attribute': ['rsc'],
      'rsc-role': ['rsc'],
      'with-rsc-role': ['rsc'],
      'rsc-instance': ['rsc'],
      'with-rsc-instance': ['rsc'],
    },
    children: ['resource_set', 'lifetime'],
  },
  rsc_order: {
    attributes: {
      id: 'id',
      symmetrical: 'boolean',
      'require-all': 'boolean',
      score: 'score',
      kind: orderKinds,
      first: 'resource',
      // biome-ignore lint/suspicious/noThenProperty: the name of an attribute
      then: 'resource',
      'first-action': actions,
      'then-action': actions,
      'first-instance': 'integer',
      'then-instance': 'integer',
    },
    required: ['id'],
    oneOf: [['first', '<resource_set>']],
    needs: {
      first: ['then'],
      // biome-ignore lint/suspicious/noThenProperty: the name of an attribute
      then: ['first'],
      'first-action': ['first'],
      'then-action': ['first'],
      'first-instance': ['first'],
      'then-instance': ['first'],
    },
    children: ['resource_set', 'lifetime'],
  },
  rsc_ticket: {
    attributes: {
      id: 'id',
      rsc: 'resource',
      'rsc-role': roles,
      ticket: 'text',
      'loss-policy': ['stop', 'demote', 'fence', 'freeze'],
    },
    required: ['id', 'ticket'],
    oneOf: [['rsc', '<resource_set>']],
    needs: { 'rsc-role': ['rsc'] },
    children: ['resource_set'],
  },
  tag: { attributes: { id: 'id' }, required: ['id'], children: ['obj_ref'], isContainer: true },
} as const satisfies Record<string, PacemakerElement>;

const dateParts = [
  'years',
  'months',
  'monthdays',
  'hours',
  'minutes',
  'seconds',
  'yeardays',
  'weekyears',
  'weeks',
  'weekdays',
  'moon',
];

/** What is inside of them (xml/rule-*.rng too). `resource_ref/@id` refers, it does not name itself. */
export const innerElements: Readonly<Record<string, PacemakerElement>> = {
  resource_set: {
    attributes: {
      id: 'id',
      'id-ref': 'id-ref',
      sequential: 'boolean',
      'require-all': 'boolean',
      ordering: ['group', 'listed'],
      action: actions,
      role: roles,
      score: 'score',
      kind: orderKinds,
    },
    oneOf: [['id', 'id-ref']],
    children: ['resource_ref'],
    isContainer: true,
  },
  resource_ref: { attributes: { id: 'resource' }, required: ['id'] },
  obj_ref: { attributes: { id: 'object' }, required: ['id'] },
  lifetime: { attributes: {}, children: ['rule'], isContainer: true },
  rule: {
    attributes: {
      id: 'id',
      'id-ref': 'id-ref',
      'boolean-op': ['and', 'or'],
      role: 'text',
      score: 'score',
      'score-attribute': 'text',
    },
    oneOf: [['id', 'id-ref']],
    children: ['expression', 'date_expression', 'rule', 'rsc_expression', 'op_expression'],
    isContainer: true,
  },
  expression: {
    attributes: {
      id: 'id',
      attribute: 'text',
      operation: ['lt', 'gt', 'lte', 'gte', 'eq', 'ne', 'defined', 'not_defined'],
      value: 'text',
      type: ['string', 'integer', 'number', 'version'],
      'value-source': ['literal', 'param', 'meta'],
    },
    required: ['id', 'attribute', 'operation'],
  },
  date_expression: {
    attributes: { id: 'id', operation: ['lt', 'gt', 'in_range', 'date_spec'], start: 'text', end: 'text' },
    required: ['id', 'operation'],
    children: ['duration', 'date_spec'],
  },
  date_spec: { attributes: { id: 'id', ...texts(dateParts) }, required: ['id'] },
  duration: {
    attributes: { id: 'id', ...texts(['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds']) },
    required: ['id'],
  },
  rsc_expression: { attributes: { id: 'id', ...texts(['class', 'provider', 'type']) }, required: ['id'] },
  op_expression: { attributes: { id: 'id', name: 'text', interval: 'text' }, required: ['id', 'name'] },
};

/** What is wrong with a value that names nothing: what would be right, or undefined where nothing is. */
export function wrongValue(kind: ValueKind, text: string): string | undefined {
  if (typeof kind !== 'string') return kind.includes(text) ? undefined : kind.join(', ');
  switch (kind) {
    case 'score':
      return /^(?:[+-]?\d+|[+-]?INFINITY)$/.test(text) ? undefined : 'a whole number, INFINITY, -INFINITY';
    case 'boolean':
      return /^(?:true|false|0|1)$/.test(text) ? undefined : 'true, false';
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? undefined : 'a whole number';
    case 'id':
    case 'id-ref':
      // XML's NCName, in the letters that ids have here.
      return /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(text) ? undefined : 'a letter or _, then letters, digits and _ . -';
    case 'resource':
    case 'object':
    case 'node':
    case 'text':
      return undefined;
  }
}

/** What an element lacks or has too much of, one message each. */
export function structureProblems(
  element: XmlElement,
  rule: PacemakerElement,
): readonly [message: string, allowed: string][] {
  const attributes = new Set(element.attributes.map(({ name }: XmlAttribute) => name));
  const children = new Set(element.children.map(({ name }) => `<${name}>`));
  const has = (name: string) => attributes.has(name) || children.has(name);
  const problems: [string, string][] = [];
  const say = (message: string, allowed: string) => problems.push([`<${element.name}> ${message}`, allowed]);
  for (const name of rule.required ?? []) {
    if (!has(name)) say(`has no ${name}`, name === 'id' ? 'an id of its own' : name);
  }
  for (const choices of rule.oneOf ?? []) {
    const given = choices.filter(has);
    if (given.length === 0) say(`has no ${choices.join(', no ')}`, `one of: ${choices.join(', ')}`);
    if (given.length > 1) say(`has ${given.join(' and ')}`, `one of: ${choices.join(', ')}`);
  }
  for (const [name, needed] of Object.entries(rule.needs ?? {})) {
    if (has(name) && !needed.some(has)) say(`has ${name} but no ${needed.join(', no ')}`, needed.join(', '));
  }
  const isReference = attributes.has('id-ref');
  if (rule.isContainer === true && !isReference && element.children.length === 0) {
    say('is empty', (rule.children ?? []).map((name) => `<${name}>`).join(', '));
  }
  if (element.name === 'date_expression') problems.push(...dateProblems(element, has));
  return problems;
}

/** What a date expression of each operation has: one of the first at least, and nothing but those and the second. */
const dateContents: Readonly<Record<string, readonly [needed: readonly string[], others: readonly string[]]>> = {
  lt: [['end'], []],
  gt: [['start'], []],
  in_range: [['start', 'end'], ['<duration>']],
  date_spec: [['<date_spec>'], []],
};

function dateProblems(element: XmlElement, has: (name: string) => boolean): [string, string][] {
  const operation = element.attributes.find(({ name }) => name === 'operation')?.value.text ?? '';
  const contents = Object.hasOwn(dateContents, operation) ? dateContents[operation] : undefined;
  if (contents === undefined) return [];
  const [needed, others] = contents;
  const allowed = [...needed, ...others].join(', ');
  const problems: [string, string][] = [];
  if (!needed.some(has)) problems.push([`<date_expression> of ${operation} has no ${needed.join(', no ')}`, allowed]);
  for (const name of ['start', 'end', '<duration>', '<date_spec>']) {
    if (!has(name) || needed.includes(name) || others.includes(name)) continue;
    problems.push([`<date_expression> of ${operation} has ${name}`, allowed]);
  }
  return problems;
}

function texts(names: readonly string[]): Record<string, 'text'> {
  return Object.fromEntries(names.map((name) => [name, 'text' as const]));
}
