import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ImageRecord, imageFiles, imageVersion, renderImageRecord } from '../../launcher/images/image-record.js';
import { findImage, listImages, type RecordedImage } from '../../launcher/images/image-store.js';
import { type AgentParts, agentParts } from './agent-parts.js';
import { bakeFailure, isBakeFailure } from './bake-failure.js';
import type { BakeProgress } from './bake-progress.js';
import { type BaseTree, withBase } from './base-tree.js';
import { finishTree, furnishTree, hasSshServer, installModules } from './furnish-tree.js';
import { imageName, inputsDigest } from './image-name.js';
import { type ImagesClaim, openImages } from './images-claim.js';
import type { LoadedRecipe } from './load-recipe.js';
import { sha256 } from './load-recipe.js';
import { makeDisk } from './make-disk.js';
import { makeInitrd } from './make-initrd.js';
import { quickBootArguments } from './quick-boot.js';
import { renderRecipe } from './render-recipe.js';
import { runTool } from './run-tool.js';

export interface BakeOptions {
  readonly loaded: LoadedRecipe;
  /** Absolute path of the directory with the images; made if need be. */
  readonly images: string;
  /** Absolute path of the directory with what Debian's part of images is kept in. */
  readonly cache: string;
  /** Bake although the same image is there. */
  readonly force: boolean;
  /** Ask the mirror for newer packages. */
  readonly update: boolean;
  readonly clonedFrom: string | undefined;
  readonly progress: BakeProgress;
  readonly signal: AbortSignal;
}

export type BakeOutcome =
  | ({ readonly kind: 'baked' } & RecordedImage)
  /** Nothing was done: the image that would have come out is there. */
  | ({ readonly kind: 'already-there' } & RecordedImage)
  | { readonly kind: 'failed'; readonly reason: string; readonly next: string }
  | { readonly kind: 'interrupted' };

/**
 * Makes the image of a recipe: everything in a directory of its own that no store takes for an image, and the name only
 * at the end. What was interrupted or killed leaves nothing behind that the next bake would not remove.
 */
export async function bakeImage(options: BakeOptions): Promise<BakeOutcome> {
  // Whoever bakes: what is in an image is not theirs.
  const umask = process.umask(0o022);
  try {
    return await bake(options);
  } catch (error) {
    if (options.signal.aborted) return { kind: 'interrupted' };
    if (isBakeFailure(error)) return { kind: 'failed', reason: error.message, next: error.next };
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC') return { kind: 'failed', reason: message, next: 'make room on the file system' };
    if (code === 'EACCES' || code === 'EROFS')
      return { kind: 'failed', reason: message, next: 'choose another directory with --images' };
    throw error;
  } finally {
    process.umask(umask);
  }
}

async function bake(options: BakeOptions): Promise<BakeOutcome> {
  const { loaded, images, force, update, progress, signal } = options;
  checkArchitecture(loaded, await ownArchitecture(signal));
  const agent = loaded.recipe.agent ? agentParts() : undefined;
  const inputs = inputsDigest(loaded, agent);
  const onWait = () => progress.note(`waiting for another bake in ${images}`);
  const claim = await openImages(images, { onWait, signal });
  try {
    if (!force && !update) {
      const there = await findSame(images, loaded.recipe.name, inputs);
      if (there !== undefined) {
        await claim.pointAlias(loaded.recipe.name, there.image.name);
        return { kind: 'already-there', ...there };
      }
    }
    progress.phase('packages');
    return await withBase(loaded.recipe, options, (base) => bakeOn(base, options, { claim, agent, inputs }));
  } finally {
    await claim.release();
  }
}

async function bakeOn(base: BaseTree, options: BakeOptions, parts: Omit<Parts, 'base' | 'name'>): Promise<BakeOutcome> {
  const { images, force } = options;
  const { claim, inputs } = parts;
  const recipe = options.loaded.recipe.name;
  const name = imageName(recipe, inputs, base.facts.packages);
  const there = force ? undefined : await findImage(images, name);
  if (there?.kind === 'image') {
    await claim.pointAlias(recipe, name);
    return { ...there, kind: 'already-there' };
  }
  await claim.checkUnused(name);
  await assemble(options, { ...parts, base, name });
  const made = await findImage(images, name);
  if (made.kind === 'problem') throw bakeFailure(made.problem);
  return { ...made, kind: 'baked' };
}

