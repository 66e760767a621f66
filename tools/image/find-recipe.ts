import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { didYouMean } from '../../coordinator/model/names.js';
import { packageRoot } from '../../launcher/package-root.js';

export type FoundRecipe =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'problem'; readonly problem: string };

/** What `make image` bakes. */
export const defaultRecipe = 'debian-12';

/** The file that is meant by a path, or by the name of a recipe that is shipped. */
export function findRecipe(nameOrFile: string): FoundRecipe {
  const isPath = nameOrFile.includes('/') || /\.ya?ml$/.test(nameOrFile);
  if (isPath) return { kind: 'file', file: resolve(nameOrFile) };
  const directory = join(packageRoot(), 'tools', 'image', 'recipes');
  const file = join(directory, `${nameOrFile}.yaml`);
  if (existsSync(file)) return { kind: 'file', file };
  const names = shippedRecipes();
  const hint = didYouMean(nameOrFile, names);
  const problem = `there is no recipe ${JSON.stringify(nameOrFile)}${hint === '' ? '' : hint}`;
  return { kind: 'problem', problem: `${problem} (shipped: ${names.join(', ')}; or a file: ./${nameOrFile}.yaml)` };
}

export function shippedRecipes(): readonly string[] {
  return readdirSync(join(packageRoot(), 'tools', 'image', 'recipes'))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length))
    .sort();
}
