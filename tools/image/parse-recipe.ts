import { parseYaml } from '../../coordinator/model/parse-yaml.js';
import type { Problem } from '../../coordinator/model/problem.js';
import { collectProblems } from '../../coordinator/model/report.js';
import { decodeRecipe } from './decode-recipe.js';
import type { Recipe } from './recipe.js';
import { recipeLimits } from './recipe-limits.js';

export type ParsedRecipe =
  | { readonly kind: 'recipe'; readonly recipe: Recipe; readonly warnings: readonly Problem[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/**
 * Reads a recipe in YAML. `architecture` is that of the machine that bakes, for recipes that name none. Never throws:
 * the result has every problem of the text at once, each with its line, its column and what is allowed there.
 */
export function parseRecipe(text: string, architecture: string): ParsedRecipe {
  const { report, hasErrors, problems } = collectProblems();
  const nowhere = { line: 0, column: 0, path: '' };
  const bytes = Buffer.byteLength(text, 'utf8');
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (bytes > recipeLimits.bytes) {
    report.error(nowhere, `the recipe is ${bytes} bytes long`, `at most ${recipeLimits.bytes}; put files beside it`);
  } else if (/^(?:\s*(?:#.*)?(?:\n|$))*$/.test(content)) {
    report.error(nowhere, 'the recipe is empty', 'at least name: NAME');
  } else {
    const tree = parseYaml(content, report);
    const recipe = tree && decodeRecipe(report, tree, architecture);
    if (recipe !== undefined && !hasErrors()) return { kind: 'recipe', recipe, warnings: problems() };
  }
  return { kind: 'problems', problems: problems() };
}
