import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  InstanceDeath,
  InstanceSpec,
  InstanceView,
  LauncherDriver,
  StartOutcome,
  StopOutcome,
} from '../../driver.js';
import { hasErrorCode } from '../../error-code.js';
import { type AddressBook, openAddressBook } from './address-book.js';
import { watchDeath } from './death-watch.js';
import { removeInstanceCgroup } from './instance-cgroup.js';
import { type Entry, evidenceOf, type Phase, viewOf } from './instance-entry.js';
import {
  abandonStart,
  type Commitment,
  type DeathRecord,
  type InstanceRecord,
  instanceNameProblem,
  readJournal,
  removeEntry,
  syncIntent,
  writeDeath,
  writeIntent,
} from './journal.js';
import { launchInit } from './launch-init.js';
import { loopbackNetworks } from './loopback-address.js';
import { type PidScope, readPidScope } from './process-proof.js';
import { createTurns } from './turns.js';

export interface LocalDriverOptions {
  /** The state directory of the whole system; the driver's part of it is `launcher/<launcher host>`. */
  readonly home: string;
  readonly launcherHost: string;
  /** Path of cpe-instance-init. */
  readonly initBinary: string;
  /** The agent's program and arguments; `--identity FILE` is appended. */
  readonly agentCommand: readonly string[];
  /** The whole environment of agents. */
  readonly environment: Readonly<Record<string, string>>;
  /** How long a start may take until the agent is being started; default 15 s. */
  readonly startDeadlineMs?: number;
  /** How long after SIGKILL the proof of death may take; default 10 s. */
  readonly proofDeadlineMs?: number;
}

const START_DEADLINE_MS = 15_000;
const PROOF_DEADLINE_MS = 10_000;
/** Deaths are seen at once; the sweep finds those whose hint was lost, and reports again what was not acknowledged. */
const SWEEP_INTERVAL_MS = 2_000;

/**
 * Opens the driver of design section 6: an instance is a PID namespace of this machine (a user namespace too without
 * root) whose init is cpe-instance-init. Finds what earlier drivers of this launcher host have started; settles starts
 * that were cut short. Rejects when the journal cannot be read at all.
 */
export async function openLocalDriver(options: LocalDriverOptions): Promise<LauncherDriver> {
  await mkdir(options.home, { recursive: true });
  // A home has one name, however it is reached: addresses follow from it.
  const home = await realpath(options.home);
  const root = join(home, 'launcher', options.launcherHost, 'instances');
  const journal = await readJournal(root);
  const addresses = await openAddressBook(
    join(root, '..', 'addresses.json'),
    loopbackNetworks(home, options.launcherHost),
  );
  const driver = new LocalDriver({ ...options, home }, root, addresses);
  for (const item of journal) {
    if (item.kind === 'unreadable') driver.keepUnreadable(item.instance, item.reason);
    else await driver.takeOver(item.record, item.commitment, item.death);
  }
  return driver;
}

/** Owns the watches on the running instances of one launcher host. */
class LocalDriver implements LauncherDriver {
  readonly #options: LocalDriverOptions;
  readonly #root: string;
  readonly #addresses: AddressBook;
  readonly #here: PidScope = readPidScope();
  readonly #entries = new Map<string, Entry>();
  readonly #unreadable = new Map<string, string>();
  /** One operation at a time per instance. */
  readonly #turns = createTurns();
  readonly #reports = new Map<string, Promise<void>>();
  /** What dead instances have left outside of their directories is being removed. */
  readonly #cleanUps = new Map<string, Promise<unknown>>();
  readonly #sweep: NodeJS.Timeout;
  #listener: ((death: InstanceDeath) => Promise<void> | void) | undefined;

  constructor(options: LocalDriverOptions, root: string, addresses: AddressBook) {
    this.#options = options;
    this.#root = root;
    this.#addresses = addresses;
    this.#sweep = setInterval(() => this.#lookAtAll(), SWEEP_INTERVAL_MS);
  }

  keepUnreadable(instance: string, reason: string): void {
    this.#unreadable.set(instance, reason);
  }

