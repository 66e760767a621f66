/**
 * What the platform writes into the directory of an instance:
 *
 *     guest.json    before anything is made: where its files are, and which image they are based on
 *     domain.json   once it runs: its UUID, and the process of its QEMU
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../durable-file.js';
import { hasErrorCode } from '../../error-code.js';
import type { ProcessIdentity } from '../process-proof.js';

export interface GuestRecord {
  /** Absolute: disks, console, what fw_cfg offers. */
  readonly directory: string;
  /** Undefined for one that was adopted: nobody knows any more. */
  readonly imageDirectory: string | undefined;
}

export interface DomainRecord {
  readonly uuid: string;
  /** Of its QEMU. */
  readonly process: ProcessIdentity;
  /** Why it may run somewhere else, or again: it was migrated or saved through libvirt. */
  readonly moved: string | undefined;
}

/** Undefined when there is none. Rejects when it cannot be read. */
export async function readGuestRecord(instanceDirectory: string): Promise<GuestRecord | undefined> {
  const fields = await readFields(join(instanceDirectory, 'guest.json'));
  if (fields === undefined) return undefined;
  const { directory, imageDirectory } = fields;
  if (typeof directory !== 'string') throw new Error(`${instanceDirectory}/guest.json is incomplete`);
  return { directory, imageDirectory: typeof imageDirectory === 'string' ? imageDirectory : undefined };
}

export async function writeGuestRecord(instanceDirectory: string, record: GuestRecord): Promise<void> {
  await replaceFile(join(instanceDirectory, 'guest.json'), `${JSON.stringify(record)}\n`);
}

/** Undefined when there is none. Rejects when it cannot be read. */
export async function readDomainRecord(instanceDirectory: string): Promise<DomainRecord | undefined> {
  const fields = await readFields(join(instanceDirectory, 'domain.json'));
  if (fields === undefined) return undefined;
  const { uuid, moved } = fields;
  const process = parseProcess(fields.process);
  if (typeof uuid !== 'string' || process === undefined) {
    throw new Error(`${instanceDirectory}/domain.json is incomplete`);
  }
  return { uuid, process, moved: typeof moved === 'string' ? moved : undefined };
}

export async function writeDomainRecord(instanceDirectory: string, record: DomainRecord): Promise<void> {
  await replaceFile(join(instanceDirectory, 'domain.json'), `${JSON.stringify(record)}\n`);
}

function parseProcess(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, startTime, bootId, pidNamespace } = value as Record<string, unknown>;
  if (typeof pid !== 'number' || typeof startTime !== 'string') return undefined;
  if (typeof bootId !== 'string' || typeof pidNamespace !== 'string') return undefined;
  return { pid, startTime, bootId, pidNamespace };
}

async function readFields(path: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) throw new Error(`${path} holds no object`);
  return value as Record<string, unknown>;
}
