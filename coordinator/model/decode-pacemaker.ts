import { type ConstraintScope, takeId } from './constraint-scope.js';
import { listNames } from './decode-template.js';
import { cloneId, type PacemakerSection } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { didYouMean } from './names.js';
import type { OrderStep } from './order-cycles.js';
import {
  innerElements,
  type PacemakerElement,
  structureProblems,
  topElements,
  wrongValue,
} from './pacemaker-vocabulary.js';
import { quote, readText } from './read-tree.js';
import { readXml, type XmlAttribute, type XmlElement } from './read-xml.js';
import type { Report } from './report.js';

export interface DecodedPacemaker {
  readonly section: PacemakerSection;
  /** Its plain mandatory orders; `place` is an index of `places`. */
  readonly steps: readonly OrderStep[];
  readonly places: readonly Located[];
}

/**
 * Checks the raw section as far as the document alone can tell: well-formed, constraints and tags only, their attributes
 * and children by the rules of the schema, ids of their own, and names of resources and nodes that there are. The
 * schema of the installed library has the last word later.
 */
export function decodePacemaker(report: Report, tree: Tree | undefined, scope: ConstraintScope): DecodedPacemaker {
  const decoded = { steps: [] as OrderStep[], places: [] as Located[] };
  const nothing = { ...decoded, section: { constraints: '', tags: '' } };
  if (tree === undefined) return nothing;
  const text = readText(report, tree, 'constraint and tag elements (XML)');
  if (text === undefined || tree.kind !== 'scalar') return nothing;
  const reading = { report, placeOf: tree.placeOf, path: tree.path, isFragment: true };
  const elements = readXml(text, reading) ?? [];
  const context: Context = { report, path: tree.path, scope, names: knownNames(scope, elements), references: [] };
  for (const element of elements) {
    const at = { ...element.at, path: tree.path };
    const rule = Object.entries(topElements).find(([name]) => name === element.name)?.[1];
    if (rule === undefined) {
      const allowed = Object.keys(topElements);
      const message = `<${element.name}> is no constraint and no tag${didYouMean(element.name, allowed)}`;
      report.error(at, message, allowed.join(', '));
      continue;
    }
    checkElement(context, element, rule);
    warnOfElement(context, element);
    const step = mandatoryStep(element);
    if (step !== undefined) decoded.steps.push({ ...step, place: decoded.places.push(at) - 1 });
  }
  checkReferences(context);
  return { ...decoded, section: splitSection(text, elements) };
}

interface Context {
  readonly report: Report;
  readonly path: string;
  readonly scope: ConstraintScope;
  readonly names: KnownNames;
  /** `id-ref`s and the references of tags: what they name may come later. */
  readonly references: { readonly attribute: XmlAttribute; readonly kind: 'id-ref' | 'object' }[];
}

interface KnownNames {
  readonly resource: ReadonlySet<string>;
  /** Undefined where a launcher host may have any name. */
  readonly node: ReadonlySet<string> | undefined;
  readonly assemblies: ReadonlySet<string>;
}

const resourceOwners = ['a resource', 'a VM', 'a clone', 'a configure step', 'a group'];

function knownNames({ ids, nodes, members, hosts }: ConstraintScope, elements: readonly XmlElement[]): KnownNames {
  const owned = [...ids].filter(([id, owner]) => resourceOwners.includes(owner) && !isNameOfSeveral(members.get(id)));
  const tags = elements.flatMap(({ name, attributes }) =>
    name === 'tag' ? (attributes.find((attribute) => attribute.name === 'id')?.value.text ?? []) : [],
  );
  const assemblies = [...members.values()].flatMap(({ subjects }) =>
    subjects.flatMap((subject) => (subject.kind === 'assembly' && nodes.size > 0 ? subject.assembly : [])),
  );
  return {
    resource: new Set([...owned.map(([id]) => id), ...tags]),
    node: hosts.length === 0 ? undefined : new Set([...hosts, ...assemblies]),
    assemblies: new Set(assemblies),
  };
}

/** Of a group over replicas only the groups in each replica are in the CIB. */
function isNameOfSeveral(member: { readonly replicasOf: string | undefined } | undefined): boolean {
  return member?.replicasOf !== undefined;
}

function checkElement(context: Context, element: XmlElement, rule: PacemakerElement): void {
  const { report, path } = context;
  for (const [message, allowed] of structureProblems(element, rule)) {
    report.error({ ...element.at, path }, message, allowed);
  }
  for (const attribute of element.attributes) checkAttribute(context, attribute, { element, rule });
  const { text } = element.text;
  if (text !== undefined && /\S/.test(text)) {
    const place = element.text.placeOf(text.search(/\S/));
    report.error({ ...place, path }, `a text inside of <${element.name}>`, 'elements');
  }
  for (const child of element.children) {
    const allowed = rule.children ?? [];
    const childRule = Object.hasOwn(innerElements, child.name) ? innerElements[child.name] : undefined;
    if (childRule !== undefined && allowed.includes(child.name)) {
      checkElement(context, child, childRule);
    } else {
      const message = `<${child.name}> has no place in <${element.name}>${didYouMean(child.name, allowed)}`;
      const elements = allowed.map((name) => `<${name}>`).join(', ');
      report.error({ ...child.at, path }, message, elements === '' ? 'nothing' : elements);
    }
  }
}

