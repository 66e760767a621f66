import { readFile } from 'node:fs/promises';
import { replaceFile } from '../durable-file.js';
import type { Subnet } from './subnet.js';

/** What guests that run rely on, so that a later launcherd must not choose anew. */
export interface NetworkRecord {
  readonly subnet: Subnet;
  /** Where the relay to each bus server listens, in the order of the servers. */
  readonly relayPorts: readonly number[];
}

/** Undefined when there is none, or none that can be read: then guests have to be told anew, by their next start. */
export async function readNetworkRecord(file: string): Promise<NetworkRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isNetworkRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Rejects with the file system's error. */
export async function writeNetworkRecord(file: string, record: NetworkRecord): Promise<void> {
  await replaceFile(file, `${JSON.stringify(record)}\n`);
}

function isNetworkRecord(value: unknown): value is NetworkRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { subnet, relayPorts } = value as Record<string, unknown>;
  if (typeof subnet !== 'string' || !/^\d+\.\d+\.\d+$/.test(subnet)) return false;
  return Array.isArray(relayPorts) && relayPorts.every((port) => Number.isInteger(port) && port > 0 && port < 65536);
}
