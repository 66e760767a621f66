/** Messages of launchers and agents as values of the core: the one place where they are read. */
import type { AgentInventory, InstanceState, LauncherBeat, LauncherInventory } from '../../proto/messages.js';
import type { ConditionReport, DpeEvent, InstanceReport } from './core/dpe-event.js';

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
  const { instance, assembly, address, hostname, evidence, atUnixMs: at, noRoom: hasNoRoom } = state;
  return { instance, assembly, state: instanceKind(state.state), address, hostname, evidence, at, hasNoRoom };
}

export function launcherBeat(host: string, beat: LauncherBeat): Of<'launcher-beat'> {
  const { running, conditions, capacityCpus: cpus, capacityMemoryMib: memory } = beat;
  return {
    kind: 'launcher-beat',
    host,
    running,
    conditions: conditions.map(({ instance, condition, evidence }) => ({
      instance,
      condition: conditionKind(condition),
      evidence,
    })),
    capacity: cpus === 0 && memory === 0 ? undefined : { cpus, memory },
  };
}

/** A word that this version does not know changes nothing. */
function conditionKind(word: string): ConditionReport['condition'] {
  return word === 'paused' || word === 'panicked' || word === 'not-answering' || word === 'rebooting'
    ? word
    : 'unknown';
}

/** A word that this version does not know proves nothing. */
function instanceKind(state: string): InstanceReport['state'] {
  return state === 'running' || state === 'dead' || state === 'failed' ? state : 'unknown';
}

/** @param incarnation of the process that has answered, as the envelope says; an agent registers with the same. */
export function agentAdopted(inventory: AgentInventory, incarnation: string): Of<'agent-adopted'> {
  return {
    kind: 'agent-adopted',
    instance: inventory.instance,
    incarnation,
    inFlight: inventory.inFlight.map(({ operationId, startedUnixMs, timeoutMs }) => ({
      operationId,
      expiresAt: startedUnixMs + timeoutMs + 5_000,
    })),
  };
}
