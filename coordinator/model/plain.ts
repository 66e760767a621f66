/** What a document that says no more than it must gets: the parser fills in from here, and so do tests. */
import { defaults } from './defaults.js';
import type {
  Assembly,
  ColocationConstraint,
  Deployable,
  OrderConstraint,
  Resource,
  ResourceReference,
  Score,
} from './deployable.js';

export const plainResource: Omit<Resource, 'name' | 'agent'> = {
  parameters: {},
  start: { timeoutMs: defaults.startTimeoutMs },
  stop: { timeoutMs: defaults.stopTimeoutMs },
  monitor: { intervalMs: defaults.monitorIntervalMs, timeoutMs: defaults.monitorTimeoutMs },
  operations: [],
  escalation: defaults.resourceEscalation,
  onFail: defaults.onFail,
  priority: 0,
  failureTimeoutMs: undefined,
  targetRole: 'started',
  isManaged: true,
  isInMaintenance: false,
  isExclusive: false,
  clone: undefined,
  migrationThreshold: undefined,
  configure: undefined,
};

export const plainAssembly: Omit<Assembly, 'name' | 'resources'> = {
  replica: undefined,
  image: undefined,
  cpus: undefined,
  memoryMiB: undefined,
  disks: [],
  networks: [],
  platformPlacement: {},
  monitoring: 'agent',
  utilization: {},
  attributes: {},
  escalation: defaults.assemblyEscalation,
  priority: 0,
  stickiness: undefined,
  migrationThreshold: undefined,
  targetRole: 'started',
  isManaged: true,
  isStandby: false,
  bootTimeoutMs: undefined,
};

export const plainDeployable: Omit<Deployable, 'name' | 'assemblies'> = {
  hosts: [],
  hostOptions: {},
  groups: [],
  constraints: [],
  escalation: defaults.deployableEscalation,
  placement: 'default',
  isInMaintenance: false,
  pacemaker: { constraints: '', tags: '' },
};

/** Starts from first to last, stops from last to first, and what follows is restarted with what it follows. */
export function plainOrder(id: string, sequence: readonly ResourceReference[]): OrderConstraint {
  const steps = sequence.map((reference) => ({
    members: [{ kind: 'resource', ...reference } as const],
    action: 'start' as const,
    needsAll: true,
  }));
  return { kind: 'order', id, steps, strength: 'mandatory', isSymmetrical: true };
}

export function plainColocation(
  id: string,
  resource: ResourceReference,
  target: { readonly with: ResourceReference; readonly score: Score },
): ColocationConstraint {
  return {
    kind: 'colocation',
    id,
    resource: { kind: 'resource', ...resource },
    with: { kind: 'resource', ...target.with },
    score: target.score,
    role: undefined,
    withRole: undefined,
    nodeAttribute: undefined,
  };
}