  /** Takes over an entry of the journal that an earlier driver has written. */
  async takeOver(record: InstanceRecord, found: Commitment, death: DeathRecord | undefined): Promise<void> {
    if (death !== undefined) {
      this.#cleanUp(this.#addEntry(record, { kind: 'dead', death }));
      return;
    }
    const entry = this.#addEntry(record, { kind: 'starting' });
    // Abandoned: nothing of it has run or ever will. It counts as never started.
    if (found.kind === 'committed') this.#adopt(entry, found);
    else await this.#settleStart(entry, 'its start was cut short');
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
    if (entry !== undefined) return viewOf(entry, this.#here);
    return { kind: 'unknown', instance, reason: this.#unreadable.get(instance) ?? NOT_IN_JOURNAL };
  }

  running(): readonly string[] {
    return [...this.#entries].filter(([, { phase }]) => phase.kind === 'running').map(([instance]) => instance);
  }

  async list(): Promise<readonly InstanceView[]> {
    const views = [...this.#entries.values()].map((entry) => viewOf(entry, this.#here));
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

  onDeath(listener: (death: InstanceDeath) => Promise<void> | void): void {
    this.#listener = listener;
    this.#lookAtAll();
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    this.#listener = undefined;
    await Promise.all([this.#turns.idle(), ...this.#reports.values(), ...this.#cleanUps.values()]);
    for (const { phase } of this.#entries.values()) if (phase.kind === 'running') phase.watch.close();
  }

  async #startNow(spec: InstanceSpec): Promise<StartOutcome> {
    const known = this.#entries.get(spec.instance);
    if (known !== undefined) return this.#settleStart(known, 'an earlier start was cut short');
    const problem = instanceNameProblem(spec.instance) ?? this.#unreadable.get(spec.instance);
    if (problem !== undefined) return { kind: 'failed', reason: problem };
    const address = this.#addresses.choose(`${spec.deployable}/${spec.assembly}`, this.#takenAddresses());
    if (address === undefined) return { kind: 'failed', reason: 'every address of this launcher host is taken' };

    const entry = this.#addEntry(this.#recordOf(spec, address), { kind: 'starting' });
    const { directory, record } = entry;
    const identity = { ...spec.identity, address, hostname: record.hostname, stateDirectory: directory };
    try {
      await writeIntent(directory, record, identity);
    } catch (error) {
      if (hasErrorCode(error, 'EEXIST')) {
        // Not in the journal as we read it, but there: whose it is and whether it runs is not ours to guess.
        this.#entries.delete(spec.instance);
        return { kind: 'unproven', reason: `${directory} exists already` };
      }
      await this.#drop(entry);
      return { kind: 'failed', reason: `the journal of the launcher cannot be written: ${String(error)}` };
    }
    const [report] = await Promise.all([
      launchInit({
        initBinary: this.#options.initBinary,
        directory,
        command: [...this.#options.agentCommand, '--identity', join(directory, 'identity.json')],
        environment: this.#options.environment,
        deadlineMs: this.#options.startDeadlineMs ?? START_DEADLINE_MS,
      }),
      // The disk works while the instance starts. Should it fail, a power failure could leave the instance unknown and
      // its address forgotten: both are harmless enough not to fail a start.
      Promise.allSettled([syncIntent(directory), this.#addresses.save()]),
    ]);
    return this.#settleStart(entry, 'reason' in report ? report.reason : 'another start of it was abandoned');
  }

  /** Whatever init reported, init.pid decides (journal.ts); after this it cannot change any more. */
  async #settleStart(entry: Entry, reason: string): Promise<StartOutcome> {
    if (entry.phase.kind === 'starting') {
      try {
        const commitment = await abandonStart(entry.directory);
        if (commitment.kind !== 'committed') {
          await this.#drop(entry);
          return { kind: 'failed', reason };
        }
        this.#adopt(entry, commitment);
      } catch (error) {
        return { kind: 'unproven', reason: `${reason}; and the start cannot be abandoned: ${String(error)}` };
      }
    }
    const view = viewOf(entry, this.#here);
    switch (view.kind) {
      case 'running':
        return { kind: 'started', view };
      case 'dead':
        return { kind: 'failed', reason: `the instance has ended: ${view.evidence}` };
      case 'unknown':
        return { kind: 'unproven', reason: view.reason };
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
    if (entry.phase.kind === 'starting') {
      const start = await this.#settleStart(entry, 'nothing of it has run: its start was abandoned');
      if (start.kind === 'failed') return { kind: 'dead', evidence: start.reason, wasForced: false };
    }
    const before = viewOf(entry, this.#here);
    if (before.kind === 'dead') return { kind: 'dead', evidence: before.evidence, wasForced: false };
    if (before.kind === 'unknown') return { kind: 'unproven', reason: before.reason };
    try {
      const isGone = graceMs > 0 && (await this.#signal(entry, 'SIGTERM', graceMs));
      const wasForced = !isGone;
      if (isGone || (await this.#signal(entry, 'SIGKILL', this.#options.proofDeadlineMs ?? PROOF_DEADLINE_MS))) {
        return { kind: 'dead', evidence: evidenceOf(entry), wasForced };
      }
      return { kind: 'unproven', reason: `SIGKILL was sent, but init, pid ${before.pid}, has not ended yet` };
    } catch (error) {
      return { kind: 'unproven', reason: `init, pid ${before.pid}, cannot be signalled: ${String(error)}` };
    }
  }

  /** Returns whether the instance was dead within the time. Rejects when the signal may not be sent. */
  async #signal(entry: Entry, signal: 'SIGTERM' | 'SIGKILL', waitMs: number): Promise<boolean> {
    // Looked at right before: a pid that was reused meanwhile is not ours to signal.
    if (viewOf(entry, this.#here).kind !== 'running' || entry.phase.kind !== 'running')
      return entry.phase.kind === 'dead';
    const { process: init, watch } = entry.phase;
    const death = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), waitMs);
      entry.deathWaiters.add(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
    try {
      process.kill(init.pid, signal);
    } catch (error) {
      if (!hasErrorCode(error, 'ESRCH')) throw error;
    }
    if (signal === 'SIGKILL') watch.expect();
    return death;
  }

  #adopt(entry: Entry, commitment: Extract<Commitment, { kind: 'committed' }>): void {
    const { bootId, pidNamespace } = entry.record;
    const init = { pid: commitment.pid, startTime: commitment.startTime, bootId, pidNamespace };
    const target = { process: init, fifo: join(entry.directory, 'init.alive'), here: this.#here };
    const watch = watchDeath(target, (evidence) => this.#recordDeath(entry, evidence));
    entry.phase = { kind: 'running', process: init, watch };
    watch.check();
  }

  #recordDeath(entry: Entry, evidence: string): void {
    entry.phase = { kind: 'dead', death: { at: Date.now(), evidence, isAcknowledged: false } };
    for (const tell of entry.deathWaiters) tell();
    entry.deathWaiters.clear();
    this.#cleanUp(entry);
    this.#reportDeath(entry);
  }

  /** What cannot be removed now is removed by the next driver. */
  #cleanUp({ directory, record: { instance } }: Entry): void {
    const done = removeInstanceCgroup(directory, instance).finally(() => this.#cleanUps.delete(instance));
    this.#cleanUps.set(instance, done);
  }

  /** Saves a death, tells the listener and saves that it was told. What fails is done again by the next sweep. */
  #reportDeath(entry: Entry): void {
    const { phase, record, directory } = entry;
    if (phase.kind !== 'dead' || phase.death.isAcknowledged || this.#reports.has(record.instance)) return;
    const { at, evidence } = phase.death;
    const report = async () => {
      const listener = this.#listener;
      // A death that cannot be saved is proven again after a restart, only its time is lost: tell of it all the same.
      const saving = entry.isDeathSaved ? Promise.resolve() : writeDeath(directory, phase.death).catch(() => {});
      entry.isDeathSaved = true;
      try {
        await listener?.({ instance: record.instance, evidence, at });
      } finally {
        await saving;
      }
      if (listener === undefined) return;
      const death = { at, evidence, isAcknowledged: true };
      await writeDeath(directory, death);
      entry.phase = { kind: 'dead', death };
    };
    const running = report()
      .catch(() => {})
      .finally(() => this.#reports.delete(record.instance));
    this.#reports.set(record.instance, running);
  }

  #lookAtAll(): void {
    for (const entry of this.#entries.values()) {
      if (entry.phase.kind === 'running') entry.phase.watch.check();
      this.#reportDeath(entry);
    }
  }

  #recordOf(spec: InstanceSpec, address: string): InstanceRecord {
    const { instance, deployable, assembly } = spec;
    return {
      version: 1,
      instance,
      deployable,
      assembly,
      address,
      hostname: assembly,
      startedAt: Date.now(),
      ...this.#here,
    };
  }

  #addEntry(record: InstanceRecord, phase: Phase): Entry {
    const directory = join(this.#root, record.instance);
    const entry: Entry = { record, directory, phase, deathWaiters: new Set(), isDeathSaved: phase.kind === 'dead' };
    this.#entries.set(record.instance, entry);
    return entry;
  }

  /** Only for an instance of which nothing runs, and nothing will. */
  async #drop(entry: Entry): Promise<void> {
    this.#entries.delete(entry.record.instance);
    await removeEntry(this.#root, entry.record.instance).catch(() => {
      // It stays abandoned (or without an intent); the next driver removes it.
    });
  }

  /** An instance that is not proven dead keeps its address: two living ones must never share it. */
  #takenAddresses(): Set<string> {
    const living = [...this.#entries.values()].filter(({ phase }) => phase.kind !== 'dead');
    return new Set(living.map(({ record }) => record.address));
  }
}

const NOT_IN_JOURNAL = 'no such instance in the journal of this launcher host';
