import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecDefinition } from '../core/operation.js';
import type { ProcessIdentity } from './process-table.js';

/** What must be known of a started command to find it again after the agent was killed. */
export interface ExecRecord {
  readonly resource: string;
  /** In the environment of everything that came of it. */
  readonly token: string;
  readonly definition: ExecDefinition;
  /** Missing between the moment before the spawn and the moment after it: then the token finds the process. */
  readonly process: ProcessIdentity | undefined;
  readonly startedUnixMs: number;
  /** Whether the start was completed (each health check had passed). */
  readonly isStarted: boolean;
}

/** The records of one agent: a file per resource, replaced as a whole. */
export interface ExecRecords {
  /** Throws what the file system says (ENOSPC ...); then the old record is still there. */
  write(record: ExecRecord): void;
  remove(resource: string): void;
  /** Every record that can be read; `damaged` counts the others. */
  readAll(): { readonly records: readonly ExecRecord[]; readonly damaged: number };
  logPath(resource: string): string;
}

/**
 * A record is in the kernel's hands when `write` returns: that survives the agent, and nothing that is recorded
 * survives the machine.
 */
export function execRecords(directory: string): ExecRecords {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const pathOf = (resource: string, suffix: string): string => join(directory, encodeURIComponent(resource) + suffix);
  return {
    write(record) {
      const path = pathOf(record.resource, '.json');
      writeFileSync(`${path}.new`, JSON.stringify(record), { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    remove(resource) {
      rmSync(pathOf(resource, '.json'), { force: true });
    },
    readAll() {
      const records: ExecRecord[] = [];
      let damaged = 0;
      for (const name of readdirSync(directory)) {
        if (!name.endsWith('.json')) continue;
        try {
          records.push(JSON.parse(readFileSync(join(directory, name), 'utf8')) as ExecRecord);
        } catch {
          damaged += 1;
        }
      }
      return { records, damaged };
    },
    logPath: (resource) => pathOf(resource, '.log'),
  };
}
