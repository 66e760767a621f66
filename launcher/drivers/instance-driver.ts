import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseInstanceId } from '../../proto/instance-id.js';
import type {
  AilingInstance,
  InstanceSpec,
  InstanceView,
  LauncherDriver,
  RebootOutcome,
  StartOutcome,
  StopOutcome,
} from '../driver.js';
import { hasErrorCode, messageOf } from '../error-code.js';
import { type AddressBook, openAddressBook } from './address-book.js';
import { createDeathReporter, type DeathListener } from './death-reporter.js';
import { type Ends, endInstance, rebootInstance } from './end-instance.js';
import { ailmentOf, type Entry, evidenceOf, type Phase, runningView } from './instance-entry.js';
import {
  type DeathRecord,
  type InstanceRecord,
  instanceNameProblem,
  instancesDirectory,
  readJournal,
  removeEntry,
  syncIntent,
  writeIntent,
} from './journal.js';
import type { Examined, Platform } from './platform.js';
import { type PidScope, readPidScope } from './process-proof.js';
import { refuseForRoom } from './reserve-room.js';
import { createTurns } from './turns.js';

export interface InstanceDriverOptions<Life> {
  /** Of the driver: `local`, `qemu`, ... */
  readonly name: string;
  /** The state directory of the whole system, a real path; the driver's part of it is `launcher/<launcher host>`. */
  readonly home: string;
  readonly launcherHost: string;
  readonly platform: Platform<Life>;
  /** How long after killing the proof of death may take; default 10 s. */
  readonly proofDeadlineMs?: number | undefined;
}

const PROOF_DEADLINE_MS = 10_000;
/**
 * Deaths are seen at once; the sweep finds those whose hint was lost, settles starts that could not be settled yet, and
 * reports again what was not acknowledged.
 */
const SWEEP_INTERVAL_MS = 2_000;
const NOT_IN_JOURNAL = 'no such instance in the journal of this launcher host';

/**
 * Opens a driver on a platform. Finds what earlier drivers of this launcher host have started; settles starts that were
 * cut short. Rejects when the journal cannot be read at all.
 */
export async function openInstanceDriver<Life>(options: InstanceDriverOptions<Life>): Promise<LauncherDriver> {
  const root = instancesDirectory(options.home, options.launcherHost);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const journal = await readJournal(root);
  const { addresses } = options.platform;
  const book = addresses && (await openAddressBook(join(root, '..', 'addresses.json'), addresses));
  const driver = new InstanceDriver(options, root, book);
  for (const item of journal) {
    if (item.kind === 'unreadable') driver.keepUnreadable(item.instance, item.reason);
    else await driver.takeOver(item.record, item.death);
  }
  return driver;
}

/** Owns the watches on the running instances of one launcher host. */
class InstanceDriver<Life> implements LauncherDriver {
  readonly #options: InstanceDriverOptions<Life>;
  readonly #platform: Platform<Life>;
  readonly #root: string;
  readonly #addresses: AddressBook | undefined;
  readonly #here: PidScope = readPidScope();
  readonly #entries = new Map<string, Entry<Life>>();
  readonly #unreadable = new Map<string, string>();
  /** One operation at a time per instance. */
  readonly #turns = createTurns();
  readonly #looks = new Map<string, Promise<unknown>>();
  readonly #deaths = createDeathReporter();
  /** What dead instances have left outside of their directories is being removed. */
  readonly #cleanUps = new Map<string, Promise<unknown>>();
  readonly #sweep: NodeJS.Timeout;
  readonly #ends: Ends<Life>;

  constructor(options: InstanceDriverOptions<Life>, root: string, addresses: AddressBook | undefined) {
    this.#options = options;
    this.#platform = options.platform;
    this.#root = root;
    this.#addresses = addresses;
    const { proofDeadlineMs = PROOF_DEADLINE_MS, platform } = options;
    this.#ends = { platform, proofDeadlineMs, view: (entry) => this.#view(entry) };
    this.#sweep = setInterval(() => this.#lookAtAll(), SWEEP_INTERVAL_MS);
  }

  keepUnreadable(instance: string, reason: string): void {
    this.#unreadable.set(instance, reason);
  }

  /** Takes over an entry of the journal that an earlier driver has written. */
  async takeOver(record: InstanceRecord, death: DeathRecord | undefined): Promise<void> {
    if (record.driver !== this.#options.name) {
      const reason = `the driver ${record.driver} has started it, and this is ${this.#options.name}`;
      return this.keepUnreadable(record.instance, reason);
    }
    if (death !== undefined) {
      this.#cleanUp(this.#addEntry(record, { kind: 'dead', death }));
      return;
    }
    await this.#settle(this.#addEntry(record, { kind: 'starting' }), 'its start was cut short');
  }

