/** Where a deployable's DPE listens: launchers, agents, and the questions of the CPE and of operators. */
import type { Answer, Bus, BusSubscription, MessageHandler, Received, SubscribeOptions } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import { renderInstanceId } from '../../proto/instance-id.js';
import {
  type AgentChannel,
  allAgents,
  allLauncherBeats,
  allLauncherReports,
  allSilenceCounts,
  dpeRequest,
  parseSubject,
} from '../../proto/subjects.js';
import { renderCib } from '../policy/cib.js';
import { admission } from './admission.js';
import { reportBody } from './agent-report.js';
import { cibInputOf } from './core/cib-input-of.js';
import { offsetOnArrival } from './core/clock-facts.js';
import type { DpeState } from './core/dpe-state.js';
import { assemblyOf, awaitsResult, isKnownResource, newestReport } from './core/instance-names.js';
import type { OperatorVerb } from './core/operator-verb.js';
import type { DecisionArchive } from './decision-archive.js';
import { answerQuestion, type QuestionContext } from './dpe-questions.js';
import type { DpeRuntime } from './dpe-runtime.js';
import { listFailCounts } from './fail-counts.js';
import { launcherBeat } from './inbound.js';
import { answerOf, askedBy, verbOf } from './operator-request.js';
import { renderSummary } from './render-transition.js';
import type { Logger } from './runtime-ports.js';
import { renderStatus } from './status.js';

export interface DpeServiceOptions {
  readonly bus: Bus;
  readonly deployable: string;
  readonly epoch: number;
  readonly heartbeatIntervalMs: number;
  readonly runtime: DpeRuntime;
  readonly archive: DecisionArchive;
  readonly log: Logger;
  readonly store: QuestionContext['store'];
  readonly scheduler: QuestionContext['scheduler'];
  /** Makes the credentials of an instance's agent. */
  readonly mintForAgent: (instance: string) => string;
  /** An agent says far more than it may. Told again while it does. */
  readonly onFlood: (instance: string) => void;
  /** Reads definition and desired state from the store again. */
  readonly refresh: () => Promise<void>;
}

/** Numbers that a spool may skip after a crash. */
const maxSequenceGap = 1_000;

