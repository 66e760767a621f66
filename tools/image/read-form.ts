import type { Located, Tree } from '../../coordinator/model/document-tree.js';
import { quote, readItems, readPattern } from '../../coordinator/model/read-tree.js';
import type { Report } from '../../coordinator/model/report.js';
import { forms, recipeLimits } from './recipe-limits.js';

/** A text of one of the forms; undefined where it is left out, or reported. */
export function readForm(report: Report, tree: Tree | undefined, form: keyof typeof forms): string | undefined {
  const { pattern, words } = forms[form];
  return tree && readPattern(report, tree, pattern, words);
}

/** A list of texts of one form. */
export function readForms(report: Report, tree: Tree | undefined, form: keyof typeof forms): readonly string[] {
  return readItemsOf(report, tree, form).map(({ text }) => text);
}

/** The same, for what is either there or not: twice is a mistake. */
export function readNames(report: Report, tree: Tree | undefined, form: keyof typeof forms): readonly string[] {
  const names = new Map<string, Located>();
  for (const { text, at } of readItemsOf(report, tree, form)) {
    const first = names.get(text);
    if (first === undefined) names.set(text, at);
    else report.error(at, `${quote(text)} is given twice, first at ${first.line}:${first.column}`, 'each once');
  }
  return [...names.keys()];
}

/** The same, each with its place. */
export function readItemsOf(report: Report, tree: Tree | undefined, form: keyof typeof forms) {
  if (tree === undefined) return [];
  const items = readItems(report, tree, `a list; each: ${forms[form].words}`);
  if (items.length > recipeLimits.items) {
    report.error(tree, `has ${items.length} items`, `at most ${recipeLimits.items}`);
    return [];
  }
  return items.flatMap((at) => {
    const text = readForm(report, at, form);
    return text === undefined ? [] : [{ text, at }];
  });
}
