import type { Done, Invocation } from '../matahari.js';
import { operationKey } from '../operation-key.js';

/** What a run of an action came to; `again` when it could not be asked for, which says nothing about the resource. */
export type RunResult = { readonly kind: 'rc'; readonly rc: number } | { readonly kind: 'again' };

/** Actions that repeat themselves, where the service behind them does not repeat any. */
export interface RecurringInvocations {
  /** From now on every interval after the end of the last run; replaces the operation of the same name, action and interval. */
  start(invocation: Invocation, lastRc: number): void;
  /** False when there is no such operation. */
  stop(name: string, action: string, intervalMs: number): boolean;
  /** The resource is said to be in another state than its last run found. */
  setResult(name: string, rc: number): void;
  close(): void;
}

interface Recurring {
  readonly invocation: Invocation;
  lastRc: number;
  timer: NodeJS.Timeout | undefined;
}

/** @param onChange called after a run whose result is another one than that of the run before */
export function recurringInvocations(
  run: (invocation: Invocation) => Promise<RunResult>,
  onChange: (invocation: Invocation, rc: number) => void,
): RecurringInvocations {
  const operations = new Map<string, Recurring>();

  const schedule = (key: string, operation: Recurring): void => {
    operation.timer = setTimeout(() => void runOnce(key, operation), operation.invocation.intervalMs);
    operation.timer.unref();
  };
  const runOnce = async (key: string, operation: Recurring): Promise<void> => {
    const result = await run(operation.invocation);
    // Cancelled or replaced meanwhile: nobody asked for this result any more.
    if (operations.get(key) !== operation) return;
    if (result.kind === 'rc' && result.rc !== operation.lastRc) {
      operation.lastRc = result.rc;
      onChange(operation.invocation, result.rc);
    }
    schedule(key, operation);
  };
  const stop = (key: string): boolean => {
    clearTimeout(operations.get(key)?.timer);
    return operations.delete(key);
  };
  return {
    start(invocation, lastRc) {
      const key = operationKey(invocation.name, invocation.action, invocation.intervalMs);
      stop(key);
      const operation: Recurring = { invocation, lastRc, timer: undefined };
      operations.set(key, operation);
      schedule(key, operation);
    },
    stop: (name, action, intervalMs) => stop(operationKey(name, action, intervalMs)),
    setResult(name, rc) {
      for (const operation of operations.values()) {
        if (operation.invocation.name === name) operation.lastRc = rc;
      }
    },
    close() {
      for (const key of [...operations.keys()]) stop(key);
    },
  };
}

/** For a recurring run: Matahari's own code for a timeout (services.h), OCF's generic error for what failed otherwise. */
export function toRunResult(outcome: Done<number>): RunResult {
  if (outcome.kind === 'done') return { kind: 'rc', rc: outcome.value };
  switch (outcome.problem.code) {
    case 'timeout':
      return { kind: 'rc', rc: 198 };
    case 'unavailable':
      return { kind: 'again' };
    default:
      return { kind: 'rc', rc: 1 };
  }
}
