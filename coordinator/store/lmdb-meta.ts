/**
 * The head of an LMDB data file, read with plain reads: what is missing from a file is then an answer, where through
 * LMDB's memory map it is a SIGBUS. Layouts here and in lmdb-pages.ts: liblmdb 1.0 as lmdb-js ships it, 64-bit
 * little-endian (mdb.c, structs MDB_page_header, MDB_meta, MDB_db, MDB_node, MDB_ovpage).
 */
import { fstatSync, readSync } from 'node:fs';

/** A meta page: the roots of the trees as of one transaction. */
export interface Meta {
  readonly pageBytes: number;
  /** Pages allocated; the file may be shorter while the last of them are free. */
  readonly pageCount: number;
  readonly transaction: bigint;
  /** Page numbers, `emptyTree` for none: the tree of free pages, and the one whose entries are the tables' roots. */
  readonly freeRoot: bigint;
  readonly mainRoot: bigint;
}

export const emptyTree = 0xffff_ffff_ffff_ffffn;
export const pageHeaderBytes = 24;
export const pageKind = { branch: 0x01, leaf: 0x02, overflow: 0x04, meta: 0x08 } as const;

const metaBytes = pageHeaderBytes + 144;
const magic = 0xbeefc0de;
const dataVersion = 2;

/** The newer of the two meta pages, or a clause that says what is wrong with them. */
export function readMeta(descriptor: number): Meta | string {
  const first = readMetaPage(descriptor, 0);
  if (typeof first === 'string') return first;
  const second = readMetaPage(descriptor, first.pageBytes);
  if (typeof second === 'string') return second;
  return second.transaction > first.transaction ? second : first;
}

/** True when every allocated page is in the file. */
export function isWhole(descriptor: number, meta: Meta): boolean {
  return fstatSync(descriptor).size >= meta.pageCount * meta.pageBytes;
}

function readMetaPage(descriptor: number, offset: number): Meta | string {
  const bytes = Buffer.alloc(metaBytes);
  if (readSync(descriptor, bytes, 0, metaBytes, offset) < metaBytes) {
    return `it ends within its first two pages, at ${fstatSync(descriptor).size} bytes`;
  }
  if ((bytes.readUInt16LE(18) & pageKind.meta) === 0 || bytes.readUInt32LE(24) !== magic) {
    return `there is no LMDB meta page at offset ${offset}`;
  }
  const version = bytes.readUInt32LE(28) & 0xffff;
  if (version !== dataVersion) return `it is in LMDB's data format ${version}, and this software reads ${dataVersion}`;
  const pageBytes = bytes.readUInt32LE(48);
  const lastPage = bytes.readBigUInt64LE(144);
  if (pageBytes < 512 || pageBytes > 65536)
    return `its meta page at offset ${offset} names pages of ${pageBytes} bytes`;
  if (lastPage > 0xffff_ffffn) return `its meta page at offset ${offset} names ${lastPage} pages`;
  return {
    pageBytes,
    pageCount: Number(lastPage) + 1,
    transaction: bytes.readBigUInt64LE(152),
    freeRoot: bytes.readBigUInt64LE(88),
    mainRoot: bytes.readBigUInt64LE(136),
  };
}
