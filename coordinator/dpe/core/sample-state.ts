/** A deployable `shop` with one assembly `web`, whose instance runs on `h1`: for tests of the core. */
import type { History } from '../../state/history.js';
import { connectionResource, vmResource } from '../../state/instance-record.js';
import { executionStatus, type ResourceDescriptor, recordResult } from '../../state/record.js';
import type { DpeState, InstanceRecord, Order } from './dpe-state.js';
import { emptyState } from './empty-state.js';
import { nothingSilent } from './hearing.js';

export const sampleNow = 1_800_000_000_000;
export const sampleInstance = { id: 'shop.web.h1.1-1', host: 'h1', at: sampleNow } as const;
export const sampleResource: ResourceDescriptor = { id: 'web.app', class: 'ocf', provider: 'heartbeat', type: 'Dummy' };

export interface SampleResult {
  readonly operation: string;
  readonly rc?: number;
  readonly intervalMs?: number;
  readonly callId: number;
}

/** Records one result the way an agent or the DPE would have it recorded. */
export function withResult(
  history: History,
  node: string,
  resource: ResourceDescriptor,
  { operation, callId, rc = 0, intervalMs = 0 }: SampleResult,
): History {
  const order = { operation, intervalMs, expectedRc: 0, transition: 1, action: callId, digest: '' };
  const result = { callId, rc, status: executionStatus.done, changedAt: sampleNow, execMs: 0, queueMs: 0 };
  return recordResult(history, node, resource, { ...order, ...result, exitReason: '' });
}

/** VM, connection and resource started and monitored; call-ids 1 and 2 in the assembly. */
export function sampleHistory(): History {
  let history: History = {};
  const nodes = [
    ['h1', vmResource('web'), 10_000],
    ['h1', connectionResource('web'), 30_000],
    ['web', sampleResource, 5_000],
  ] as const;
  for (const [node, resource, intervalMs] of nodes) {
    history = withResult(history, node, resource, { operation: 'start', callId: 1 });
    history = withResult(history, node, resource, { operation: 'monitor', callId: 2, intervalMs });
  }
  return history;
}

export interface SampleChanges {
  readonly history?: History;
  readonly instance?: InstanceRecord['kind'];
  readonly orders?: Readonly<Record<string, Order>>;
}

export function sampleState({ history, instance = 'running', orders = {} }: SampleChanges = {}): DpeState {
  const web = {
    instance: instance === 'none' ? ({ kind: 'none' } as const) : { ...sampleInstance, kind: instance },
    isConnected: instance === 'running',
    mayStartAt: 0,
    since: sampleNow,
    reason: '',
  };
  const durable = {
    ...emptyState('shop'),
    desired: { revision: 1, state: 'running' } as const,
    history: history ?? sampleHistory(),
    assemblies: { web },
  };
  return {
    durable,
    volatile: {
      epoch: 1,
      incarnation: 'x',
      options: {
        heartbeatIntervalMs: 1_000,
        agentLostAfterMs: 15_000,
        launcherSilentAfterMs: 5_000,
        adoptionGraceMs: 10_000,
        expectedHosts: [],
        heldRetryMs: 5_000,
      },
      dialect: { featureSet: '3.16.2', schema: 'pacemaker-3.9' },
      startedAt: sampleNow,
      bus: { isConnected: true, since: sampleNow },
      silence: nothingSilent(sampleNow),
      launchers: {},
      hostFacts: undefined,
      suspicions: {},
      agents: {},
      engine: { kind: 'idle' },
      pendingTrigger: undefined,
      orders,
      inherited: {},
      operationCount: 0,
      isSettled: true,
      recheckAt: undefined,
      lastDecisionFailure: undefined,
      recentDecisions: [],
      nextDecisionAt: 0,
    },
  };
}
