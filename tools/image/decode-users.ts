import type { Tree } from '../../coordinator/model/document-tree.js';
import { quote, readFields, readItems, reportMissing } from '../../coordinator/model/read-tree.js';
import type { Report } from '../../coordinator/model/report.js';
import { readForm, readForms, readNames } from './read-form.js';
import { type RecipeUser, recipeDefaults } from './recipe.js';
import { forms, recipeLimits } from './recipe-limits.js';

export const userKeys = ['name', 'groups', 'shell', 'keys'] as const;

export function decodeUsers(report: Report, tree: Tree | undefined): readonly RecipeUser[] {
  if (tree === undefined) return [];
  const items = readItems(report, tree, 'a list; each: name, and groups, shell, keys');
  if (items.length > recipeLimits.items) {
    report.error(tree, `has ${items.length} users`, `at most ${recipeLimits.items}`);
    return [];
  }
  const users: RecipeUser[] = [];
  for (const item of items) {
    const fields = readFields(report, item, userKeys);
    if (fields.name === undefined) reportMissing(report, item, 'name', forms.user.words);
    const name = readForm(report, fields.name, 'user');
    const user = {
      groups: readNames(report, fields.groups, 'user'),
      shell: readForm(report, fields.shell, 'path') ?? recipeDefaults.shell,
      keys: readForms(report, fields.keys, 'key'),
    };
    if (name === undefined) continue;
    if (users.some((other) => other.name === name)) {
      report.error(item, `the user ${quote(name)} is given twice`, 'each once');
    }
    users.push({ name, ...user });
  }
  return users;
}
