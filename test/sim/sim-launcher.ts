import type {
  InstanceDeath,
  InstanceView,
  LauncherDriver,
  RunningInstance,
  StartOutcome,
  StopOutcome,
} from '../../launcher/driver.js';
import { deadState } from '../../launcher/instance-state.js';
import { createOrderDesk } from '../../launcher/order-desk.js';
import type { RememberedResult } from '../../launcher/result-memory.js';
import { launcherBeat, launcherOrder, launcherReport } from '../../proto/subjects.js';
import type { Chance } from './chance.js';
import type { SimEndpoint, SimNetwork } from './sim-bus.js';
import { type OutboxDisk, openSimOutbox } from './sim-outbox.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface LauncherFaults {
  /** Probabilities of one order. */
  startFails: number;
  /** The outcome is not proven: it happened, or not. */
  unproven: number;
  slow: number;
}

export const healthyLauncher: LauncherFaults = { startFails: 0, unproven: 0, slow: 0 };

interface JournalEntry {
  readonly instance: string;
  state: 'starting' | 'running' | 'dead';
  address: string;
  startedAt: number;
  evidence: string;
  at: number;
  isDeathReported: boolean;
}

/** What a launcher host does to the world. */
export interface HostWorld {
  boot(instance: string, host: string): { readonly address: string };
  end(instance: string): void;
}

export interface HostOptions {
  readonly name: string;
  readonly deployable: string;
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly chance: Chance;
  readonly world: HostWorld;
}

const beatMs = 1_000;

