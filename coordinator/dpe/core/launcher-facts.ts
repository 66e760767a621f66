/** What launchers tell: which instances run, which died, and how orders ended. */

import { templatesOf } from '../../policy/template.js';
import { recordHeld } from '../../state/instance-record.js';
import type { DpeEvent, InstanceReport } from './dpe-event.js';
import type { LauncherView } from './dpe-state.js';
import { launcherSilentMs, ownCounts, silentAfterMs } from './hearing.js';
import { instanceEnded } from './instance-end.js';
import { assemblyOf } from './instance-names.js';
import { forgetFullHosts, noteRoom } from './room.js';
import { isOfForgottenDecider, takeOver } from './take-over.js';
import { noteConditions } from './vm-condition.js';
import {
  assemblyState,
  emit,
  isPassive,
  moveInstance,
  setAssembly,
  setVolatile,
  type Work,
  wantDecision,
} from './work.js';

type EventOf<K extends DpeEvent['kind']> = Extract<DpeEvent, { kind: K }>;

export function onLauncherBeat(work: Work, event: EventOf<'launcher-beat'>): void {
  const before = work.volatile.launchers[event.host];
  noteRoadOpen(work, event.host);
  noteHost(work, event.host);
  const unknown = (before?.unknown ?? []).filter((instance) => !event.running.includes(instance));
  const lost = Object.entries(work.durable.assemblies).filter(
    ([, { instance }]) =>
      instance.kind === 'running' &&
      instance.host === event.host &&
      !event.running.includes(instance.id) &&
      !unknown.includes(instance.id),
  );
  // A beat that misses a running instance was sent before it started or after it died: the inventory tells which.
  const isAdopted = before?.isAdopted === true && lost.length === 0;
  noteRoom(work, event);
  setLauncher(work, event.host, { isAdopted, lastBeatAt: work.now, running: event.running, unknown });
  noteConditions(work, event);
  if (!isAdopted) work.effects.push({ kind: 'adopt-launcher', host: event.host });
}

/**
 * A launcher is heard again after a silence. Where all of its agents were silent as well it may have been the road that was
 * cut, and who comes second over a road that is open again is not lost: their silence counts from now on.
 */
function noteRoadOpen(work: Work, host: string): void {
  if (launcherSilentMs(work, host, work.now) < silentAfterMs(work.volatile.options)) return;
  const { running = 0, silent = 0 } = ownCounts(work, work.now)[host] ?? {};
  if (silent < running) return;
  const { silence } = work.volatile;
  setVolatile(work, { silence: { ...silence, countsFrom: { ...silence.countsFrom, [host]: work.now } } });
}

export function onLauncherAdopted(work: Work, event: EventOf<'launcher-adopted'>): void {
  noteRoadOpen(work, event.host);
  noteHost(work, event.host);
  const ours = new Set(Object.keys(work.volatile.orders));
  const isQuiet = event.inFlight.every(({ operationId }) => ours.has(operationId));
  const running = event.instances.filter(({ state }) => state === 'running').map(({ instance }) => instance);
  // Operations of an earlier decider are waited for: the inventory is asked for again at the next tick.
  const before = work.volatile.launchers[event.host]?.unknown ?? [];
  const unknown = before.filter((instance) => !running.includes(instance));
  setLauncher(work, event.host, { isAdopted: isQuiet, lastBeatAt: work.now, running, unknown });
  if (!isQuiet) return;
  for (const report of event.instances) {
    if (isOfForgottenDecider(work, report)) takeOver(work, event.host, report);
  }
  for (const [assembly, { instance }] of Object.entries(work.durable.assemblies)) {
    if (instance.kind === 'none' || instance.host !== event.host || isOrdered(work, instance.id)) continue;
    reconcile(
      work,
      assembly,
      event.instances.find((report) => report.instance === instance.id),
    );
  }
  for (const report of event.instances) {
    if (report.state === 'running' && assemblyOf(work, report.instance) === undefined) orphan(work, event.host, report);
  }
}

/** Holds what is recorded of an instance against what its launcher says. */
function reconcile(work: Work, assembly: string, report: InstanceReport | undefined): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none') return;
  const state = report?.state ?? 'unknown';
  switch (instance.kind) {
    case 'starting':
      // Ordered by an earlier decider. Without a trace it was never received, and its epoch is refused from now on.
      if (report === undefined) moveInstance(work, assembly, 'dead', 'its start was never received');
      else if (state === 'running') instanceStarted(work, assembly, report);
      else if (state === 'unknown') {
        hold(work, assembly, `whether the instance started is unknown: ${report.evidence}`, { mayReturn: true });
      } else instanceEnded(work, assembly, report.evidence, report.at);
      return;
    case 'stopping':
      if (state === 'running') moveInstance(work, assembly, 'running', 'its stop was interrupted');
      else if (state === 'dead' && report !== undefined) instanceEnded(work, assembly, report.evidence, report.at);
      return;
    case 'running':
    case 'lost':
    case 'held':
      if (state === 'running' && report !== undefined) {
        learnAddress(work, assembly, report);
        if (!isPassive(work, assembly)) work.effects.push({ kind: 'adopt-agent', instance: instance.id });
      } else if (report !== undefined && (state === 'dead' || state === 'failed')) {
        instanceEnded(work, assembly, report.evidence, report.at);
      } else if (instance.kind === 'running') {
        doubt(work, assembly, report?.evidence ?? '');
      }
      return;
    case 'dead':
      return;
  }
}

