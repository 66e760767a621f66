import { type CallOptions, propertiesInterface, type SystemdCalls, systemdName } from './systemd-calls.js';
import type { SystemdReply, UnitState } from './systemd-manager.js';
import { unitPath } from './unit-name.js';

export const unitInterface = 'org.freedesktop.systemd1.Unit';
export const serviceInterface = 'org.freedesktop.systemd1.Service';

/** Reads a unit's state; asking for its object loads it. */
export async function readUnit(
  calls: SystemdCalls,
  name: string,
  timeoutMs?: number,
): Promise<SystemdReply<UnitState>> {
  const options = optionsFor(timeoutMs);
  const target = { service: systemdName, path: unitPath(name), interface: propertiesInterface };
  const ofUnit = calls.call(target, { member: 'GetAll', signature: 's', arguments: [unitInterface] }, options);
  // One by one: all of a service's would have systemd read its control groups.
  const ofService = name.endsWith('.service')
    ? serviceProperties.map((property) => {
        const method = { member: 'Get', signature: 'ss', arguments: [serviceInterface, property] };
        return calls.call(target, method, options);
      })
    : [];
  const unit = await ofUnit;
  if (unit.kind !== 'done') return unit;
  const service: Record<string, unknown> = {};
  for (const [index, property] of serviceProperties.entries()) {
    const reply = await ofService[index];
    if (reply?.kind === 'done') service[property] = reply.value[0];
  }
  return { kind: 'done', value: withProperties(unknownUnit(name), { ...asRecord(unit.value[0]), ...service }) };
}

/** The least that can be asked of a unit. */
export async function readActiveState(
  calls: SystemdCalls,
  name: string,
  timeoutMs?: number,
): Promise<SystemdReply<string>> {
  const target = { service: systemdName, path: unitPath(name), interface: propertiesInterface };
  const method = { member: 'Get', signature: 'ss', arguments: [unitInterface, 'ActiveState'] };
  const reply = await calls.call(target, method, optionsFor(timeoutMs));
  return reply.kind === 'done' ? { kind: 'done', value: String(reply.value[0]) } : reply;
}

function optionsFor(timeoutMs: number | undefined): CallOptions {
  return { isRepeatable: true, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
}

const serviceProperties = ['Result', 'MainPID', 'ExecMainStatus', 'Restart'] as const;

/** A state with those properties replaced that are there, as GetAll returns them or PropertiesChanged brings them. */
export function withProperties(state: UnitState, properties: Readonly<Record<string, unknown>>): UnitState {
  const text = (property: string, old: string): string => {
    const value = properties[property];
    return typeof value === 'string' ? value : old;
  };
  const number = (property: string, old: number): number => {
    const value = properties[property];
    return typeof value === 'number' ? value : old;
  };
  const job = properties.Job;
  const hasJob = Array.isArray(job) ? job[0] !== 0 : state.hasJob === true;
  return {
    name: text('Id', state.name),
    description: text('Description', state.description),
    loadState: text('LoadState', state.loadState),
    activeState: text('ActiveState', state.activeState),
    subState: text('SubState', state.subState),
    result: text('Result', state.result),
    mainPid: number('MainPID', state.mainPid),
    exitStatus: number('ExecMainStatus', state.exitStatus),
    fragmentPath: text('FragmentPath', state.fragmentPath),
    hasJob,
    restart: text('Restart', state.restart ?? ''),
  };
}

function unknownUnit(name: string): UnitState {
  return {
    name,
    description: '',
    loadState: '',
    activeState: '',
    subState: '',
    result: '',
    mainPid: 0,
    exitStatus: 0,
    fragmentPath: '',
  };
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}
