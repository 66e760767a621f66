/**
 * Why something is as it is: the events of a deployable and its archived transitions as chains from a failure (or an
 * order) over the rule and the transition to the outcome. Pure; it invents nothing that was not recorded.
 */
import type { StoredEvent } from '../../store/store.js';
import type { ExecutedAction, TransitionSummary } from '../core/dpe-effect.js';

export interface Subject {
  readonly assembly: string;
  /** Undefined for the assembly itself. */
  readonly resource: string | undefined;
}

export interface ArchivedDecision extends TransitionSummary {
  readonly decideMs: number;
}

export interface CausalLink {
  readonly at: number;
  readonly what: 'failure' | 'order' | 'evidence' | 'rule' | 'transition' | 'action' | 'outcome';
  readonly text: string;
  readonly seq: number | undefined;
  readonly transition: number | undefined;
}

export interface CausalChain {
  readonly links: readonly CausalLink[];
  /** Of the failure that began it; `operator` where somebody asked for it. */
  readonly verdict: string;
  readonly from: number;
  /** Undefined: not over. */
  readonly until: number | undefined;
  readonly phases: readonly { readonly name: string; readonly durationMs: number }[];
}

export interface ChainSources {
  /** Of one deployable, in order. */
  readonly events: readonly StoredEvent[];
  /** In any order. */
  readonly transitions: readonly ArchivedDecision[];
  /** Who repairs it, and why: the containment rule in a sentence. */
  readonly rule: string;
}

/** @returns newest first, at most `limit` */
export function causalChains(subject: Subject, sources: ChainSources, limit: number): readonly CausalChain[] {
  const episodes = episodesOf(subject, sources.events);
  return episodes
    .slice(-limit)
    .reverse()
    .map((episode) => chainOf(subject, episode, sources));
}

interface Episode {
  /** What happened to the subject itself, in order. */
  readonly own: readonly StoredEvent[];
  readonly isOver: boolean;
}

/** From the moment it is no longer well until it runs again. */
function episodesOf(subject: Subject, events: readonly StoredEvent[]): readonly Episode[] {
  const episodes: Episode[] = [];
  let own: StoredEvent[] = [];
  for (const event of events) {
    const isEnd = event.kind === 'assembly-working' && own.length > 0 && own.every(isVmCondition);
    const role = isEnd ? 'end' : roleOf(subject, event);
    if (role === 'none' || (role === 'detail' && own.length === 0)) continue;
    own.push(event);
    if (role === 'end') {
      episodes.push({ own, isOver: true });
      own = [];
    }
  }
  return own.length === 0 ? episodes : [...episodes, { own, isOver: false }];
}

const resourceRoles: Readonly<Record<string, 'begin' | 'detail' | 'end'>> = {
  'resource-failed': 'begin',
  'resource-stopped': 'begin',
  'resource-configured': 'detail',
  'resource-reloaded': 'detail',
  'resource-promoted': 'end',
  'resource-demoted': 'begin',
  'resource-recovered': 'end',
  'resource-started': 'end',
  'resource-found': 'end',
  escalated: 'begin',
};

const assemblyRoles: Readonly<Record<string, 'begin' | 'detail' | 'end'>> = {
  'assembly-failed': 'begin',
  'assembly-suspect': 'begin',
  'assembly-paused': 'begin',
  'assembly-panicked': 'begin',
  'assembly-not-answering': 'begin',
  // Where its agent fell silent meanwhile, only that it is heard again is an end.
  'assembly-working': 'detail',
  'assembly-stopped': 'begin',
  'assembly-held': 'begin',
  'assembly-no-room': 'begin',
  'assembly-dead': 'begin',
  'assembly-back-off': 'detail',
  'assembly-started': 'detail',
  'assembly-rebooting': 'begin',
  'assembly-rebooted': 'end',
  'assembly-heard': 'end',
  'assembly-running': 'end',
  escalated: 'begin',
};

function roleOf(subject: Subject, event: StoredEvent): 'begin' | 'detail' | 'end' | 'none' {
  if (event.assembly !== subject.assembly) return 'none';
  if (subject.resource === undefined) {
    return event.resource === undefined || event.kind === 'escalated' ? (assemblyRoles[event.kind] ?? 'none') : 'none';
  }
  if (event.resource === subject.resource) return resourceRoles[event.kind] ?? (isOrder(event) ? 'begin' : 'none');
  // What happens to its assembly happens to it, and it ends only when it is started again itself.
  if (event.resource !== undefined || assemblyRoles[event.kind] === undefined) return 'none';
  return changesNothingInside.has(event.kind) || isVmCondition(event) ? 'detail' : 'begin';
}

