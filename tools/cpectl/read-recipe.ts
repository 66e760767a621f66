import { arch } from 'node:os';
import type { Problem } from '../../coordinator/model/problem.js';
import type { LoadedRecipe } from '../image/load-recipe.js';
import { exitCodes, type Failure, failure } from './exit-code.js';
import { readText } from './read-text.js';

export type RecipeOutcome =
  | {
      readonly kind: 'recipe';
      readonly label: string;
      readonly loaded: LoadedRecipe;
      readonly warnings: readonly Problem[];
    }
  | { readonly kind: 'problems'; readonly label: string; readonly problems: readonly Problem[] }
  | Failure;

/** Reads and checks a recipe, by its file or by the name of one that is shipped, with the files that it names. */
export async function readRecipe(nameOrFile: string): Promise<RecipeOutcome> {
  const [{ findRecipe }, { parseRecipe }, { loadRecipe }, { recipeLimits }] = await Promise.all([
    import('../image/find-recipe.js'),
    import('../image/parse-recipe.js'),
    import('../image/load-recipe.js'),
    import('../image/recipe-limits.js'),
  ]);
  const found = findRecipe(nameOrFile);
  if (found.kind === 'problem') return failure(exitCodes.failed, found.problem);
  const read = await readText(found.file, { maxBytes: recipeLimits.bytes, hint: 'put files beside the recipe' });
  if (read.kind === 'failure') return { ...read, next: 'give a file, or the name of a recipe that is shipped' };
  const label = found.file;
  const parsed = parseRecipe(read.text, debianArchitecture());
  if (parsed.kind === 'problems') return { kind: 'problems', label, problems: parsed.problems };
  const loaded = await loadRecipe(parsed.recipe, found.file);
  if (loaded.kind === 'problem') return failure(exitCodes.failed, loaded.problem);
  return { kind: 'recipe', label, loaded: loaded.loaded, warnings: parsed.warnings };
}

/** Debian's name of this machine's architecture. */
export function debianArchitecture(): string {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', arm: 'armhf', ia32: 'i386', ppc64: 'ppc64el' };
  return names[arch()] ?? arch();
}
