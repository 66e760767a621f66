import type { Recipe, RecipeFile } from './recipe.js';

/** What `cpectl image clone` adds to the recipe of an image. */
export interface RecipeChanges {
  readonly name: string;
  readonly packages: readonly string[];
  /** One at the path of another takes its place. */
  readonly files: readonly RecipeFile[];
  readonly commands: readonly string[];
  readonly hostname: string | undefined;
  readonly diskMiB: number | undefined;
}

/** The recipe with the changes: what is added comes last. */
export function changeRecipe(recipe: Recipe, changes: RecipeChanges): Recipe {
  const replaced = new Set(changes.files.map(({ path }) => path));
  return {
    ...recipe,
    name: changes.name,
    packages: [...new Set([...recipe.packages, ...changes.packages])],
    files: [...recipe.files.filter(({ path }) => !replaced.has(path)), ...changes.files],
    commands: [...recipe.commands, ...changes.commands],
    hostname: changes.hostname ?? recipe.hostname,
    diskMiB: changes.diskMiB ?? recipe.diskMiB,
  };
}
