import type { InstanceDeath } from '../../launcher/driver.js';
import { deadState } from '../../launcher/instance-state.js';
import { launcherBeatOf } from '../../launcher/launcher-beat.js';
import { createOrderDesk } from '../../launcher/order-desk.js';
import type { RememberedResult } from '../../launcher/result-memory.js';
import { forgettable } from '../../launcher/retention.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { Outbox } from '../../proto/outbox.js';
import { launcherBeat, launcherList, launcherOrder, launcherReport } from '../../proto/subjects.js';
import type { Chance } from './chance.js';
import type { SimEndpoint, SimNetwork } from './sim-bus.js';
import { emptyOutboxDisk, type OutboxDisk, openSimOutbox } from './sim-outbox.js';
import { type LauncherFaults, type PlatformWorld, SimPlatform } from './sim-platform.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface HostOptions {
  readonly name: string;
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly chance: Chance;
  readonly faults: LauncherFaults;
  readonly world: PlatformWorld;
}

const beatMs = 1_000;
const writeMs = 2;

/**
 * A launcher host: the real order desk over a simulated platform and disk. Instances outlive launcherd, and nothing
 * outlives the host. What was written and not forced to disk survives launcherd, but not the host.
 */
export class SimLauncherHost {
  readonly name: string;
  readonly platform: SimPlatform;
  readonly #options: HostOptions;
  readonly #epochs = new Map<string, number>();
  readonly #results = new Map<string, RememberedResult>();
  readonly #delivered = new Map<string, RememberedResult>();
  readonly #reports = new Map<string, OutboxDisk>();
  #process: SimProcess | undefined;
  #generation = 0;
  isPowered = true;

  constructor(options: HostOptions) {
    this.#options = options;
    this.name = options.name;
    this.platform = new SimPlatform(options);
  }

  get isUp(): boolean {
    return this.#process?.isAlive === true;
  }

  kill(): void {
    if (this.#process !== undefined) this.#process.isAlive = false;
    this.platform.onDeath = undefined;
  }

  freeze(forMs: number): void {
    if (this.#process !== undefined) this.#options.time.freeze(this.#process, forMs);
  }

  /** The host loses its power: everything on it ends, and the newest results were never on disk. */
  powerOff(): void {
    this.isPowered = false;
    this.kill();
    this.platform.powerOff();
    for (const memory of [this.#results, this.#delivered]) {
      const newest = [...memory.keys()].slice(-this.#options.chance.between(0, 3));
      if (this.#options.chance.happens(0.5)) for (const key of newest) memory.delete(key);
    }
  }

  powerOn(): void {
    this.isPowered = true;
    this.launch();
  }

  launch(): void {
    if (!this.isPowered) return;
    this.kill();
    this.#generation += 1;
    const process = { name: `launcherd ${this.name} ${this.#generation}`, isAlive: true };
    this.#process = process;
    this.#options.time.after(0, () => this.#run(process), process);
  }

  #run(process: SimProcess): void {
    const { name, network, time } = this.#options;
    const bus = network.connect(process, { role: 'launcher', id: name, incarnation: `l${this.#generation}` }, name);
    const driver = this.platform.driver(process);
    const outboxes = new Map<string, Outbox>();
    const outboxOf = (deployable: string) => {
      const known = outboxes.get(deployable);
      if (known !== undefined) return known;
      const disk = this.#reports.get(deployable) ?? emptyOutboxDisk();
      this.#reports.set(deployable, disk);
      const outbox = openSimOutbox(disk);
      outbox.deliver((sequence, payload) => this.#deliver(bus, { deployable, sequence, payload }, forgetOld));
      outboxes.set(deployable, outbox);
      return outbox;
    };
    const forgetOld = async () => {
      const old = forgettable(await driver.list(), (instance) => this.#delivered.has(instance));
      for (const instance of old) await driver.forget(instance);
    };
    for (const deployable of this.#reports.keys()) outboxOf(deployable);
    void forgetOld();
    driver.onDeath(async (death: InstanceDeath) => {
      const deployable = parseInstanceId(death.instance)?.deployable;
      if (deployable === undefined || this.#delivered.has(death.instance)) return;
      await outboxOf(deployable).append(Buffer.from(JSON.stringify(deadState(death, name))));
    });
    const desk = createOrderDesk({
      launcherHost: name,
      driverName: 'simulated',
      driver,
      epochs: {
        current: (of) => this.#epochs.get(of) ?? 0,
        adopt: async (of, epoch) => {
          if (epoch < (this.#epochs.get(of) ?? 0)) return 'stale';
          if (epoch === this.#epochs.get(of)) return 'adopted';
          await time.pause(writeMs, process);
          if (epoch < (this.#epochs.get(of) ?? 0)) return 'stale';
          this.#epochs.set(of, epoch);
          return 'adopted';
        },
      },
      results: {
        find: (operationId) => this.#results.get(operationId),
        remember: async (result) => {
          this.#results.set(result.operationId, result);
          await time.pause(writeMs, process);
        },
      },
      agents: { busServers: ['sim'], credentials: noCredentials },
      onAdopted: (deployable) => outboxes.get(deployable)?.kick(),
      log: () => undefined,
    });
    bus.subscribe(launcherOrder(name), desk.onOrder);
    bus.subscribe(launcherList(name), desk.onQuestion);
    const beat = () => {
      const facts = { launcherHost: name, driverName: 'simulated', sequence: 1, capacity: undefined };
      bus.publish(launcherBeat(name), { body: { kind: 'launcherBeat', value: launcherBeatOf(driver, facts) } });
    };
    beat();
    setInterval(beat, beatMs);
    bus.onStatus(({ kind }) => {
      if (kind !== 'connected') return;
      beat();
      for (const outbox of outboxes.values()) outbox.kick();
    });
  }

  /** As launcher/death-reports.ts delivers. */
  async #deliver(
    bus: SimEndpoint,
    { deployable, sequence, payload }: { deployable: string; sequence: number; payload: Uint8Array },
    forgetOld: () => Promise<void>,
  ): Promise<'acknowledged' | 'retry'> {
    const death = JSON.parse(Buffer.from(payload).toString()) as ReturnType<typeof deadState>;
    const { instance = '' } = death;
    if (this.#delivered.has(instance)) return 'acknowledged';
    const body = { kind: 'launcherReport', value: { sequence, death } } as const;
    const epoch = this.#epochs.get(deployable) ?? 0;
    const outcome = await bus.request(
      launcherReport(this.name, deployable),
      { deployable, epoch, body },
      { deadlineMs: 5_000 },
    );
    if (outcome.kind !== 'reply') return 'retry';
    const { body: answer } = outcome.envelope;
    if (answer.kind !== 'reportAck' || answer.value.sequence !== sequence) return 'retry';
    this.#delivered.set(instance, { operationId: instance, order: 'report death', state: death });
    void forgetOld();
    return 'acknowledged';
  }
}

/** Agents of the simulation need none. */
const noCredentials = {
  keep: async () => '/sim',
  drop: async () => undefined,
  keepOnly: async () => undefined,
};
