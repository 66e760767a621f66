import { fstatSync, readSync } from 'node:fs';
import { emptyTree, type Meta, pageHeaderBytes, pageKind } from './lmdb-meta.js';
import { storeError } from './store-error.js';

const dbBytes = 48;
const overflowReferenceBytes = 24;
const nodeFlag = { overflow: 0x01, subtree: 0x02 } as const;
/** P_DIRTY_OVF, P_LOOSE, P_KEEP: left over from the writer's memory. */
const transientFlags = 0xe000;

/** One entry of a leaf, or a branch's reference to a child. */
type Node =
  | { readonly kind: 'child'; readonly page: bigint }
  | { readonly kind: 'inline'; readonly data: Buffer }
  | { readonly kind: 'overflow'; readonly page: bigint; readonly pages: bigint; readonly bytes: number }
  | { readonly kind: 'subtree'; readonly root: bigint };

/**
 * Visits every page in use and the list of free ones, and throws a StoreError `damaged` about the first that is missing
 * or not what it should be: LMDB believes what it reads, and a page that is in use and free as well would be
 * overwritten. The caller holds a read transaction, so that no page of `meta` is written to meanwhile.
 */
export function checkPages(descriptor: number, meta: Meta): void {
  const fileBytes = fstatSync(descriptor).size;
  const pagesInFile = Math.floor(fileBytes / meta.pageBytes);
  const isUsed = new Uint8Array(meta.pageCount);
  const free: bigint[] = [];
  walk(meta.freeRoot, true);
  walk(meta.mainRoot, false);
  for (const page of free) if (isUsed[Number(page)]) fail(`page ${page} is in use and in the list of free pages`);

  function walk(root: bigint, isFreeTree: boolean): void {
    const waiting = root === emptyTree ? [] : [root];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      use(number, 1n);
      const page = read(number, meta.pageBytes);
      for (const node of nodesOf(page, number, meta)) {
        if (node.kind === 'child') waiting.push(node.page);
        else if (node.kind === 'subtree' && node.root !== emptyTree) waiting.push(node.root);
        else if (node.kind === 'overflow') use(node.page, node.pages);
        if (isFreeTree) addFree(node);
      }
    }
  }

  /** Data of the free tree: a count, then page numbers; a negative number is a length and precedes a run's first page. */
  function addFree(node: Node): void {
    if (node.kind !== 'inline' && node.kind !== 'overflow') return;
    const data =
      node.kind === 'inline' ? node.data : read(node.page, pageHeaderBytes + node.bytes).subarray(pageHeaderBytes);
    const count = data.length < 8 ? 0 : Number(data.readBigInt64LE(0));
    if (count < 0 || 8 * (count + 1) > data.length) fail('the list of free pages is longer than its entry');
    let run = 1n;
    for (let index = 1; index <= count; index++) {
      const entry = data.readBigInt64LE(8 * index);
      if (entry < 0n) run = -entry;
      if (entry <= 0n) continue;
      if (entry < 2n || entry + run > BigInt(meta.pageCount)) fail(`the list of free pages names page ${entry}`);
      for (let page = entry; page < entry + run; page++) free.push(page);
      run = 1n;
    }
  }

  function use(first: bigint, count: bigint): void {
    const end = first + count;
    if (first < 2n || count < 1n || end > BigInt(meta.pageCount)) fail(`page ${first} is out of range`);
    if (end > BigInt(pagesInFile)) fail(`page ${end - 1n} is missing: the file is truncated at ${fileBytes} bytes`);
    for (let page = Number(first); page < Number(end); page++) {
      if (isUsed[page]) fail(`page ${page} is in use twice`);
      isUsed[page] = 1;
    }
  }

  function read(page: bigint, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes);
    readSync(descriptor, buffer, 0, bytes, Number(page) * meta.pageBytes);
    if (buffer.readBigUInt64LE(0) !== page) fail(`page ${page} holds something else`);
    return buffer;
  }
}

/**
 * Offsets within a page count from the end of its header (PAGEBASE): pointers to the nodes up to `lower`, nodes from
 * `upper` to the page's end, without gaps and each of an even size (mdb_node_add, mdb_node_del).
 */
function nodesOf(page: Buffer, number: bigint, meta: Meta): readonly Node[] {
  const flags = page.readUInt16LE(18) & ~transientFlags;
  const lower = page.readUInt16LE(20);
  const upper = page.readUInt16LE(22);
  const end = page.length - pageHeaderBytes;
  if (flags !== pageKind.branch && flags !== pageKind.leaf) fail(`page ${number} is neither a branch nor a leaf`);
  if (page.readBigUInt64LE(8) > meta.transaction) fail(`page ${number} is of a transaction that has not been`);
  if (lower === 0 || lower % 2 === 1 || lower > upper || upper > end) fail(`page ${number} has impossible bounds`);
  let nodeBytes = 0;
  const nodes = Array.from({ length: lower / 2 }, (_, index) => {
    const offset = page.readUInt16LE(pageHeaderBytes + 2 * index);
    if (offset < upper || offset + 8 > end) fail(`a node of page ${number} lies outside of it`);
    const at = pageHeaderBytes + offset;
    const [node, bytes] = flags === pageKind.branch ? branchNode(page, at) : leafNode(page, at);
    if (offset + bytes > end) fail(`an entry of page ${number} reaches beyond it`);
    nodeBytes += bytes + (bytes % 2);
    return node;
  });
  if (nodeBytes !== end - upper) fail(`the entries of page ${number} do not fill the space that it says they do`);
  return nodes;
}

/** The node at `at`, and its size; it may reach beyond its page. */
function branchNode(page: Buffer, at: number): readonly [Node, bytes: number] {
  const child = BigInt(page.readUInt32LE(at)) | (BigInt(page.readUInt16LE(at + 4)) << 32n);
  return [{ kind: 'child', page: child }, 8 + page.readUInt16LE(at + 6)];
}

function leafNode(page: Buffer, at: number): readonly [Node, bytes: number] {
  const bytes = page.readUInt32LE(at);
  const flags = page.readUInt16LE(at + 4);
  const start = 8 + page.readUInt16LE(at + 6);
  const isOverflow = (flags & nodeFlag.overflow) !== 0;
  const data = page.subarray(at + start, at + start + (isOverflow ? overflowReferenceBytes : bytes));
  if (isOverflow && data.length === overflowReferenceBytes) {
    const [first, pages] = [data.readBigUInt64LE(0), data.readBigUInt64LE(16)];
    return [{ kind: 'overflow', page: first, pages, bytes }, start + overflowReferenceBytes];
  }
  if (flags & nodeFlag.subtree && data.length === dbBytes) {
    return [{ kind: 'subtree', root: data.readBigUInt64LE(40) }, start + dbBytes];
  }
  return [{ kind: 'inline', data }, start + bytes];
}

function fail(clause: string): never {
  throw storeError('damaged', clause);
}