/** Subscribes to everything; the returned function ends it. */
export function serveDpe(options: DpeServiceOptions): () => void {
  const { bus, deployable, runtime } = options;
  const ofAgents = (channel: AgentChannel, handler: MessageHandler, more: SubscribeOptions = {}) =>
    bus.subscribe(allAgents(deployable, channel), handler, { ...more, admits: admitted(options, channel) });
  const subscriptions: BusSubscription[] = [
    bus.subscribe(allLauncherBeats, (message) => onBeat(runtime, message)),
    bus.subscribe(allLauncherReports(deployable), (message) => onLauncherReport(runtime, message)),
    ofAgents('register', (message) => onRegister(options, message)),
    ofAgents('heartbeat', (message) => onHeartbeat(runtime, message)),
    ofAgents('renew', (message) => onRenew(options, message)),
    ofAgents('report', (message) => onAgentReport(options, message), { concurrency: 256 }),
    bus.subscribe(dpeRequest(deployable), (message) => onRequest(options, message)),
    bus.subscribe(allSilenceCounts, (message) => onSilenceCount(runtime, message)),
  ];
  const stopListening = bus.onStatus(({ kind }) => {
    runtime.post({ kind: 'bus-changed', isConnected: kind === 'connected' });
  });
  return () => {
    stopListening();
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

/** Messages a second of one agent, and at once. Reports are those of an outage when they come in numbers. */
const rates = {
  register: { perSecond: 5, burst: 50 },
  heartbeat: { perSecond: 20, burst: 100 },
  renew: { perSecond: 1, burst: 20 },
  report: { perSecond: 500, burst: 5_000 },
  event: { perSecond: 100, burst: 1_000 },
} as const satisfies Record<AgentChannel, { readonly perSecond: number; readonly burst: number }>;

function admitted({ onFlood }: DpeServiceOptions, channel: AgentChannel): (subject: string) => boolean {
  return admission({
    ...rates[channel],
    now: () => performance.now(),
    onFlood: (subject) => {
      const from = parseSubject(subject);
      if (from !== undefined && 'instance' in from) onFlood(renderInstanceId(from.instance));
    },
  });
}

function onBeat(runtime: DpeRuntime, { envelope, subject }: Received): void {
  const from = parseSubject(subject);
  if (envelope.body.kind !== 'launcherBeat' || from?.kind !== 'launcher-beat') return;
  runtime.post(launcherBeat(from.host, envelope.body.value));
}

function onLauncherReport(runtime: DpeRuntime, { envelope, subject }: Received): Promise<Answer> | Answer {
  const from = parseSubject(subject);
  if (envelope.body.kind !== 'launcherReport' || from?.kind !== 'launcher-report')
    return unexpected(envelope.body.kind);
  const { sequence, death } = envelope.body.value;
  if (death === undefined) return busError('invalid-request', 'a launcher report without a death');
  const { instance, evidence, atUnixMs } = death;
  return runtime.postForReply((token) => ({
    kind: 'instance-died',
    host: from.host,
    sequence,
    instance,
    evidence,
    at: atUnixMs,
    token,
  }));
}

function onRegister(options: DpeServiceOptions, { envelope, subject }: Received): Answer {
  const from = parseSubject(subject);
  if (envelope.body.kind !== 'register' || from?.kind !== 'agent-register') return unexpected(envelope.body.kind);
  const instance = renderInstanceId(from.instance);
  if (assemblyOf(options.runtime.state, instance) === undefined) {
    return busError('unknown-instance', `${instance} is not the current instance of its assembly`);
  }
  const { agentTimeUnixMs: unixMs, bootTimeMs: bootMs } = envelope.body.value;
  const { incarnation } = envelope.sender;
  options.runtime.post({ kind: 'agent-registered', instance, incarnation, clock: { unixMs, bootMs } });
  const { heartbeatIntervalMs, epoch } = options;
  return { kind: 'registered', value: { heartbeatIntervalMs, epoch } };
}

/** Only for an instance that is still its assembly's: those of another one end. */
function onRenew({ runtime, mintForAgent }: DpeServiceOptions, { envelope, subject }: Received): Answer {
  const from = parseSubject(subject);
  if (envelope.body.kind !== 'renewCredentials' || from?.kind !== 'agent-renew') return unexpected(envelope.body.kind);
  const instance = renderInstanceId(from.instance);
  if (assemblyOf(runtime.state, instance) === undefined) {
    return busError('unknown-instance', `${instance} is not the current instance of its assembly`);
  }
  return { kind: 'credentials', value: { credentials: mintForAgent(instance) } };
}

function onHeartbeat(runtime: DpeRuntime, { envelope, subject }: Received): void {
  const from = parseSubject(subject);
  if (envelope.body.kind !== 'heartbeat' || from?.kind !== 'agent-heartbeat') return;
  const { timestampUnixMs: unixMs, bootTimeMs: bootMs } = envelope.body.value;
  runtime.post({ kind: 'agent-heard', instance: renderInstanceId(from.instance), clock: { unixMs, bootMs } });
}

/** What the DPEs of other deployables hear. */
function onSilenceCount(runtime: DpeRuntime, { envelope, subject }: Received): void {
  const from = parseSubject(subject);
  if (envelope.body.kind !== 'silenceCount' || from?.kind !== 'silence') return;
  if (envelope.sender.role !== 'dpe' || from.deployable === runtime.state.durable.name) return;
  const hosts = Object.fromEntries(
    envelope.body.value.hosts.map(({ host, running, silent }) => [
      host,
      { running, silent: Math.min(silent, running) },
    ]),
  );
  runtime.post({ kind: 'silence-count', deployable: from.deployable, hosts });
}

function onAgentReport({ runtime, log }: DpeServiceOptions, { envelope, subject }: Received): Promise<Answer> | Answer {
  const from = parseSubject(subject);
  if (envelope.body.kind !== 'agentReport' || from?.kind !== 'agent-report') return unexpected(envelope.body.kind);
  const { sequence } = envelope.body.value;
  const instance = renderInstanceId(from.instance);
  const { state } = runtime;
  if (sequence > newestReport(state, instance) + maxSequenceGap) {
    // Believed, it would make every true report of the instance an old one.
    return busError('invalid-request', `report ${sequence} is too far ahead of the last one`);
  }
  // A result that was waited for is believed even when its resource has left the definition meanwhile.
  const { report: told } = envelope.body.value;
  const isAwaited = told.kind === 'orderResult' && awaitsResult(state, told.value.operationId);
  const { assembly } = from.instance;
  const isKnown = (id: string) => isKnownResource(state, assembly, id) || (isAwaited && id.startsWith(`${assembly}.`));
  const { agentTimeUnixMs: unixMs, bootTimeMs: bootMs } = envelope.body.value;
  const clock = { unixMs, bootMs };
  const now = Date.now();
  const offsetMs = offsetOnArrival(state, { assembly, instance, clock }, now);
  const reportedAt = state.volatile.agents[instance]?.reportedAt ?? 0;
  const read = reportBody(envelope.body.value, { isKnown, now, offsetMs, reportedAt });
  if (read.kind === 'invalid') log.warn({ instance, sequence, reason: read.reason }, 'a report is not believed');
  // What is not believed must not stop the agent's spool for ever: it counts as a kind that is not known.
  const report = read.kind === 'invalid' ? ({ kind: 'unknown', reason: read.reason } as const) : read;
  return runtime.postForReply((token) => ({ kind: 'agent-report', instance, sequence, clock, report, token }));
}

async function onRequest(options: DpeServiceOptions, { envelope }: Received): Promise<Answer> {
  const { runtime, archive } = options;
  switch (envelope.body.kind) {
    case 'poke':
      await options.refresh();
      return { kind: 'ack', value: {} };
    case 'getStatus':
      return { kind: 'deployableStatus', value: renderStatus(runtime.state, Date.now()) };
    case 'getCib':
      return { kind: 'cib', value: { xml: renderCib(cibInputOf(runtime.state, Date.now())) } };
    case 'listTransitions': {
      const found = await archive.list(Math.min(500, envelope.body.value.limit || 50));
      const transitions = found.map(renderSummary);
      return { kind: 'transitionList', value: { transitions } };
    }
    case 'resourceFailcount':
      return failCounts(runtime.state, envelope.body.value.resource);
    default: {
      const verb = verbOf(envelope.body, Date.now());
      if (verb !== undefined) return perform(options, verb, askedBy(envelope));
      const { store, scheduler } = options;
      const context = { state: runtime.state, archive, store, scheduler, now: Date.now() };
      return (await answerQuestion(context, envelope.body)) ?? unexpected(envelope.body.kind);
    }
  }
}

/** An operator's verb. The newest event is asked for first: what the verb leads to comes after it. */
async function perform({ runtime, store }: DpeServiceOptions, verb: OperatorVerb, by: string): Promise<Answer> {
  const lastSeq = await store.latestEventSequence();
  return answerOf(await runtime.perform(verb, by), lastSeq);
}

function failCounts(state: DpeState, resource: string): Answer {
  const found = listFailCounts(state, resource === '' ? undefined : resource);
  if (found.kind === 'refused') return busError(found.code, found.message);
  return { kind: 'failCountList', value: { failCounts: found.subject } };
}

function unexpected(kind: string): Answer {
  return busError('invalid-request', `a DPE does not answer "${kind}" here`);
}
