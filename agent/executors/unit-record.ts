import type { RecordJournal } from './exec-record.js';

/** A resource that runs as a unit: what the next agent has to know to go on watching it. */
export interface UnitRecord {
  readonly resource: string;
  readonly unit: string;
}

export interface UnitRecords {
  write(record: UnitRecord): void;
  remove(resource: string): void;
  readAll(): readonly UnitRecord[];
}

const keyPrefix = 'unit/';

/** Records of watched units in the journal, changed only where they differ. None of them throws. */
export function unitRecords(journal: RecordJournal): UnitRecords {
  const known = (resource: string) => journal.entries().get(keyPrefix + resource) as UnitRecord | undefined;

  function put(resource: string, value: UnitRecord | undefined): void {
    try {
      journal.append([{ key: keyPrefix + resource, value }]);
    } catch {
      // A full disk: the next agent watches the unit from its first monitor on, or looks once at one that was stopped.
    }
  }

  return {
    write(record) {
      if (known(record.resource)?.unit !== record.unit) put(record.resource, record);
    },
    remove(resource) {
      if (known(resource) !== undefined) put(resource, undefined);
    },
    readAll: () =>
      [...journal.entries()].filter(([key]) => key.startsWith(keyPrefix)).map(([, value]) => value as UnitRecord),
  };
}
