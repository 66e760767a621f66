/** Definitions and desired state: every change is one compare-and-set in the store, and an event. */
import { type BusError, busError } from '../../proto/bus-error.js';
import type { Document, DocumentProblem } from '../../proto/messages.js';
import { type DeployableRecord, deployableKey, listDeployables, readDeployable } from '../dpe/deployable-record.js';
import type { Deployable, DocumentFormat } from '../model/deployable.js';
import { parseDeployable } from '../model/parse-deployable.js';
import type { Problem } from '../model/problem.js';
import type { JsonValue } from '../state/json.js';
import type { EventDraft, Store } from '../store/store.js';
import {
  type DefinitionVersion,
  forgetVersions,
  keepPresent,
  keepVersion,
  readVersion,
} from './definition-versions.js';
import { nearestNames } from './suggest-names.js';

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
      /** False when it was so already: nothing was written. */
      readonly isChanged: boolean;
      readonly warnings: readonly DocumentProblem[];
      readonly lastSeq: number;
    }
  | { readonly kind: 'refused'; readonly error: BusError };

const maxAttempts = 5;
const maxCommentLength = 1_000;

/** A document as an operator gave it, with what is to be kept about it. */
export interface Given {
  readonly document: Document;
  readonly comment: string;
}

export async function createDeployable(context: ChangeContext, { document, comment }: Given): Promise<Change> {
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
  // Of an earlier deployable of this name, should its removal have been cut short.
  await forgetVersions(context.store, name);
  await keepVersion(context.store, name, versionOf(context, record, comment));
  await tell(context, { deployable: name, kind: 'deployable-created', reason: `created by ${context.by}` });
  return { kind: 'changed', record, isNew: true, isChanged: true, warnings: parsed.warnings, lastSeq };
}

/** A document that is in force already changes nothing, and makes no revision. */
export async function reloadDeployable(
  context: ChangeContext,
  name: string,
  { document, comment }: Given,
): Promise<Change> {
  const parsed = readDefinition(name, document);
  if (parsed.kind === 'refused') return parsed;
  const change = await redefine(context, name, { source: source(document), comment });
  if (change.kind === 'refused' || !change.isChanged) return change;
  const { revision } = change.record.definition;
  const reason = `revision ${revision} given by ${context.by}`;
  await tell(context, { deployable: name, kind: 'deployable-reloaded', reason });
  return { ...change, warnings: parsed.warnings };
}

/** A new revision with the document of an old one (0: of the one before the present), so that the history only grows. */
export async function rollbackDeployable(
  context: ChangeContext,
  name: string,
  { revision, comment }: { readonly revision: number; readonly comment: string },
): Promise<Change> {
  const found = await readDeployable(context.store, name);
  if (found === undefined) return { kind: 'refused', error: await unknownDeployable(context.store, name) };
  const present = found.record.definition.revision;
  const from = revision === 0 ? present - 1 : revision;
  const see = `cpectl deployable history ${name} shows those there are`;
  if (from < 1) return refused('conflict', `deployable "${name}" has had one definition only`);
  const old = await readVersion(context.store, found.record, from);
  if (old === undefined) return refused('invalid-request', `revision ${from} of "${name}" is not kept; ${see}`);
  const parsed = readDefinition(name, old);
  // It was valid once; what is valid may have changed since.
  if (parsed.kind === 'refused') return parsed;
  const { revision: _old, ...document } = old;
  const said = comment || `rolled back to revision ${from}`;
  const change = await redefine(context, name, { source: document, comment: said });
  if (change.kind === 'refused' || !change.isChanged) return change;
  const reason = `revision ${change.record.definition.revision} is revision ${from} again, by ${context.by}`;
  await tell(context, { deployable: name, kind: 'deployable-rolled-back', reason });
  return { ...change, warnings: parsed.warnings };
}

