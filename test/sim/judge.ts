import type { OperationResult } from '../../agent/core/operation.js';
import type { Report } from '../../agent/core/state.js';
import type { MemoryDisk } from '../../coordinator/store/memory-store.js';
import type { StoredEvent } from '../../coordinator/store/store.js';
import type { Answer } from '../../proto/bus.js';
import { isBusError } from '../../proto/bus-error.js';
import { renderInstanceId } from '../../proto/instance-id.js';
import { parseSubject } from '../../proto/subjects.js';
import { EventTail } from './event-tail.js';
import type { Ledger } from './ledger.js';
import { isCauseOf } from './restart-cause.js';
import type { ReceivedRequest } from './sim-bus.js';
import type { SimDocument } from './sim-document.js';
import type { BegunOperation, SimInstance } from './sim-instance.js';
import type { Acknowledged } from './sim-operator.js';
import type { VirtualTime } from './virtual-time.js';

const decisionWindowMs = 10_000;
/** A DPE slows down by itself at 60. */
const decisionLimit = 75;
/** A lease, a stop that times out, and an agent that is frozen, or away, for as long as it may be. */
const leaseBoundMs = 15_000 + 5_000 + 30_000;
/** A document that was replaced so long ago is no excuse any more. */
const replacedMs = 60_000;

interface Known {
  /** Newest first. */
  documents: readonly { readonly document: SimDocument; replacedAt: number | undefined }[];
  readonly lastBoot: Map<string, SimInstance>;
  /** By resource: the newest event when the start was ordered that is under way, or was the last. */
  readonly ordered: Map<string, number>;
  /** The same of the last start that is known to have worked. */
  readonly starts: Map<string, number>;
  /** By resource: the order that began last. */
  readonly orders: Map<string, string>;
  decisions: number[];
  lastActionAt: number;
  deletedAt: number | undefined;
}

/** Holds everything that happens in a simulation against what must never happen, at the moment it happens. */
export class Judge {
  readonly #time: VirtualTime;
  readonly #ledger: Ledger;
  readonly #tail: EventTail;
  readonly #disk: MemoryDisk;
  readonly #known = new Map<string, Known>();
  readonly #epochs = new Map<string, number>();
  /** By instance: when its agent last had a word of its decider. */
  readonly #words = new Map<string, number>();
  /** By operation id: the newest event when the order was sent first. */
  readonly #issued = new Map<string, number>();
  /** Failures whose reports were acknowledged, and how often each was told. */
  readonly #failures = new Set<string>();
  readonly #told = new Map<string, number>();
  /** By instance: when it booted. */
  readonly #boots = new Map<string, number>();
  readonly #eventsOf = new Map<string, StoredEvent[]>();

  /** Whether an operator has ever wished that nothing is done about a resource. */
  isLeftAlone: (deployable: string, resource: string) => boolean = () => false;

  constructor(time: VirtualTime, ledger: Ledger, disk: MemoryDisk) {
    this.#time = time;
    this.#ledger = ledger;
    this.#disk = disk;
    this.#tail = new EventTail(disk, (event) => this.#onEvent(event));
  }

  /** From now on this document may come into force. */
  onDocument(name: string, document: SimDocument): void {
    const known = this.#of(name);
    const kept = known.documents.filter(
      ({ replacedAt }, at) => at === 0 || this.#time.now - (replacedAt ?? 0) < replacedMs,
    );
    for (const each of kept) each.replacedAt ??= this.#time.now;
    known.documents = [{ document, replacedAt: undefined }, ...kept];
  }