const changesNothingInside: ReadonlySet<string> = new Set(['assembly-running', 'assembly-heard', 'assembly-suspect']);

function isVmCondition({ kind }: StoredEvent): boolean {
  return /^assembly-(paused|panicked|not-answering|working)$/.test(kind);
}

function isOrder({ kind }: StoredEvent): boolean {
  return kind.endsWith('-ordered') || kind === 'definition-changed';
}

function chainOf(subject: Subject, { own, isOver }: Episode, sources: ChainSources): CausalChain {
  const first = own[0];
  const from = first?.time ?? 0;
  const last = own.at(-1);
  const until = isOver ? last?.time : undefined;
  const transitions = sources.transitions
    .filter((transition) => concerns(subject, transition, { from: from - 1_000, until }))
    .sort((a, b) => a.at - b.at);
  const began = Math.min(from, ...transitions.map(({ at }) => at));
  const elsewhere = first === undefined || isFailure(first) ? [] : causesElsewhere(sources.events, own, began);
  const causes = [...elsewhere, ...own.filter((event) => isFailure(event) || isOrder(event))];
  // The rule says how failures are repaired: to an order it says nothing.
  const ruleAt = causes.filter(isFailure).at(-1)?.time;
  const links = [
    ...causes.flatMap(causeLinks),
    ...(ruleAt === undefined ? [] : [{ ...noReference, at: ruleAt, what: 'rule' as const, text: sources.rule }]),
    ...transitions.flatMap((transition) => transitionLinks(subject, transition)),
    ...own.filter((event) => !isFailure(event) && !isOrder(event)).map(outcomeLink),
  ].sort((a, b) => a.at - b.at || order[a.what] - order[b.what]);
  const start = causes[0]?.time ?? from;
  return {
    links,
    verdict: verdictOf(causes[0]),
    from: start,
    until,
    phases: phasesOf(subject, { start, until, transitions, last }),
  };
}

const order = { failure: 0, order: 0, evidence: 1, rule: 2, transition: 3, action: 4, outcome: 5 } as const;
const noReference = { seq: undefined, transition: undefined } as const;

function concerns(
  subject: Subject,
  { at, durationMs, executed }: ArchivedDecision,
  { from, until }: { readonly from: number; readonly until: number | undefined },
): boolean {
  if (at + durationMs < from || at > (until ?? Number.POSITIVE_INFINITY)) return false;
  return executed.some((action) => isAbout(subject, action) && action.operation !== 'monitor');
}

/** Its own actions, and those of its VM and its connection. */
function isAbout({ assembly, resource }: Subject, action: ExecutedAction): boolean {
  const own = resource === undefined ? '' : `${assembly}.${resource}`;
  return [own, `${own}-configure`, `${assembly}.vm`, assembly].includes(action.resource) && action.resource !== '';
}

/** A stop that followed no failure of its own: what failed or was asked for just before, anywhere in the deployable. */
function causesElsewhere(
  events: readonly StoredEvent[],
  own: readonly StoredEvent[],
  began: number,
): readonly StoredEvent[] {
  const earlier = events.filter(
    (event) => (isFailure(event) || isOrder(event)) && event.seq < (own[0]?.seq ?? 0) && event.time >= began - 120_000,
  );
  const nearest = earlier.filter((event) => !own.includes(event)).at(-1);
  return nearest === undefined ? [] : [nearest];
}

function isFailure({ kind }: StoredEvent): boolean {
  return (
    /-(failed|held|dead|restarting|halted|silent|unclean|no-room|paused|panicked|not-answering)$/.test(kind) ||
    kind === 'escalated'
  );
}

function causeLinks(event: StoredEvent): readonly CausalLink[] {
  const subject = [event.assembly, event.resource].filter((part) => part !== undefined && part !== '').join('.');
  const who = subject === '' ? event.deployable : subject;
  const text = `${who}: ${event.kind.replaceAll('-', ' ')}: ${event.reason}`;
  const what = isOrder(event) ? ('order' as const) : ('failure' as const);
  const cause = { at: event.time, what, text, seq: event.seq, transition: undefined };
  const shown = evidenceText(event.evidence);
  return shown === '' ? [cause] : [cause, { ...cause, what: 'evidence', text: shown }];
}

