/** Silence of launchers and agents: what is told, and what it leads to. */
import { isHeldByStorm, mayHostBeSuspected } from '../../policy/assess-storm.js';
import type { Classified } from '../../policy/classify-failure.js';
import { defaultInstanceTiming } from '../../state/instance-timing.js';
import type { AgentView, InstanceRecord, SilenceView } from './dpe-state.js';
import {
  agentSilentMs,
  type Counts,
  classifyHost,
  classifySilence,
  hostLostAfterMs,
  knownHosts,
  launcherSilentMs,
  silentAfterMs,
  totalCounts,
} from './hearing.js';
import { confirmDeadCommand, suspectHost } from './host-facts.js';
import { agentLost } from './instance-end.js';
import { hold } from './launcher-facts.js';
import { conditionWords, isRebooting } from './vm-condition.js';
import { watchPassive } from './watch-passive.js';
import { assemblyModel, assemblyState, emit, isPassive, mayRun, setVolatile, type Work } from './work.js';

/** A gap between two ticks (200 ms) that is longer than this: the process stood still, or the clock was set. */
const pauseMs = 2_000;

/** Who was deaf has no right to call others silent: after a pause of our own, and a step of our clock, counting begins anew. */
export function noteOwnPause(work: Work): void {
  const { silence, launchers, agents } = work.volatile;
  const gapMs = work.now - silence.lastTickAt;
  const isPause = gapMs > pauseMs || gapMs < 0;
  const listeningSince = isPause ? work.now : silence.listeningSince;
  setVolatile(work, { silence: { ...silence, lastTickAt: work.now, listeningSince } });
  if (gapMs >= 0) return;
  const past = (at: number) => Math.min(at, work.now);
  setVolatile(work, {
    launchers: mapValues(launchers, (view) => ({ ...view, lastBeatAt: past(view.lastBeatAt) })),
    agents: mapValues(agents, (view) => ({ ...view, lastHeardAt: past(view.lastHeardAt) })),
    bus: { ...work.volatile.bus, since: past(work.volatile.bus.since) },
  });
}

/** A silent launcher host is barred for new instances; its death is to be proven when all that is on it is silent. */
export function watchLaunchers(work: Work): void {
  if (!work.volatile.bus.isConnected) return;
  for (const host of knownHosts(work)) {
    const silentMs = launcherSilentMs(work, host, work.now);
    if (silentMs >= work.volatile.options.launcherSilentAfterMs) bar(work, host, silentMs);
    if (silentMs >= hostLostAfterMs(work.volatile.options)) judgeLostHost(work, host, silentMs);
    else if (work.volatile.silence.lostHosts[host] !== undefined) forgetLostHost(work, host);
  }
}

function bar(work: Work, host: string, silentMs: number): void {
  const { launchers } = work.volatile;
  const view = launchers[host];
  if (view?.isAdopted !== true) return;
  setVolatile(work, { launchers: { ...launchers, [host]: { ...view, isAdopted: false } } });
  emit(work, {
    kind: 'launcher-silent',
    reason: `launcher host ${host} has been silent for ${silentMs} ms; no new instance is started there`,
    evidence: { ...classifyHost(work, host, work.now), host, silentMs },
  });
}

/** Told once for each verdict; what an instance on it needs follows from the verdict. */
function judgeLostHost(work: Work, host: string, silentMs: number): void {
  const onHost = instancesOn(work, host);
  if (onHost.length === 0 || !mayHostBeSuspected(work.volatile.silence.held)) return;
  const { lostHosts } = work.volatile.silence;
  const classified = classifyHost(work, host, work.now);
  if (classified.verdict === 'launcher-host') suspectHost(work, host, classified.evidence);
  if (lostHosts[host] === classified.verdict) return;
  setSilence(work, { lostHosts: { ...lostHosts, [host]: classified.verdict } });
  // A suspicion has said so itself, and what proves it.
  if (classified.verdict === 'launcher-host') return;
  emit(work, {
    kind: 'launcher-lost',
    reason: lostHostReason(host, silentMs, classified),
    evidence: { ...classified, host, silentMs, assemblies: onHost },
  });
}