  onBoot(instance: SimInstance, alive: readonly SimInstance[]): void {
    for (const other of alive) {
      if (other.deployable !== instance.deployable || other.assembly !== instance.assembly) continue;
      this.#ledger.violate(`${instance.id} starts while ${other.id} is alive`);
    }
    const { lastBoot } = this.#of(instance.deployable);
    const before = lastBoot.get(instance.assembly);
    lastBoot.set(instance.assembly, instance);
    this.#boots.set(instance.id, this.#time.now);
    if (before === undefined) return;
    const hasReason = this.events(instance.deployable).some((event) => event.instance === before.id && isEnd(event));
    // Deleted while its DPE was away, on the word of its launchers that nothing of it runs.
    const isDeleted = (this.#of(instance.deployable).deletedAt ?? 0) > before.bootedAt;
    if (!hasReason && !isDeleted)
      this.#ledger.violate(`${instance.id} starts, and no event tells why ${before.id} ended`);
  }

  onBegin({ instance, operation, operationId }: BegunOperation, alive: readonly SimInstance[]): void {
    const { name, resource } = operation;
    if (name !== 'start' && name !== 'stop') return;
    this.#of(instance.deployable).lastActionAt = this.#time.now;
    if (operationId !== undefined) this.#checkCause(instance, name, resource, operationId);
    if (name === 'start') this.#checkStart(instance, resource);
    // Without an order an agent stops what it recovers by itself, which nobody needs, and what its lease is over for.
    else if (operationId !== undefined) this.#checkStop(instance, resource, alive);
  }

  onRunning(instance: SimInstance, resource: string, alive: readonly SimInstance[]): void {
    for (const other of alive) {
      if (other === instance || other.deployable !== instance.deployable) continue;
      if (other.resources.get(resource)?.isRunning === true) {
        this.#ledger.violate(`${resource} runs in ${instance.id} and in ${other.id}`);
      }
    }
  }

  /** Now and then: nothing exclusive runs on where nobody has had a word of a decider for too long. */
  checkLeases(alive: readonly SimInstance[]): void {
    for (const instance of alive) {
      const silentMs = this.#time.now - (this.#words.get(instance.id) ?? instance.bootedAt);
      if (silentMs < leaseBoundMs) continue;
      const exclusive = this.#of(instance.deployable).documents[0]?.document.exclusive ?? new Set();
      for (const resource of instance.resources.running()) {
        if (!exclusive.has(resource) || instance.resources.get(resource)?.isGhost === true) continue;
        this.#ledger.violate(`${resource} runs in ${instance.id} after ${silentMs} ms without a word of its decider`);
      }
    }
  }

  /** An order is sent, perhaps not for the first time. */
  onSend(operationId: string): void {
    if (operationId === '' || this.#issued.has(operationId)) return;
    this.#issued.set(operationId, this.#tail.read().at(-1)?.seq ?? 0);
  }

  /** An order is about to be taken by its receiver; what is returned hears of the answer. */
  onRequest({ subject, request }: ReceivedRequest): ((answer: NonNullable<Answer>) => void) | undefined {
    const to = parseSubject(subject);
    if (to?.kind !== 'agent-order' && to?.kind !== 'launcher-order') return undefined;
    const { deployable, epoch, body } = request;
    if (body.kind === 'inspectInstance' || body.kind === 'listInstances') return undefined;
    const key = `${subject} ${deployable}`;
    const inForce = this.#epochs.get(key) ?? 0;
    return (answer) => {
      if (isBusError(answer)) return;
      if (to.kind === 'agent-order') this.#words.set(renderInstanceId(to.instance), this.#time.now);
      if (epoch < inForce) {
        this.#ledger.violate(`${subject} took ${body.kind} of epoch ${epoch} after epoch ${inForce}`);
      }
      this.#epochs.set(key, Math.max(epoch, this.#epochs.get(key) ?? 0));
    };
  }

  onDecision(deployable: string, actions: number): void {
    const known = this.#of(deployable);
    const { now } = this.#time;
    if (actions > 0) known.lastActionAt = now;
    known.decisions = [...known.decisions.filter((at) => now - at < decisionWindowMs), now];
    if (known.decisions.length > decisionLimit) {
      this.#ledger.violate(`${deployable}: ${known.decisions.length} decisions within 10 s`);
    }
  }

  /** An agent knows that its decider has taken the report: what it tells must be durable at this very moment. */
  onAcknowledged(instance: SimInstance, report: Report): void {
    for (const result of failuresIn(report)) {
      // The agent's own word, of no operation that ran: the lease of the resource is over.
      if (result.output === '') continue;
      const key = `${instance.id} ${result.output}`;
      this.#failures.add(key);
      this.events(instance.deployable);
      if (!this.#told.has(key)) {
        this.#ledger.violate(`acknowledged and not told: ${result.operation} of ${result.resource} failed (${key})`);
      }
    }
  }

  onOrderKept({ deployable, revision, desiredRevision }: Acknowledged): void {
    const text = this.#disk.records.get(`deployable/${deployable}`);
    const record = text === undefined ? undefined : (JSON.parse(text.slice(text.indexOf(',') + 1)) as RecordText);
    if (record === undefined) return;
    const isKept = record.definition.revision >= revision && record.desired.revision >= desiredRevision;
    // One that was deleted and created anew begins with 1 again.
    if (!isKept && record.createdAt < this.#time.now - replacedMs) {
      this.#ledger.violate(`${deployable}: acknowledged and not kept: revision ${revision}, wish ${desiredRevision}`);
    }
  }

  onDeleted(deployable: string): void {
    this.#of(deployable).deletedAt = this.#time.now;
  }

  /** Since something was done, or was to be done, about the deployable. */
  quietMs(deployable: string): number {
    return this.#time.now - this.#of(deployable).lastActionAt;
  }

  /** Takes note of what has become durable. */
  look(): void {
    this.#tail.read();
  }

  /** Everything durable about a deployable. */
  events(deployable: string): readonly StoredEvent[] {
    this.#tail.read();
    return this.#eventsOf.get(deployable) ?? [];
  }

  /** When all is over: every failure is told once, every end is told once, and everything has its reason. */
  checkEvents(): void {
    const events = this.#tail.read();
    const ends = new Map<string, number>();
    const started = new Set<string>();
    for (const event of events) {
      const { kind, instance = '', seq, reason } = event;
      if (reason === '') this.#ledger.violate(`event ${seq} ${kind} has no reason`);
      if (kind === 'decision-failed') this.#ledger.violate(`event ${seq}: a decision failed: ${reason}`);
      if (kind === 'assembly-started') started.add(instance);
      if (isToldEnd(event)) ends.set(instance, (ends.get(instance) ?? 0) + 1);
    }
    for (const key of this.#failures) {
      if (this.#told.get(key) !== 1) this.#ledger.violate(`told ${this.#told.get(key) ?? 0} times: ${key}`);
    }
    for (const instance of started) {
      const times = ends.get(instance) ?? 0;
      const wasDeleted = (this.#boots.get(instance) ?? 0) < (this.#of(instance.split('.')[0] ?? '').deletedAt ?? 0);
      if (times !== 1 && !(times === 0 && wasDeleted))
        this.#ledger.violate(`the end of ${instance} was told ${times} times`);
    }
  }

  /** What must run before `resource` runs, or has ended in a way that nobody may have noticed yet. */
  #checkStart(instance: SimInstance, resource: string): void {
    const { lastBoot } = this.#of(instance.deployable);
    for (const first of this.#before(instance.deployable, resource)) {
      if (this.isLeftAlone(instance.deployable, first)) continue;
      const newest = lastBoot.get(first.split('.')[0] ?? '');
      const known = newest?.resources.get(first);
      if (known?.isRunning === true || newest?.isAlive === false) continue;
      if (known !== undefined && ['agent', 'crash', 'lie'].includes(known.endedBy)) continue;
      this.#ledger.violate(
        `${resource} starts in ${instance.id} while ${first} does not run (${known?.endedBy ?? 'not there'})`,
      );
    }
  }

  /** Nothing that has to be stopped before `resource` still runs when it is stopped. */
  #checkStop(instance: SimInstance, resource: string, alive: readonly SimInstance[]): void {
    for (const other of alive) {
      if (other.deployable !== instance.deployable || this.#wasHeld(other)) continue;
      for (const [id, { isRunning, isGhost }] of other.resources.entries()) {
        if (!isRunning || isGhost || this.isLeftAlone(other.deployable, id)) continue;
        if (!this.#before(instance.deployable, id).includes(resource)) continue;
        this.#ledger.violate(`${resource} is stopped in ${instance.id} while ${id} runs in ${other.id}`);
      }
    }
  }

  /** What cannot be reached cannot be stopped, and holds up nobody who wants to stop. */
  #wasHeld({ id, deployable }: SimInstance): boolean {
    return this.events(deployable).some(({ kind, instance }) => kind === 'assembly-held' && instance === id);
  }

  /** What was started once is stopped or started again only after an event that explains it. */
  #checkCause(instance: SimInstance, name: 'start' | 'stop', resource: string, operationId: string): void {
    const known = this.#of(instance.deployable);
    // The order that an agent's successor carries out again is the same order.
    if (known.orders.get(resource) === operationId) return;
    known.orders.set(resource, operationId);
    const before = known.starts.get(resource);
    const events = this.events(instance.deployable);
    if (name === 'start') known.ordered.set(resource, this.#issued.get(operationId) ?? 0);
    // To start what runs is not to restart it; and what ended by itself is told of as a failure, once its agent finds it.
    const { isRunning, endedBy } = instance.resources.get(resource) ?? {};
    if (before === undefined || (name === 'start' && (isRunning === true || endedBy !== 'order'))) return;
    const documents = known.documents.map(({ document }) => document);
    const hasCause = events.some(
      (event) => (event.seq > before || this.#isFreshWish(event)) && isCauseOf(event, resource, documents),
    );
    if (!hasCause) this.#ledger.violate(`${name} of ${resource} in ${instance.id}, and no event tells why`);
  }

  /** The CPE tells of a wish when it is durable; the DPE may hear of it later. */
  #isFreshWish({ kind, time }: StoredEvent): boolean {
    return kind.endsWith('-ordered') && this.#time.now - time < replacedMs;
  }

  #before(deployable: string, resource: string): readonly string[] {
    const { now } = this.#time;
    const inForce = this.#of(deployable).documents.filter(
      ({ replacedAt }) => replacedAt === undefined || now - replacedAt < replacedMs,
    );
    const [newest, ...older] = inForce.map(({ document }) => document.before.get(resource) ?? []);
    return (newest ?? []).filter((first) => older.every((firsts) => firsts.includes(first)));
  }

