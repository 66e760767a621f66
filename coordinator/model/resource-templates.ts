import { listNames } from './decode-template.js';
import { documentLimits } from './defaults.js';
import { isNull, type Located, type MapTree, type Tree } from './document-tree.js';
import { countValues, mergeTrees } from './merge-trees.js';
import { didYouMean, isName, nameForm } from './names.js';
import { quote, readEntries, readText } from './read-tree.js';
import type { Report } from './report.js';

/** The `templates` of a document: definitions that resources take what they leave out from. */
export interface ResourceTemplates {
  readonly byName: ReadonlyMap<string, ResourceTemplate>;
  readonly names: readonly string[];
  /** How many values all uses so far have added. */
  added: number;
}

export interface ResourceTemplate {
  readonly at: Located;
  readonly tree: Tree;
  readonly size: number;
  isUsed: boolean;
}

export function readResourceTemplates(report: Report, tree: Tree | undefined): ResourceTemplates {
  const byName = new Map<string, ResourceTemplate>();
  for (const { key, at, value } of tree === undefined ? [] : readEntries(report, tree, 'templates by name')) {
    if (key === undefined) continue;
    if (!isName(key)) report.error(at, `the template name ${quote(key)} is not allowed`, nameForm);
    if (!byName.has(key)) byName.set(key, { at, tree: value, size: countValues(value), isUsed: false });
  }
  return { byName, names: [...byName.keys()], added: 0 };
}

export interface TemplatedTree {
  readonly tree: Tree;
  /** False where the template could not be had, which has been reported. */
  readonly isWhole: boolean;
}

/**
 * The definition of a resource with what it leaves out taken from its template. What a resource runs is one thing: one
 * with an `agent` takes no `exec` from a template, and the other way round.
 */
export function applyTemplate(report: Report, tree: Tree, templates: ResourceTemplates): TemplatedTree {
  const entry = tree.kind === 'map' ? tree.entries.find(({ key }) => key === 'template') : undefined;
  if (tree.kind !== 'map' || entry === undefined || isNull(entry.value)) return { tree, isWhole: true };
  const own: MapTree = { ...tree, entries: tree.entries.filter(({ key }) => key !== 'template') };
  const name = readText(report, entry.value, 'the name of a template');
  if (name === undefined) return { tree: own, isWhole: false };
  const template = templates.byName.get(name);
  if (template === undefined) {
    const names = templates.names;
    report.error(entry.value, () => `there is no template ${quote(name)}${didYouMean(name, names)}`, listNames(names));
    return { tree: own, isWhole: false };
  }
  template.isUsed = true;
  templates.added += template.size;
  if (templates.added > documentLimits.expandedValues) {
    // Once is enough: every later use is one too many as well.
    const isFirst = templates.added - template.size <= documentLimits.expandedValues;
    if (isFirst)
      report.error(entry.value, 'templates stand for too many values', `at most ${documentLimits.expandedValues}`);
    return { tree: own, isWhole: false };
  }
  return { tree: mergeTrees(own, withoutRival(template.tree, own)), isWhole: true };
}

/** Templates that no resource has. */
export function reportUnusedTemplates(report: Report, { byName }: ResourceTemplates): void {
  for (const [name, { at, isUsed }] of byName) {
    if (!isUsed) report.warning(at, `no resource has the template ${quote(name)}`);
  }
}

function withoutRival(template: Tree, own: MapTree): Tree {
  if (template.kind !== 'map') return template;
  const has = (wanted: string) => own.entries.some(({ key, value }) => key === wanted && !isNull(value));
  const rivals = [...(has('agent') ? ['exec'] : []), ...(has('exec') ? ['agent'] : [])];
  return { ...template, entries: template.entries.filter(({ key }) => key === undefined || !rivals.includes(key)) };
}
