import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecDefinition } from '../core/operation.js';
import type { ProcessIdentity } from './process-table.js';

/** What must be known of a started command to find it again after the agent was killed. */
export interface ExecRecord {
  readonly resource: string;
  /** In the environment of everything that came of it. */
  readonly token: string;
  readonly definition: ExecDefinition;
  readonly process: ProcessIdentity;
  /** Whether the start was completed (each health check had passed). */
  readonly isStarted: boolean;
}

/** The agent's journal, as far as records need it. What is appended survives the agent; it throws when the disk is full. */
export interface RecordJournal {
  entries(): ReadonlyMap<string, unknown>;
  append(changes: readonly { readonly key: string; readonly value: unknown }[]): void;
}

export interface ExecRecords {
  /** Throws what the file system says (ENOSPC ...); then the old record is still there. */
  write(record: ExecRecord): void;
  remove(resource: string): void;
  readAll(): readonly ExecRecord[];
  logPath(resource: string): string;
}

const keyPrefix = 'exec/';

/**
 * Records of commands in the journal, logs in a directory. A record is in the kernel's hands when `write` returns: that
 * survives the agent, and nothing that is recorded survives the machine.
 */
export function execRecords(journal: RecordJournal, directory: string): ExecRecords {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    write: (record) => journal.append([{ key: keyPrefix + record.resource, value: record }]),
    remove: (resource) => journal.append([{ key: keyPrefix + resource, value: undefined }]),
    readAll: () =>
      [...journal.entries()].filter(([key]) => key.startsWith(keyPrefix)).map(([, value]) => value as ExecRecord),
    logPath: (resource) => join(directory, `${encodeURIComponent(resource)}.log`),
  };
}
