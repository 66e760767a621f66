/**
 * Why a store cannot be used at all:
 * - `not-writable`, `not-a-directory`: the place given for it;
 * - `disk-full`: no space to create it;
 * - `newer-format`: written by a later version of this software; `older-format`: by one that is too old;
 * - `damaged`: the data file is truncated or corrupt; it is left untouched;
 * - `closed`: used after `close`;
 * - `busy`: too many reads are waiting;
 * - `failed`: anything else; what was being written may or may not be there: open the store again and look.
 */
export type StoreErrorCode =
  | 'not-writable'
  | 'not-a-directory'
  | 'disk-full'
  | 'newer-format'
  | 'older-format'
  | 'damaged'
  | 'closed'
  | 'busy'
  | 'failed';

export interface StoreError extends Error {
  readonly name: 'StoreError';
  readonly code: StoreErrorCode;
}

export function storeError(code: StoreErrorCode, message: string, cause?: unknown): StoreError {
  const error = new Error(message, cause === undefined ? {} : { cause });
  return Object.assign(error, { name: 'StoreError' as const, code });
}

export function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === 'StoreError';
}
