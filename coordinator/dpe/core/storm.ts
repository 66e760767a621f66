/** Many silent at once: then it is not they who died, and their recovery is held (policy/assess-storm.ts). */
import { assessStorm, type HeldScope, lift, type StormScope } from '../../policy/assess-storm.js';
import type { Verdict } from '../../policy/classify-failure.js';
import type { DpeEvent, SilenceCount } from './dpe-event.js';
import type { SilenceView } from './dpe-state.js';
import {
  hostLostAfterMs,
  isLauncherHeardOfLate,
  knownHosts,
  launcherSilentMs,
  ownCounts,
  totalCounts,
} from './hearing.js';
import { emit, setVolatile, type Work } from './work.js';

/** While anyone is silent; a DPE that does not repeat its count any more is silent itself. */
const repeatSilentMs = 2_000;
const forgetSilentMs = 3 * repeatSilentMs;
/** While all are heard. */
const repeatMs = 10_000;
const forgetMs = 3 * repeatMs;

/** What another DPE hears. */
export function onSilenceCount(work: Work, event: Extract<DpeEvent, { kind: 'silence-count' }>): void {
  if (event.deployable === work.durable.name) return;
  const { others } = work.volatile.silence;
  setSilence(work, { others: { ...others, [event.deployable]: { at: work.now, hosts: event.hosts } } });
}

/** Counts, tells the other DPEs, and holds or resumes recovery. To be called before anyone is given up for silence. */
export function watchStorm(work: Work): void {
  forgetOthers(work);
  tellCounts(work);
  const { bus, silence } = work.volatile;
  const assessment = assessStorm(silence.held, {
    hosts: stormCounts(work),
    busLostMs: bus.isConnected ? undefined : work.now - bus.since,
    now: work.now,
  });
  setSilence(work, { held: assessment.held });
  for (const scope of assessment.begun) if (concerns(work, scope.scope)) tellHeld(work, scope);
  for (const scope of assessment.ended) {
    startCountingAnew(work, scope.scope);
    if (!scope.isLifted && concerns(work, scope.scope)) tellEnded(work, scope);
  }
}

/**
 * An operator's word (`deployable resume`): what is still silent is recovered, whatever holds it.
 *
 * @returns false when no recovery was held
 */
export function liftStorm(work: Work, by: string): boolean {
  const { held } = work.volatile.silence;
  if (held.every(({ isLifted }) => isLifted)) return false;
  setSilence(work, { held: lift(held) });
  emit(work, {
    kind: 'recovery-resumed',
    reason: `${by} has said that recovery goes on: what is still silent is recovered`,
    evidence: { by, scopes: held.map(({ scope }) => nameOf(scope)) },
  });
  return true;
}

function stormCounts(work: Work) {
  const { options } = work.volatile;
  return Object.fromEntries(
    Object.entries(totalCounts(work, work.now)).map(([host, count]) => {
      const isHeard = isLauncherHeardOfLate(work, host, work.now);
      const isLost = !isHeard && launcherSilentMs(work, host, work.now) >= hostLostAfterMs(options);
      const launcher = isHeard ? ('heard' as const) : isLost ? ('lost' as const) : ('silent' as const);
      return [host, { ...count, launcher }];
    }),
  );
}

function forgetOthers(work: Work): void {
  const { others } = work.volatile.silence;
  const kept = Object.entries(others).filter(
    ([, { at, hosts }]) => work.now - at < (isAnySilent(hosts) ? forgetSilentMs : forgetMs),
  );
  if (kept.length < Object.keys(others).length) setSilence(work, { others: Object.fromEntries(kept) });
}

function tellCounts(work: Work): void {
  const { bus, silence } = work.volatile;
  if (!bus.isConnected) return;
  const hosts = ownCounts(work, work.now);
  const isAnyone = isAnySilent(hosts) || Object.values(silence.others).some((other) => isAnySilent(other.hosts));
  const isDue = work.now - silence.told.at >= (isAnyone ? repeatSilentMs : repeatMs);
  if (!isDue && isSame(hosts, silence.told.hosts)) return;
  setSilence(work, { told: { at: work.now, hosts } });
  work.effects.push({ kind: 'tell-silence', hosts });
}

function tellHeld(work: Work, { scope, running, silent }: HeldScope): void {
  const resume = `cpectl deployable resume ${work.durable.name}`;
  const sentence =
    scope.kind === 'bus'
      ? `the decider has lost the bus: ${running} agents cannot be heard`
      : `${silent} of ${running} agents ${whereOf(scope)} fell silent at once`;
  emit(work, {
    kind: 'recovery-held',
    reason: `${sentence}; recovery of the silent ones is held until they are heard again. To have them recovered all the same: ${resume}`,
    evidence: { verdict: verdictOf(scope), evidence: [sentence], scope: nameOf(scope), running, silent, resume },
  });
}

function tellEnded(work: Work, { scope, since, running, silent }: HeldScope): void {
  const heldMs = work.now - since;
  const sentence = scope.kind === 'bus' ? 'the bus is back' : `enough agents ${whereOf(scope)} are heard again`;
  emit(work, {
    kind: 'recovery-resumed',
    reason: `${sentence} after ${Math.round(heldMs / 1000)} s; those that stay silent are recovered`,
    evidence: { verdict: verdictOf(scope), evidence: [sentence], scope: nameOf(scope), running, silent, heldMs },
  });
}

/** Those that stay silent get their time once more: what was between them and us may be slow to come back. */
function startCountingAnew(work: Work, scope: StormScope): void {
  const hosts = scope.kind === 'launcher-host' ? [scope.host] : knownHosts(work);
  const { countsFrom } = work.volatile.silence;
  setSilence(work, { countsFrom: { ...countsFrom, ...Object.fromEntries(hosts.map((host) => [host, work.now])) } });
}

/** Whether anything of this deployable is in it. */
function concerns(work: Work, scope: StormScope): boolean {
  const own = ownCounts(work, work.now);
  return scope.kind === 'launcher-host' ? own[scope.host] !== undefined : Object.keys(own).length > 0;
}

function verdictOf(scope: StormScope): Verdict {
  return scope.kind === 'bus' ? 'bus' : 'unknown';
}

function whereOf(scope: StormScope): string {
  return scope.kind === 'launcher-host' ? `on launcher host ${scope.host}` : 'of this site';
}

function nameOf(scope: StormScope): string {
  return scope.kind === 'launcher-host' ? `launcher-host ${scope.host}` : scope.kind;
}

function isAnySilent(hosts: Readonly<Record<string, SilenceCount>>): boolean {
  return Object.values(hosts).some(({ silent }) => silent > 0);
}

function isSame(a: Readonly<Record<string, SilenceCount>>, b: Readonly<Record<string, SilenceCount>>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((host) => a[host]?.running === b[host]?.running && a[host]?.silent === b[host]?.silent);
}

function setSilence(work: Work, change: Partial<SilenceView>): void {
  setVolatile(work, { silence: { ...work.volatile.silence, ...change } });
}
