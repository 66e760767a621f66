/** What failed within a window, beside when: so that an escalation can name all of it, and its last cause first. */
import type { DurableState, FailureCause } from './dpe-state.js';
import type { Work } from './work.js';

const maxReasonLength = 200;

/**
 * @param key CIB id of a resource, or name of an assembly
 * @param periodMs of its budget: what is older is forgotten
 */
export function noteCause(work: Work, key: string, { at, reason }: FailureCause, periodMs: number): void {
  const recent = causesOf(work.durable, key).filter((known) => at - known.at < periodMs);
  setCauses(work, key, [...recent, { at, reason: reason.slice(0, maxReasonLength) }]);
}

/** Forgets what has left the window. To be called whenever that changes. */
export function keepCauses(work: Work, key: string, window: readonly number[]): void {
  const known = causesOf(work.durable, key);
  const kept = known.filter(({ at }) => window.includes(at));
  if (kept.length < known.length) setCauses(work, key, kept);
}

/** One sentence each, oldest first. */
export function causeSentences({ durable }: Work, key: string): readonly string[] {
  const causes = causesOf(durable, key).toSorted((a, b) => a.at - b.at);
  return causes.map(({ at, reason }) => `${new Date(at).toISOString()} ${reason}`);
}

function causesOf({ windows }: DurableState, key: string): readonly FailureCause[] {
  return windows.causes?.[key] ?? [];
}

function setCauses(work: Work, key: string, causes: readonly FailureCause[]): void {
  const { durable } = work;
  const { [key]: _before, ...others } = durable.windows.causes ?? {};
  const next = causes.length === 0 ? others : { ...others, [key]: causes };
  work.durable = { ...durable, windows: { ...durable.windows, causes: next } };
}
