/**
 * Child process of a check (lmdb-check.ts): `node lmdb-check-main.js DIRECTORY` reads the whole store and prints a
 * CheckResult. It takes part in LMDB's locking as a reader, so a store in use can be checked as well.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from './audit.js';
import type { CheckResult } from './lmdb-check.js';
import { createLocks } from './lmdb-create.js';
import { holdPages, openEnvironment } from './lmdb-environment.js';
import { fileNames } from './lmdb-files.js';
import { isLockGone } from './lmdb-lock-gone.js';
import { readMeta } from './lmdb-meta.js';
import { checkPages } from './lmdb-pages.js';
import { isStoreError, storeError } from './store-error.js';
import { formatVersion, readFormat } from './transactions.js';

/** LMDB's own verdicts (lmdb.h): PAGE_NOTFOUND, CORRUPTED, VERSION_MISMATCH, INVALID, BAD_TXN. */
const damageCodes: ReadonlySet<unknown> = new Set([-30797, -30796, -30794, -30793, -30782]);

const directory = process.argv[2] ?? '';
process.stdout.write(JSON.stringify(await check()));

async function check(): Promise<CheckResult> {
  try {
    await createLocks(directory);
    checkPagesOf(directory);
    return { kind: 'checked', damage: readEverything() };
  } catch (error) {
    if (isLockGone(error)) return { kind: 'lock-gone' };
    const isDamage = isStoreError(error)
      ? error.code === 'damaged'
      : damageCodes.has((error as { code?: unknown }).code);
    if (isDamage) return { kind: 'checked', damage: (error as Error).message };
    throw error;
  }
}

function checkPagesOf(directory: string): void {
  const descriptor = openSync(join(directory, fileNames.data), 'r');
  try {
    const meta = holdPages(directory, () => readMeta(descriptor));
    if (typeof meta === 'string') throw storeError('damaged', meta);
    checkPages(descriptor, meta);
  } finally {
    closeSync(descriptor);
  }
}

function readEverything(): string | undefined {
  const { tables } = openEnvironment(directory, { mapBytes: 1024 * 1024, isReadOnly: true });
  const format = readFormat(tables);
  if (format === undefined) return 'it holds no format version';
  // Another format is the business of whoever opens the store; what it should look like is not known here.
  return format !== formatVersion ? undefined : audit(tables);
}
