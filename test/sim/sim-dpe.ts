import type { DpeOptions } from '../../coordinator/dpe/core/dpe-state.js';
import { type HostedDeployable, hostDeployable } from '../../coordinator/dpe/deployable-host.js';
import { leaseKey } from '../../coordinator/dpe/lease.js';
import type { Decision, Scheduler } from '../../coordinator/scheduler/scheduler.js';
import type { SchedulerDialect } from '../../coordinator/state/cib-input.js';
import { type MemoryDisk, openMemoryStore } from '../../coordinator/store/memory-store.js';
import type { Store } from '../../coordinator/store/store.js';
import type { Chance } from './chance.js';
import type { SimEndpoint, SimNetwork } from './sim-bus.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface DpeHostOptions {
  readonly deployable: string;
  readonly disk: MemoryDisk;
  readonly scheduler: Scheduler;
  readonly dialect: SchedulerDialect;
  readonly hosts: readonly string[];
  readonly home: string;
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly chance: Chance;
  readonly onDecision: (cib: string, decision: Decision) => void;
  readonly onLog: (level: string, fields: object, message: string) => void;
}

const retryMs = 300;

/** A dped for one deployable: everything of the real process but its bus connection, its disk and its main. */
export class SimDpe {
  endpoint: SimEndpoint | undefined;
  readonly #options: DpeHostOptions;
  #process: SimProcess | undefined;
  #hosted: HostedDeployable | undefined;
  readonly #everHosted: HostedDeployable[] = [];
  #generation = 0;

  constructor(options: DpeHostOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#process?.isAlive === true;
  }

  /** The process is gone; the kernel says so to whoever looks. */
  async kill(store: Store): Promise<void> {
    if (this.#process !== undefined) this.#process.isAlive = false;
    this.#hosted = undefined;
    const key = leaseKey(this.#options.deployable);
    const lease = await store.get(key);
    if (lease !== undefined) await store.put(key, { ...(lease.value as object), startTicks: -1 }, lease.revision);
  }

  /** It was paused until its lease ran out: a successor decides, and the old one goes on as if nothing had happened. */
  async succeed(store: Store): Promise<void> {
    const key = leaseKey(this.#options.deployable);
    const lease = await store.get(key);
    if (lease !== undefined) await store.put(key, { ...(lease.value as object), expiresAt: 0 }, lease.revision);
    this.launch();
  }

  launch(): void {
    const { time, network, deployable, chance, disk } = this.#options;
    this.#generation += 1;
    const incarnation = `d${this.#generation}`;
    const process = { name: `dped ${incarnation}`, isAlive: true };
    this.#process = process;
    time.runIn(process, () => {
      const bus = network.connect(process, { role: 'dpe', id: deployable, incarnation });
      this.endpoint = bus;
      const schedule = (run: () => void) => void time.after(chance.between(1, 5), run, process);
      const store = openMemoryStore(disk, { schedule });
      void this.#host(process, { store, bus, incarnation });
    });
  }

  /** Waits for the files that every process of this simulation still writes. */
  async close(): Promise<void> {
    for (const hosted of this.#everHosted) await hosted.close();
  }

  /** The operator's words are in the store: cped pokes. */
  poke(): void {
    const hosted = this.#hosted;
    if (hosted !== undefined) this.#options.time.runIn(this.#process, () => void hosted.refresh());
  }

  async #host(
    process: SimProcess,
    { store, bus, incarnation }: { readonly store: Store; readonly bus: SimEndpoint; readonly incarnation: string },
  ): Promise<void> {
    const { deployable, home, dialect, onLog } = this.#options;
    const log = {
      info: (fields: object, message: string) => onLog('info', fields, message),
      warn: (fields: object, message: string) => onLog('warn', fields, message),
      error: (fields: object, message: string) => onLog('error', fields, message),
    };
    for (;;) {
      let lose: (reason: string) => void = () => undefined;
      const lost = new Promise<string>((resolve) => {
        lose = resolve;
      });
      const outcome = await hostDeployable(deployable, {
        home,
        incarnation,
        store,
        bus,
        scheduler: this.#scheduler(process),
        log,
        dialect,
        options: this.#dpeOptions(),
        onLost: (_deployable, reason) => lose(reason),
      });
      if (outcome.kind === 'hosted') {
        this.#hosted = outcome.hosted;
        this.#everHosted.push(outcome.hosted);
        onLog('warn', { reason: await lost }, 'no longer deciding');
        this.#hosted = undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  #dpeOptions(): DpeOptions {
    return {
      heartbeatIntervalMs: 1_000,
      agentLostAfterMs: 15_000,
      launcherSilentAfterMs: 5_000,
      adoptionGraceMs: 10_000,
      expectedHosts: this.#options.hosts,
      heldRetryMs: 5_000,
    };
  }

  /** Asks the real scheduler while time stands still, and lets a little of it pass for the answer. */
  #scheduler(process: SimProcess): Scheduler {
    const { scheduler, time, chance, onDecision } = this.#options;
    return {
      hello: () => scheduler.hello(),
      close: async () => undefined,
      decide: (request) => {
        const takesMs = chance.between(5, 60);
        return new Promise((resolve) => {
          const asked = time.runIn(undefined, () => scheduler.decide(request));
          time.hold(
            asked.then((decision) => {
              onDecision(request.cib, decision);
              time.after(takesMs, () => resolve(decision), process);
            }),
          );
        });
      },
    };
  }
}
