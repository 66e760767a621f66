import type { Deployable } from '../../model/deployable.js';
import type { DurableState } from './dpe-state.js';

/** Of a deployable that nothing is known of yet. */
export function emptyState(name: string): DurableState {
  const nothing: Deployable = {
    name,
    hosts: [],
    assemblies: [],
    constraints: [],
    escalation: { failures: 1, periodMs: 1 },
    pacemaker: '',
  };
  return {
    name,
    definition: { revision: 0, deployable: nothing },
    desired: { revision: 0, state: 'stopped' },
    hosts: {},
    assemblies: {},
    history: {},
    windows: { resources: {}, assemblies: {}, deployable: [] },
    recovery: { kind: 'none' },
    counters: { decision: 0, incarnation: 0, call: 0 },
    reports: {},
    hasRun: false,
  };
}
