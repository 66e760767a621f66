import { mkdir, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFile } from '../../launcher/durable-file.js';
import { listAliases, listImages } from '../../launcher/images/image-store.js';
import { usersOf } from '../../launcher/images/image-users.js';
import { bakeFailure } from './bake-failure.js';
import { claimDirectory, type DirectoryClaimOptions } from './claim-directory.js';

/** The right to change a directory of images: of all processes of this machine, one has it at a time. */
export interface ImagesClaim {
  /** An empty directory that is no image, gone with the claim. */
  freshDirectory(): Promise<string>;
  /** Gives the fresh directory its name, in place of an image that may have had it, and the alias its meaning. */
  publish(name: string, alias: string): Promise<void>;
  pointAlias(alias: string, name: string): Promise<void>;
  /** @throws BakeFailure when something uses the image, which then cannot be replaced */
  checkUnused(name: string): Promise<void>;
  /** Takes an image away; `users` says who uses it, and then it stays. */
  remove(name: string): Promise<RemoveOutcome>;
  release(): Promise<void>;
}

export type RemoveOutcome =
  | { readonly kind: 'removed' /** Stale users that were passed over. */; readonly stale: readonly string[] }
  | { readonly kind: 'used'; readonly users: readonly string[] };

const baking = '.bake';
const removing = '.removing-';
const removed = '.removed-';

/**
 * Waits for the claim, makes the directory if need be, and removes what killed
 * processes have left there. The kernel ends the claim with the process.
 */
export async function openImages(directory: string, options: DirectoryClaimOptions): Promise<ImagesClaim> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  const claim = await claimDirectory(directory, 'images', options);
  await clean(directory);
  const fresh = join(directory, baking);
  return {
    freshDirectory: async () => {
      await mkdir(fresh, { mode: 0o755 });
      return fresh;
    },
    publish: async (name, alias) => {
      const path = join(directory, name);
      const old = join(directory, `${removed}${name}`);
      if (await isThere(path)) await rename(path, old);
      await rename(fresh, path);
      await pointAlias(directory, alias, name);
      await rm(old, { recursive: true, force: true });
    },
    pointAlias: (alias, name) => pointAlias(directory, alias, name),
    checkUnused: async (name) => {
      const { inUse } = await usersIn(join(directory, name));
      if (inUse.length === 0) return;
      const why = `image ${name} is used by ${inUse.join(', ')}, and what a disk rests on may not change`;
      throw bakeFailure(why, 'stop them first, or change the recipe');
    },
    remove: (name) => remove(directory, name),
    release: async () => {
      await rm(fresh, { recursive: true, force: true });
      claim.release();
    },
  };
}

async function pointAlias(directory: string, alias: string, name: string): Promise<void> {
  const link = join(directory, alias);
  const fresh = join(directory, `.alias-${alias}`);
  await rm(fresh, { force: true });
  await symlink(name, fresh);
  await rename(fresh, link);
  await syncFile(directory);
}

/** Moved away first and looked at then, so that whoever begins to use it meanwhile is seen, or finds nothing. */
async function remove(directory: string, name: string): Promise<RemoveOutcome> {
  const path = join(directory, name);
  const away = join(directory, `${removing}${name}`);
  const before = await usersIn(path);
  if (before.inUse.length > 0) return { kind: 'used', users: before.inUse };
  await rename(path, away);
  const { inUse, stale } = await usersIn(away);
  if (inUse.length > 0) {
    await rename(away, path);
    return { kind: 'used', users: inUse };
  }
  const gone = join(directory, `${removed}${name}`);
  await rename(away, gone);
  await redirectAliases(directory, name);
  await rm(gone, { recursive: true, force: true });
  return { kind: 'removed', stale };
}

/** The newest image of the recipe that is left takes over the alias of one that is gone. */
async function redirectAliases(directory: string, name: string): Promise<void> {
  for (const [alias, target] of await listAliases(directory)) {
    if (target !== name) continue;
    const left = (await listImages(directory)).images.filter(({ record }) => record.recipe === alias);
    const newest = left.sort((a, b) => b.record.madeAt.localeCompare(a.record.madeAt))[0];
    if (newest === undefined) await rm(join(directory, alias), { force: true });
    else await pointAlias(directory, alias, newest.image.name);
  }
}

async function usersIn(directory: string): Promise<{ readonly inUse: string[]; readonly stale: string[] }> {
  const users = await usersOf({ directory });
  const names = (isStale: boolean) =>
    users
      .filter((user) => user.isStale === isStale)
      .map(({ instance, launcherHost }) => `${instance} on ${launcherHost}`);
  return { inUse: names(false), stale: names(true) };
}

async function clean(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    if (name === baking || name.startsWith(removed) || name.startsWith('.alias-')) {
      await rm(path, { recursive: true, force: true });
    } else if (name.startsWith(removing)) {
      // Its users had not been counted yet.
      await rename(path, join(directory, name.slice(removing.length)));
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
