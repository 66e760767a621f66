import type {
  InstanceDeath,
  InstanceView,
  LauncherDriver,
  RunningInstance,
  StartOutcome,
  StopOutcome,
} from '../../launcher/driver.js';
import type { Chance } from './chance.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface LauncherFaults {
  /** Probabilities of one order. */
  startFails: number;
  /** The outcome is not proven: it happened, or not. */
  unproven: number;
  slow: number;
  /** Answers when it heals, or after a long time. */
  hangs: number;
  /** Of one look at the journal: an entry cannot be read at the moment. */
  unreadable: number;
}

export const healthyLauncher: LauncherFaults = { startFails: 0, unproven: 0, slow: 0, hangs: 0, unreadable: 0 };

interface JournalEntry {
  readonly instance: string;
  state: 'starting' | 'running' | 'dead';
  address: string;
  startedAt: number;
  evidence: string;
  at: number;
  isAcknowledged: boolean;
  isPaused: boolean;
}

/** What a platform does to the world. */
export interface PlatformWorld {
  boot(instance: string, host: string): { readonly address: string };
  end(instance: string): void;
}

export interface PlatformOptions {
  readonly name: string;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: LauncherFaults;
  readonly world: PlatformWorld;
}

const longMs = 90_000;
const sweepMs = 2_000;

/** What really runs instances on a launcher host, with the driver's journal: goes on without launcherd. */
export class SimPlatform {
  onDeath: ((death: InstanceDeath) => Promise<void> | void) | undefined;
  #lookForDeaths: () => void = () => undefined;
  readonly #options: PlatformOptions;
  readonly #journal = new Map<string, JournalEntry>();
  readonly #underWay = new Set<() => void>();
  /** It has no room for another instance. */
  isFull = false;

  constructor(options: PlatformOptions) {
    this.#options = options;
  }