async function redefine(
  context: ChangeContext,
  name: string,
  next: { readonly source: ReturnType<typeof source>; readonly comment: string },
): Promise<Change> {
  const { store } = context;
  const found = await readDeployable(store, name);
  if (found === undefined) return { kind: 'refused', error: await unknownDeployable(context.store, name) };
  const kept = await keepPresent(store, found.record);
  if (kept.kind === 'refused') return refused('unavailable', kept.message);
  const change = await modify(context, name, (record) => {
    const { revision, format, text } = record.definition;
    if (format === next.source.format && text === next.source.text) return record;
    return { ...record, definition: { revision: revision + 1, ...next.source } };
  });
  if (change.kind === 'changed' && change.isChanged) {
    await keepVersion(store, name, versionOf(context, change.record, next.comment));
  }
  return change;
}

/** `isAtRest`: the deployable is as the order wants it, so that an order that says the same has nothing to do. */
export async function setDesired(
  context: ChangeContext,
  name: string,
  { state, isAtRest }: { readonly state: 'running' | 'stopped'; readonly isAtRest: boolean },
): Promise<Change> {
  const change = await modify(context, name, (record) => {
    const { desired } = record;
    if (isAtRest && desired.state === state && !desired.isSuspended) return record;
    // A repeated start is a new start: it resumes a deployable that has run out of attempts.
    return { ...record, desired: { revision: desired.revision + 1, state, isSuspended: false } };
  });
  if (change.kind === 'changed' && change.isChanged) {
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
  if (found === undefined) return unknownDeployable(context.store, name);
  const removed = await context.store.remove(deployableKey(name), found.revision);
  if (removed.kind === 'conflict') return busError('conflict', `deployable "${name}" was changed meanwhile; try again`);
  if (removed.kind !== 'removed') return busError('unavailable', 'the store refuses the change');
  await context.store.removeLog(name);
  await forgetVersions(context.store, name);
  await tell(context, { deployable: name, kind: 'deployable-deleted', reason: `deleted by ${context.by}` });
  return undefined;
}

/** Says what was probably meant. */
export async function unknownDeployable(store: Store, name: string): Promise<BusError> {
  const near = nearestNames(
    name,
    (await listDeployables(store)).map((each) => each.name),
  );
  const advice =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'cpectl deployable list shows those there are';
  return busError('unknown-deployable', `there is no deployable "${name}"; ${advice}`);
}

/** `change` returns the record itself when there is nothing to change. */
async function modify(
  { store }: ChangeContext,
  name: string,
  change: (record: DeployableRecord) => DeployableRecord,
): Promise<Change> {
  const lastSeq = await store.latestEventSequence();
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const found = await readDeployable(store, name);
    if (found === undefined) return { kind: 'refused', error: await unknownDeployable(store, name) };
    const record = change(found.record);
    const unchanged = { kind: 'changed', record, isNew: false, isChanged: false, warnings: [], lastSeq } as const;
    if (record === found.record) return unchanged;
    const stored = await store.put(deployableKey(name), record as unknown as JsonValue, found.revision);
    if (stored.kind === 'stored') return { ...unchanged, isChanged: true };
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

function versionOf({ now, by }: ChangeContext, { definition }: DeployableRecord, comment: string): DefinitionVersion {
  return { definition, at: now, by, comment: comment.slice(0, maxCommentLength) };
}

type ReadOutcome =
  | { readonly kind: 'read'; readonly deployable: Deployable; readonly warnings: readonly DocumentProblem[] }
  | Extract<Change, { kind: 'refused' }>;

/** A document that is to define the deployable of this name. */
export function readDefinition(name: string, document: Document): ReadOutcome {
  const parsed = readDocument(document);
  if (parsed.kind === 'refused' || parsed.deployable.name === name) return parsed;
  return refused('invalid-document', `the document defines deployable "${parsed.deployable.name}", not "${name}"`);
}

function readDocument(document: Document): ReadOutcome {
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
