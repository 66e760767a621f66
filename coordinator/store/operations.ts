import type { Refused, StoreLimits } from './store.js';
import type { Tables } from './tables.js';
import { reads, writes } from './transactions.js';

type Writes = typeof writes;
type Reads = typeof reads;
export type WriteName = keyof Writes;
export type OperationName = WriteName | keyof Reads;
export type RequestOf<N extends OperationName> = N extends WriteName
  ? Parameters<Writes[N]>[2]
  : N extends keyof Reads
    ? Parameters<Reads[N]>[1]
    : never;
/** An adapter may refuse a write for reasons of its own (the disk, its queue). */
export type ReplyOf<N extends OperationName> = N extends WriteName
  ? ReturnType<Writes[N]> | Refused
  : N extends keyof Reads
    ? ReturnType<Reads[N]>
    : never;

/** Where the transactions run. A reply to a write means that it is durable. */
export interface Engine {
  /** Rejects with a `StoreError`. */
  execute<N extends OperationName>(name: N, request: RequestOf<N>): Promise<ReplyOf<N>>;
  close(): Promise<void>;
}

export function isWrite(name: OperationName): name is WriteName {
  return Object.hasOwn(writes, name);
}

/** Runs one transaction of transactions.ts; the caller sees to it that it is atomic and, for a write, alone. */
export function perform<N extends OperationName>(
  tables: Tables,
  limits: StoreLimits,
  name: N,
  request: RequestOf<N>,
): ReplyOf<N> {
  if (isWrite(name)) {
    const write = writes[name] as (tables: Tables, limits: StoreLimits, request: RequestOf<N>) => unknown;
    return write(tables, limits, request) as ReplyOf<N>;
  }
  const read = reads[name as keyof Reads] as (tables: Tables, request: RequestOf<N>) => unknown;
  return read(tables, request) as ReplyOf<N>;
}
