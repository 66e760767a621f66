/**
 * Many silent at once: then it is hardly they who died, but what lies between them and us. Their recovery is held until
 * they come back, or until an operator says that it is to go on.
 */

/** Instances whose agents should be heard, and how many of them fell silent of late without being proven dead. */
export interface ScopeCount {
  readonly running: number;
  readonly silent: number;
}

export interface StormFacts {
  /** By launcher host, over all deployables; `lost`: its launcher has been silent for long. */
  readonly hosts: Readonly<Record<string, ScopeCount & { readonly launcher: 'heard' | 'silent' | 'lost' }>>;
  /** Undefined while the decider is connected; else how long it has not been. */
  readonly busLostMs: number | undefined;
  readonly now: number;
}

export type StormScope =
  | { readonly kind: 'bus' }
  | { readonly kind: 'launcher-host'; readonly host: string }
  /** Everything that is on the bus, however many launcher hosts. */
  | { readonly kind: 'site' };

/** `calmSince`: the condition for its end has held since then, for not long enough yet. */
export interface HeldScope {
  readonly scope: StormScope;
  readonly since: number;
  readonly running: number;
  readonly silent: number;
  readonly calmSince: number | undefined;
  /** An operator said that recovery goes on; the scope is not held again before it has been calm. */
  readonly isLifted: boolean;
}

export interface StormAssessment {
  /** At most one of each kind and host; a scope that is in none of them is calm. */
  readonly held: readonly HeldScope[];
  readonly begun: readonly HeldScope[];
  /** Ended by themselves; silence counts from now on for those that have not come back. */
  readonly ended: readonly HeldScope[];
}

export const stormLimits = {
  /** Fewer silent ones than this are no storm, in however small a site. */
  least: 3,
  /** Share of a scope that has to be silent for a storm to begin, and below or at which it ends. */
  beginShare: 0.5,
  endShare: 0.25,
  /** The end's condition has to hold for so long: a storm must not flap with every heartbeat. */
  calmMs: 5_000,
  /** A bus that is back sooner is no event. */
  busLostMs: 3_000,
} as const;

/**
 * Which scopes are held from now on. A launcher host whose launcher is silent too is no storm but a launcher host that
 * is lost (classify-failure.ts), and once that has lasted its instances are no news for the site's count either. The
 * site is a storm only when the silent ones are on more than one launcher host: what one of two hosts takes with it is
 * that host's trouble.
 *
 * @param before what the last assessment returned as `held`
 */
export function assessStorm(before: readonly HeldScope[], facts: StormFacts): StormAssessment {
  const held: HeldScope[] = [];
  const begun: HeldScope[] = [];
  const ended: HeldScope[] = [];
  for (const candidate of candidates(before, facts)) {
    const known = before.find(({ scope }) => isSame(scope, candidate.scope));
    const { scope, running, silent } = candidate;
    if (known === undefined) {
      if (!candidate.isStorm) continue;
      const fresh = { scope, running, silent, since: facts.now, calmSince: undefined, isLifted: false };
      held.push(fresh);
      begun.push(fresh);
      continue;
    }
    const calmSince = candidate.isCalm ? (known.calmSince ?? facts.now) : undefined;
    // The figures of its worst moment say more than those of its end.
    const worst = silent > known.silent ? { running, silent } : { running: known.running, silent: known.silent };
    const next = { ...known, ...worst, calmSince };
    if (calmSince !== undefined && facts.now - calmSince >= stormLimits.calmMs) ended.push(next);
    else held.push(next);
  }
  return { held, begun, ended };
}

/** Whether the recovery of silent instances on a launcher host is held. */
export function isHeldByStorm(held: readonly HeldScope[], host: string): boolean {
  return held.some(({ scope, isLifted }) => !isLifted && (scope.kind !== 'launcher-host' || scope.host === host));
}

/** Whether a silent launcher host may be suspected at all: not while everything else is silent as well. */
export function mayHostBeSuspected(held: readonly HeldScope[]): boolean {
  return held.every(({ scope, isLifted }) => isLifted || scope.kind === 'launcher-host');
}

/** An operator's word: what is silent is recovered. */
export function lift(held: readonly HeldScope[]): readonly HeldScope[] {
  return held.map((scope) => ({ ...scope, isLifted: true }));
}

interface Candidate extends ScopeCount {
  readonly scope: StormScope;
  readonly isStorm: boolean;
  readonly isCalm: boolean;
}

function candidates(before: readonly HeldScope[], { hosts, busLostMs }: StormFacts): readonly Candidate[] {
  const counts = Object.entries(hosts);
  // In a storm of the site every silent launcher host is part of it, however long it lasts.
  const isSiteHeld = before.some(({ scope }) => scope.kind === 'site');
  const recent = counts.filter(([, { launcher }]) => isSiteHeld || launcher !== 'lost');
  const total = recent.reduce((sum, [, count]) => add(sum, count), { running: 0, silent: 0 });
  const isSpread = recent.filter(([, { silent }]) => silent > 0).length > 1;
  const bus: Candidate = {
    scope: { kind: 'bus' },
    ...total,
    isStorm: busLostMs !== undefined && busLostMs >= stormLimits.busLostMs && total.running > 0,
    isCalm: busLostMs === undefined,
  };
  const site: Candidate = {
    scope: { kind: 'site' },
    ...total,
    isStorm: busLostMs === undefined && isSpread && isMany(total),
    isCalm: isFew(total),
  };
  // Of hosts that nobody counts any more too: their storm ends.
  const named = before.flatMap(({ scope }) => (scope.kind === 'launcher-host' ? [scope.host] : []));
  const all = [...new Set([...counts.map(([host]) => host), ...named])];
  const single = all.map((host): Candidate => {
    const { running, silent, launcher } = hosts[host] ?? { running: 0, silent: 0, launcher: 'lost' };
    const count = { running, silent };
    const isStorm = busLostMs === undefined && launcher === 'heard' && isMany(count);
    return { scope: { kind: 'launcher-host', host }, ...count, isStorm, isCalm: isFew(count) };
  });
  return [bus, site, ...single];
}

function isMany({ running, silent }: ScopeCount): boolean {
  return silent >= stormLimits.least && silent >= running * stormLimits.beginShare;
}

function isFew({ running, silent }: ScopeCount): boolean {
  return silent < stormLimits.least || silent <= running * stormLimits.endShare;
}

function isSame(a: StormScope, b: StormScope): boolean {
  return a.kind === 'launcher-host' && b.kind === 'launcher-host' ? a.host === b.host : a.kind === b.kind;
}

function add(sum: ScopeCount, { running, silent }: ScopeCount): ScopeCount {
  return { running: sum.running + running, silent: sum.silent + silent };
}
