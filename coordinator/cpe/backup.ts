/**
 * What a site needs to be itself again, in one file: its store as it was at one moment, its keys and its configuration. A
 * gzipped tar archive with a manifest, for its owner only, for it holds secrets.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, link, lstat, mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { listDeployables } from '../dpe/deployable-record.js';
import { epochsForgotten, type LeaseRecord, leasesOf } from '../dpe/lease.js';
import { copyLmdbStore } from '../store/lmdb-backup.js';
import { openLmdbStore } from '../store/lmdb-store.js';
import type { Store } from '../store/store.js';
import { isStoreError } from '../store/store-error.js';
import { configFile, readSiteConfig } from './site-config.js';

export interface BackupManifest {
  readonly format: 1;
  /** ISO 8601. */
  readonly made: string;
  readonly deployables: readonly string[];
  readonly lastEvent: number;
  /** SHA-256 by name within the archive. */
  readonly files: Readonly<Record<string, string>>;
}

export type BackupOutcome =
  | { readonly kind: 'made'; readonly manifest: BackupManifest; readonly bytes: number }
  | { readonly kind: 'problem'; readonly message: string };

const manifestName = 'manifest.json';
const storeName = 'store/data.mdb';
const configName = 'config.json';
const keyPattern = /^keys\/[A-Za-z0-9._-]+$/;