/** `rc 7, status done, interval 10000 ms`; lists of sentences as they are. */
function evidenceText(evidence: unknown): string {
  if (typeof evidence !== 'object' || evidence === null) return '';
  return Object.entries(evidence)
    .filter(([key, value]) => key !== 'verdict' && value !== '' && value !== undefined)
    .map(([key, value]) => {
      const text = Array.isArray(value) ? value.join('; ') : typeof value === 'object' ? JSON.stringify(value) : value;
      return key === 'evidence' ? String(text) : `${key.replace(/Ms$/, ' ms')} ${String(text).slice(0, 500)}`;
    })
    .join(', ');
}

function transitionLinks(subject: Subject, transition: ArchivedDecision): readonly CausalLink[] {
  const { number, trigger, at, decideMs, actions, durationMs, outcome, reason } = transition;
  const end = reason === '' ? outcome : `${outcome} (${reason})`;
  const text = `transition ${number}, because ${trigger}: decided in ${decideMs} ms, ${actions} steps in ${Math.round(durationMs)} ms, ${end}`;
  const own = transition.executed.filter((action) => isAbout(subject, action) && action.kind === 'resource');
  return [
    { at, what: 'transition', text, seq: undefined, transition: number },
    ...own.map((action): CausalLink => {
      const took = action.endedAt === undefined ? 'not ended' : `${action.endedAt - action.beganAt} ms`;
      const why = action.reason === '' ? '' : `: ${action.reason}`;
      const every = action.intervalMs > 0 ? ` every ${action.intervalMs} ms` : '';
      const what = `${action.operation} ${action.resource}${every} on ${action.node}: ${action.outcome} (${took})${why}`;
      return { at: action.beganAt, what: 'action', text: what, seq: undefined, transition: number };
    }),
  ];
}

function outcomeLink(event: StoredEvent): CausalLink {
  const text = `${event.kind.replaceAll('-', ' ')}: ${event.reason}`;
  return { at: event.time, what: 'outcome', text, seq: event.seq, transition: undefined };
}

function verdictOf(cause: StoredEvent | undefined): string {
  if (cause === undefined) return 'unknown';
  if (isOrder(cause)) return 'operator';
  const { evidence } = cause;
  if (typeof evidence !== 'object' || evidence === null || !('verdict' in evidence)) return 'unknown';
  return typeof evidence.verdict === 'string' ? evidence.verdict : 'unknown';
}

function phasesOf(
  subject: Subject,
  about: {
    readonly start: number;
    readonly until: number | undefined;
    readonly transitions: readonly ArchivedDecision[];
    readonly last: StoredEvent | undefined;
  },
): CausalChain['phases'] {
  const { start, until, transitions, last } = about;
  const [first] = transitions;
  if (first === undefined) {
    const isLocal = last?.kind === 'resource-recovered';
    return until === undefined ? [] : [{ name: isLocal ? 'local recovery' : 'total', durationMs: until - start }];
  }
  const actions = transitions.flatMap(({ executed }) => executed.filter((action) => isAbout(subject, action)));
  const spent = (pick: (action: ExecutedAction) => boolean): number =>
    actions
      .filter((action) => action.endedAt !== undefined && action.intervalMs === 0 && pick(action))
      .reduce((sum, { beganAt, endedAt = beganAt }) => sum + endedAt - beganAt, 0);
  const vm = `${subject.assembly}.vm`;
  const isOwn = ({ resource }: ExecutedAction) => resource !== vm && resource !== subject.assembly;
  const phases = [
    { name: 'until the decision', durationMs: Math.max(0, first.at - first.decideMs - start) },
    { name: 'decisions', durationMs: transitions.reduce((sum, { decideMs }) => sum + decideMs, 0) },
    { name: 'stop', durationMs: spent((action) => isOwn(action) && action.operation === 'stop') },
    { name: 'instance stop', durationMs: spent(({ resource, operation }) => resource === vm && operation === 'stop') },
    { name: 'boot', durationMs: spent(({ resource, operation }) => resource === vm && operation === 'start') },
    {
      name: 'registration',
      durationMs: spent(({ resource, operation }) => resource === subject.assembly && operation === 'start'),
    },
    { name: 'start', durationMs: spent((action) => isOwn(action) && ['start', 'promote'].includes(action.operation)) },
  ].filter(({ durationMs }) => durationMs > 0);
  return until === undefined ? phases : [...phases, { name: 'total', durationMs: until - start }];
}
