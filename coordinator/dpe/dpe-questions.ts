/** What is asked of a DPE and changes nothing: plans, simulations, explanations, archived transitions. */
import type { Answer } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import type {
  Body,
  Document,
  DocumentProblem,
  Draft,
  Explanation,
  Plan,
  PlannedAction,
  Transition,
} from '../../proto/messages.js';
import { simulateOrder } from '../graph/simulate.js';
import { parseDeployable } from '../model/parse-deployable.js';
import type { Problem } from '../model/problem.js';
import type { Scheduler } from '../scheduler/scheduler.js';
import type { Store, StoredEvent } from '../store/store.js';
import type { DpeState } from './core/dpe-state.js';
import { containmentOf } from './core/overrides.js';
import { decideWhole } from './decide.js';
import type { DecisionArchive } from './decision-archive.js';
import { causalChains, type Subject } from './explain/causal-chain.js';
import { renderSummary } from './render-transition.js';
import { replayDecision } from './replay-decision.js';
import { renderStatus } from './status.js';
import { newsOf } from './what-if/change-news.js';
import { compareDefinitions, type DirectReasons } from './what-if/compare-definitions.js';
import { describeChanges, lostWith, runningBefore } from './what-if/describe-changes.js';
import { type Rehearsal, type RehearsalOptions, rehearse } from './what-if/rehearse.js';
import type { News } from './what-if/well-behaved-world.js';

export interface QuestionContext {
  readonly state: DpeState;
  readonly archive: DecisionArchive;
  readonly store: Pick<Store, 'events' | 'latestEventSequence'>;
  readonly scheduler: Scheduler;
  readonly now: number;
}

/** How far back an explanation looks. */
const explainedEvents = 5_000;
const explainedTransitions = 200;
const maxChains = 5;

/** Undefined: it is no question of this kind. */
export async function answerQuestion(context: QuestionContext, body: Body): Promise<Answer | undefined> {
  switch (body.kind) {
    case 'planDeployable':
      return body.value.document === undefined
        ? busError('invalid-request', 'no document')
        : plan(context, body.value.document);
    case 'simulate':
      return simulate(context, body.value);
    case 'explain':
      return explain(context, body.value.resource);
    case 'getTransition':
      return transition(context, body.value.number);
    case 'replayTransition':
      return replay(context, body.value.number);
    default:
      return undefined;
  }
}

async function plan(context: QuestionContext, document: Document): Promise<Answer> {
  const { state } = context;
  const { format, text } = document;
  if (format !== 'xml' && format !== 'yaml') return busError('invalid-request', `format "${format}" is not known`);
  const parsed = parseDeployable(text, format);
  if (parsed.kind === 'problems') {
    const problems = parsed.problems.map(wire);
    return busError('invalid-document', `the document has ${problems.length} problems`, { problems });
  }
  const { deployable } = parsed;
  const before = state.durable.definition;
  const news: News = (_state, now) => ({
    kind: 'definition-changed',
    revision: before.revision + 1,
    deployable,
    now,
  });
  const rehearsal = await rehearse(state, [news], rehearsalOptions(context));
  const reasons = compareDefinitions(before.deployable, deployable);
  const warnings = parsed.warnings.map(wire);
  return { kind: 'plan', value: { ...planOf(state, rehearsal, reasons), warnings } };
}

function rehearsalOptions({ scheduler, now }: QuestionContext): RehearsalOptions {
  return {
    now,
    decide: async ({ input }) => {
      const { outcome, record } = await decideWhole(input, scheduler);
      const { graph: graphXml } = await record();
      return { outcome: outcome.kind === 'graph' ? { ...outcome, recheckAt: undefined } : outcome, graphXml };
    },
  };
}

function wire({ allowed = '', ...problem }: Problem): DocumentProblem {
  return { ...problem, allowed };
}

