import { type ConstraintScope, takeId } from './decode-constraints.js';
import { listNames } from './decode-template.js';
import { type Assembly, resourceId, vmId } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { configureSuffix, didYouMean } from './names.js';
import type { OrderStep } from './order-cycles.js';
import { quote, readText } from './read-tree.js';
import { readXml, type XmlElement } from './read-xml.js';
import type { Report } from './report.js';

export interface PacemakerSection {
  /** The section without blanks around it. */
  readonly text: string;
  /** Its plain mandatory orders; `place` is an index of `places`. */
  readonly steps: readonly OrderStep[];
  readonly places: readonly Located[];
}

export interface PacemakerScope extends Pick<ConstraintScope, 'ids'> {
  readonly assemblies: readonly Assembly[];
  /** Empty: any name may be that of a launcher host. */
  readonly hosts: readonly string[];
}

/**
 * Checks the raw section as far as the document alone can tell: well-formed, constraint elements only, ids of their
 * own, and names of resources and nodes that there are. The schema (constraints-*.rng) has the last word later.
 */
export function decodePacemaker(report: Report, tree: Tree | undefined, scope: PacemakerScope): PacemakerSection {
  const section = { text: '', steps: [] as OrderStep[], places: [] as Located[] };
  if (tree === undefined) return section;
  const text = readText(report, tree, 'constraint elements (XML)');
  if (text === undefined || tree.kind !== 'scalar') return section;
  const reading = { report, placeOf: tree.placeOf, path: tree.path, isFragment: true };
  const names = knownNames(scope);
  for (const element of readXml(text, reading) ?? []) {
    const at = { ...element.at, path: tree.path };
    if (!Object.hasOwn(constraintElements, element.name)) {
      const allowed = Object.keys(constraintElements);
      report.error(at, `<${element.name}> is no constraint${didYouMean(element.name, allowed)}`, allowed.join(', '));
      continue;
    }
    if (!element.attributes.some(({ name }) => name === 'id'))
      report.error(at, `<${element.name}> has no id`, 'an id of its own');
    checkElement(report, element, { path: tree.path, names, ids: scope.ids });
    const step = mandatoryStep(element);
    if (step !== undefined) section.steps.push({ ...step, place: section.places.push(at) - 1 });
  }
  return { ...section, text: text.trim() };
}

/** Attributes of an element that name something. */
interface Naming {
  readonly resource?: readonly string[];
  readonly node?: readonly string[];
}

/** Pacemaker: xml/constraints-*.rng. */
const constraintElements: Readonly<Record<string, Naming>> = {
  rsc_location: { resource: ['rsc'], node: ['node'] },
  rsc_colocation: { resource: ['rsc', 'with-rsc'] },
  rsc_order: { resource: ['first', 'then'] },
  rsc_ticket: { resource: ['rsc'] },
};

/** What may be inside of a constraint. `resource_ref/@id` refers, it does not name itself. */
const innerElements: Readonly<Record<string, Naming>> = {
  resource_set: {},
  resource_ref: { resource: ['id'] },
  lifetime: {},
  rule: {},
  expression: {},
  date_expression: {},
  date_spec: {},
  duration: {},
};

interface KnownNames {
  readonly resource: ReadonlySet<string>;
  /** Undefined where a node may have any name. */
  readonly node: ReadonlySet<string> | undefined;
}

function knownNames({ assemblies, hosts }: PacemakerScope): KnownNames {
  const resources = assemblies.flatMap(({ name: assembly, resources: own }) => [
    ...own.flatMap(({ name, configure }) => {
      const id = resourceId({ assembly, resource: name });
      return configure === undefined ? [id] : [id, `${id}${configureSuffix}`];
    }),
    vmId(assembly),
  ]);
  const nodes = hosts.length === 0 ? undefined : new Set([...hosts, ...assemblies.map(({ name }) => name)]);
  return { resource: new Set(resources), node: nodes };
}

function checkElement(
  report: Report,
  element: XmlElement,
  options: { readonly path: string; readonly names: KnownNames; readonly ids: Map<string, string> },
): void {
  const { path, names, ids } = options;
  const naming = constraintElements[element.name] ?? innerElements[element.name] ?? {};
  for (const { name, at, value } of element.attributes) {
    const located = { ...at, path };
    const { text } = value;
    const kind = (['resource', 'node'] as const).find((candidate) => naming[candidate]?.includes(name));
    if (text === undefined) continue;
    if (kind === undefined) {
      if (name === 'id') takeId(report, located, { id: text, ids });
      continue;
    }
    const known = names[kind];
    if (known === undefined || known.has(text)) continue;
    report.error(located, () => `there is no ${kind} ${quote(text)}${didYouMean(text, known)}`, listNames(known));
  }
  const { text } = element.text;
  if (text !== undefined && /\S/.test(text)) {
    report.error(
      { ...element.text.placeOf(text.search(/\S/)), path },
      `a text inside of <${element.name}>`,
      'elements',
    );
  }
  for (const child of element.children) {
    if (Object.hasOwn(innerElements, child.name)) {
      checkElement(report, child, options);
    } else {
      const allowed = Object.keys(innerElements);
      const message = `<${child.name}> has no place in a constraint${didYouMean(child.name, allowed)}`;
      report.error({ ...child.at, path }, message, allowed.join(', '));
    }
  }
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
