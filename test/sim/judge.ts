import type { Report } from '../../agent/core/state.js';
import type { MemoryDisk } from '../../coordinator/store/memory-store.js';
import type { StoredEvent } from '../../coordinator/store/store.js';
import { DurableEvents } from './durable-events.js';
import type { Ledger } from './ledger.js';
import { OrderWatch } from './order-watch.js';
import { isCauseOf } from './restart-cause.js';
import type { SimDocument } from './sim-document.js';
import type { BegunOperation, SimInstance } from './sim-instance.js';
import type { Acknowledged } from './sim-operator.js';
import { ToldFailures } from './told-failures.js';
import type { VirtualTime } from './virtual-time.js';

const decisionWindowMs = 10_000;
/** A DPE slows down by itself at 60. */
const decisionLimit = 75;
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
  readonly #disk: MemoryDisk;
  readonly #events: DurableEvents;
  readonly #failures: ToldFailures;
  readonly #known = new Map<string, Known>();
  readonly orders: OrderWatch;

  /** Whether an operator has ever wished that nothing is done about a resource. */
  isLeftAlone: (deployable: string, resource: string) => boolean = () => false;

  constructor(time: VirtualTime, ledger: Ledger, disk: MemoryDisk) {
    this.#time = time;
    this.#ledger = ledger;
    this.#disk = disk;
    this.#events = new DurableEvents(disk, (event) => this.#onEvent(event));
    this.#failures = new ToldFailures(ledger, this.#events);
    this.orders = new OrderWatch(time, ledger, this.#events);
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
    // Without an order an agent repairs what nobody needs, also while it is cut off, and stops what its lease is over for.
    if (operationId === undefined) return;
    this.#checkCause(instance, name, resource, operationId);
    if (name === 'start') this.#checkStart(instance, resource);
    else this.#checkStop(instance, resource, alive);
  }

  onRunning(instance: SimInstance, resource: string, alive: readonly SimInstance[]): void {
    for (const other of alive) {
      if (other === instance || other.deployable !== instance.deployable) continue;
      if (other.resources.get(resource)?.isRunning === true) {
        this.#ledger.violate(`${resource} runs in ${instance.id} and in ${other.id}`);
      }
    }
  }

  /** Now and then. */
  checkLeases(alive: readonly SimInstance[]): void {
    for (const instance of alive) {
      const newest = this.#of(instance.deployable).documents[0];
      if (newest !== undefined) this.orders.checkLease(instance, newest.document.exclusive);
    }
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

  onAcknowledged(instance: SimInstance, report: Report): void {
    this.#failures.onAcknowledged(instance, report);
  }

  /** An operator was told that it is so: then it is in the store. */
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
    this.#events.all();
  }

  /** Everything durable about a deployable. */
  events(deployable: string): readonly StoredEvent[] {
    return this.#events.of(deployable);
  }

  /** When all is over: every failure is told once, every end is told once, and everything has its reason. */
  checkEvents(): void {
    const ends = new Map<string, number>();
    const started = new Map<string, StoredEvent>();
    for (const event of this.#events.all()) {
      const { kind, instance = '', seq, reason } = event;
      if (reason === '') this.#ledger.violate(`event ${seq} ${kind} has no reason`);
      if (kind === 'decision-failed') this.#ledger.violate(`event ${seq}: a decision failed: ${reason}`);
      if (kind === 'assembly-started') started.set(instance, event);
      if (isToldEnd(event)) ends.set(instance, (ends.get(instance) ?? 0) + 1);
      // An operator's word of a dead launcher host that was wrong: the end that it told was none.
      if (kind === 'assembly-held' && /was said to be dead, and the instance still runs/.test(reason))
        ends.delete(instance);
    }
    for (const [instance, { deployable, time }] of started) {
      const times = ends.get(instance) ?? 0;
      const wasDeleted = time < (this.#of(deployable).deletedAt ?? 0);
      if (times === 1 || (times === 0 && wasDeleted)) continue;
      this.#ledger.violate(`the end of ${instance} was told ${times} times`);
    }
    this.#failures.check();
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
    if (name === 'start') known.ordered.set(resource, this.orders.sentAfter(operationId));
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
    const { seq, kind, deployable, instance = '', assembly = '', resource = '', reason } = event;
    const subject = instance === '' ? `${deployable}.${assembly}` : instance;
    this.#ledger.note(`event ${seq}: ${kind} ${subject} ${resource} ${reason}`);
    this.#failures.onEvent(event);
    if (kind !== 'resource-started') return;
    const known = this.#of(deployable);
    const id = `${assembly}.${resource}`;
    known.starts.set(id, known.ordered.get(id) ?? 0);
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
