/** Copies of an LMDB store in use, and what becomes of a store whose file is gone or of another format. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { copyLmdbStore } from '../../coordinator/store/lmdb-backup.js';
import { openEnvironment } from '../../coordinator/store/lmdb-environment.js';
import { openLmdbStore } from '../../coordinator/store/lmdb-store.js';
import { upgrade } from '../../coordinator/store/lmdb-upgrade.js';
import { isStoreError, type StoreErrorCode } from '../../coordinator/store/store-error.js';
import { appendMany, eventDraft } from './store-suite.js';

const timeout = 240_000;
let root: string;
before(() => {
  root = mkdtempSync(join(tmpdir(), 'cpe-store-'));
});
after(() => rmSync(root, { recursive: true }));

function isError(code: StoreErrorCode, mention: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(isStoreError(error), String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(mention), error.message);
    return true;
  };
}

describe('LMDB store: copies', () => {
  it('a copy that is made while others write is a store as it was at one moment', { timeout }, async () => {
    const directory = join(root, 'busy');
    const store = await openLmdbStore(directory);
    await appendMany(store, 'shop', 0, 50);
    let isDone = false;
    let written = 50;
    const writing = (async () => {
      while (!isDone) {
        const outcome = await store.append('shop', written, {
          delta: 'x'.repeat(2_000),
          events: [eventDraft(`e${written}`)],
        });
        if (outcome.kind === 'appended') written = outcome.sequence;
      }
    })();
    const before = written;
    await copyLmdbStore(directory, join(root, 'copy'));
    isDone = true;
    await writing;
    await store.close();
    const copy = await openLmdbStore(join(root, 'copy'));
    const records = await copy.read('shop', 0, 1_000_000);
    assert.ok(records.length >= before && records.length <= written, `${before} ${records.length} ${written}`);
    assert.equal(await copy.latestEventSequence(), records.at(-1)?.eventSeqs.at(-1));
    await copy.close();
  });

  it('what is no store, or a damaged one, is not copied', { timeout }, async () => {
    await assert.rejects(copyLmdbStore(join(root, 'none'), join(root, 'x')), isError('failed', 'no store'));
    const directory = join(root, 'cut');
    const store = await openLmdbStore(directory);
    await appendMany(store, 'shop', 0, 300);
    await store.close();
    truncateSync(join(directory, 'data.mdb'), 8192);
    await assert.rejects(copyLmdbStore(directory, join(root, 'y')), isError('damaged', 'data.mdb'));
    assert.equal(existsSync(join(root, 'y')), false);
  });
});

describe('LMDB store: a data file that is gone', () => {
  it('is named, and no empty store is made in its place', { timeout }, async () => {
    const directory = join(root, 'gone');
    await (await openLmdbStore(directory)).close();
    rmSync(join(directory, 'data.mdb'));
    for (const check of ['whole', 'length'] as const) {
      await assert.rejects(openLmdbStore(directory, { check }), isError('damaged', 'data.mdb is gone'));
    }
    assert.equal(existsSync(join(directory, 'data.mdb')), false);
    rmSync(join(directory, 'created.json'));
    await (await openLmdbStore(directory)).close();
  });
});

describe('LMDB store: formats', () => {
  it('an earlier one is brought to the present, and a copy of it stays', { timeout }, async () => {
    const directory = join(root, 'early');
    const store = await openLmdbStore(directory);
    await store.put('host/left', { drained: false }, 'absent');
    await store.close();
    const steps = [
      ({ records }: { readonly records: { put(key: string, text: string): void } }) => records.put('a', '{}'),
    ];
    const environment = openEnvironment(directory, { mapBytes: 1 << 20, isReadOnly: false });
    await upgrade(directory, environment, (from) => ({ kind: 'migrate', from, steps }));
    assert.equal(environment.tables.records.get('a'), '{}');
    await environment.close();
    assert.ok(readdirSync(directory).includes('data.mdb.format-1'));
    await assert.rejects(openLmdbStore(directory), isError('newer-format', 'format 2'));
  });

  it('one that is too old is refused, and named', { timeout }, async () => {
    const directory = join(root, 'old');
    await (await openLmdbStore(directory)).close();
    const environment = openEnvironment(directory, { mapBytes: 1 << 20, isReadOnly: false });
    environment.transact(() => environment.tables.meta.put('format', '{"version":0}'));
    await environment.close();
    await assert.rejects(openLmdbStore(directory), isError('older-format', 'format 0'));
  });
});
