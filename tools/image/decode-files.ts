import type { Located, Tree } from '../../coordinator/model/document-tree.js';
import { quote, readFields, readItems, readText, reportMissing } from '../../coordinator/model/read-tree.js';
import type { Report } from '../../coordinator/model/report.js';
import { readForm } from './read-form.js';
import { type FileContent, type RecipeFile, recipeDefaults } from './recipe.js';
import { forms, recipeLimits } from './recipe-limits.js';

export const fileKeys = ['path', 'content', 'source', 'mode', 'owner'] as const;

const itemForm = 'path, and content or source; also mode, owner';

export function decodeFiles(report: Report, tree: Tree | undefined): readonly RecipeFile[] {
  if (tree === undefined) return [];
  const items = readItems(report, tree, `a list; each: ${itemForm}`);
  if (items.length > recipeLimits.items) {
    report.error(tree, `has ${items.length} files`, `at most ${recipeLimits.items}`);
    return [];
  }
  const seen = new Map<string, Located>();
  return items.flatMap((item) => {
    const file = decodeFile(report, item);
    if (file === undefined) return [];
    const first = seen.get(file.path);
    if (first !== undefined) {
      report.error(
        item,
        `${quote(file.path)} is given twice, first at ${first.line}:${first.column}`,
        'each path once',
      );
    }
    seen.set(file.path, item);
    return [file];
  });
}

function decodeFile(report: Report, tree: Tree): RecipeFile | undefined {
  const fields = readFields(report, tree, fileKeys);
  if (fields.path === undefined) reportMissing(report, tree, 'path', forms.path.words);
  const path = readForm(report, fields.path, 'path');
  const content = decodeContent(report, tree, fields);
  const mode = readForm(report, fields.mode, 'mode');
  const owner = readForm(report, fields.owner, 'owner');
  if (path === undefined || content === undefined) return undefined;
  return {
    path,
    content,
    mode: mode === undefined ? recipeDefaults.mode : Number.parseInt(mode, 8),
    owner: owner ?? recipeDefaults.owner,
  };
}

function decodeContent(
  report: Report,
  tree: Tree,
  { content, source }: { readonly content?: Tree; readonly source?: Tree },
): FileContent | undefined {
  if (content !== undefined && source !== undefined) {
    report.error(source, 'content and source are both given', 'one of them');
    return undefined;
  }
  if (source !== undefined) {
    const path = readText(report, source, 'a file beside the recipe, or an absolute path');
    return path === undefined ? undefined : { kind: 'source', source: path };
  }
  if (content === undefined) {
    reportMissing(report, tree, 'content or source', 'content: TEXT, or source: FILE');
    return undefined;
  }
  const text = readText(report, content, 'a text');
  return text === undefined ? undefined : { kind: 'text', text };
}
