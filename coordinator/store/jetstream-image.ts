import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { createReplica, type LogTotals, type Replica, type Writer } from './jetstream-replica.js';
import { storeError } from './store-error.js';
import { afterLastKey, type TableName, tableNames } from './tables.js';

/**
 * A replica as pieces of compressed text: a line of JSON, then a line per entry of a table (`name key<TAB>text`). Lines
 * are split over pieces wherever a piece ends.
 */
interface ImageHead {
  readonly applied: LogTotals;
  readonly lastSnapshot: LogTotals;
  readonly links?: readonly number[];
  readonly forgottenUpTo: number;
  readonly writers: readonly (readonly [string, Writer])[];
  readonly partials: readonly (readonly [string, { batch: number; sequence: number; parts: readonly string[] }])[];
  readonly entries: number;
}

/** Uncompressed; what a piece can become is hardly more. */
const pieceBytes = 512 * 1024;
const keysPerTurn = 500;
const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** Nothing may be applied to the replica until this has resolved; the event loop goes on meanwhile. */
export async function encodeImage(replica: Replica): Promise<readonly Uint8Array[]> {
  const pieces: Promise<Uint8Array>[] = [];
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  const add = (text: string): void => {
    for (let rest = Buffer.from(text); rest.length > 0; ) {
      const taken = rest.subarray(0, pieceBytes - pendingBytes);
      pending.push(taken);
      pendingBytes += taken.length;
      rest = rest.subarray(taken.length);
      if (pendingBytes === pieceBytes) flush();
    }
  };
  const flush = (): void => {
    pieces.push(compress(Buffer.concat(pending), { level: 1 }));
    pending = [];
    pendingBytes = 0;
  };
  const pages = tableNames.map((name) => [name, allKeys(replica, name)] as const);
  add(
    `${JSON.stringify(
      encodeHead(
        replica,
        pages.reduce((sum, [, keys]) => sum + keys.length, 0),
      ),
    )}\n`,
  );
  for (const [name, keys] of pages) {
    for (let start = 0; start < keys.length; start += keysPerTurn) {
      const lines = keys
        .slice(start, start + keysPerTurn)
        .map((key) => `${name} ${key}\t${replica.tables[name].get(key)}\n`);
      add(lines.join(''));
      await nextTurn();
    }
  }
  if (pendingBytes > 0) flush();
  return Promise.all(pieces);
}

/** @throws StoreError `damaged`; `where` names the snapshot. */
export async function decodeImage(pieces: readonly Uint8Array[], where: string): Promise<Replica> {
  const replica = createReplica();
  let head: ImageHead | undefined;
  let entries = 0;
  let rest: Buffer[] = [];
  for (const piece of pieces) {
    const text = await decompress(piece).catch((error: Error) => {
      throw storeError('damaged', `${where} is corrupt: ${error.message}`, error);
    });
    const end = text.lastIndexOf(0x0a) + 1;
    if (end === 0) {
      rest.push(text);
      continue;
    }
    const lines = Buffer.concat([...rest, text.subarray(0, end - 1)])
      .toString()
      .split('\n');
    rest = [text.subarray(end)];
    for (const line of lines) {
      if (head) addEntry(replica, line, ++entries);
      else head = JSON.parse(line) as ImageHead;
    }
    await nextTurn();
  }
  if (head?.entries !== entries) throw storeError('damaged', `${where} is incomplete: it holds ${entries} entries`);
  return Object.assign(replica, decodeHead(head));
}

function allKeys(replica: Replica, name: TableName): readonly string[] {
  return replica.tables[name].keys('', afterLastKey, Number.MAX_SAFE_INTEGER);
}

function addEntry(replica: Replica, line: string, number: number): void {
  const space = line.indexOf(' ');
  const tab = line.indexOf('\t', space);
  const table = replica.tables[line.slice(0, space) as TableName] as Replica['tables'][TableName] | undefined;
  if (!table)
    throw storeError('newer-format', `entry ${number} of a snapshot is of an unknown table: a later version's`);
  table.put(line.slice(space + 1, tab), line.slice(tab + 1));
}

function encodeHead(replica: Replica, entries: number): ImageHead {
  return {
    applied: replica.applied,
    lastSnapshot: replica.lastSnapshot,
    links: replica.links,
    forgottenUpTo: replica.forgottenUpTo,
    writers: [...replica.writers],
    partials: [...replica.partials].map(([writer, { batch, sequence, parts }]) => {
      return [writer, { batch, sequence, parts: parts.map((part) => Buffer.from(part).toString('base64')) }];
    }),
    entries,
  };
}

function decodeHead(head: ImageHead): Omit<Replica, 'tables'> {
  return {
    applied: head.applied,
    lastSnapshot: head.lastSnapshot,
    links: [...(head.links ?? [])],
    forgottenUpTo: head.forgottenUpTo,
    writers: new Map(head.writers),
    partials: new Map(
      head.partials.map(([writer, { batch, sequence, parts }]) => {
        return [writer, { batch, sequence, parts: parts.map((part) => Buffer.from(part, 'base64')) }];
      }),
    ),
  };
}