  #of(deployable: string): Known {
    const known = this.#known.get(deployable) ?? {
      documents: [],
      lastBoot: new Map(),
      ordered: new Map(),
      starts: new Map(),
      orders: new Map(),
      decisions: [],
      lastActionAt: 0,
      deletedAt: undefined,
    };
    this.#known.set(deployable, known);
    return known;
  }

  #onEvent(event: StoredEvent): void {
    const { seq, kind, deployable, instance = '', assembly = '', resource = '', reason, evidence } = event;
    const subject = instance === '' ? `${deployable}.${assembly}` : instance;
    this.#ledger.note(`event ${seq}: ${kind} ${subject} ${resource} ${reason}`);
    const of = this.#eventsOf.get(deployable) ?? [];
    of.push(event);
    this.#eventsOf.set(deployable, of);
    if (kind === 'resource-started') {
      const known = this.#of(deployable);
      const id = `${assembly}.${resource}`;
      known.starts.set(id, known.ordered.get(id) ?? 0);
    }
    const { output } = (evidence ?? {}) as { output?: string };
    if (kind !== 'resource-failed' || output === undefined) return;
    const key = `${instance} ${output}`;
    this.#told.set(key, (this.#told.get(key) ?? 0) + 1);
  }
}

interface RecordText {
  readonly createdAt: number;
  readonly definition: { readonly revision: number };
  readonly desired: { readonly revision: number };
}

/** Any word about why an instance is no longer the one that runs. */
function isEnd({ kind }: StoredEvent): boolean {
  return kind === 'assembly-stopped' || kind === 'assembly-dead' || kind === 'assembly-failed';
}

/** The one word that an instance has ended. */
function isToldEnd({ kind, reason }: StoredEvent): boolean {
  if (kind === 'assembly-stopped' || kind === 'assembly-dead') return true;
  return kind === 'assembly-failed' && reason.startsWith('instance died');
}

/** The failures that a report tells of. */
function failuresIn(report: Report): readonly OperationResult[] {
  if (report.kind === 'local-recovery') return [report.failure];
  return isFailure(report.result) ? [report.result] : [];
}

function isFailure({ operation, intervalMs, rc, status, userData }: OperationResult): boolean {
  if (status === 'cancelled') return false;
  if (operation === 'monitor' && intervalMs === 0 && [0, 7, 8].includes(rc)) return false;
  const expected = userData === '' ? 0 : ((JSON.parse(userData) as { expectedRc?: number }).expectedRc ?? 0);
  return status !== 'done' || rc !== expected;
}