  start(spec: InstanceSpec): Promise<StartOutcome> {
    return this.#turns.take(spec.instance, () => this.#startNow(spec));
  }

  stop(instance: string, graceMs: number): Promise<StopOutcome> {
    return this.#turns.take(instance, () => this.#endAndCleanUp(instance, graceMs));
  }

  destroy(instance: string): Promise<StopOutcome> {
    return this.#turns.take(instance, () => this.#endAndCleanUp(instance, 0));
  }

  async inspect(instance: string): Promise<InstanceView> {
    const entry = this.#entries.get(instance);
    if (entry !== undefined) return this.#view(entry);
    return { kind: 'unknown', instance, reason: this.#unreadable.get(instance) ?? NOT_IN_JOURNAL };
  }

  running(): readonly string[] {
    return [...this.#entries].filter(([, { phase }]) => phase.kind === 'running').map(([instance]) => instance);
  }

  conditions(): readonly AilingInstance[] {
    return [...this.#entries.values()].flatMap((entry) => ailmentOf(entry) ?? []);
  }

  async list(): Promise<readonly InstanceView[]> {
    const views = await Promise.all([...this.#entries.values()].map((entry) => this.#view(entry)));
    for (const [instance, reason] of this.#unreadable) views.push({ kind: 'unknown', instance, reason });
    return views;
  }

  forget(instance: string): Promise<boolean> {
    return this.#turns.take(instance, async () => {
      const entry = this.#entries.get(instance);
      if (this.#unreadable.has(instance) || (entry !== undefined && entry.phase.kind !== 'dead')) return false;
      this.#entries.delete(instance);
      await this.#cleanUps.get(instance);
      if (entry !== undefined) await removeEntry(this.#root, instance);
      return true;
    });
  }

  onDeath(listener: DeathListener): void {
    this.#deaths.tell(listener);
    this.#lookAtAll();
  }

  reboot(instance: string): Promise<RebootOutcome> {
    return this.#turns.take(instance, async () => {
      const entry = this.#entries.get(instance);
      if (entry === undefined) return { kind: 'refused', reason: this.#unreadable.get(instance) ?? NOT_IN_JOURNAL };
      return rebootInstance(entry, this.#ends);
    });
  }

  async consoleLog(instance: string, maxBytes: number): Promise<string | undefined> {
    const entry = this.#entries.get(instance);
    return entry === undefined ? undefined : this.#platform.consoleLog?.(entry, maxBytes);
  }

  async orphans(): Promise<readonly { readonly instance: string; readonly what: string }[]> {
    const found = (await this.#platform.findAll?.()) ?? [];
    return found
      .filter(({ instance }) => !this.#entries.has(instance) && !this.#unreadable.has(instance))
      .map(({ instance, what }) => ({ instance, what }));
  }

  adoptOrphan(instance: string): Promise<StartOutcome> {
    return this.#turns.take(instance, () => this.#adoptNow(instance));
  }

  async capacity(): Promise<{ readonly cpus: number; readonly memoryMiB: number } | undefined> {
    return this.#platform.capacity?.();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#deaths.tell(undefined);
    await Promise.all([this.#turns.idle(), ...this.#looks.values(), this.#deaths.idle(), ...this.#cleanUps.values()]);
    for (const { phase } of this.#entries.values()) if (phase.kind === 'running') phase.watch.close();
    await this.#platform.close();
  }

  async #startNow(spec: InstanceSpec): Promise<StartOutcome> {
    const known = this.#entries.get(spec.instance);
    if (known !== undefined) return this.#outcome(known, 'an earlier start was cut short');
    const problem = instanceNameProblem(spec.instance) ?? this.#unreadable.get(spec.instance);
    if (problem !== undefined) return { kind: 'failed', reason: problem };
    // What a host that cannot tell right now would have said is found out by starting.
    const capacity = await this.capacity().catch(() => undefined);
    const noRoom = refuseForRoom(spec, this.#living(), capacity);
    if (noRoom !== undefined) return { kind: 'failed', reason: noRoom, isForRoom: true };
    const taken = new Set(this.#living().map(({ address }) => address));
    const address = this.#addresses?.choose(`${spec.deployable}/${spec.assembly}`, taken) ?? '';
    if (this.#addresses !== undefined && address === '') {
      return { kind: 'failed', reason: 'every address of this launcher host is taken', isForRoom: true };
    }

    const { instance, deployable, assembly, memoryMiB } = spec;
    const about = { instance, deployable, assembly, address, memoryMiB };
    const entry = this.#addEntry(this.#recordOf(about), { kind: 'starting' });
    const { directory, record } = entry;
    try {
      await writeIntent(directory, record, this.#platform.completeIdentity(spec, entry));
      if (this.#platform.outlivesMachine) await syncIntent(directory);
    } catch (error) {
      if (hasErrorCode(error, 'EEXIST')) {
        // Not in the journal as we read it, but there: whose it is and whether it runs is not ours to guess.
        this.#entries.delete(spec.instance);
        return { kind: 'unproven', reason: `${directory} exists already` };
      }
      await this.#drop(entry);
      return { kind: 'failed', reason: `the journal of the launcher cannot be written: ${String(error)}` };
    }
    const [reason] = await Promise.all([
      this.#platform.start(spec, entry),
      // The disk works while the instance starts. Should it fail, a power failure could leave the instance unknown and
      // its address forgotten: both are harmless enough not to fail a start.
      Promise.allSettled([this.#platform.outlivesMachine || syncIntent(directory), this.#addresses?.save()]),
    ]);
    return this.#outcome(entry, reason);
  }

  async #adoptNow(instance: string): Promise<StartOutcome> {
    const { findAll, adopt } = this.#platform;
    const id = parseInstanceId(instance);
    const found = (await findAll?.())?.find((candidate) => candidate.instance === instance);
    if (found === undefined || adopt === undefined || id === undefined) {
      return { kind: 'failed', reason: `there is no orphan ${instance} on this launcher host` };
    }
    if (this.#entries.has(instance) || this.#unreadable.has(instance)) {
      return { kind: 'failed', reason: `${instance} is no orphan: it is in the journal` };
    }
    const { deployable, assembly } = id;
    const about = { instance, deployable, assembly, address: '', memoryMiB: undefined };
    const entry = this.#addEntry(this.#recordOf(about), { kind: 'starting' });
    try {
      await writeIntent(entry.directory, entry.record, undefined);
      await adopt(found, entry);
      await syncIntent(entry.directory);
    } catch (error) {
      // It runs: whoever starts the next driver finds it as an orphan or in the journal.
      entry.phase = { kind: 'unsettled', reason: messageOf(error) };
      return { kind: 'unproven', reason: messageOf(error) };
    }
    return this.#outcome(entry, 'it has ended meanwhile');
  }

  /** What became of a start, which cannot change any more after this. */
  async #outcome(entry: Entry<Life>, reason: string): Promise<StartOutcome> {
    await this.#settle(entry, reason);
    if (!this.#entries.has(entry.record.instance)) return { kind: 'failed', reason };
    const view = await this.#view(entry);
    switch (view.kind) {
      case 'running':
        return { kind: 'started', view };
      case 'dead':
        return { kind: 'failed', reason: `the instance has ended: ${view.evidence}` };
      case 'unknown':
        return { kind: 'unproven', reason: view.reason };
    }
  }

  /** Only in the instance's turn. Without a life the entry is dropped: nothing of it runs, nor will. */
  async #settle(entry: Entry<Life>, reason: string): Promise<void> {
    if (entry.phase.kind !== 'starting' && entry.phase.kind !== 'unsettled') return;
    try {
      const settled = await this.#platform.settle(entry);
      if (settled.kind === 'never') await this.#drop(entry);
      else await this.#adopt(entry, settled.life);
    } catch (error) {
      entry.phase = { kind: 'unsettled', reason: `${reason}; what became of it is not known yet: ${messageOf(error)}` };
    }
  }

  async #endAndCleanUp(instance: string, graceMs: number): Promise<StopOutcome> {
    const outcome = await this.#end(instance, graceMs);
    await this.#cleanUps.get(instance);
    return outcome;
  }

  async #end(instance: string, graceMs: number): Promise<StopOutcome> {
    const entry = this.#entries.get(instance);
    if (entry === undefined) return { kind: 'unproven', reason: this.#unreadable.get(instance) ?? NOT_IN_JOURNAL };
    await this.#settle(entry, 'its start was cut short');
    if (!this.#entries.has(instance)) {
      return { kind: 'dead', evidence: 'nothing of it has run: its start was abandoned', wasForced: false };
    }
    return endInstance(entry, graceMs, this.#ends);
  }

  /** Looks at the instance; a death that nobody has noticed yet is recorded before this resolves. */
  async #view(entry: Entry<Life>): Promise<InstanceView> {
    const { instance } = entry.record;
    switch (entry.phase.kind) {
      case 'starting':
        return { kind: 'unknown', instance, reason: 'it is being started' };
      case 'unsettled':
        return { kind: 'unknown', instance, reason: entry.phase.reason };
      case 'running': {
        const examined = await this.#examine(entry, entry.phase.life);
        if (examined.kind === 'unknown') return { kind: 'unknown', instance, reason: examined.reason };
        if (examined.kind === 'alive') {
          entry.condition = examined.condition;
          return runningView(entry, examined);
        }
        this.#recordDeath(entry, examined.evidence);
      }
    }
    const at = entry.phase.kind === 'dead' ? entry.phase.death.at : Date.now();
    return { kind: 'dead', instance, evidence: evidenceOf(entry), at };
  }

  async #examine(entry: Entry<Life>, life: Life): Promise<Examined> {
    try {
      return await this.#platform.examine(life, entry);
    } catch (error) {
      return { kind: 'unknown', reason: messageOf(error) };
    }
  }

  async #adopt(entry: Entry<Life>, life: Life): Promise<void> {
    const watch = this.#platform.watch(life, entry, () => this.#look(entry));
    entry.phase = { kind: 'running', life, watch };
    await this.#view(entry);
  }

  /** Hints come in crowds; one that comes while it is being looked at is not lost. */
  #look(entry: Entry<Life>): void {
    const { instance } = entry.record;
    const before = this.#looks.get(instance);
    const look = (before ?? Promise.resolve()).then(() => this.#view(entry));
    this.#looks.set(instance, look);
    void look.finally(() => {
      if (this.#looks.get(instance) === look) this.#looks.delete(instance);
    });
  }

  /** Once: two looks may have found it at the same time. */
  #recordDeath(entry: Entry<Life>, evidence: string): void {
    if (entry.phase.kind === 'dead') return;
    if (entry.phase.kind === 'running') entry.phase.watch.close();
    entry.phase = { kind: 'dead', death: { at: Date.now(), evidence, isAcknowledged: false } };
    for (const tell of entry.deathWaiters) tell();
    entry.deathWaiters.clear();
    this.#cleanUp(entry);
    this.#deaths.report(entry);
  }

  /** What cannot be removed now is removed by the next driver. */
  #cleanUp(entry: Entry<Life>): void {
    const { instance } = entry.record;
    const done = this.#platform
      .cleanUp(entry)
      .catch(() => undefined)
      .finally(() => this.#cleanUps.delete(instance));
    this.#cleanUps.set(instance, done);
  }

  #lookAtAll(): void {
    for (const entry of this.#entries.values()) {
      const { phase, record } = entry;
      if (phase.kind === 'running' && !this.#looks.has(record.instance)) this.#look(entry);
      if (phase.kind === 'unsettled') void this.#turns.take(record.instance, () => this.#settle(entry, phase.reason));
      this.#deaths.report(entry);
    }
  }

  #recordOf(
    given: Pick<InstanceRecord, 'instance' | 'deployable' | 'assembly' | 'address' | 'memoryMiB'>,
  ): InstanceRecord {
    const { name: driver } = this.#options;
    return { version: 1, driver, ...given, hostname: given.assembly, startedAt: Date.now(), ...this.#here };
  }

  #addEntry(record: InstanceRecord, phase: Phase<Life>): Entry<Life> {
    const directory = join(this.#root, record.instance);
    const entry = {
      record,
      directory,
      phase,
      condition: undefined,
      deathWaiters: new Set<() => void>(),
      isDeathSaved: phase.kind === 'dead',
    };
    this.#entries.set(record.instance, entry);
    return entry;
  }

  /** Only for an instance of which nothing runs, and nothing will. */
  async #drop(entry: Entry<Life>): Promise<void> {
    this.#entries.delete(entry.record.instance);
    await this.#platform.cleanUp(entry).catch(() => undefined);
    await removeEntry(this.#root, entry.record.instance).catch(() => {
      // It stays abandoned (or without an intent); the next driver removes it.
    });
  }

  /** An instance that is not proven dead keeps what it was given: two living ones must never share an address. */
  #living(): readonly InstanceRecord[] {
    return [...this.#entries.values()].filter(({ phase }) => phase.kind !== 'dead').map(({ record }) => record);
  }
}