async function simulate(
  context: QuestionContext,
  asked: { readonly subject: string; readonly name: string; readonly change: string },
): Promise<Answer> {
  const subject = (['resource', 'assembly', 'host'] as const).find((word) => word === asked.subject);
  const change = (['fails', 'returns'] as const).find((word) => word === asked.change);
  if (subject === undefined || change === undefined) {
    const said = `${asked.subject} ${asked.change}`;
    return busError(
      'invalid-request',
      `"${said}" cannot be simulated (allowed: resource, assembly, host; fails, returns)`,
    );
  }
  const found = newsOf({ subject, name: asked.name, change }, context.state);
  if (found.kind === 'refused') return busError('invalid-request', found.message);
  const rehearsal = await rehearse(context.state, found.news, rehearsalOptions(context));
  const direct =
    subject === 'host' ? new Map<string, string>() : new Map([[directId(subject, asked.name), `it ${change}`]]);
  const value = planOf(context.state, rehearsal, direct);
  return { kind: 'plan', value: { ...value, reason: value.reason || `assumed: ${found.as}` } };
}

function directId(subject: 'resource' | 'assembly', name: string): string {
  return subject === 'assembly' ? `${name}.vm` : name;
}

function planOf(before: DpeState, rehearsal: Rehearsal, direct: DirectReasons): Draft<Plan> {
  const { transitions, events, end, after } = rehearsal;
  const executed = transitions.flatMap(({ summary }) => summary?.executed ?? []);
  const { deployable } = after.durable.definition;
  const changes = describeChanges(deployable, executed, { direct, before: runningBefore(before) });
  // What an agent repairs by itself is in no graph.
  const local = events
    .filter(({ kind }) => kind === 'resource-recovered')
    .map(({ assembly = '', resource = '', reason }) => ({
      subject: `${assembly}.${resource}`,
      what: 'restart',
      reason,
    }));
  return {
    changes: [...local, ...changes, ...lostWith(before, after, changes)].map(({ subject, what, reason }) => ({
      subject,
      what,
      reason,
    })),
    transitions: transitions.map(({ trigger, graphXml, outcome }, index) => ({
      number: index + 1,
      trigger,
      graphXml,
      actions:
        outcome.kind === 'graph' ? simulateOrder(outcome.graph).executed.map(({ action }) => planned(action)) : [],
    })),
    outcome: end.kind === 'settled' ? 'settled' : end.kind === 'given-up' ? 'not-settled' : 'refused',
    reason: end.kind === 'settled' ? '' : end.reason,
  };
}

type PlannedGraphAction = ReturnType<typeof simulateOrder>['executed'][number]['action'];

function planned(action: PlannedGraphAction): Draft<PlannedAction> {
  return {
    id: action.id,
    kind: action.kind,
    operation: action.kind === 'pseudo' ? action.operationKey || action.operation : action.operation,
    resource: 'resource' in action ? (action.resource?.id ?? '') : '',
    node: action.node?.name ?? '',
    intervalMs: action.kind === 'resource' ? action.intervalMs : 0,
  };
}

async function explain({ state, archive, store, now }: QuestionContext, id: string): Promise<Answer> {
  const subject = subjectOf(state, id);
  if (subject === undefined) {
    const names = state.durable.definition.deployable.assemblies.flatMap(({ name, resources }) => [
      name,
      ...resources.map((resource) => `${name}.${resource.name}`),
    ]);
    const shown = names.slice(0, 20).join(', ');
    return busError('invalid-request', `there is no resource or assembly "${id}" (there are: ${shown || 'none'})`);
  }
  const rule = ruleOf(state, subject);
  const events = await recentEvents(store, state.durable.name);
  const transitions = await archive.list(explainedTransitions);
  const value: Draft<Explanation> = {
    subject: id,
    state: presentState(state, subject, now),
    containment: rule,
    chains: causalChains(subject, { events, transitions, rule }, maxChains).map(
      ({ links, verdict, from, until, phases }) => ({
        verdict,
        fromUnixMs: Math.round(from),
        untilUnixMs: Math.round(until ?? 0),
        phases: phases.map(({ name, durationMs }) => ({ name, durationMs: Math.round(durationMs) })),
        links: links.map(({ at, what, text, seq, transition: number }) => ({
          timeUnixMs: Math.round(at),
          what,
          text,
          seq: seq ?? 0,
          transition: number ?? 0,
        })),
      }),
    ),
  };
  return { kind: 'explanation', value };
}

