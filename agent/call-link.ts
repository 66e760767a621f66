import { type AgentCall, agentCalls, isAgentCall } from '../proto/agent-calls.js';
import type { Bus, Answer as BusAnswer, BusSubscription, Received } from '../proto/bus.js';
import { type BusError, busError } from '../proto/bus-error.js';
import type { BodyDraft, Envelope } from '../proto/messages.js';
import { agentCall, agentEvent } from '../proto/subjects.js';
import { callMatahari, type MatahariCallBody } from './bus/matahari-messages.js';
import type { AgentIdentity } from './identity.js';
import type { Log } from './log.js';
import type { Matahari } from './matahari/matahari.js';

export interface CallLinkOptions {
  readonly identity: AgentIdentity;
  readonly bus: Bus;
  /** Makes Matahari's objects; called when they are needed, once unless it rejects. */
  readonly openMatahari: () => Promise<Matahari>;
  /** Answers `agentDescribe`; `backends` by object, empty where the objects cannot be made. */
  readonly describe: (resource: string, backends: Readonly<Record<string, string>>) => BodyDraft | BusError;
  /** Epoch of the decider that this agent obeys, for the events. */
  readonly epoch: () => number;
  readonly log: Log;
  /** Heartbeats of the machine begin so long after the start, if no call has begun them. Default 5000. */
  readonly eventsAfterMs?: number;
}

/** Answered together at most; of these so many may be calls that run something, so that one that waits holds up none. */
const maxCalls = 64;
const maxLongCalls = 32;
const maxWaiting = 128;
const defaultEventsAfterMs = 5000;
/** The answer needs its time as well. */
const answerMarginMs = 100;
const maxTimerMs = 2 ** 31 - 1;

/** What may take as long as some program likes: a script, a service, a package's tool. */
const longCalls: ReadonlySet<AgentCall> = new Set([
  'hostIdentify',
  'hostSetPowerProfile',
  'hostGetPowerProfile',
  'hostListPowerProfiles',
  'servicesList',
  'servicesEnable',
  'servicesDisable',
  'servicesStart',
  'servicesStop',
  'servicesStatus',
  'servicesDescribe',
  'resourcesDescribe',
  'resourcesInvoke',
  'networkStart',
  'networkStop',
  'sysconfigRunUri',
  'sysconfigRunString',
  'sysconfigQuery',
]);

/**
 * Answers what operators ask of this instance (proto/agent-calls.ts), and publishes what happens to its machine. Who
 * may ask is the bus server's to enforce; the role is looked at again here.
 */
export class CallLink {
  readonly #options: CallLinkOptions;
  readonly #calls: BusSubscription;
  readonly #eventsTimer: NodeJS.Timeout;
  #opened: Promise<Matahari> | undefined;
  #objects: Matahari | undefined;
  #stopEvents: readonly (() => void)[] = [];
  #longCalls = 0;
  #isClosed = false;

