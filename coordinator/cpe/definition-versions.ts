/**
 * Every definition that a deployable had: one record per revision, `definition/<name>/<revision>`, the newest
 * `maxVersions` of them. The definition in force is in the deployable's own record, whatever happens to these.
 */
import type { DeployableVersion, Draft } from '../../proto/messages.js';
import type { DeployableRecord } from '../dpe/deployable-record.js';
import type { JsonValue } from '../state/json.js';
import type { KeyedRecord, PutOutcome, Store } from '../store/store.js';

export interface DefinitionVersion {
  readonly definition: DeployableRecord['definition'];
  /** Unix ms. */
  readonly at: number;
  /** Who gave it: `operator root`; empty where that is not known. */
  readonly by: string;
  readonly comment: string;
}

export const maxVersions = 100;

/** Keeps the version of a definition that has just come into force, and forgets the one that is too old by it. */
export async function keepVersion(store: Store, name: string, version: DefinitionVersion): Promise<void> {
  const { revision } = version.definition;
  await store.put(versionKey(name, revision), version as unknown as JsonValue, 'any');
  if (revision > maxVersions) await store.remove(versionKey(name, revision - maxVersions), 'any');
}

/**
 * Before a definition is replaced: makes sure that it is kept. It is already, unless the process ended between the
 * change and its `keepVersion`, or the store is older than versions are: then it is written, and otherwise a conflict.
 */
export function keepPresent(store: Store, { name, createdAt, definition }: DeployableRecord): Promise<PutOutcome> {
  const version: DefinitionVersion = { definition, at: createdAt, by: '', comment: '' };
  return store.put(versionKey(name, definition.revision), version as unknown as JsonValue, 'absent');
}

/** The definition as of `revision`; undefined when it is not kept (any more). */
export async function readVersion(
  store: Store,
  { name, definition }: DeployableRecord,
  revision: number,
): Promise<DeployableRecord['definition'] | undefined> {
  if (revision === definition.revision) return definition;
  // What lies above belongs to an earlier deployable of this name.
  if (revision > definition.revision) return undefined;
  const found = await store.get(versionKey(name, revision));
  return found === undefined ? undefined : asVersion(found.value).definition;
}

/** All that are kept, newest first. */
export async function listVersions(store: Store, record: DeployableRecord): Promise<Draft<DeployableVersion>[]> {
  const { name, createdAt, definition } = record;
  const kept = (await store.list(prefix(name), 2 * maxVersions))
    .map(({ value }) => asVersion(value))
    .filter((version) => version.definition.revision <= definition.revision);
  const hasPresent = kept.some((version) => version.definition.revision === definition.revision);
  const all = hasPresent ? kept : [...kept, { definition, at: createdAt, by: '', comment: '' }];
  return all
    .sort((a, b) => b.definition.revision - a.definition.revision)
    .map((version) => ({
      revision: version.definition.revision,
      timeUnixMs: Math.round(version.at),
      by: version.by,
      comment: version.comment,
      current: version.definition.revision === definition.revision,
    }));
}

/** With its deployable. */
export async function forgetVersions(store: Store, name: string): Promise<void> {
  for (let found: readonly KeyedRecord[]; ; ) {
    found = await store.list(prefix(name), maxVersions);
    if (found.length === 0) return;
    for (const { key } of found) await store.remove(key, 'any');
  }
}

function prefix(name: string): string {
  return `definition/${name}/`;
}

function versionKey(name: string, revision: number): string {
  return `${prefix(name)}${revision}`;
}

/** Only this module writes these keys, and only this type. */
function asVersion(value: JsonValue): DefinitionVersion {
  return value as unknown as DefinitionVersion;
}