/**
 * "No such instance", from a launcher that has lost its journal, is no proof of anything: while its agent is heard the
 * instance lives, whatever its launcher knows. Once that is silent too the assembly is held (watch.ts).
 */
function doubt(work: Work, assembly: string, evidence: string): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'running') return;
  const { launchers } = work.volatile;
  const launcher = launchers[instance.host];
  if (launcher === undefined || launcher.unknown?.includes(instance.id) === true) return;
  const unknown = [...(launcher.unknown ?? []), instance.id];
  setVolatile(work, { launchers: { ...launchers, [instance.host]: { ...launcher, unknown } } });
  const said = `launcher host ${instance.host} has no record of the instance${evidence === '' ? '' : `: ${evidence}`}`;
  emit(work, {
    kind: 'assembly-unknown',
    assembly,
    instance: instance.id,
    reason: isPassive(work, assembly) ? said : `${said}; it is left as it is while its agent is heard`,
    evidence: { verdict: 'unknown', evidence: [said] },
  });
}

/**
 * Nothing is done with an assembly whose instance cannot be proven dead (design: held).
 *
 * @param more see InstanceRecord: whether it goes on should its agent answer, and whether it may be ending
 */
export function hold(
  work: Work,
  assembly: string,
  reason: string,
  more: { readonly mayReturn?: boolean; readonly isEnding?: boolean } = {},
): void {
  const { instance } = assemblyState(work, assembly);
  // A late answer, or none, takes no proof back.
  if (instance.kind === 'none' || instance.kind === 'held' || instance.kind === 'dead') return;
  const { id, host } = instance;
  const held = { kind: 'held', id, host, at: work.now, ...more } as const;
  setAssembly(work, assembly, { instance: held, since: work.now, reason });
  const fact = { assembly, host: instance.host, at: work.now, reason };
  work.durable = { ...work.durable, history: recordHeld(work.durable.history, fact) };
  emit(work, {
    kind: 'assembly-held',
    assembly,
    instance: instance.id,
    reason: `${reason}; no other instance is started until its end is proven`,
    evidence: { verdict: 'unknown', evidence: [reason] },
  });
}

/** An instance runs, by the word of its launcher. */
export function instanceStarted(work: Work, assembly: string, report: InstanceReport): void {
  moveInstance(work, assembly, 'running', 'started');
  forgetFullHosts(work, assembly);
  if (assemblyState(work, assembly).isLeavingHost === true) setAssembly(work, assembly, { isLeavingHost: false });
  emit(work, {
    kind: 'assembly-started',
    assembly,
    instance: report.instance,
    reason: 'instance started',
    evidence: { address: report.address, hostname: report.hostname },
  });
  learnAddress(work, assembly, report);
}

/** Values for references; whoever uses a value that changed is decided upon anew. */
function learnAddress(work: Work, assembly: string, report: InstanceReport): void {
  const before = assemblyState(work, assembly);
  if (before.address === report.address && before.hostname === report.hostname) return;
  setAssembly(work, assembly, { address: report.address, hostname: report.hostname });
  const isReferred = work.durable.definition.deployable.assemblies
    .flatMap(({ resources }) => resources.flatMap(templatesOf))
    .some((template) => template.some((part) => part.kind === 'reference' && part.assembly === assembly));
  if (isReferred) wantDecision(work, `address of assembly ${assembly} is ${report.address}`);
}

export function onInstanceDied(work: Work, event: EventOf<'instance-died'>): void {
  const source = `launcher:${event.host}`;
  const newest = work.durable.reports[source] ?? 0;
  if (event.sequence > newest) {
    work.durable = { ...work.durable, reports: { ...work.durable.reports, [source]: event.sequence } };
    const assembly = assemblyOf(work, event.instance);
    if (assembly !== undefined) instanceEnded(work, assembly, event.evidence, event.at);
  }
  work.effects.push({ kind: 'acknowledge', token: event.token, sequence: event.sequence });
}

/** An instance of this deployable that nobody remembers ordering: it must not live beside the one that is. */
function orphan(work: Work, host: string, report: InstanceReport): void {
  emit(work, {
    kind: 'orphan-destroyed',
    assembly: report.assembly,
    instance: report.instance,
    reason: `launcher host ${host} runs an instance that is not the current one; destroying it`,
  });
  work.effects.push({
    kind: 'order-launcher',
    operationId: `${work.volatile.epoch}-${work.volatile.incarnation}-orphan-${report.instance}`,
    host,
    order: { kind: 'destroy', instance: report.instance },
    expiresAt: work.now + 60_000,
  });
}

function isOrdered(work: Work, instance: string): boolean {
  return Object.values(work.volatile.orders).some((order) => order.kind === 'launcher' && order.instance === instance);
}

function noteHost(work: Work, host: string): void {
  if (work.durable.hosts[host] !== undefined) return;
  work.durable = {
    ...work.durable,
    hosts: { ...work.durable.hosts, [host]: { standing: 'in-service', isDrained: false } },
  };
}

function setLauncher(work: Work, host: string, view: LauncherView): void {
  const wasUsable = work.volatile.launchers[host]?.isAdopted === true;
  setVolatile(work, { launchers: { ...work.volatile.launchers, [host]: view } });
  if (view.isAdopted && !wasUsable) {
    setVolatile(work, { pendingTrigger: work.volatile.pendingTrigger ?? `launcher host ${host} is in touch` });
  }
}
