import type { Deployable } from '../../model/deployable.js';
import { plainDeployable } from '../../model/plain.js';
import type { DurableState } from './dpe-state.js';

/** Of a deployable that nothing is known of yet. */
export function emptyState(name: string): DurableState {
  const nothing: Deployable = {
    ...plainDeployable,
    name,
    assemblies: [],
  };
  return {
    name,
    definition: { revision: 0, deployable: nothing },
    desired: { revision: 0, state: 'stopped' },
    hosts: {},
    overrides: {
      isInMaintenance: false,
      resources: {},
      assemblies: {},
      locations: [],
      restarting: [],
    },
    assemblies: {},
    history: {},
    windows: { resources: {}, assemblies: {}, deployable: [] },
    recovery: { kind: 'none' },
    counters: { decision: 0, incarnation: 0, call: 0 },
    reports: {},
    hasRun: false,
  };
}
