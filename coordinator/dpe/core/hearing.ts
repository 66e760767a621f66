/** Who is heard and who is silent: the facts on which failures are classified. */
import { type Classified, classifyFailure, type FailureFacts, type Hearing } from '../../policy/classify-failure.js';
import type { SilenceCount } from './dpe-event.js';
import type { AssemblyState, DpeOptions, DpeState, InstanceRecord, SilenceView } from './dpe-state.js';
import { conditionWords } from './vm-condition.js';

export type Counts = Readonly<Record<string, SilenceCount>>;

/** Of a DPE that has just begun to listen. */
export function nothingSilent(now: number): SilenceView {
  return {
    told: { at: now, hosts: {} },
    others: {},
    held: [],
    lostHosts: {},
    countsFrom: {},
    listeningSince: now,
    lastTickAt: now,
  };
}

/** Silence that is worth mentioning: some heartbeats are missing, and long before it counts as a loss. */
export function silentAfterMs({ heartbeatIntervalMs, agentLostAfterMs }: DpeOptions): number {
  return Math.min(3 * heartbeatIntervalMs + 500, agentLostAfterMs / 2);
}

/** Silence of a launcher host with all its agents after which its death is to be proven. */
export function hostLostAfterMs({ agentLostAfterMs }: DpeOptions): number {
  return 2 * agentLostAfterMs;
}

/** How long nothing was heard of an instance's agent, as far as it counts. */
export function agentSilentMs({ volatile }: DpeState, instance: { id: string; host: string }, now: number): number {
  const heardAt = volatile.agents[instance.id]?.lastHeardAt ?? volatile.startedAt;
  return now - Math.max(heardAt, listeningFrom(volatile, instance.host));
}

/** How long nothing was heard of a host's launcher, as far as it counts. */
export function launcherSilentMs({ volatile }: DpeState, host: string, now: number): number {
  const heardAt = volatile.launchers[host]?.lastBeatAt ?? volatile.startedAt;
  return now - Math.max(heardAt, listeningFrom(volatile, host));
}

function listeningFrom({ bus, silence }: DpeState['volatile'], host: string): number {
  return Math.max(bus.since, silence.listeningSince, silence.countsFrom[host] ?? 0);
}

/** Beats of launchers (launcher/launcherd.ts). */
const launcherBeatMs = 1_000;

/** Heard so lately that it was heard after an agent that has just begun to count as silent. */
export function isLauncherHeardOfLate(state: DpeState, host: string, now: number): boolean {
  const latelyMs = Math.max(launcherBeatMs / 2, silentAfterMs(state.volatile.options) - launcherBeatMs);
  return isLauncherHeard(state, host, now) && launcherSilentMs(state, host, now) < latelyMs;
}

export function isLauncherHeard(state: DpeState, host: string, now: number): boolean {
  const { launchers, options } = state.volatile;
  return launchers[host] !== undefined && launcherSilentMs(state, host, now) < options.launcherSilentAfterMs;
}

/**
 * This deployable's instances whose agents should be heard, and the silent ones among them, by launcher host. One that
 * was given up counts as silent for as long as its loss took: it may have been the first of many.
 */
export function ownCounts(state: DpeState, now: number): Counts {
  const counts: Record<string, SilenceCount> = {};
  const { options } = state.volatile;
  const { assemblies } = state.durable.definition.deployable;
  const passive = new Set(assemblies.filter(({ monitoring }) => monitoring === 'passive').map(({ name }) => name));
  for (const [name, assembly] of Object.entries(state.durable.assemblies)) {
    if (passive.has(name) || !shouldBeHeard(state, assembly, now)) continue;
    const { instance } = assembly;
    if (instance.kind === 'none') continue;
    const { running, silent } = counts[instance.host] ?? { running: 0, silent: 0 };
    const isSilent = agentSilentMs(state, instance, now) >= silentAfterMs(options);
    counts[instance.host] = { running: running + 1, silent: silent + (isSilent ? 1 : 0) };
  }
  return counts;
}