  constructor(options: CallLinkOptions) {
    this.#options = options;
    const { bus, identity, log, eventsAfterMs = defaultEventsAfterMs } = options;
    this.#calls = bus.subscribe(agentCall(identity.instance), (message) => this.#onCall(message), {
      concurrency: maxCalls,
      queueLimit: maxWaiting,
    });
    this.#eventsTimer = setTimeout(() => {
      this.#matahari().catch((error: unknown) => log('error', 'no events of the machine', { reason: String(error) }));
    }, eventsAfterMs);
    this.#eventsTimer.unref();
  }

  /**
   * Ends what runs because of operators' calls (recurring operations); nothing else. It does not wait for objects that
   * are still being made: they are closed when they are there.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#eventsTimer);
    this.#calls.unsubscribe();
    for (const stop of this.#stopEvents) stop();
    await this.#objects?.close();
  }

  async #onCall({ envelope }: Received): Promise<BusAnswer> {
    const { body } = envelope;
    const refused = this.#refuse(envelope);
    if (refused !== undefined) return refused;
    if (!isAgentCall(body.kind)) return busError('invalid-request', `an agent answers no ${body.kind}`);
    const leftMs = envelope.deadlineUnixMs === 0 ? undefined : envelope.deadlineUnixMs - Date.now();
    if (leftMs !== undefined && leftMs <= 0 && !agentCalls[body.kind].reads) {
      const message = `the deadline was over ${-leftMs} ms ago by the clock of this machine; nothing was done`;
      return busError('deadline', message);
    }
    const isLong = longCalls.has(body.kind);
    if (isLong && this.#longCalls >= maxLongCalls) {
      return busError('unavailable', `${maxLongCalls} calls that take their time are under way already`);
    }
    if (isLong) this.#longCalls += 1;
    if (!agentCalls[body.kind].reads) this.#noteChange(envelope);
    const answer = this.#answer(body as CallBody).finally(() => {
      if (isLong) this.#longCalls -= 1;
    });
    return leftMs === undefined || leftMs <= 0 ? answer : within(leftMs, answer, body.kind);
  }

  /** Who has changed a machine is asked afterwards. What with is not told: there may be secrets in it. */
  #noteChange({ sender, body }: Envelope): void {
    this.#options.log('info', 'asked to change the machine', { call: body.kind, by: `${sender.role} ${sender.id}` });
  }

  #refuse({ sender, deployable }: Envelope): BusError | undefined {
    if (sender.role !== 'operator' && sender.role !== 'dpe') {
      return busError('invalid-request', `an agent is asked by operators and its DPE only, not by role ${sender.role}`);
    }
    const { identity } = this.#options;
    if (deployable === '' || deployable === identity.deployable) return undefined;
    const message = `a call for deployable ${JSON.stringify(deployable)} reached an agent of another one`;
    return busError('invalid-request', message, { details: { deployable: identity.deployable } });
  }

  async #answer(body: CallBody): Promise<BodyDraft | BusError> {
    let matahari: Matahari | undefined;
    let reason = '';
    try {
      matahari = await this.#matahari();
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    if (body.kind === 'agentDescribe') return this.#options.describe(body.value.resource, matahari?.backends() ?? {});
    return matahari === undefined ? busError('unavailable', reason) : callMatahari(matahari, body);
  }

  /** Rejects when the objects cannot be made now; the next one who needs them tries again. */
  #matahari(): Promise<Matahari> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<Matahari> {
    try {
      const matahari = await this.#options.openMatahari();
      if (this.#isClosed) await matahari.close();
      else this.#stopEvents = this.#publishEvents(matahari);
      this.#objects = matahari;
      return matahari;
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }

  #publishEvents({ host, resources }: Matahari): readonly (() => void)[] {
    const { bus, identity, epoch, log } = this.#options;
    const subject = agentEvent(identity.instance);
    const publish = (body: BodyDraft): void => {
      try {
        bus.publish(subject, { deployable: identity.deployable, epoch: epoch(), body });
      } catch (error) {
        // A number of another program that fits no field.
        log('warn', 'an event of the machine cannot be told', { kind: body.kind, reason: String(error) });
      }
    };
    return [
      host.onHeartbeat((beat) => publish({ kind: 'hostHeartbeat', value: { ...beat } })),
      resources.onResourceOp(({ intervalMs, ...op }) =>
        publish({ kind: 'resourceOp', value: { ...op, interval: intervalMs } }),
      ),
    ];
  }
}

type CallBody = MatahariCallBody | Extract<Envelope['body'], { readonly kind: 'agentDescribe' }>;

/** The answer, or shortly before the caller stops waiting that it is still under way. */
async function within(
  leftMs: number,
  answer: Promise<BodyDraft | BusError>,
  kind: AgentCall,
): Promise<BodyDraft | BusError> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<BusError>((resolve) => {
    const waitMs = Math.min(Math.max(leftMs - answerMarginMs, leftMs / 2), maxTimerMs);
    timer = setTimeout(() => resolve(busError('deadline', `${kind} is still under way; it goes on`)), waitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