/** A launcher host: the real order desk over a simulated platform. Instances outlive its launcherd. */
export class SimLauncherHost {
  faults: LauncherFaults = { ...healthyLauncher };
  endpoint: SimEndpoint | undefined;
  readonly #options: HostOptions;
  readonly #journal = new Map<string, JournalEntry>();
  readonly #epochs = new Map<string, number>();
  readonly #results = new Map<string, RememberedResult>();
  readonly #delivered = new Set<string>();
  readonly #deaths: OutboxDisk = { entries: [], nextSequence: 1 };
  #process: SimProcess | undefined;
  #onDeath: ((death: InstanceDeath) => Promise<void> | void) | undefined;
  #generation = 0;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get isUp(): boolean {
    return this.#process?.isAlive === true;
  }

  kill(): void {
    if (this.#process !== undefined) this.#process.isAlive = false;
    this.#onDeath = undefined;
  }

  launch(): void {
    const { name, deployable, network, time } = this.#options;
    this.#generation += 1;
    const process = { name: `launcherd ${name} ${this.#generation}`, isAlive: true };
    this.#process = process;
    time.runIn(process, () => {
      const bus = network.connect(process, { role: 'launcher', id: name, incarnation: `l${this.#generation}` });
      this.endpoint = bus;
      const outbox = openSimOutbox(this.#deaths);
      const driver = this.#driver();
      const desk = createOrderDesk({
        launcherHost: name,
        driverName: 'simulated',
        driver,
        epochs: {
          current: (of) => this.#epochs.get(of) ?? 0,
          adopt: async (of, epoch) => {
            if (epoch < (this.#epochs.get(of) ?? 0)) return 'stale';
            this.#epochs.set(of, epoch);
            return 'adopted';
          },
        },
        results: {
          find: (operationId) => this.#results.get(operationId),
          remember: async (result) => void this.#results.set(result.operationId, result),
        },
        agents: { busServers: ['sim'], credentialsFile: '/sim' },
        onAdopted: () => outbox.kick(),
        log: () => undefined,
      });
      driver.onDeath(async (death) => {
        if (this.#delivered.has(death.instance)) return;
        await outbox.append(Buffer.from(JSON.stringify(deadState(death, name))));
      });
      outbox.deliver(async (sequence, payload) => {
        const death = JSON.parse(Buffer.from(payload).toString()) as ReturnType<typeof deadState>;
        const { instance = '' } = death;
        if (this.#delivered.has(instance)) return 'acknowledged';
        const body = { kind: 'launcherReport', value: { sequence, death } } as const;
        const outcome = await bus.request(
          launcherReport(name, deployable),
          { deployable, epoch: this.#epochs.get(deployable) ?? 0, body },
          { deadlineMs: 5_000 },
        );
        const isTaken =
          outcome.kind === 'reply' &&
          outcome.envelope.body.kind === 'reportAck' &&
          outcome.envelope.body.value.sequence === sequence;
        if (isTaken) this.#delivered.add(instance);
        return isTaken ? 'acknowledged' : 'retry';
      });
      bus.subscribe(launcherOrder(name), desk.onOrder);
      const beat = () => {
        const value = { launcherHost: name, driver: 'simulated', sequence: 1, atUnixMs: Date.now() };
        const body = { kind: 'launcherBeat', value: { ...value, running: [...driver.running()] } } as const;
        bus.publish(launcherBeat(name), { body });
      };
      beat();
      setInterval(beat, beatMs);
    });
  }

  /** The instance is gone, whatever ended it. */
  died(instance: string, evidence: string): void {
    const entry = this.#journal.get(instance);
    if (entry === undefined || entry.state === 'dead') return;
    Object.assign(entry, { state: 'dead', evidence, at: this.#options.time.now });
    const process = this.#process;
    this.#options.time.after(5, () => void this.#reportDeath(entry), process);
  }

  async #reportDeath(entry: JournalEntry): Promise<void> {
    if (entry.isDeathReported || this.#onDeath === undefined) return;
    await this.#onDeath({ instance: entry.instance, evidence: entry.evidence, at: entry.at });
    entry.isDeathReported = true;
  }

  #driver(): LauncherDriver {
    const journal = this.#journal;
    return {
      start: (spec) => this.#start(spec.instance),
      stop: (instance, graceMs) => this.#end(instance, Math.min(graceMs, 300)),
      destroy: (instance) => this.#end(instance, 30),
      inspect: async (instance) => viewOf(instance, journal.get(instance)),
      running: () => [...journal.values()].filter(({ state }) => state === 'running').map(({ instance }) => instance),
      list: async () => [...journal.entries()].map(([instance, entry]) => viewOf(instance, entry)),
      forget: async (instance) => {
        if (journal.get(instance)?.state !== 'dead') return journal.get(instance) === undefined;
        return journal.delete(instance);
      },
      onDeath: (listener) => {
        this.#onDeath = listener;
        for (const entry of journal.values()) if (entry.state === 'dead') void this.#reportDeath(entry);
      },
      close: async () => undefined,
    };
  }

  async #start(instance: string): Promise<StartOutcome> {
    const { time, chance, world, name } = this.#options;
    const known = this.#journal.get(instance);
    if (known?.state === 'running') return { kind: 'started', view: runningView(known) };
    if (known?.state === 'dead') return { kind: 'failed', reason: `the instance has ended: ${known.evidence}` };
    const entry: JournalEntry = known ?? {
      instance,
      state: 'starting',
      address: '',
      startedAt: 0,
      evidence: '',
      at: 0,
      isDeathReported: false,
    };
    this.#journal.set(instance, entry);
    const bootMs = this.#latency(50, 400);
    const isFailing = chance.happens(this.faults.startFails);
    const isUnproven = chance.happens(this.faults.unproven);
    // The platform goes on without its launcherd.
    time.after(bootMs, () => {
      if (entry.state !== 'starting') return;
      if (isFailing) Object.assign(entry, { state: 'dead', evidence: 'no room', at: time.now, isDeathReported: true });
      else Object.assign(entry, { state: 'running', startedAt: time.now, ...world.boot(instance, name) });
    });
    await pause(bootMs + 5);
    if (isUnproven) return { kind: 'unproven', reason: 'the platform did not answer' };
    return entry.state === 'running'
      ? { kind: 'started', view: runningView(entry) }
      : { kind: 'failed', reason: entry.evidence || 'the start was abandoned' };
  }

  async #end(instance: string, latencyMs: number): Promise<StopOutcome> {
    const { time, chance, world } = this.#options;
    const entry = this.#journal.get(instance);
    if (entry === undefined) return { kind: 'unproven', reason: 'not in the journal' };
    const endMs = this.#latency(latencyMs / 2, latencyMs);
    const isUnproven = chance.happens(this.faults.unproven);
    const isDone = !isUnproven || chance.happens(0.5);
    time.after(endMs, () => {
      if (!isDone || entry.state === 'dead') return;
      if (entry.state === 'running') world.end(instance);
      this.died(instance, 'ended as ordered');
    });
    await pause(endMs + 5);
    if (isUnproven) return { kind: 'unproven', reason: 'the platform did not answer' };
    return { kind: 'dead', evidence: entry.evidence, wasForced: false };
  }

  #latency(least: number, most: number): number {
    const { chance } = this.#options;
    const slowMs = chance.happens(this.faults.slow) ? chance.between(1_000, 12_000) : 0;
    return chance.between(Math.round(least), Math.round(most)) + slowMs;
  }
}

function viewOf(instance: string, entry: JournalEntry | undefined): InstanceView {
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

function runningView({ instance, address, startedAt }: JournalEntry): RunningInstance {
  const hostname = instance.replaceAll('.', '-');
  return { kind: 'running', instance, pid: 1, agentPid: 2, address, hostname, stateDirectory: '/sim', startedAt };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