interface Parts {
  readonly claim: ImagesClaim;
  readonly base: BaseTree;
  readonly agent: AgentParts | undefined;
  readonly inputs: string;
  readonly name: string;
}

async function assemble(options: BakeOptions, { claim, base, agent, inputs, name }: Parts): Promise<void> {
  const { loaded, progress, signal } = options;
  const { recipe } = loaded;
  const { newestFile } = base.facts;
  const fresh = await claim.freshDirectory();
  const tree = join(fresh, imageFiles.tree);
  const inside = { tree, signal };
  progress.phase('tree');
  await runTool(['cp', '--archive', '--reflink=auto', base.tree, tree], { signal, purpose: 'could not copy the base' });
  progress.at(0.5, 'kernel and modules');
  const index = await installModules(inside, base, recipe);
  await writeFile(join(fresh, imageFiles.initrd), await makeInitrd(base, index, signal));
  await copyFile(base.kernel, join(fresh, imageFiles.kernel));
  progress.phase('content');
  await furnishTree(inside, { loaded, agent, progress });
  await finishTree(inside, { hasSsh: await hasSshServer(tree), newestFile });
  progress.phase('disk');
  await makeDisk(fresh, { diskMiB: recipe.diskMiB, digest: sha256(name), newestFile, progress, signal });
  progress.phase('finish');
  await keepRecipe(fresh, loaded);
  const record: ImageRecord = {
    version: imageVersion,
    name,
    recipe: recipe.name,
    madeAt: new Date().toISOString(),
    inputs,
    clonedFrom: options.clonedFrom,
    suite: recipe.suite,
    architecture: recipe.architecture,
    diskBytes: recipe.diskMiB * 2 ** 20,
    kernelVersion: base.kernelVersion,
    kernelArguments: ['rw', ...quickBootArguments(recipe), ...recipe.kernelArguments],
    hasInitrd: true,
    agent: agent && { version: agent.version, digest: agent.digest, node: agent.node.version },
    packages: base.facts.packages,
  };
  await writeFile(join(fresh, imageFiles.record), renderImageRecord(record));
  // A machine that loses its power must not find a name with half an image behind it.
  await runTool(['sync', '--file-system', fresh], { signal, purpose: 'could not write to the disk' });
  await claim.publish(name, recipe.name);
}

async function keepRecipe(fresh: string, loaded: LoadedRecipe): Promise<void> {
  const { yaml, files } = renderRecipe(loaded);
  const directory = join(fresh, imageFiles.recipe);
  await mkdir(join(directory, 'files'), { recursive: true });
  await writeFile(join(directory, 'recipe.yaml'), yaml);
  for (const [path, content] of files) await writeFile(join(directory, path), content);
}

/** The newest image of the recipe that was made from the same. */
async function findSame(images: string, recipe: string, inputs: string): Promise<RecordedImage | undefined> {
  const all = (await listImages(images)).images.filter(
    ({ record }) => record.recipe === recipe && record.inputs === inputs,
  );
  return all.sort((a, b) => b.record.madeAt.localeCompare(a.record.madeAt))[0];
}

export async function ownArchitecture(signal: AbortSignal): Promise<string> {
  const printed = await runTool(['dpkg', '--print-architecture'], {
    signal,
    purpose: 'could not tell the architecture',
    next: 'images are baked on Debian and what is made of it',
  });
  return printed.trim();
}

function checkArchitecture({ recipe }: LoadedRecipe, own: string): void {
  if (recipe.architecture === own) return;
  const why = `this machine is ${own}, and the recipe is for ${recipe.architecture}`;
  throw bakeFailure(why, `bake it on a machine that is ${recipe.architecture}`);
}