function checkAttribute(
  context: Context,
  attribute: XmlAttribute,
  { element, rule }: { readonly element: XmlElement; readonly rule: PacemakerElement },
): void {
  const { report, path, names } = context;
  const { name, value } = attribute;
  const at = { ...attribute.at, path };
  const kind = Object.hasOwn(rule.attributes, name) ? rule.attributes[name] : undefined;
  if (kind === undefined) {
    const allowed = Object.keys(rule.attributes);
    const message = `<${element.name}> has no attribute ${name}${didYouMean(name, allowed)}`;
    report.error(at, message, allowed.length === 0 ? 'none' : allowed.join(', '));
    return;
  }
  const { text } = value;
  if (text === undefined) return;
  const wrong = wrongValue(kind, text);
  if (wrong !== undefined) {
    const hint = typeof kind === 'string' ? '' : didYouMean(text, kind);
    report.error(at, `${name} cannot be ${quote(text)}${hint}`, wrong);
  } else if (kind === 'id') {
    takeRawId(context, at, text);
  } else if (kind === 'id-ref' || kind === 'object') {
    context.references.push({ attribute, kind });
  } else if (kind === 'resource' && context.scope.cloned.has(text)) {
    report.error(at, `${text} is an instance of a clone`, cloneId(context.scope.cloned.get(text) ?? ''));
  } else if (kind === 'resource' && !names.resource.has(text)) {
    const hint = () => `there is no resource ${quote(text)}${didYouMean(text, names.resource)}`;
    report.error(at, hint, listNames(names.resource));
  } else if (kind === 'node' && names.node === undefined && !names.assemblies.has(text)) {
    report.warning(at, `nobody can tell whether there is a launcher host ${quote(text)}`, 'hosts in the document');
  } else if (kind === 'node' && names.node?.has(text) === false) {
    const { node } = names;
    report.error(at, () => `there is no node ${quote(text)}${didYouMean(text, node)}`, listNames(node));
  }
}

/** Ids that begin with one of ours (which has one dot at most) and a dot are what the CIB calls parts of it. */
function takeRawId({ report, scope: { ids } }: Context, at: Located, id: string): void {
  const parts = id.split('.');
  const owner = [parts.slice(0, 1), parts.slice(0, 2)]
    .filter(({ length }) => length < parts.length)
    .map((prefix) => prefix.join('.'))
    .find((prefix) => resourceOwners.includes(ids.get(prefix) ?? ''));
  if (parts[0] === 'cpe' || id === 'cib-bootstrap-options') {
    report.error(at, `the id ${quote(id)} is reserved`, 'an id that does not begin with cpe.');
  } else if (owner !== undefined) {
    report.error(
      at,
      `the id ${quote(id)} is reserved for a part of ${owner}`,
      `an id that does not begin with ${owner}.`,
    );
  } else {
    takeId(report, at, { id, ids, as: 'another constraint' });
  }
}

function checkReferences({ report, path, scope: { ids }, names, references }: Context): void {
  for (const { attribute, kind } of references) {
    const text = attribute.value.text ?? '';
    const isKnown =
      kind === 'object' ? names.resource.has(text) || ids.has(text) : ids.get(text) === 'another constraint';
    if (isKnown) continue;
    const candidates = [...ids].filter(([, owner]) => kind === 'object' || owner === 'another constraint');
    const known = candidates.map(([id]) => id);
    const what = kind === 'object' ? 'nothing' : 'no element of this section';
    report.error(
      { ...attribute.at, path },
      () => `there is ${what} with the id ${quote(text)}${didYouMean(text, known)}`,
      listNames(known),
    );
  }
}

function warnOfElement({ report, path }: Context, element: XmlElement): void {
  if (element.name !== 'rsc_ticket') return;
  report.warning({ ...element.at, path }, 'nobody grants tickets here: what needs one never runs', 'no rsc_ticket');
}

/** Tags have a section of their own in the CIB; comments stay with the constraints. */
function splitSection(text: string, elements: readonly XmlElement[]): PacemakerSection {
  let constraints = '';
  let end = 0;
  const tags: string[] = [];
  for (const element of elements) {
    if (element.name !== 'tag') continue;
    constraints += text.slice(end, element.start);
    tags.push(text.slice(element.start, element.end));
    end = element.end;
  }
  return { constraints: `${constraints}${text.slice(end)}`.trim(), tags: tags.join('\n') };
}

/** Orders of starts that Pacemaker cannot leave out; those of other actions or kinds may well run in a circle. */
function mandatoryStep(element: XmlElement): Omit<OrderStep, 'place'> | undefined {
  const attribute = (wanted: string) => element.attributes.find(({ name }) => name === wanted)?.value.text;
  const [first, second] = [attribute('first'), attribute('then')];
  const firstAction = attribute('first-action') ?? 'start';
  const thenAction = attribute('then-action') ?? firstAction;
  const isPlain =
    firstAction === 'start' && thenAction === 'start' && (attribute('kind') ?? 'Mandatory') === 'Mandatory';
  return element.name === 'rsc_order' && isPlain && first && second ? { first, second } : undefined;
}
