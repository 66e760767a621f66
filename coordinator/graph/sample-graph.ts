import { type GraphAction, INFINITE_SCORE, type TransitionGraph } from './transition-graph.js';

/** A graph for tests in a few words: one action to a synapse, in document order. */
export interface SampleAction {
  readonly id: number;
  readonly kind?: 'pseudo' | 'resource' | 'cluster' | 'fencing';
  readonly after?: readonly number[];
  readonly priority?: number;
  readonly operation?: string;
  readonly node?: string;
  readonly routerNode?: string;
  readonly migration?: { readonly source: string; readonly target: string };
  readonly timeoutMs?: number;
  readonly startDelayMs?: number;
  readonly noWait?: boolean;
  readonly expectedRc?: number;
  readonly onFail?: string;
}

export function sampleGraph(actions: readonly SampleAction[], limits: Partial<TransitionGraph> = {}): TransitionGraph {
  return {
    id: 1,
    batchLimit: 0,
    migrationLimit: -1,
    clusterDelayMs: 60_000,
    fencingTimeoutMs: 90_000,
    failedStopOffset: INFINITE_SCORE,
    failedStartOffset: 1,
    recheckAtMs: undefined,
    synapses: actions.map((sample, id) => ({
      id,
      priority: sample.priority ?? 0,
      actions: [sampleAction(sample)],
      inputs: sample.after ?? [],
    })),
    ...limits,
  };
}

export function sampleAction(sample: SampleAction): GraphAction {
  const { id, kind = 'resource', operation = 'start', node: name = 'host1' } = sample;
  const base = {
    id,
    operation,
    operationKey: `r${id}_${operation}_0`,
    internalOperationKey: undefined,
    intervalMs: 0,
    timeoutMs: sample.timeoutMs ?? 20_000,
    startDelayMs: sample.startDelayMs ?? 0,
    noWait: sample.noWait ?? false,
    meta: new Map<string, string>(),
    parameters: new Map<string, string>(),
    featureSet: undefined,
    downs: [],
  };
  const node = { name, uuid: `${name}-uuid` };
  const { routerNode } = sample;
  const resource = { id: `r${id}`, longId: undefined, class: 'ocf', provider: 'pacemaker', type: 'Dummy' };
  switch (kind) {
    case 'pseudo':
      return { kind, ...base, node: undefined, maintenance: [] };
    case 'fencing':
      return { kind, ...base, operation: 'stonith', node, fencingOperation: 'reboot', priorityDelay: undefined };
    case 'cluster':
      return { kind, ...base, node, routerNode, resource, mode: undefined };
    case 'resource': {
      const { expectedRc = 0, onFail, migration } = sample;
      return { kind, ...base, node, routerNode, resource, expectedRc, onFail, migration, lockedSinceSec: undefined };
    }
  }
}