function lostHostReason(host: string, silentMs: number, { verdict }: Classified): string {
  const silence = `launcher host ${host} has been silent for ${Math.round(silentMs / 1000)} s`;
  return verdict === 'launcher'
    ? `${silence}, but agents on it are heard: its launcher has to be looked after; nothing on it is touched`
    : `${silence}, and whether it is dead cannot be told from here; nothing is done. If it is certainly dead: ${confirmDeadCommand(host)}`;
}

function forgetLostHost(work: Work, host: string): void {
  const { [host]: _heard, ...lostHosts } = work.volatile.silence.lostHosts;
  setSilence(work, { lostHosts });
}

/**
 * Silence of an agent is a loss only when everything else is in touch and its launcher says that the instance runs:
 * silence of the bus is never death of a VM (design section 4).
 */
export function watchAgents(work: Work): void {
  const totals = totalCounts(work, work.now);
  for (const assembly of Object.keys(work.durable.assemblies)) {
    if (isPassive(work, assembly)) watchPassive(work, assembly);
    else watchAgent(work, assembly, totals);
  }
}

function watchAgent(work: Work, assembly: string, totals: Counts): void {
  const { instance, isConnected } = assemblyState(work, assembly);
  if (instance.kind !== 'running') return;
  const { bus, options, agents, launchers, silence } = work.volatile;
  const agent = agents[instance.id];
  if (agent?.isAdopted !== true) work.effects.push({ kind: 'adopt-agent', instance: instance.id });
  if (!bus.isConnected || !isConnected) return;
  if (isRebooting(instance, work.now, bootTimeoutOf(work, assembly))) return;
  const silentMs = agentSilentMs(work, instance, work.now);
  if (silentMs < silentAfterMs(options)) return;
  const classified = classifySilence(work, assembly, work.now, totals);
  if (silentMs >= options.agentLostAfterMs && classified.verdict === 'agent') {
    if (!isHeldByStorm(silence.held, instance.host)) agentLost(work, assembly, silentMs, classified);
    return;
  }
  const isUnknown = launchers[instance.host]?.unknown?.includes(instance.id) === true;
  if (silentMs >= options.agentLostAfterMs && isUnknown) {
    hold(work, assembly, `launcher host ${instance.host} has no record of the instance, and its agent is silent`, {
      mayReturn: true,
    });
    return;
  }
  // Once for each silence: what it comes to mean is told with what is done about it.
  if (agent?.isSuspect === true) return;
  const before: AgentView = agent ?? {
    incarnation: '',
    isAdopted: false,
    lastHeardAt: work.volatile.startedAt,
    isSuspect: false,
  };
  const suspect = { ...before, isSuspect: true };
  setVolatile(work, { agents: { ...agents, [instance.id]: suspect } });
  emit(work, {
    kind: 'assembly-suspect',
    assembly,
    instance: instance.id,
    reason: [`its agent has been silent for ${silentMs} ms`, ...wordsOf(instance)].join('; '),
    evidence: { ...classified, silentMs },
  });
}

function bootTimeoutOf(work: Work, assembly: string): number {
  return assemblyModel(work, assembly)?.bootTimeoutMs ?? defaultInstanceTiming.connectTimeoutMs;
}

function wordsOf(instance: InstanceRecord): readonly string[] {
  const words = conditionWords(instance);
  return words === undefined ? [] : [words];
}

function instancesOn(work: Work, host: string): readonly string[] {
  return Object.entries(work.durable.assemblies)
    .filter(([, { instance }]) => mayRun(instance) && instance.kind !== 'none' && instance.host === host)
    .map(([name]) => name);
}

function setSilence(work: Work, change: Partial<SilenceView>): void {
  setVolatile(work, { silence: { ...work.volatile.silence, ...change } });
}

function mapValues<T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