function shouldBeHeard({ volatile }: DpeState, { instance, isConnected }: AssemblyState, now: number): boolean {
  switch (instance.kind) {
    case 'running':
      return isConnected && instance.rebootedAt === undefined;
    case 'lost':
    case 'held':
      return volatile.agents[instance.id] !== undefined && now - instance.at < volatile.options.agentLostAfterMs;
    default:
      return false;
  }
}

/** Over all deployables. */
export function totalCounts(state: DpeState, now: number): Counts {
  const totals: Record<string, SilenceCount> = { ...ownCounts(state, now) };
  for (const { hosts } of Object.values(state.volatile.silence.others)) {
    for (const [host, { running, silent }] of Object.entries(hosts)) {
      const sum = totals[host] ?? { running: 0, silent: 0 };
      totals[host] = { running: sum.running + running, silent: sum.silent + silent };
    }
  }
  return totals;
}

/** Launcher hosts that this DPE has ever heard of. */
export function knownHosts({ durable, volatile }: DpeState): readonly string[] {
  return [...new Set([...Object.keys(durable.hosts), ...Object.keys(volatile.launchers)])];
}

/** What the silence of an assembly's agent means. */
export function classifySilence(
  state: DpeState,
  assembly: string,
  now: number,
  totals: Counts = totalCounts(state, now),
): Classified {
  const known = state.durable.assemblies[assembly];
  const instance: InstanceRecord = known?.instance ?? { kind: 'none' };
  if (known === undefined || instance.kind === 'none') return { verdict: 'unknown', evidence: ['it has no instance'] };
  const silentMs = agentSilentMs(state, instance, now);
  const isSilent = silentMs >= silentAfterMs(state.volatile.options);
  const isNamed = state.volatile.launchers[instance.host]?.running.includes(instance.id) === true;
  const subject = shouldBeHeard(state, known, now) ? (isSilent ? 'silent' : 'heard') : undefined;
  const around = surroundings(state, instance.host, now, totals, subject);
  const { launcher } = around;
  // What a launcher said before the agent fell silent says nothing about why.
  const isHeard = launcher.isHeard && (!isSilent || launcher.silentMs < silentMs / 2);
  return classifyFailure({
    ...around,
    launcher: { ...launcher, isHeard },
    instance: {
      state: isNamed ? 'running' : 'unknown',
      condition: conditionWords(instance),
      agentSilentMs: isSilent ? silentMs : undefined,
    },
  });
}

/** What the silence of a launcher host means. */
export function classifyHost(state: DpeState, host: string, now: number): Classified {
  return classifyFailure({
    ...surroundings(state, host, now, totalCounts(state, now), undefined),
    instance: undefined,
  });
}

/** @param subject the instance in question, which counts among those of its host and is not to be counted here */
function surroundings(
  state: DpeState,
  host: string,
  now: number,
  totals: Counts,
  subject: keyof Hearing | undefined,
): Omit<FailureFacts, 'instance'> {
  const { bus } = state.volatile;
  const sameHost = { heard: 0, silent: 0 };
  const otherAgents = { heard: 0, silent: 0 };
  for (const [name, { running, silent }] of Object.entries(totals)) {
    const hearing = name === host ? sameHost : otherAgents;
    hearing.silent += silent;
    hearing.heard += running - silent;
  }
  if (subject !== undefined) sameHost[subject] -= 1;
  const otherLaunchers = { heard: 0, silent: 0 };
  for (const name of knownHosts(state)) {
    if (name !== host) otherLaunchers[isLauncherHeard(state, name, now) ? 'heard' : 'silent'] += 1;
  }
  return {
    bus: { isConnected: bus.isConnected, forMs: now - bus.since },
    launcher: {
      host,
      isHeard: isLauncherHeard(state, host, now),
      silentMs: Math.max(0, launcherSilentMs(state, host, now)),
    },
    sameHost,
    otherLaunchers,
    otherAgents,
  };
}
