import type { AssemblyStatus, DeployableStatus, ResourceStatus } from '../../proto/messages.js';

/** A deployable that runs, for tests: `shop` with `db.redis` and `web.nginx`. */
export function sampleStatus(change: Partial<DeployableStatus> = {}): DeployableStatus {
  return {
    name: 'shop',
    desired: 'running',
    condition: 'running',
    reason: '',
    revision: 2,
    epoch: 1,
    assemblies: [
      sampleAssembly({ name: 'db', resources: [sampleResource({ name: 'redis' })] }),
      sampleAssembly({ name: 'web', resources: [sampleResource({ name: 'nginx', agent: 'ocf:heartbeat:nginx' })] }),
    ],
    actionsDone: 0,
    actionsTotal: 0,
    settled: true,
    desiredRevision: 5,
    dpePid: 100,
    held: '',
    maintenance: false,
    unmanaged: [],
    locations: [],
    failures: 0,
    failureLimit: 2,
    failurePeriodMs: 3_600_000,
    machine: '',
    ...change,
  };
}

export function sampleAssembly(change: Partial<AssemblyStatus>): AssemblyStatus {
  const place = { instance: 'shop.db.local.1-1', launcherHost: 'local', address: '127.1.2.3', hostname: 'db' };
  return {
    name: 'db',
    state: 'running',
    ...place,
    reason: '',
    failures: 0,
    sinceUnixMs: 1_000,
    resources: [],
    failureLimit: 3,
    failurePeriodMs: 600_000,
    wish: '',
    unmanaged: false,
    condition: 'working',
    conditionEvidence: '',
    monitoring: 'agent',
    ...change,
  };
}

export function sampleResource(change: Partial<ResourceStatus>): ResourceStatus {
  const recovery = { delegated: true, delegatedReason: '', failures: 1, failureLimit: 3 };
  const wishes = { wish: '', unmanaged: false, role: '', failurePeriodMs: 60_000 };
  const about = { name: 'redis', state: 'running', agent: 'exec', reason: '', sinceUnixMs: 2_000 };
  return { ...about, ...recovery, ...wishes, ...change };
}