/** Makes a backup of a home, which may be up. Never overwrites a file. */
export async function backUpSite(home: string, file: string): Promise<BackupOutcome> {
  const config = readSiteConfig(home);
  if (config === undefined) return problem(`${home} was never set up: there is nothing to back up`);
  if (config.store === 'jetstream') {
    return problem('the store of this site is in JetStream: back its streams up with the means of its bus servers');
  }
  if (existsSync(file)) return problem(`${file} is there already: choose another name, or remove it`);
  const staging = await mkdtemp(join(dirname(file), `.${basename(file)}-`)).catch((error: Error) => error);
  if (staging instanceof Error) return problem(`${dirname(file)} cannot be written: ${staging.message}`);
  try {
    await copyLmdbStore(join(home, 'store'), join(staging, 'store'));
    await cp(join(home, 'keys'), join(staging, 'keys'), { recursive: true });
    await cp(configFile(home), join(staging, configName));
    const names = [storeName, configName, ...(await readdir(join(staging, 'keys'))).map((name) => `keys/${name}`)];
    const described = await describe(join(staging, 'store'));
    const files = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await digest(staging, name)])));
    const manifest: BackupManifest = { format: 1, made: new Date().toISOString(), ...described, files };
    await writeFile(join(staging, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
    const archive = join(staging, 'archive');
    await writeFile(archive, '', { mode: 0o600 });
    await tar('-czf', archive, '--owner=0', '--group=0', '-C', staging, manifestName, ...names);
    const bytes = await sync(archive);
    await link(archive, file);
    await sync(dirname(file));
    return { kind: 'made', manifest, bytes };
  } catch (error) {
    return problem(`no backup was made: ${messageOf(error)}`);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

export interface OpenBackup {
  readonly manifest: BackupManifest;
  /** Where its files are, below the home that it is for. */
  readonly directory: string;
}

/** Unpacks a backup beside the home's store, and makes sure that it is whole. Nothing of the home is changed. */
export async function openBackup(home: string, file: string): Promise<OpenBackup | { readonly message: string }> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const directory = await mkdtemp(join(home, '.restoring-'));
  try {
    await tar('-xzf', file, '--no-same-owner', '-C', directory, manifestName);
    const manifest = parseManifest(await readFile(join(directory, manifestName), 'utf8'));
    if (typeof manifest === 'string') throw new Error(`its ${manifestName} is none: ${manifest}`);
    const names = Object.keys(manifest.files);
    await tar('-xzf', file, '--no-same-owner', '-C', directory, ...names);
    for (const name of names) {
      if ((await digest(directory, name)) !== manifest.files[name]) throw new Error(`${name} in it is damaged`);
    }
    // A store that opens, which also brings it to the format of this version.
    await (await openLmdbStore(join(directory, 'store'))).close();
    return { manifest, directory };
  } catch (error) {
    await closeBackup(directory);
    return { message: `${file} is no backup that can be restored: ${messageOf(error)}` };
  }
}

export async function closeBackup(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

export interface Restored {
  /** Where the store that was in use is now; undefined: there was none. */
  readonly before: string | undefined;
  /** Deployables that the store before knew and the backup does not: nobody decides for them any more. */
  readonly forgotten: readonly string[];
}

/**
 * Puts the store of an opened backup in the place of the home's, which nobody may be using. Keys and configuration are
 * put back where the home has none. Every epoch in it is raised above whatever agents and launchers may have seen since.
 */
export async function restoreSite(home: string, { manifest, directory }: OpenBackup, by: string): Promise<Restored> {
  const present = join(home, 'store');
  const last = existsSync(present) ? await lookAt(present) : undefined;
  const forgotten = (last?.deployables ?? []).filter((name) => !manifest.deployables.includes(name));
  const fresh = await openLmdbStore(join(directory, 'store'));
  try {
    await raiseEpochs(fresh, last?.epochs ?? new Map());
    const reason = `restored from a backup of ${manifest.made} by ${by}; what was changed since is not known here`;
    await fresh.appendEvents([{ time: Date.now(), deployable: '', kind: 'store-restored', reason }]);
  } finally {
    await fresh.close();
  }
  for (const name of ['keys', configName]) {
    if (!existsSync(join(home, name))) await rename(join(directory, name), join(home, name));
  }
  const before = existsSync(present) ? `${present}.before-${new Date().toISOString().replaceAll(':', '-')}` : undefined;
  if (before !== undefined) await rename(present, before);
  await rename(join(directory, 'store'), present);
  await sync(home);
  await closeBackup(directory);
  return { before, forgotten };
}

async function raiseEpochs(store: Store, seen: ReadonlyMap<string, number>): Promise<void> {
  for (const { key, value, revision } of await leasesOf(store)) {
    const lease = value as unknown as LeaseRecord;
    const known = seen.get(key);
    const epoch = known === undefined ? lease.epoch + epochsForgotten : Math.max(lease.epoch, known);
    // Given back: whoever held it then has ended.
    const raised = { ...lease, epoch, expiresAt: 0 };
    const stored = await store.put(key, { ...raised }, revision);
    if (stored.kind !== 'stored') throw new Error(`the epoch of ${key} cannot be raised`);
  }
}

interface Look {
  readonly deployables: readonly string[];
  readonly epochs: ReadonlyMap<string, number>;
}

/** What the store that is replaced has known last; undefined when it cannot be read. */
async function lookAt(directory: string): Promise<Look | undefined> {
  try {
    const store = await openLmdbStore(directory);
    try {
      const leases = await leasesOf(store);
      const epochs = new Map(leases.map(({ key, value }) => [key, (value as unknown as LeaseRecord).epoch]));
      return { deployables: await deployablesOf(store), epochs };
    } finally {
      await store.close();
    }
  } catch (error) {
    if (isStoreError(error)) return undefined;
    throw error;
  }
}

async function describe(directory: string): Promise<Pick<BackupManifest, 'deployables' | 'lastEvent'>> {
  const store = await openLmdbStore(directory);
  try {
    return { deployables: await deployablesOf(store), lastEvent: await store.latestEventSequence() };
  } finally {
    await store.close();
  }
}

function problem(message: string): Extract<BackupOutcome, { kind: 'problem' }> {
  return { kind: 'problem', message };
}

async function deployablesOf(store: Store): Promise<readonly string[]> {
  return (await listDeployables(store)).map(({ name }) => name);
}

/** What is wrong with it otherwise. */
function parseManifest(text: string): BackupManifest | string {
  let value: Partial<BackupManifest> | null;
  try {
    value = JSON.parse(text) as Partial<BackupManifest> | null;
  } catch {
    return 'it is no JSON';
  }
  if (value?.format !== 1) return `its format is ${JSON.stringify(value?.format)}, and this version reads format 1`;
  const { files = {}, deployables, made } = value;
  if (!Array.isArray(deployables) || typeof made !== 'string' || files[storeName] === undefined)
    return 'it lacks parts';
  const stranger = Object.keys(files).find(
    (name) => name !== storeName && name !== configName && !keyPattern.test(name),
  );
  return stranger === undefined ? (value as BackupManifest) : `it names ${JSON.stringify(stranger.slice(0, 100))}`;
}

async function digest(directory: string, name: string): Promise<string> {
  const file = join(directory, name);
  if (!(await lstat(file)).isFile()) throw new Error(`${name} is no file`);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function tar(...args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)('tar', args);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(stderr?.trim().split('\n')[0] || message, { cause: error });
  }
}

/** Returns its size. */
async function sync(path: string): Promise<number> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
