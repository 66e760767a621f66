import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasErrorCode } from '../error-code.js';
import type { FoundImage, Image, ImageStore } from './image.js';
import {
  type ImageRecord,
  imageFiles,
  imageNameForm,
  imageNamePattern,
  imageOf,
  parseImageRecord,
} from './image-record.js';

/** An image with what is written about it. */
export interface RecordedImage {
  readonly image: Image;
  readonly record: ImageRecord;
}

export type FoundRecord =
  | ({ readonly kind: 'image' } & RecordedImage)
  | { readonly kind: 'problem'; readonly problem: string };

/** What is wrong with something in an images directory that looks like an image. */
export interface BrokenImage {
  readonly name: string;
  readonly problem: string;
}

/**
 * The images below `directory`, looked up anew at every call: `cpectl image` adds and removes them at any time. Nothing
 * is cached, nothing is written, and no file of an image is opened but its record.
 */
export function openImageStore(directory: string): ImageStore {
  return {
    find: async (nameOrAlias): Promise<FoundImage> => {
      const found = await findImage(directory, nameOrAlias);
      return found.kind === 'image' ? { kind: 'image', image: found.image } : found;
    },
    list: async () => (await listImages(directory)).images.map(({ image }) => image),
  };
}

/** The image of this name, or the one that an alias means. */
export async function findImage(directory: string, nameOrAlias: string): Promise<FoundRecord> {
  if (!imageNamePattern.test(nameOrAlias)) {
    return problem(`${JSON.stringify(nameOrAlias)} cannot be the name of an image (allowed: ${imageNameForm})`);
  }
  const target = await readAlias(directory, nameOrAlias);
  const name = target ?? nameOrAlias;
  if (!imageNamePattern.test(name)) {
    return problem(`${join(directory, nameOrAlias)} is a link to ${name}, which is no image beside it; remove it`);
  }
  if (await isDirectory(join(directory, name))) return readImage(directory, name);
  if (target !== undefined) {
    return problem(
      `${nameOrAlias} means image ${target}, which is gone; bake it again: cpectl image bake ${nameOrAlias}`,
    );
  }
  return problem(`there is no image ${name} in ${directory}${await whatThereIs(directory)}`);
}

/** All images that can be read and all that cannot, by name; aliases are not repeated. */
export async function listImages(
  directory: string,
): Promise<{ readonly images: readonly RecordedImage[]; readonly broken: readonly BrokenImage[] }> {
  const images: RecordedImage[] = [];
  const broken: BrokenImage[] = [];
  for (const name of await imageNames(directory)) {
    const found = await readImage(directory, name);
    if (found.kind === 'image') images.push({ image: found.image, record: found.record });
    else broken.push({ name, problem: found.problem });
  }
  return { images, broken };
}

/** The aliases of images, with the names that they mean. */
export async function listAliases(directory: string): Promise<ReadonlyMap<string, string>> {
  const aliases = new Map<string, string>();
  for (const entry of await readEntries(directory)) {
    if (!entry.isSymbolicLink() || !imageNamePattern.test(entry.name)) continue;
    const target = await readAlias(directory, entry.name);
    if (target !== undefined) aliases.set(entry.name, target);
  }
  return aliases;
}

async function readImage(directory: string, name: string): Promise<FoundRecord> {
  const at = join(directory, name);
  const file = join(at, imageFiles.record);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return problem(`${at} is no image: it has no ${imageFiles.record}; remove it`);
    return problem(`${file} cannot be read: ${messageOf(error)}`);
  }
  const read = parseImageRecord(text);
  if (read.kind === 'problem') return problem(`${file} ${read.problem}; bake the image again: ${again(name)}`);
  const { record } = read;
  if (record.name !== name)
    return problem(`${file} says that it is image ${record.name}; call the directory that, or remove it`);
  const needed = ['tree', 'raw', 'qcow2', 'kernel', ...(record.hasInitrd ? (['initrd'] as const) : [])] as const;
  const missing: string[] = [];
  for (const key of needed) if (!(await exists(join(at, imageFiles[key])))) missing.push(imageFiles[key]);
  if (missing.length > 0) {
    const what = `image ${name} is incomplete: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing in ${at}`;
    return problem(`${what}; bake it again: cpectl image bake ${record.recipe} --force`);
  }
  const image = imageOf(at, record, await isDirectory(join(at, imageFiles.warm)));
  return { kind: 'image', image, record };
}

/** The recipe is the name without its digits. */
function again(name: string): string {
  return `cpectl image bake ${name.replace(/-[0-9a-f]{12}$/, '')} --force`;
}

async function whatThereIs(directory: string): Promise<string> {
  const names = [...(await listAliases(directory)).keys(), ...(await imageNames(directory))];
  const bake = 'cpectl image bake RECIPE';
  if (names.length === 0) return `, nor any other; make one with: ${bake}`;
  const shown = names.slice(0, 8).join(', ');
  return ` (there are: ${shown}${names.length > 8 ? ', ...' : ''}); make one with: ${bake}`;
}

async function imageNames(directory: string): Promise<readonly string[]> {
  const entries = await readEntries(directory);
  return entries
    .filter((entry) => entry.isDirectory() && imageNamePattern.test(entry.name))
    .map(({ name }) => name)
    .sort();
}

async function readEntries(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** What a symbolic link says; undefined where there is none. */
async function readAlias(directory: string, name: string): Promise<string | undefined> {
  try {
    const target = await readlink(join(directory, name));
    // Relative to the directory, or by its own path: both mean an image beside the alias.
    return target === join(directory, basename(target)) ? basename(target) : target;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'EINVAL') || hasErrorCode(error, 'ENOTDIR'))
      return undefined;
    throw error;
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return (await statOf(path))?.isDirectory() === true;
}

async function exists(path: string): Promise<boolean> {
  return (await statOf(path)) !== undefined;
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT') || hasErrorCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

function problem(text: string): { readonly kind: 'problem'; readonly problem: string } {
  return { kind: 'problem', problem: text };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
