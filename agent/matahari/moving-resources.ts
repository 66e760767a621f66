import { continuedSequence } from './continued-sequence.js';
import { toRunResult } from './dbus/recurring-invocations.js';
import { done, type Invocation, type Matahari, type ResourceOp, type ResourcesObject } from './matahari.js';
import { operationKey } from './operation-key.js';
import { listenersOf } from './own/listeners.js';
import type { OwnLog } from './own/own-options.js';

/** Resources whose backend may change: recurring operations go on with the next one, and listeners hear that one. */
export interface MovingResources extends ResourcesObject {
  /** Some backend is another one from now on. */
  moved(): Promise<void>;
  close(): void;
}

interface Recurring {
  readonly invocation: Invocation;
  /** Where it runs, or ran last. */
  at: ResourcesObject;
  lastRc: number;
  retry: NodeJS.Timeout | undefined;
}

const leastRetryMs = 1000;
const cancelMs = 5000;

/** @param current the backend that is to be asked now, of a resource where one is named */
export function movingResources(current: (name?: string) => Promise<Matahari>, log: OwnLog): MovingResources {
  const listeners = listenersOf<ResourceOp>('resource_op', log);
  const sequence = continuedSequence<ResourcesObject>();
  const operations = new Map<string, Recurring>();
  const followed = new Map<ResourcesObject, () => void>();

  const hear = (resources: ResourcesObject, op: ResourceOp): void => {
    const operation = operations.get(operationKey(op.name, op.action, op.intervalMs));
    if (operation !== undefined) operation.lastRc = op.rc;
    listeners.tell({ ...op, sequence: sequence.tell(resources, op.sequence) });
  };
  /** Hears the backend that is there now. */
  const follow = async (name?: string): Promise<Matahari> => {
    const matahari = await current(name);
    const { resources } = matahari;
    if (!followed.has(resources)) {
      followed.set(
        resources,
        resources.onResourceOp((op) => hear(resources, op)),
      );
    }
    return matahari;
  };
  const forget = (key: string): boolean => {
    clearTimeout(operations.get(key)?.retry);
    return operations.delete(key);
  };
  /** Starts an operation with the backend that is there now, and tells what the other one would have told. */
  const resume = async (key: string, operation: Recurring): Promise<void> => {
    const { invocation } = operation;
    const { resources } = await follow(invocation.name);
    operation.at = resources;
    const outcome = await resources.invoke(invocation);
    if (operations.get(key) !== operation) {
      if (outcome.kind === 'done' && !operations.has(key)) await cancelAt(resources, invocation);
      return;
    }
    // Moved on once more: whoever did that has ended it here.
    if (operation.at !== resources) return;
    const result = toRunResult(outcome.kind === 'done' ? done(outcome.value.rc) : outcome);
    if (result.kind === 'rc' && result.rc !== operation.lastRc) {
      operation.lastRc = result.rc;
      const { parameters: _parameters, timeoutMs: _timeoutMs, ...told } = invocation;
      const value = outcome.kind === 'done' ? sequence.tell(resources, outcome.value.sequence) : 0;
      listeners.tell({ ...told, timestampUnixMs: Date.now(), sequence: value, rc: result.rc });
    }
    if (outcome.kind === 'done') return;
    clearTimeout(operation.retry);
    operation.retry = setTimeout(
      () => void resume(key, operation),
      Math.max(invocation.intervalMs, leastRetryMs),
    ).unref();
  };

  return {
    get: async () => (await current()).resources.get(),
    listStandards: async () => (await current()).resources.listStandards(),
    listProviders: async (standard) => (await current()).resources.listProviders(standard),
    list: async (standard, provider) => (await current()).resources.list(standard, provider),
    describe: async (standard, provider, agent) => (await current()).resources.describe(standard, provider, agent),
    async invoke(invocation) {
      const { resources } = await follow(invocation.name);
      const outcome = await resources.invoke(invocation);
      if (outcome.kind === 'problem') return outcome;
      if (invocation.intervalMs > 0) {
        const key = operationKey(invocation.name, invocation.action, invocation.intervalMs);
        forget(key);
        const operation = { invocation, at: resources, lastRc: outcome.value.rc, retry: undefined };
        operations.set(key, operation);
        const { resources: now } = await current(invocation.name);
        if (now !== resources) {
          await cancelAt(resources, invocation);
          await resume(key, operation);
        }
      }
      return done({ ...outcome.value, sequence: sequence.tell(resources, outcome.value.sequence) });
    },
    async cancel(name, action, intervalMs, timeoutMs) {
      const isKnown = forget(operationKey(name, action, intervalMs));
      const outcome = await (await current(name)).resources.cancel(name, action, intervalMs, timeoutMs);
      const isOnlyHere = isKnown && outcome.kind === 'problem' && outcome.problem.code === 'not-found';
      return isOnlyHere ? done(undefined) : outcome;
    },
    fail: async (name, rc) => (await follow(name)).resources.fail(name, rc),
    onResourceOp: (listener) => listeners.add(listener),
    async moved() {
      sequence.continueWith((await follow()).resources);
      await Promise.all(
        [...operations].map(async ([key, operation]) => {
          const { resources } = await current(operation.invocation.name);
          if (resources === operation.at) return;
          clearTimeout(operation.retry);
          await cancelAt(operation.at, operation.invocation);
          if (operations.get(key) === operation) await resume(key, operation);
        }),
      );
    },
    close() {
      for (const key of [...operations.keys()]) forget(key);
      for (const remove of followed.values()) remove();
      followed.clear();
      listeners.clear();
    },
  };
}

async function cancelAt(resources: ResourcesObject, { name, action, intervalMs }: Invocation): Promise<void> {
  await resources.cancel(name, action, intervalMs, cancelMs);
}
