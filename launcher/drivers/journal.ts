import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { replaceFile, syncFile } from '../durable-file.js';
import { hasErrorCode } from '../error-code.js';
import { prepareCommitment } from './commitment.js';
import type { CompleteIdentity } from './platform.js';

/**
 * A driver's journal: one directory per instance.
 *
 *     instance.json   the intent; written before anything of the instance exists
 *     identity.json   what the agent must know (mode 0600)
 *     death.json      the proof of death, and whether it was acknowledged
 *
 * and the platform's own files. A directory whose name starts with a dot is being removed.
 */
export interface InstanceRecord {
  readonly version: 1;
  /** Name of the driver; what another one has started is not this one's to judge. */
  readonly driver: string;
  readonly instance: string;
  readonly deployable: string;
  readonly assembly: string;
  /** Empty where instances find their addresses by themselves. */
  readonly address: string;
  readonly hostname: string;
  /** What was reserved for it; undefined where its start did not say. */
  readonly memoryMiB?: number | undefined;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly bootId: string;
  readonly pidNamespace: string;
}

export interface DeathRecord {
  readonly at: number;
  readonly evidence: string;
  readonly isAcknowledged: boolean;
}

export type JournalEntry =
  | {
      readonly kind: 'readable';
      readonly instance: string;
      readonly record: InstanceRecord;
      readonly death: DeathRecord | undefined;
    }
  | { readonly kind: 'unreadable'; readonly instance: string; readonly reason: string };

/** The directory of each instance of a launcher host is in this one. */
export function instancesDirectory(home: string, launcherHost: string): string {
  return join(home, 'launcher', launcherHost, 'instances');
}

/** Why a name cannot be an instance (it becomes a directory), or undefined. */
export function instanceNameProblem(instance: string): string | undefined {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,249}$/.test(instance)) return undefined;
  return `"${instance}" is no instance id: up to 250 letters, digits, "_", "-" and ".", the first not "-" or "."`;
}

/**
 * Reads the whole journal and finishes removals that were cut short. An entry that cannot be understood is returned
 * as such: it may stand for a running instance.
 */
export async function readJournal(root: string): Promise<JournalEntry[]> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const entries: JournalEntry[] = [];
  for (const item of await readdir(root, { withFileTypes: true })) {
    if (!item.isDirectory()) continue;
    const directory = join(root, item.name);
    if (item.name.startsWith('.')) {
      await rm(directory, { recursive: true, force: true });
      continue;
    }
    const entry = await readEntry(directory, item.name);
    if (entry !== undefined) entries.push(entry);
    // No intent yet: its launcher ended right after mkdir, and nothing was started.
    else await removeEntry(root, item.name);
  }
  return entries;
}

async function readEntry(directory: string, instance: string): Promise<JournalEntry | undefined> {
  try {
    const text = await readIfThere(join(directory, 'instance.json'));
    if (text === undefined) return undefined;
    const record = parseRecord(text);
    const death = await readDeath(directory);
    if (record.instance !== instance) throw new Error(`its record is of ${record.instance}`);
    return { kind: 'readable', instance, record, death };
  } catch (error) {
    return { kind: 'unreadable', instance, reason: `${directory} cannot be read: ${String(error)}` };
  }
}

/**
 * Creates the instance's directory with its identity and, last, its intent. Everything that abandoning the start will
 * need is there before, so that a full disk cannot prevent it. Outlives this process at once, and the machine after
 * `syncIntent`. Without an identity for an instance that was found. Rejects if the directory exists.
 */
export async function writeIntent(
  directory: string,
  record: InstanceRecord,
  identity: CompleteIdentity | undefined,
): Promise<void> {
  await mkdir(directory, { mode: 0o700 });
  await prepareCommitment(directory);
  if (identity !== undefined) {
    await writeFile(join(directory, 'identity.json'), `${JSON.stringify(identity, undefined, 2)}\n`, { mode: 0o600 });
  }
  const intent = join(directory, 'instance.json');
  await writeFile(`${intent}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(`${intent}.new`, intent);
}

/** Makes the intent durable: without it, an instance of the boot before would be unknown instead of dead. */
export async function syncIntent(directory: string): Promise<void> {
  await Promise.all([syncFile(join(directory, 'instance.json')), syncFile(directory), syncFile(dirname(directory))]);
}

export async function writeDeath(directory: string, death: DeathRecord): Promise<void> {
  await replaceFile(join(directory, 'death.json'), `${JSON.stringify(death)}\n`);
}

/** Removes an entry with everything in it; cut short at any point, it is either whole or seen as being removed. */
export async function removeEntry(root: string, instance: string): Promise<void> {
  const doomed = join(root, `.${instance}`);
  await rm(doomed, { recursive: true, force: true });
  try {
    await rename(join(root, instance), doomed);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return;
    throw error;
  }
  await syncFile(root);
  await rm(doomed, { recursive: true, force: true });
}

async function readDeath(directory: string): Promise<DeathRecord | undefined> {
  const text = await readIfThere(join(directory, 'death.json'));
  if (text === undefined) return undefined;
  const { at, evidence, isAcknowledged } = parseObject(text);
  if (typeof at !== 'number' || typeof evidence !== 'string' || typeof isAcknowledged !== 'boolean') {
    throw new Error(`death.json reads ${text}`);
  }
  return { at, evidence, isAcknowledged };
}

function parseRecord(text: string): InstanceRecord {
  const fields = parseObject(text);
  if (fields.version !== 1) throw new Error(`instance.json has version ${String(fields.version)}`);
  const read = (name: string): string => {
    const value = fields[name];
    if (typeof value !== 'string') throw new Error(`instance.json has no ${name}`);
    return value;
  };
  if (typeof fields.startedAt !== 'number') throw new Error('instance.json has no startedAt');
  return {
    version: 1,
    driver: typeof fields.driver === 'string' ? fields.driver : 'local',
    instance: read('instance'),
    deployable: read('deployable'),
    assembly: read('assembly'),
    address: read('address'),
    hostname: read('hostname'),
    memoryMiB: typeof fields.memoryMiB === 'number' ? fields.memoryMiB : undefined,
    startedAt: fields.startedAt,
    bootId: read('bootId'),
    pidNamespace: read('pidNamespace'),
  };
}

function parseObject(text: string): Record<string, unknown> {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`not an object: ${text}`);
  return value as Record<string, unknown>;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
