import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from './lmdb-environment.js';
import { fileNames } from './lmdb-files.js';
import { type MigrationPlan, migrate, planMigration } from './migrations.js';
import { storeError } from './store-error.js';
import { formatVersion, readFormat } from './transactions.js';

/**
 * Brings a store of an earlier format to this version's; a copy of what it was stays beside it. Rejects with a
 * `StoreError` for a format that cannot be read, and leaves such a store as it is.
 *
 * @param plan what is done about a format
 */
export async function upgrade(
  directory: string,
  environment: Environment,
  plan: (from: number) => MigrationPlan = planMigration,
): Promise<void> {
  const format = readFormat(environment.tables);
  if (format === undefined) throw storeError('damaged', `the store in ${directory} holds no format version`);
  const planned = plan(format);
  const has = `the store in ${directory} has format ${format}, and this version reads format ${formatVersion}`;
  switch (planned.kind) {
    case 'none':
      return;
    case 'too-new':
      throw storeError('newer-format', `${has}: it was written by a later version, use that one`);
    case 'too-old':
      throw storeError('older-format', `${has}: bring it there with the versions between, one after the other`);
    case 'migrate':
      await keepCopy(directory, environment, format);
      environment.transact(() => migrate(environment.tables, planned));
      environment.refresh();
  }
}

/** `data.mdb.format-N`: whole or not there. */
async function keepCopy(directory: string, environment: Environment, format: number): Promise<void> {
  const copy = join(directory, `${fileNames.data}.format-${format}`);
  if (existsSync(copy)) return;
  const aside = `${copy}.${process.pid}`;
  mkdirSync(aside, { mode: 0o700 });
  try {
    await environment.copyTo(aside);
    renameSync(join(aside, fileNames.data), copy);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
