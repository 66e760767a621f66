import type { Template, TemplatePart } from './deployable.js';
import type { Located, Tree } from './document-tree.js';
import { replicaNames } from './expand-replicas.js';
import { didYouMean } from './names.js';
import { quote, readEntries, readItems, readText } from './read-tree.js';
import type { Report } from './report.js';
import { type AssemblyAttribute, assemblyAttributes, splitReferences, textTemplate } from './template.js';

/** What references in an assembly may name. */
export interface ReferenceScope {
  /** The assembly that `self` stands for; of a replicated one the name before the replicas' numbers. */
  readonly self: string;
  /** Replicas by their own names. */
  readonly assemblies: ReadonlySet<string>;
  /** Replicated assemblies, of which no value can be asked: how many replicas each has. */
  readonly replicated: ReadonlyMap<string, number>;
}

/** A text in which `${assembly.attribute}` refers to an assembly, or a reference written as structure. */
export function readTemplate(report: Report, tree: Tree, scope: ReferenceScope): Template {
  if (tree.kind === 'reference') {
    const assembly = readText(report, tree.assembly, 'the name of an assembly');
    const attribute = readText(report, tree.attribute, assemblyAttributes.join(', '));
    if (assembly === undefined || attribute === undefined) return [];
    const places = { assembly: tree.assembly, attribute: tree.attribute };
    return resolveReference(report, { assembly, attribute, places }, scope) ?? [];
  }
  const text = readText(report, tree, 'a text ("" for the empty one)');
  if (text === undefined || tree.kind !== 'scalar') return [];
  return splitReferences(text).flatMap((piece): Template => {
    if (piece.kind === 'text') return textTemplate(piece.text);
    const at = { ...tree.placeOf(piece.offset), path: tree.path };
    if (piece.kind === 'reference') {
      return resolveReference(report, { ...piece, places: { assembly: at, attribute: at } }, scope) ?? [];
    }
    report.error(at, `${quote(piece.text)} is no reference`, referenceForm);
    return [];
  });
}

/** A map of texts with references; keys match `keyPattern`. */
export function readTemplates(
  report: Report,
  tree: Tree | undefined,
  options: { readonly scope: ReferenceScope; readonly keyPattern: RegExp; readonly keyForm: string },
): Record<string, Template> {
  if (tree === undefined) return {};
  const templates: [string, Template][] = [];
  for (const { key, at, value } of readEntries(report, tree, 'names and their values')) {
    if (key !== undefined && !options.keyPattern.test(key)) {
      report.error(at, `the name ${quote(key)} is not allowed`, options.keyForm);
    }
    templates.push([key ?? '', readTemplate(report, value, options.scope)]);
  }
  // As own properties: nothing that a document says may reach a prototype.
  return Object.fromEntries(templates);
}

/** An argv: a program that is not empty, and its arguments. */
export function readCommand(report: Report, tree: Tree, scope: ReferenceScope): Template[] {
  const allowed = 'a list: the program, then its arguments';
  const items = readItems(report, tree, allowed);
  const [program] = items;
  if (tree.kind === 'list' && program === undefined) report.error(tree, 'has no program', allowed);
  if (program?.kind === 'scalar' && program.quoted && program.text === '') {
    report.error(program, 'the program has no name', allowed);
  }
  return items.map((item) => readTemplate(report, item, scope));
}

const referenceForm = [
  ...assemblyAttributes.flatMap((attribute) => [`\${ASSEMBLY.${attribute}}`, `\${self.${attribute}}`]),
  '$${ for ${ itself',
].join(', ');

function resolveReference(
  report: Report,
  reference: {
    readonly assembly: string;
    readonly attribute: string;
    readonly places: { readonly assembly: Located; readonly attribute: Located };
  },
  scope: ReferenceScope,
): TemplatePart[] | undefined {
  const { assembly, attribute, places } = reference;
  const name = assembly === 'self' ? scope.self : assembly;
  const known = assemblyAttributes.find((candidate): candidate is AssemblyAttribute => candidate === attribute);
  const isKnownAssembly = assembly === 'self' || scope.assemblies.has(name);
  const replicas = scope.replicated.get(assembly);
  if (replicas !== undefined && !isKnownAssembly) {
    const message = `${quote(assembly)} is ${replicas} assemblies, of which each has ${attribute} for itself`;
    const shown = replicaNames(assembly, Math.min(replicas, 20)).join(', ');
    report.error(places.assembly, message, replicas > 20 ? `${shown}, ... (${replicas})` : shown);
  } else if (!isKnownAssembly) {
    const hint = () => `there is no assembly ${quote(assembly)}${didYouMean(assembly, [...scope.assemblies, 'self'])}`;
    report.error(places.assembly, hint, listNames(scope.assemblies));
  }
  if (known === undefined) {
    const message = `an assembly has no ${quote(attribute)}${didYouMean(attribute, assemblyAttributes)}`;
    report.error(places.attribute, message, assemblyAttributes.join(', '));
  }
  return isKnownAssembly && known !== undefined ? [{ kind: 'reference', assembly: name, attribute: known }] : undefined;
}

/** Names as the allowed values of a problem; of many only the first. */
export function listNames(names: ReadonlySet<string> | readonly string[]): string {
  const count = 'size' in names ? names.size : names.length;
  const shown: string[] = [];
  for (const name of names) {
    if (shown.length === 20) break;
    shown.push(name);
  }
  return count > 20 ? `${shown.join(', ')}, ... (${count})` : shown.join(', ');
}
