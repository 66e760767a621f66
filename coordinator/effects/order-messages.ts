/** Orders of the core as messages of the bus. Protobuf types end here. */
import type { BodyDraft, Draft, ExecDefinition, SetDelegation } from '../../proto/messages.js';
import type { AgentOrder, DelegationOrder, LauncherOrder } from '../dpe/core/dpe-effect.js';

export interface BootTerms {
  readonly bootDeadlineMs: number;
  readonly heartbeatIntervalMs: number;
  /** The credentials of an instance's agent. */
  readonly mint: (instance: string) => string;
}

export function launcherBody(order: LauncherOrder, { mint, ...timing }: BootTerms): BodyDraft {
  switch (order.kind) {
    case 'start': {
      const { instance, assembly, image, cpus, memoryMiB: memoryMib, networks, platformPlacement: placement } = order;
      const disks = order.disks.map(({ name, sizeMiB }) => ({ name, sizeMib: sizeMiB }));
      const machine = { image, cpus, memoryMib, disks, networks, placement };
      const credentials = mint(instance);
      return { kind: 'startInstance', value: { instance, assembly, ...machine, ...timing, credentials } };
    }
    case 'stop':
      return { kind: 'stopInstance', value: { instance: order.instance, graceMs: order.graceMs } };
    case 'destroy':
      return { kind: 'destroyInstance', value: { instance: order.instance } };
    case 'forget':
      return { kind: 'forgetInstance', value: { instance: order.instance } };
  }
}

export function agentBody(order: AgentOrder): BodyDraft {
  const { resource, operation, intervalMs } = order;
  if (order.kind === 'cancel') return { kind: 'cancelOperation', value: { resource, operation, intervalMs } };
  const { timeoutMs, startDelayMs, expectedRc, meta } = order;
  const common = {
    resource,
    operation,
    intervalMs,
    timeoutMs,
    startDelayMs,
    expectedRc,
    meta,
    userData: JSON.stringify(order.userData),
  };
  const isOurs = order.class === 'ocf' && order.provider === 'cpe';
  if (isOurs && order.type === 'exec') {
    const { definition = '{}', ...parameters } = order.parameters;
    const exec = parseExec(definition);
    return { kind: 'executeOperation', value: { ...common, resourceClass: 'exec', type: 'exec', parameters, exec } };
  }
  const resourceClass = isOurs && order.type === 'configure' ? 'configure' : order.class;
  const { provider, type, parameters } = order;
  return { kind: 'executeOperation', value: { ...common, resourceClass, provider, type, parameters } };
}

/** The inverse of policy/exec-definition.ts: the attribute is our own, canonical JSON of exactly this shape. */
function parseExec(definition: string): Draft<ExecDefinition> {
  return JSON.parse(definition) as Draft<ExecDefinition>;
}

export function delegationBody(delegations: readonly DelegationOrder[]): BodyDraft {
  const value: Draft<SetDelegation> = {
    delegations: delegations.map(({ window, isExclusive, after, ...delegation }) => ({
      ...delegation,
      after: [...after],
      exclusive: isExclusive,
      windowUnixMs: window.map((at) => Math.round(at)),
    })),
  };
  return { kind: 'setDelegation', value };
}
