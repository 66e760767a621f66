import { access, constants, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { SiteConfig } from '../../coordinator/cpe/site-config.js';
import type { Bus } from '../../proto/bus.js';
import type { BusError } from '../../proto/bus-error.js';
import { busError } from '../../proto/bus-error.js';
import type { CredentialsIdentity } from '../../proto/credentials-identity.js';
import type { Body, BodyDraft, BodyKind } from '../../proto/messages.js';
import { cpeRequest, type Subject } from '../../proto/subjects.js';
import { type CommandOutcome, exitCodes, type Failure, failure } from './exit-code.js';
import { explainNoBus } from './explain-error.js';
import type { GlobalOptions } from './global-options.js';

/** Every question that cpectl puts to the Cloud Policy Engine, and the answer that belongs to it. */
export const answers = {
  createDeployable: 'deployableChanged',
  reloadDeployable: 'deployableChanged',
  startDeployable: 'deployableChanged',
  stopDeployable: 'deployableChanged',
  deleteDeployable: 'ack',
  listDeployables: 'deployableList',
  getStatus: 'deployableStatus',
  getEvents: 'eventList',
  getFailures: 'failureList',
  getAudit: 'auditList',
  authCreate: 'authCreated',
  authList: 'authIdentities',
  authRevoke: 'ack',
  authRotate: 'authCreated',
  getInfo: 'info',
  getCib: 'cib',
  listTransitions: 'transitionList',
  resourceStart: 'verbDone',
  resourceStop: 'verbDone',
  resourceRestart: 'verbDone',
  resourceMove: 'verbDone',
  resourceBan: 'verbDone',
  resourceClear: 'verbDone',
  resourceCleanup: 'verbDone',
  resourceManage: 'verbDone',
  resourceUnmanage: 'verbDone',
  resourceFail: 'verbDone',
  resourceFailcount: 'failCountList',
  assemblyStandby: 'verbDone',
  assemblyUnstandby: 'verbDone',
  assemblyRestart: 'verbDone',
  assemblyDestroy: 'verbDone',
  assemblyDrain: 'verbDone',
  deployableMaintenance: 'verbDone',
  deployableHold: 'verbDone',
  deployableResume: 'verbDone',
  planDeployable: 'plan',
  deployableHistory: 'deployableVersions',
  rollbackDeployable: 'deployableChanged',
  getVersion: 'definition',
  hostList: 'hostSummaries',
  hostStatus: 'hostSummaries',
  hostDrain: 'verbDone',
  hostConfirmDead: 'verbDone',
  hostFencer: 'verbDone',
  hostAdoptOrphan: 'verbDone',
  assemblyReboot: 'verbDone',
  simulate: 'plan',
  explain: 'explanation',
  getTransition: 'transition',
  replayTransition: 'replay',
} as const satisfies Partial<Record<BodyKind, BodyKind>>;

/** What a second arrival would answer differently (`already-exists`) or do twice: never sent again by itself. */
const onlyOnce: ReadonlySet<Question> = new Set([
  'authCreate',
  'authRotate',
  'createDeployable',
  'reloadDeployable',
  'rollbackDeployable',
  'deleteDeployable',
  'resourceRestart',
  'resourceFail',
  'assemblyRestart',
  'assemblyDestroy',
  'assemblyReboot',
]);

export type Question = keyof typeof answers;
/** Questions that are answered by `verbDone`. */
export type Verb = { [Q in Question]: (typeof answers)[Q] extends 'verbDone' ? Q : never }[Question];
export type DraftOf<K extends BodyKind> = Extract<BodyDraft, { readonly kind: K }>['value'];
type ValueOf<K extends BodyKind> = Extract<Body, { readonly kind: K }>['value'];

export type Answered<Q extends Question> =
  | { readonly kind: 'answer'; readonly value: ValueOf<(typeof answers)[Q]> }
  | { readonly kind: 'error'; readonly error: BusError };

/** The coordinator of a home directory, over a bus that reconnects by itself. */
export interface Coordinator {
  /** Never rejects. A coordinator that is being restarted is waited for until the deadline (default 10 s). */
  ask<Q extends Question>(
    question: Q,
    value: DraftOf<Q>,
    options?: { readonly deadlineMs?: number },
  ): Promise<Answered<Q>>;
}

/** Connects, lets `work` do its part (with the bus itself where others are asked), and closes the connection again. */
export async function withCoordinator(
  options: GlobalOptions,
  work: (coordinator: Coordinator, bus: Bus) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const connected = await connectCoordinator(options);
  if (connected.kind === 'failure') return connected;
  const { bus, subject } = connected;
  const usualDeadlineMs = Math.min(defaultDeadlineMs, options.timeoutMs ?? defaultDeadlineMs);
  try {
    const coordinator: Coordinator = {
      ask: (question, value, { deadlineMs = usualDeadlineMs } = {}) =>
        ask({ bus, subject }, question, { value, deadlineMs }),
    };
    return await work(coordinator, bus);
  } finally {
    await bus.close();
  }
}

const defaultDeadlineMs = 10_000;
/** While its supervisor runs, a bus server that is gone is about to come back. */
const restartPatienceMs = 10_000;
const connectMs = 5_000;
const probePauseMs = 50;
/** A server behind a network that loses everything. */
const probeMs = 2_000;
const noResponderPauseMs = 100;

interface Line {
  readonly bus: Bus;
  /** Where whoever asks may ask. */
  readonly subject: Subject;
}
type Connected = ({ readonly kind: 'connected' } & Line) | Failure;

/** The plain probe comes first: it tells in a millisecond what a bus client would keep trying for seconds. */
async function connectCoordinator(options: GlobalOptions): Promise<Connected> {
  const { home, timeoutMs } = options;
  const servers = await readServers(options);
  if ('kind' in servers) return servers;
  const until = Date.now() + Math.min(restartPatienceMs, timeoutMs ?? restartPatienceMs);
  while (!(await Promise.all(servers.map(isListening))).includes(true)) {
    if (options.busServers !== undefined) {
      return failure(
        exitCodes.unreachable,
        `nothing listens at ${servers.join(', ')}`,
        'check --server and the network',
      );
    }
    if (!(await isSupervised(home)) || Date.now() >= until) return notRunning(options);
    await delay(probePauseMs);
  }
  const [{ connectBus }, { credentialsFile }, { parseCredentialsIdentity }] = await Promise.all([
    import('../../proto/nats-bus.js'),
    import('../../coordinator/cpe/credentials.js'),
    import('../../proto/credentials-identity.js'),
  ]);
  const credentials = options.identity ?? credentialsFile(home, 'operator');
  if (!(await isReadable(credentials))) return notOurs(credentials);
  const identity = askerIn(parseCredentialsIdentity(await readFile(credentials, 'utf8')));
  if (identity === undefined) return notAnAsker(credentials);
  let trouble: string | undefined;
  const bus = await connectBus({
    servers,
    credentialsFile: credentials,
    identity,
    name: 'cpectl',
    onProblem: (problem) => {
      if (problem.kind === 'connection') trouble = problem.reason;
    },
    firstConnectMs: Math.min(connectMs, timeoutMs ?? connectMs),
  });
  if (bus.isConnected()) return { kind: 'connected', bus, subject: cpeRequest(identity.role, identity.id) };
  await bus.close();
  return explainNoBus({ url: servers.join(','), log: join(home, 'nats', 'nats-server.log') }, trouble);
}

function askerIn(identity: CredentialsIdentity | undefined) {
  if (identity === undefined) return undefined;
  const { role, id } = identity;
  return role === 'operator' || role === 'viewer' ? { role, id } : undefined;
}

async function ask<Q extends Question>(
  { bus, subject }: Line,
  question: Q,
  { value, deadlineMs }: { readonly value: DraftOf<Q>; readonly deadlineMs: number },
): Promise<Answered<Q>> {
  // The compiler does not relate `question` to `value` by itself; the signature does.
  const body = { kind: question, value } as unknown as BodyDraft;
  const until = Date.now() + deadlineMs;
  const isRepeatable = !onlyOnce.has(question);
  for (;;) {
    const leftMs = Math.max(1, until - Date.now());
    const outcome = await bus.request(subject, { body }, { deadlineMs: leftMs, retry: isRepeatable });
    if (outcome.kind === 'error') {
      // Nobody listened, so nothing was done: this much may be repeated for every question.
      const mayRepeat = outcome.error.code === 'no-responder' && Date.now() + noResponderPauseMs < until;
      if (isRepeatable || !mayRepeat) return outcome;
      await delay(noResponderPauseMs);
      continue;
    }
    const answer = outcome.envelope.body;
    if (answer.kind === answers[question]) {
      return { kind: 'answer', value: answer.value as ValueOf<(typeof answers)[Q]> };
    }
    return { kind: 'error', error: busError('invalid-reply', `"${answer.kind}" is no answer to "${question}"`) };
  }
}

/** The site's own bus servers where it has some, otherwise the one of this home, wherever it listens. */
async function readServers(options: GlobalOptions): Promise<readonly string[] | Failure> {
  const { busServers } = options;
  if (busServers !== undefined) {
    const wrong = busServers.find((server) => !URL.canParse(server) || new URL(server).hostname === '');
    if (wrong !== undefined) {
      return failure(
        exitCodes.usage,
        `--server: "${wrong}" is no address of a bus server`,
        'as in nats://10.0.0.1:4222',
      );
    }
    return options.identity === undefined
      ? failure(exitCodes.usage, '--server needs to know who asks', 'name a credentials file with --identity')
      : busServers;
  }
  const { natsServer, busUrl, listen } = await readConfig(options.home);
  if ((natsServer === '' || listen !== undefined) && busUrl !== undefined) return busUrl.split(',');
  const file = join(options.home, 'nats', 'port');
  try {
    const port = Number.parseInt(await readFile(file, 'utf8'), 10);
    return Number.isInteger(port) ? [`nats://127.0.0.1:${port}`] : notRunning(options);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? notOurs(file) : notRunning(options);
  }
}

/** Only what is looked for here: a coordinator that was never set up is found out about by its port. */
async function readConfig(home: string): Promise<Partial<Pick<SiteConfig, 'natsServer' | 'busUrl' | 'listen'>>> {
  try {
    return JSON.parse(await readFile(join(home, 'config.json'), 'utf8')) as object;
  } catch {
    return {};
  }
}

function isListening(server: string): Promise<boolean> {
  const { hostname: host, port } = new URL(server);
  return new Promise((settle) => {
    const socket = connect({ host, port: Number(port || 4222), timeout: probeMs });
    const end = (answer: boolean) => {
      socket.destroy();
      settle(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

async function isSupervised(home: string): Promise<boolean> {
  const pid = Number.parseInt(await readFile(join(home, 'supervisor.pid'), 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

function notRunning({ home, upCommand }: GlobalOptions): Failure {
  return failure(exitCodes.unreachable, `the coordinator of ${home} is not running`, `start it with: ${upCommand}`);
}

function notOurs(file: string): Failure {
  const next = 'run cpectl as the user who runs the coordinator, or choose another home with --home';
  return failure(exitCodes.unreachable, `${file} cannot be read`, next);
}

function notAnAsker(file: string): Failure {
  return failure(exitCodes.unreachable, `${file} holds no credentials of an operator or viewer`);
}