  /** The instance is gone, whatever ended it; launcherd sees it, if it is up. */
  died(instance: string, evidence: string): void {
    const entry = this.#journal.get(instance);
    if (entry === undefined || entry.state === 'dead') return;
    Object.assign(entry, { state: 'dead', evidence, at: this.#options.time.now });
    this.#lookForDeaths();
  }

  /** Its processors stand still, or go on. */
  pause(instance: string, isPaused: boolean): void {
    const entry = this.#journal.get(instance);
    if (entry !== undefined) entry.isPaused = isPaused;
  }

  powerOff(): void {
    const { world, chance } = this.#options;
    for (const entry of this.#journal.values()) {
      if (entry.state === 'starting' && chance.happens(0.5)) this.#journal.delete(entry.instance);
      if (entry.state === 'running') world.end(entry.instance);
      this.died(entry.instance, 'its launcher host was booted again');
    }
  }

  /** What hangs, or is slow, ends now. */
  heal(): void {
    for (const end of this.#underWay) end();
    this.#underWay.clear();
    for (const entry of this.#journal.values()) entry.isPaused = false;
  }

  driver(process: SimProcess): LauncherDriver {
    const journal = this.#journal;
    return {
      start: (spec) => this.#start(spec.instance, process),
      stop: (instance, graceMs) => this.#end(instance, Math.min(graceMs, 300), process),
      destroy: (instance) => this.#end(instance, 30, process),
      inspect: async (instance) => this.#view(instance),
      running: () => [...journal.values()].filter(({ state }) => state === 'running').map(({ instance }) => instance),
      conditions: () =>
        [...journal.values()].flatMap((entry) => {
          const { condition } = runningView(entry);
          return condition.kind === 'working' ? [] : [{ instance: entry.instance, condition }];
        }),
      list: async () => [...journal.keys()].map((instance) => this.#view(instance)),
      forget: async (instance) => {
        if (journal.get(instance)?.state !== 'dead') return journal.get(instance) === undefined;
        return journal.delete(instance);
      },
      onDeath: (listener) => {
        this.onDeath = listener;
        this.#watch(process);
      },
      reboot: async () => ({ kind: 'refused', reason: 'instances of the simulation are not rebooted' }),
      consoleLog: async () => undefined,
      orphans: async () => [],
      adoptOrphan: async (instance) => ({ kind: 'failed', reason: `there is no orphan ${instance}` }),
      capacity: async () => undefined,
      close: async () => undefined,
    };
  }

  /** Tells of deaths at once as a rule, and of those that were missed with the next sweep. */
  #watch(process: SimProcess): void {
    const told = new Set<string>();
    const look = () => {
      for (const entry of this.#journal.values()) {
        if (entry.state !== 'dead' || entry.isAcknowledged || told.has(entry.instance)) continue;
        told.add(entry.instance);
        void this.#tell(entry).catch(() => told.delete(entry.instance));
      }
    };
    const { time } = this.#options;
    this.#lookForDeaths = () => void time.after(5, look, process);
    const sweep = () => {
      look();
      time.after(sweepMs, sweep, process);
    };
    sweep();
  }

  async #tell(entry: JournalEntry): Promise<void> {
    await this.onDeath?.({ instance: entry.instance, evidence: entry.evidence, at: entry.at });
    entry.isAcknowledged = true;
  }

  async #start(instance: string, process: SimProcess): Promise<StartOutcome> {
    const { time, chance, faults, world, name } = this.#options;
    const known = this.#journal.get(instance);
    if (known?.state === 'running') return { kind: 'started', view: runningView(known) };
    if (known?.state === 'dead') return { kind: 'failed', reason: `the instance has ended: ${known.evidence}` };
    if (this.isFull && known === undefined) return { kind: 'failed', reason: 'no room', isForRoom: true };
    const entry: JournalEntry = known ?? {
      instance,
      state: 'starting',
      address: '',
      startedAt: 0,
      evidence: '',
      at: 0,
      isAcknowledged: false,
      isPaused: false,
    };
    this.#journal.set(instance, entry);
    const isFailing = chance.happens(faults.startFails);
    const isUnproven = chance.happens(faults.unproven);
    await this.#takes([50, 400], process, () => {
      if (entry.state !== 'starting' || this.#journal.get(instance) !== entry) return;
      if (isFailing) Object.assign(entry, { state: 'dead', evidence: 'no room', at: time.now, isAcknowledged: true });
      else Object.assign(entry, { state: 'running', startedAt: time.now, ...world.boot(instance, name) });
    });
    if (isUnproven) return { kind: 'unproven', reason: 'the platform did not answer' };
    return entry.state === 'running'
      ? { kind: 'started', view: runningView(entry) }
      : { kind: 'failed', reason: entry.evidence || 'the start was abandoned' };
  }

  async #end(instance: string, latencyMs: number, process: SimProcess): Promise<StopOutcome> {
    const { chance, faults, world } = this.#options;
    const entry = this.#journal.get(instance);
    if (entry === undefined) return { kind: 'unproven', reason: 'not in the journal' };
    const isUnproven = chance.happens(faults.unproven);
    const isDone = !isUnproven || chance.happens(0.5);
    await this.#takes([latencyMs / 2, latencyMs], process, () => {
      if (!isDone || entry.state === 'dead') return;
      if (entry.state === 'running') world.end(instance);
      this.died(instance, 'ended as ordered');
    });
    if (isUnproven) return { kind: 'unproven', reason: 'the platform did not answer' };
    return { kind: 'dead', evidence: entry.evidence, wasForced: false };
  }

  /** The platform goes on without its launcherd, which learns of it a moment later. */
  #takes([least, most]: readonly [number, number], process: SimProcess, happen: () => void): Promise<void> {
    const { time, chance, faults } = this.#options;
    const isHanging = chance.happens(faults.hangs);
    const slowMs = isHanging ? longMs : chance.happens(faults.slow) ? chance.between(1_000, 12_000) : 0;
    return new Promise((resolve) => {
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        this.#underWay.delete(end);
        happen();
        time.after(5, resolve, process);
      };
      this.#underWay.add(end);
      time.after(chance.between(Math.round(least), Math.round(most)) + slowMs, end);
    });
  }

  #view(instance: string): InstanceView {
    const entry = this.#journal.get(instance);
    const { chance, faults } = this.#options;
    if (entry !== undefined && chance.happens(faults.unreadable)) {
      return { kind: 'unknown', instance, reason: 'its entry in the journal cannot be read' };
    }
    switch (entry?.state) {
      case undefined:
        return { kind: 'unknown', instance, reason: 'not in the journal' };
      case 'starting':
        return { kind: 'unknown', instance, reason: 'its start is under way' };
      case 'running':
        return runningView(entry);
      case 'dead':
        return { kind: 'dead', instance, evidence: entry.evidence, at: entry.at };
    }
  }
}

function runningView({ instance, address, startedAt, isPaused }: JournalEntry): RunningInstance {
  const hostname = instance.replaceAll('.', '-');
  return {
    kind: 'running',
    instance,
    pid: 1,
    agentPid: 2,
    address,
    hostname,
    stateDirectory: '/sim',
    startedAt,
    condition: isPaused ? { kind: 'paused', evidence: 'by the simulation' } : { kind: 'working' },
  };
}
