import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { FileContent, Recipe, RecipeFile } from './recipe.js';

/** A recipe with the content of every file that it names. */
export interface LoadedRecipe {
  readonly recipe: Recipe;
  readonly files: readonly LoadedFile[];
  /** SHA-256, in hex, of all that the recipe says; not of its name, so that equal images can be told by their digits. */
  readonly digest: string;
}

export type LoadedFile = Omit<RecipeFile, 'content'> & { readonly content: Buffer };

export type LoadOutcome =
  | { readonly kind: 'loaded'; readonly loaded: LoadedRecipe }
  | { readonly kind: 'problem'; readonly problem: string };

/** Reads what the files of `recipe` contain; sources are relative to `recipeFile`. */
export async function loadRecipe(recipe: Recipe, recipeFile: string): Promise<LoadOutcome> {
  const files: LoadedFile[] = [];
  for (const { content, ...file } of recipe.files) {
    try {
      files.push({ ...file, content: await readContent(content, dirname(recipeFile)) });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'problem', problem: `${recipeFile}: the source of ${file.path} cannot be read: ${reason}` };
    }
  }
  return { kind: 'loaded', loaded: { recipe, files, digest: digestOf(recipe, files) } };
}

async function readContent(content: FileContent, directory: string): Promise<Buffer> {
  if (content.kind === 'text') return Buffer.from(content.text, 'utf8');
  return readFile(resolve(directory, content.source));
}

function digestOf({ name: _, files: _files, ...rest }: Recipe, files: readonly LoadedFile[]): string {
  const contents = files.map(({ content, ...file }) => ({ ...file, content: sha256(content) }));
  return sha256(canonical({ ...rest, files: contents }));
}

/** JSON in which equal values are equal texts, whatever the order of their keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
