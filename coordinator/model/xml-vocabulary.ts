import type { InvalidTree, Located, ScalarTree } from './document-tree.js';
import { didYouMean } from './names.js';
import type { XmlAttribute, XmlElement, XmlText } from './read-xml.js';
import type { Report } from './report.js';

interface ElementRule {
  readonly attributes: readonly string[];
  /** Children that may be there once. */
  readonly single?: readonly string[];
  /** Children of which there may be any number. */
  readonly many?: readonly string[];
  readonly hasText?: boolean;
}

/** The original's elements. Of what it misspelt, both spellings. */
const vocabulary = {
  deployable: {
    attributes: ['name', 'uuid', 'monitor', 'username', 'infrastructure', 'escalation_failures', 'escalation_period'],
    single: ['assemblies', 'constraints'],
  },
  assemblies: { attributes: [], many: ['assembly'] },
  // Of these the original had name, uuid, both escalations, and services.
  assembly: {
    attributes: [
      ...['name', 'uuid', 'escalation_failures', 'escalation_period'],
      ...['image', 'cpus', 'memory', 'monitoring'],
    ],
    single: ['services', 'disks', 'networks', 'placement'],
  },
  disks: { attributes: [], many: ['disk'] },
  disk: { attributes: ['name', 'size'] },
  networks: { attributes: [], many: ['network'] },
  network: { attributes: ['name'] },
  placement: { attributes: [], many: ['word'] },
  word: { attributes: ['name', 'value'] },
  services: { attributes: [], many: ['service'] },
  service: {
    attributes: ['name', 'provider', 'class', 'type', 'monitor_interval', 'escalation_failures', 'escalation_period'],
    single: ['parameters', 'paramaters', 'configure_executable'],
  },
  parameters: { attributes: [], many: ['parameter', 'paramater'] },
  paramaters: { attributes: [], many: ['parameter', 'paramater'] },
  parameter: { attributes: ['name', 'value', 'type'], single: ['value', 'reference'] },
  paramater: { attributes: ['name', 'value', 'type'], single: ['value', 'reference'] },
  value: { attributes: [], hasText: true },
  reference: { attributes: ['assembly', 'parameter'] },
  configure_executable: { attributes: ['url'] },
  constraints: { attributes: [], many: ['service_dependancy'] },
  service_dependancy: { attributes: ['id', 'first', 'then'] },
} as const satisfies Record<string, ElementRule>;

export type ElementName = keyof typeof vocabulary;

export interface XmlContext {
  readonly report: Report;
  /** Path of the parent element; empty for the root. */
  readonly path: string;
}

/** An element whose attributes and children have been checked against the vocabulary. */
export interface InspectedElement {
  readonly at: Located;
  readonly context: XmlContext;
  /** The value of an attribute; a missing one is reported, and then invalid. */
  required(attribute: string): ScalarTree | InvalidTree;
  optional(attribute: string): ScalarTree | InvalidTree | undefined;
  child(name: ElementName): InspectedElement | undefined;
  children(name: ElementName): readonly InspectedElement[];
  /** Its own character data. */
  readonly content: ScalarTree | InvalidTree;
}

/**
 * Checks one element, but not what is in its children, which `child` and `children` do when they are asked for. Reports
 * unknown attributes and elements, elements that may be there only once, and text where none belongs.
 */
