import {
  afterLastKey,
  allKeys,
  firstKey,
  numberKey,
  numberOf,
  type TableName,
  type Tables,
  tableNames,
} from './tables.js';
import { entryBytes, readHead, readTotals } from './transactions.js';

/**
 * Reads everything and returns the first contradiction it finds as a clause, undefined when there is none: event `seq`s
 * and log sequences without gaps, every log with its head, the counters right. A table may throw for a damaged entry.
 */
export function audit(tables: Tables): string | undefined {
  const totals = readTotals(tables);
  const counts = new Map<TableName, number>();
  let bytes = 0;
  for (const name of tableNames) {
    if (name === 'meta') continue;
    for (const key of allKeys(tables[name])) {
      bytes += entryBytes(key, tables[name].get(key));
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  if (bytes !== totals.bytes) return `its entries have ${bytes} bytes, and ${totals.bytes} are accounted for`;
  return auditEvents(tables, totals, counts) ?? auditLogs(tables, counts);
}

function auditEvents(
  tables: Tables,
  totals: { readonly lastEvent: number; readonly eventCount: number },
  counts: ReadonlyMap<TableName, number>,
): string | undefined {
  for (const name of ['events', 'eventsOf'] as const) {
    const count = counts.get(name) ?? 0;
    if (count !== totals.eventCount) return `the table ${name} has ${count} entries instead of ${totals.eventCount}`;
  }
  if (totals.eventCount === 0) return undefined;
  const oldest = numberKey(totals.lastEvent - totals.eventCount + 1);
  const first = tables.events.keys(firstKey, afterLastKey, 1)[0];
  const hasLast = tables.events.get(numberKey(totals.lastEvent)) !== undefined;
  return first === oldest && hasLast ? undefined : `the event log has a gap (it begins with ${first})`;
}

function auditLogs(tables: Tables, counts: ReadonlyMap<TableName, number>): string | undefined {
  let records = 0;
  for (const deployable of allKeys(tables.heads)) {
    const { sequence, snapshot } = readHead(tables, deployable);
    const keys = tables.log.keys(`${deployable}:`, `${deployable}:${afterLastKey}`, Number.MAX_SAFE_INTEGER);
    const isContiguous = keys.every((key, index) => numberOf(key) === snapshot + 1 + index);
    if (!isContiguous || keys.length !== sequence - snapshot) return `the log of ${deployable} has a gap`;
    if (snapshot > 0 && tables.snapshots.get(deployable) === undefined) return `${deployable} has lost its snapshot`;
    records += keys.length;
  }
  return records === (counts.get('log') ?? 0) ? undefined : 'there are log records of no known deployable';
}
