/**
 * What launcher hosts have for instances. What they have in all feeds the placement; that one has no room left, which
 * depends on other deployables too, only its launcher knows, and it says so when it is asked to start something. Nothing
 * has failed then: another host is tried, or it is waited for.
 */
import type { Capacity, DpeEvent } from './dpe-event.js';
import type { AssemblyState, Order } from './dpe-state.js';
import { assemblyState, emit, setAssembly, type Work, wantDecision } from './work.js';

/** Room shows as a rule when an instance there has ended; a host is asked again after so long in any case. */
const askAgainAfterMs = 300_000;

/** A beat of a launcher, before it is noted: what it has in all, and what has come free since the one before. */
export function noteRoom(work: Work, { host, running, capacity }: Extract<DpeEvent, { kind: 'launcher-beat' }>): void {
  const before = work.volatile.launchers[host]?.running ?? [];
  const isLarger = noteCapacity(work, host, capacity);
  if (!isLarger && before.every((instance) => running.includes(instance))) return;
  for (const [assembly, { fullHosts }] of Object.entries(work.durable.assemblies)) {
    if ((fullHosts?.[host] ?? 0) > 0) askAgain(work, assembly, host);
  }
}

/** @returns whether it has become larger. A launcher that does not tell (yet) takes nothing back. */
function noteCapacity(work: Work, host: string, capacity: Capacity | undefined): boolean {
  const known = work.durable.hosts[host];
  if (known === undefined || capacity === undefined) return false;
  const { cpus, memory } = known.capacity ?? { cpus: 0, memory: 0 };
  if (cpus === capacity.cpus && memory === capacity.memory) return false;
  work.durable = { ...work.durable, hosts: { ...work.durable.hosts, [host]: { ...known, capacity } } };
  if (work.durable.definition.deployable.placement !== 'default') {
    wantDecision(work, `launcher host ${host} has ${capacity.cpus} cpus and ${capacity.memory} MiB`);
  }
  return capacity.cpus > cpus || capacity.memory > memory;
}

/** Its launcher host has refused to start it. Told once for each host, until it runs somewhere. */
export function noteNoRoom(work: Work, { assembly, host, instance }: Order & { kind: 'launcher' }, said: string): void {
  const { fullHosts = {} } = assemblyState(work, assembly);
  setAssembly(work, assembly, { fullHosts: { ...fullHosts, [host]: work.now + askAgainAfterMs } });
  wantDecision(work, `launcher host ${host} has no room for assembly ${assembly}`);
  if (fullHosts[host] !== undefined) return;
  emit(work, {
    kind: 'assembly-no-room',
    assembly,
    instance,
    reason: `not started on launcher host ${host}: ${said}; it starts on another that has room, or once there is some`,
    evidence: { verdict: 'launcher-host', evidence: [`launcher host ${host} says: ${said}`], host },
  });
}

/** Launcher hosts that are not asked now. */
export function fullHostsOf({ fullHosts = {} }: AssemblyState, now: number): readonly string[] {
  return Object.keys(fullHosts).filter((host) => (fullHosts[host] ?? 0) > now);
}

/** It runs, or what it needs has changed, or an operator has started it: no host counts as full for it. */
export function forgetFullHosts(work: Work, assembly: string): void {
  const { fullHosts, ...state } = assemblyState(work, assembly);
  if (fullHosts === undefined) return;
  work.durable = { ...work.durable, assemblies: { ...work.durable.assemblies, [assembly]: state } };
}

export function watchRoom(work: Work): void {
  for (const [assembly, { fullHosts = {} }] of Object.entries(work.durable.assemblies)) {
    for (const [host, until] of Object.entries(fullHosts)) {
      if (until > 0 && until <= work.now) askAgain(work, assembly, host);
    }
  }
}

function askAgain(work: Work, assembly: string, host: string): void {
  const { fullHosts } = assemblyState(work, assembly);
  setAssembly(work, assembly, { fullHosts: { ...fullHosts, [host]: 0 } });
  wantDecision(work, `launcher host ${host} may have room for assembly ${assembly}`);
}
