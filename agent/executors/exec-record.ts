import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
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
  /**
   * Resolves when it is written, at the end of this turn of the event loop, with all others of this turn. Rejects with what
   * the file system says (ENOSPC ...); then the old record is still there.
   */
  write(record: ExecRecord): Promise<void>;
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
  const waiting = new Map<string, ExecRecord>();
  let writing: Promise<void> | undefined;
  const writeWaiting = async (): Promise<void> => {
    await nextTurn();
    writing = undefined;
    const changes = [...waiting].map(([resource, value]) => ({ key: keyPrefix + resource, value }));
    waiting.clear();
    journal.append(changes);
  };
  return {
    write(record) {
      waiting.set(record.resource, record);
      writing ??= writeWaiting();
      return writing;
    },
    remove(resource) {
      waiting.delete(resource);
      journal.append([{ key: keyPrefix + resource, value: undefined }]);
    },
    readAll: () =>
      [...journal.entries()].filter(([key]) => key.startsWith(keyPrefix)).map(([, value]) => value as ExecRecord),
    logPath: (resource) => join(directory, `${encodeURIComponent(resource)}.log`),
  };
}
