/** Definitions and desired state: every change is one compare-and-set in the store, and an event. */
import { type BusError, busError } from '../../proto/bus-error.js';
import type { Document, DocumentProblem } from '../../proto/messages.js';
import { type DeployableRecord, deployableKey, listDeployables, readDeployable } from '../dpe/deployable-record.js';
import type { Deployable, DocumentFormat } from '../model/deployable.js';
import { parseDeployable } from '../model/parse-deployable.js';
import type { Problem } from '../model/problem.js';
import type { JsonValue } from '../state/json.js';
import type { EventDraft, Store } from '../store/store.js';

export interface ChangeContext {
  readonly store: Store;
  readonly maxDeployables: number;
  /** Who asks, for the event. */
  readonly by: string;
  readonly now: number;
}

export type Change =
  | {
      readonly kind: 'changed';
      readonly record: DeployableRecord;
      readonly isNew: boolean;
      readonly warnings: readonly DocumentProblem[];
      readonly lastSeq: number;
    }
  | { readonly kind: 'refused'; readonly error: BusError };

const maxAttempts = 5;

export async function createDeployable(context: ChangeContext, document: Document): Promise<Change> {
  const parsed = readDocument(document);
  if (parsed.kind === 'refused') return parsed;
  const { name } = parsed.deployable;
  const record: DeployableRecord = {
    name,
    createdAt: context.now,
    definition: { revision: 1, ...source(document) },
    desired: { revision: 1, state: 'stopped', isSuspended: false },
    dpe: await chooseDpe(context, name),
  };
  const lastSeq = await context.store.latestEventSequence();
  const stored = await context.store.put(deployableKey(name), record as unknown as JsonValue, 'absent');
  if (stored.kind === 'conflict') {
    const message = `deployable "${name}" exists already; change it with: cpectl deployable reload ${name} -f FILE`;
    return refused('already-exists', message);
  }
  if (stored.kind !== 'stored') return refused('unavailable', stored.kind === 'refused' ? stored.message : 'fenced');
  await tell(context, { deployable: name, kind: 'deployable-created', reason: `created by ${context.by}` });
  return { kind: 'changed', record, isNew: true, warnings: parsed.warnings, lastSeq };
}

export async function reloadDeployable(context: ChangeContext, name: string, document: Document): Promise<Change> {
  const parsed = readDocument(document);
  if (parsed.kind === 'refused') return parsed;
  if (parsed.deployable.name !== name) {
    const message = `the document defines deployable "${parsed.deployable.name}", not "${name}"`;
    return refused('invalid-document', message);
  }
  const change = await modify(context, name, (record) => ({
    ...record,
    definition: { revision: record.definition.revision + 1, ...source(document) },
  }));
  if (change.kind === 'refused') return change;
  const { revision } = change.record.definition;
  const reason = `revision ${revision} given by ${context.by}`;
  await tell(context, { deployable: name, kind: 'deployable-reloaded', reason });
  return { ...change, warnings: parsed.warnings };
}

export async function setDesired(context: ChangeContext, name: string, state: 'running' | 'stopped'): Promise<Change> {
  const change = await modify(context, name, (record) => ({
    ...record,
    // A repeated start is a new start: it resumes a deployable that has run out of attempts.
    desired: { revision: record.desired.revision + 1, state, isSuspended: false },
  }));
  if (change.kind === 'changed') {
    const kind = state === 'running' ? 'start-ordered' : 'stop-ordered';
    await tell(context, { deployable: name, kind, reason: `ordered by ${context.by}` });
  }
  return change;
}

/** Everything counts as stopped, or as desired again; returns the names that this concerns. */
export async function setSuspended(context: ChangeContext, isSuspended: boolean): Promise<readonly string[]> {
  const records = await listDeployables(context.store);
  const concerned = records.filter((record) => record.desired.isSuspended !== isSuspended);
  for (const { name } of concerned) {
    await modify(context, name, (record) => ({
      ...record,
      desired: { ...record.desired, revision: record.desired.revision + 1, isSuspended },
    }));
  }
  return concerned.map(({ name }) => name);
}

export async function removeDeployable(context: ChangeContext, name: string): Promise<BusError | undefined> {
  const found = await readDeployable(context.store, name);
  if (found === undefined) return unknownDeployable(name);
  const removed = await context.store.remove(deployableKey(name), found.revision);
  if (removed.kind === 'conflict') return busError('conflict', `deployable "${name}" was changed meanwhile; try again`);
  if (removed.kind !== 'removed') return busError('unavailable', 'the store refuses the change');
  await context.store.removeLog(name);
  await tell(context, { deployable: name, kind: 'deployable-deleted', reason: `deleted by ${context.by}` });
  return undefined;
}

export function unknownDeployable(name: string): BusError {
  return busError(
    'unknown-deployable',
    `there is no deployable "${name}"; cpectl deployable list shows those there are`,
  );
}

async function modify(
  { store }: ChangeContext,
  name: string,
  change: (record: DeployableRecord) => DeployableRecord,
): Promise<Change> {
  const lastSeq = await store.latestEventSequence();
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const found = await readDeployable(store, name);
    if (found === undefined) return { kind: 'refused', error: unknownDeployable(name) };
    const record = change(found.record);
    const stored = await store.put(deployableKey(name), record as unknown as JsonValue, found.revision);
    if (stored.kind === 'stored') return { kind: 'changed', record, isNew: false, warnings: [], lastSeq };
    if (stored.kind === 'refused') return refused('unavailable', stored.message);
  }
  return refused('conflict', `deployable "${name}" is being changed by others; try again`);
}

async function tell({ store, now }: ChangeContext, event: Omit<EventDraft, 'time'>): Promise<void> {
  await store.appendEvents([{ time: now, ...event }]);
}

/** One process per deployable, or the first that has room. */
async function chooseDpe({ store, maxDeployables }: ChangeContext, name: string): Promise<string> {
  if (maxDeployables <= 1) return `dped-${name}`.slice(0, 63);
  const taken = new Map<string, number>();
  for (const { dpe } of await listDeployables(store)) taken.set(dpe, (taken.get(dpe) ?? 0) + 1);
  for (let number = 1; ; number++) {
    const dpe = `dped-${number}`;
    if ((taken.get(dpe) ?? 0) < maxDeployables) return dpe;
  }
}

function readDocument(
  document: Document,
):
  | { readonly kind: 'read'; readonly deployable: Deployable; readonly warnings: readonly DocumentProblem[] }
  | Extract<Change, { kind: 'refused' }> {
  const { format } = document;
  if (format !== 'xml' && format !== 'yaml') {
    return refused('invalid-document', `format "${format}" is not known (allowed: xml, yaml)`);
  }
  const parsed = parseDeployable(document.text, format);
  if (parsed.kind === 'problems') {
    const count = parsed.problems.length;
    const message = `the document has ${count} problem${count === 1 ? '' : 's'}`;
    return { kind: 'refused', error: busError('invalid-document', message, { problems: parsed.problems.map(wire) }) };
  }
  return { kind: 'read', deployable: parsed.deployable, warnings: parsed.warnings.map(wire) };
}

function wire({ allowed = '', ...problem }: Problem): DocumentProblem {
  return { ...problem, allowed };
}

function source({ format, text, fileName }: Document): {
  readonly format: DocumentFormat;
  readonly text: string;
  readonly fileName: string;
} {
  return { format: format === 'xml' ? 'xml' : 'yaml', text, fileName };
}

function refused(code: BusError['code'], message: string): Extract<Change, { kind: 'refused' }> {
  return { kind: 'refused', error: busError(code, message) };
}