function subjectOf({ durable }: DpeState, id: string): Subject | undefined {
  const [name = '', resource] = id.split('.');
  const assembly = durable.definition.deployable.assemblies.find((each) => each.name === name);
  if (assembly === undefined) return undefined;
  if (resource === undefined || resource === 'vm') return { assembly: name, resource: undefined };
  return assembly.resources.some((each) => each.name === resource) ? { assembly: name, resource } : undefined;
}

function ruleOf({ durable }: DpeState, { assembly, resource }: Subject): string {
  const { deployable } = durable.definition;
  const model = deployable.assemblies.find(({ name }) => name === assembly);
  const budget = ({ failures, periodMs }: { readonly failures: number; readonly periodMs: number }) =>
    `failure ${failures} within ${Math.round(periodMs / 1000)} s`;
  if (resource === undefined) {
    return `its DPE recovers it, with everything inside and what depends on that; ${budget(model?.escalation ?? deployable.escalation)} restarts the deployable`;
  }
  const id = `${assembly}.${resource}`;
  const verdict = containmentOf(durable).get(id);
  const escalation = model?.resources.find(({ name }) => name === resource)?.escalation ?? deployable.escalation;
  const ladder = `${budget(escalation)} recovers its assembly instead`;
  return verdict?.kind === 'delegated'
    ? `its agent restarts it at once, because nothing depends on it; ${ladder}`
    : `its DPE recovers it by a transition, because ${verdict?.reason ?? 'it is unknown'}; ${ladder}`;
}

function presentState(state: DpeState, { assembly, resource }: Subject, now: number): string {
  const known = renderStatus(state, now).assemblies?.find(({ name }) => name === assembly);
  const found = resource === undefined ? known : known?.resources?.find(({ name }) => name === resource);
  return found?.reason ? `${found.state}: ${found.reason}` : (found?.state ?? 'unknown');
}

async function recentEvents(store: QuestionContext['store'], deployable: string): Promise<readonly StoredEvent[]> {
  const latest = await store.latestEventSequence();
  const since = Math.max(0, latest - 4 * explainedEvents);
  const found = await store.events({ since, limit: 4 * explainedEvents, deployable });
  return found.slice(-explainedEvents);
}

async function transition({ archive }: QuestionContext, number: number): Promise<Answer> {
  const found = await archive.find(number === 0 ? 'newest' : number);
  if (found === undefined) return noTransition(number);
  const { cib, graph, outcome, directory } = found;
  const value: Draft<Transition> = {
    graphXml: graph,
    cibXml: cib,
    ...(outcome === undefined ? {} : { summary: renderSummary({ ...outcome, directory }) }),
    executed: (outcome?.executed ?? []).map(({ beganAt, endedAt, ...action }) => ({
      ...action,
      beganUnixMs: Math.round(beganAt),
      endedUnixMs: Math.round(endedAt ?? 0),
    })),
  };
  return { kind: 'transition', value };
}

async function replay({ archive, scheduler }: QuestionContext, number: number): Promise<Answer> {
  const found = await archive.find(number === 0 ? 'newest' : number);
  if (found === undefined) return noTransition(number);
  const replayed = await replayDecision(scheduler, found);
  if (replayed.kind === 'impossible') return busError('conflict', replayed.message);
  const { library } = await scheduler.hello();
  const { isSameGraph, isSameOrder, differences } = replayed;
  return {
    kind: 'replay',
    value: { sameGraph: isSameGraph, sameOrder: isSameOrder, differences: [...differences], schedulerVersion: library },
  };
}

function noTransition(number: number): Answer {
  const which = number === 0 ? 'there is no transition yet' : `transition ${number} is not (or no longer) kept`;
  return busError('invalid-request', `${which}; cpectl transitions list shows those there are`);
}
