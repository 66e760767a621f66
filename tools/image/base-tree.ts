/**
 * The part of an image that comes from Debian alone: a root directory with the packages, and the kernel with its
 * modules. It takes a minute and depends on few words of a recipe, so it is kept, by the digest of these, for every
 * image that has the same. Bases are never changed: an image is made of a copy.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasErrorCode } from '../../launcher/error-code.js';
import { packageRoot } from '../../launcher/package-root.js';
import { type PackageSources, packageSources } from './apt-sources.js';
import { bakeFailure } from './bake-failure.js';
import type { BakeProgress } from './bake-progress.js';
import { claimDirectory } from './claim-directory.js';
import { packageProgress } from './package-progress.js';
import { basePackages, type Recipe } from './recipe.js';
import { removeTraces } from './remove-traces.js';
import { runTool } from './run-tool.js';
import { newestTime } from './tree-times.js';
import { installedPackages, unpackKernel } from './unpack-kernel.js';

export interface BaseTree {
  readonly tree: string;
  readonly kernel: string;
  readonly kernelVersion: string;
  /** All modules of the kernel, as in `/lib/modules/VERSION`, with their dependencies. */
  readonly modules: string;
  readonly busybox: string;
  readonly facts: BaseFacts;
}

export interface BaseFacts {
  /** `name=version`, sorted: those in the tree, the kernel's and busybox's. */
  readonly packages: readonly string[];
  /** ISO 8601: when the mirror was asked. */
  readonly madeAt: string;
  /** Unix seconds: the newest time of a file that came with a package. */
  readonly newestFile: number;
}

export interface BaseOptions {
  /** Directory of the bases. */
  readonly cache: string;
  /** Ask the mirror again, also where a base is there. */
  readonly update: boolean;
  readonly progress: BakeProgress;
  readonly signal: AbortSignal;
}

/** To be raised when another base would come out of the same words. */
const revision = 1;
const mostKept = 4;

/**
 * Gives `use` the base of a recipe: the one that is there, or a new one. Of several processes that want it, one makes it;
 * and nobody replaces it until `use` is done.
 */
export async function withBase<Result>(
  recipe: Recipe,
  options: BaseOptions,
  use: (base: BaseTree) => Promise<Result>,
): Promise<Result> {
  const { cache, progress, signal } = options;
  const sources = packageSources(recipe);
  const key = baseKey(recipe, sources);
  await mkdir(cache, { recursive: true, mode: 0o755 });
  const onWait = () => progress.note('waiting for another bake of these packages');
  const claim = await claimDirectory(cache, `base-${key}`, { onWait, signal });
  try {
    return await use(await prepareBase(recipe, options, { sources, directory: join(cache, key) }));
  } finally {
    claim.release();
  }
}