export function inspectElement(
  context: XmlContext,
  element: XmlElement,
  name: ElementName,
  position = '',
): InspectedElement {
  const rule: ElementRule = vocabulary[name];
  const path = `${context.path}/${element.name}${position}`;
  const at = { ...element.at, path };
  const { report } = context;
  reportUnknownAttributes(report, element, { rule, path });
  reportUnknownChildren(report, element, { rule, path });
  if (rule.hasText !== true && !isSpaceOnly(element.text.text ?? '')) {
    const place = element.text.placeOf((element.text.text ?? '').search(/\S/));
    report.error({ ...place, path }, `a text inside of <${element.name}>`, allowedInside(rule));
  }

  const own: XmlContext = { report, path };
  const resolve = (attribute: XmlAttribute) => scalar(attribute.value, `${path}/@${attribute.name}`);
  const find = (attribute: string) => element.attributes.find((candidate) => candidate.name === attribute);
  const inspected = new Map<XmlElement, InspectedElement>();
  const inspectChild = (child: XmlElement, childName: ElementName): InspectedElement => {
    const known = inspected.get(child);
    if (known !== undefined) return known;
    const inspection = inspectElement(own, child, childName, positionOf(child, rule));
    inspected.set(child, inspection);
    return inspection;
  };
  return {
    at,
    context: own,
    required: (attribute) => {
      const found = find(attribute);
      if (found !== undefined) return resolve(found);
      report.error(at, `the attribute ${attribute} is missing`, rule.attributes.join(', '));
      return { ...at, kind: 'invalid' };
    },
    optional: (attribute) => {
      const found = find(attribute);
      return found && resolve(found);
    },
    child: (childName) => {
      const found = element.children.find((child) => child.name === childName);
      return found && inspectChild(found, childName);
    },
    children: (childName) =>
      element.children.filter((child) => child.name === childName).map((child) => inspectChild(child, childName)),
    content: scalar(element.text, path),
  };
}

export function isSpaceOnly(text: string): boolean {
  return !/\S/.test(text);
}

function reportUnknownAttributes(report: Report, element: XmlElement, own: { rule: ElementRule; path: string }): void {
  for (const { name, at } of element.attributes) {
    if (own.rule.attributes.includes(name)) continue;
    const located = { ...at, path: `${own.path}/@${name}` };
    const allowed = own.rule.attributes.length === 0 ? 'none' : own.rule.attributes.join(', ');
    if (/^(?:xsi:|xml:base$)/.test(name)) {
      report.error(located, `the attribute ${name} is refused: it points outside of the document`, allowed);
    } else {
      report.error(located, `unknown attribute ${name}${didYouMean(name, own.rule.attributes)}`, allowed);
    }
  }
}

function reportUnknownChildren(report: Report, element: XmlElement, own: { rule: ElementRule; path: string }): void {
  const { single = [], many = [] } = own.rule;
  const seen = new Set<string>();
  for (const child of element.children) {
    const at = { ...child.at, path: `${own.path}/${child.name}${positionOf(child, own.rule)}` };
    // Both spellings of one element are one element.
    const kind = child.name === 'paramaters' ? 'parameters' : child.name;
    if (single.includes(child.name)) {
      if (seen.has(kind)) report.error(at, `a second <${child.name}>`, 'one');
      seen.add(kind);
    } else if (!many.includes(child.name)) {
      const isInclude = /(?:^|:)include$/.test(child.name);
      const reason = isInclude ? ' is refused: it points outside of the document' : '';
      const hint = isInclude ? '' : didYouMean(child.name, [...single, ...many]);
      report.error(
        at,
        `${isInclude ? 'the' : 'unknown'} element <${child.name}>${reason}${hint}`,
        allowedInside(own.rule),
      );
    }
  }
}

function allowedInside({ single = [], many = [] }: ElementRule): string {
  const elements = [...single, ...many].map((name) => `<${name}>`);
  return elements.length === 0 ? 'nothing' : elements.join(', ');
}

/** XPath's position, for elements of which there may be several, or are though they should not. */
function positionOf(child: XmlElement, { many = [] }: ElementRule): string {
  return many.includes(child.name) || child.ordinal > 1 ? `[${child.ordinal}]` : '';
}

function scalar({ text, placeOf }: XmlText, path: string): ScalarTree | InvalidTree {
  const at = { ...placeOf(0), path };
  return text === undefined ? { ...at, kind: 'invalid' } : { ...at, kind: 'scalar', text, quoted: true, placeOf };
}
