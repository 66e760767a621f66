/** Messages of launchers and agents as values of the core: the one place where they are read. */
import type { AgentInventory, InstanceState, LauncherInventory } from '../../proto/messages.js';
import type { DpeEvent, InstanceReport } from './core/dpe-event.js';

type Of<K extends DpeEvent['kind']> = Omit<Extract<DpeEvent, { kind: K }>, 'now'>;

export function launcherAdopted(inventory: LauncherInventory): Of<'launcher-adopted'> {
  return {
    kind: 'launcher-adopted',
    host: inventory.launcherHost,
    instances: inventory.instances.map(instanceReport),
    inFlight: inventory.inFlight.map(({ operationId }) => ({ operationId })),
  };
}

export function instanceReport(state: InstanceState): InstanceReport {
  const { instance, assembly, address, hostname, evidence } = state;
  return { instance, assembly, state: instanceKind(state.state), address, hostname, evidence, at: state.atUnixMs };
}

/** A word that this version does not know proves nothing. */
function instanceKind(state: string): InstanceReport['state'] {
  return state === 'running' || state === 'dead' || state === 'failed' ? state : 'unknown';
}

export function agentAdopted(inventory: AgentInventory): Of<'agent-adopted'> {
  return {
    kind: 'agent-adopted',
    instance: inventory.instance,
    inFlight: inventory.inFlight.map(({ operationId, startedUnixMs, timeoutMs }) => ({
      operationId,
      expiresAt: startedUnixMs + timeoutMs + 5_000,
    })),
  };
}