async function prepareBase(
  recipe: Recipe,
  { cache, update, progress, signal }: BaseOptions,
  { sources, directory }: { readonly sources: PackageSources; readonly directory: string },
): Promise<BaseTree> {
  const found = update ? undefined : await openBase(directory);
  if (found !== undefined) return found;
  const fresh = join(cache, `.${basename(directory)}`);
  await rm(fresh, { recursive: true, force: true });
  try {
    await makeBase(recipe, { fresh, sources, progress, signal });
    await rm(directory, { recursive: true, force: true });
    await rename(fresh, directory);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  await removeOldest(cache);
  const made = await openBase(directory);
  if (made === undefined) throw bakeFailure(`${directory} is gone as soon as it was made`);
  return made;
}

/** Packages that are in every image of this kind, and the recipe's own. */
export function packagesOf({ packages, agent }: Pick<Recipe, 'packages' | 'agent'>): readonly string[] {
  // Node needs the C++ library, and nothing else that is not there already.
  const needed = agent ? [...basePackages, 'libstdc++6'] : basePackages;
  return [...new Set([...needed, ...packages])].sort();
}

function baseKey(recipe: Recipe, sources: PackageSources): string {
  const { suite, architecture, kernel } = recipe;
  const words = { revision, suite, architecture, kernel: kernel.package, packages: packagesOf(recipe) };
  const text = JSON.stringify({ ...words, sources: sources.digest });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const factsFile = 'base.json';

async function openBase(directory: string): Promise<BaseTree | undefined> {
  let facts: BaseFacts;
  try {
    facts = JSON.parse(await readFile(join(directory, factsFile), 'utf8')) as BaseFacts;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  // What was used last is kept longest.
  const now = new Date();
  await utimes(directory, now, now);
  const [kernelVersion = ''] = await readdir(join(directory, 'modules'));
  return {
    tree: join(directory, 'tree'),
    kernel: join(directory, 'kernel'),
    kernelVersion,
    modules: join(directory, 'modules', kernelVersion),
    busybox: join(directory, 'busybox'),
    facts,
  };
}

interface Making {
  readonly fresh: string;
  readonly sources: PackageSources;
  readonly progress: BakeProgress;
  readonly signal: AbortSignal;
}

async function makeBase(recipe: Recipe, making: Making): Promise<void> {
  const { fresh, signal } = making;
  const startedAt = new Date();
  const downloads = join(fresh, 'downloads');
  await mkdir(downloads, { recursive: true });
  await chmod(fresh, 0o755);
  await runMmdebstrap(recipe, making);
  const tree = join(fresh, 'tree');
  await removeTraces(tree);
  // Those of this machine.
  for (const name of ['hostname', 'resolv.conf']) await rm(join(tree, 'etc', name), { force: true });
  const packages = await installedPackages(tree, signal);
  const kernel = await unpackKernel(fresh, signal);
  const newestFile = await newestTime(join(tree, 'usr'), startedAt);
  await rm(downloads, { recursive: true });
  const facts: BaseFacts = { packages: [...packages, ...kernel].sort(), madeAt: startedAt.toISOString(), newestFile };
  await writeFile(join(fresh, factsFile), `${JSON.stringify(facts, undefined, 2)}\n`);
}

async function runMmdebstrap(recipe: Recipe, { fresh, sources, progress, signal }: Making): Promise<void> {
  const options = join(fresh, 'apt.conf');
  await writeFile(options, await aptOptions(signal));
  const excluded = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*'];
  const read = packageProgress();
  const words = [
    '--verbose',
    '--mode=root',
    '--variant=essential',
    '--format=directory',
    `--architectures=${recipe.architecture}`,
    `--include=${packagesOf(recipe).join(',')}`,
    `--aptopt=${options}`,
    '--dpkgopt=force-unsafe-io',
    ...excluded.map((path) => `--dpkgopt=path-exclude=${path}`),
    // Licences stay.
    '--dpkgopt=path-include=/usr/share/doc/*/copyright',
    `--customize-hook=${join(packageRoot(), 'tools', 'image', 'fetch-kernel.sh')}`,
    recipe.suite,
    join(fresh, 'tree'),
    ...sources.words,
  ];
  // In namespaces of its own, nothing that it mounts can outlive it, even if it is killed.
  await runTool(['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'mmdebstrap', ...words], {
    signal,
    purpose: `could not make a ${recipe.suite} with these packages`,
    next: `the sources are ${sources.label}; can this machine reach them, and have they all packages of the recipe?`,
    environment: { CPE_KERNEL: recipe.kernel.package, CPE_DOWNLOADS: join(fresh, 'downloads') },
    onLine: (line) => {
      const at = read(line);
      if (at !== undefined) progress.at(at.share, at.detail);
    },
  });
  await rm(options);
}

/** How this machine's apt reaches its sources; what it recommends is not wanted. */
async function aptOptions(signal: AbortSignal): Promise<string> {
  const dump = await runTool(['apt-config', 'dump'], { signal, purpose: 'could not tell the options of apt' });
  const kept = dump.split('\n').filter((line) => /^Acquire::(?:https?|Check)/.test(line));
  return `${[...kept, 'APT::Install-Recommends "false";'].join('\n')}\n`;
}

async function removeOldest(cache: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const times = await Promise.all(
    names.map(async (name) => ({ name, usedAt: (await stat(join(cache, name))).mtimeMs })),
  );
  const old = times.sort((a, b) => b.usedAt - a.usedAt).slice(mostKept);
  for (const { name } of old) await rm(join(cache, name), { recursive: true, force: true });
}
