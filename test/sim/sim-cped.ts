import { serveCpe } from '../../coordinator/cpe/cpe-service.js';
import { EventWatch } from '../../coordinator/cpe/event-watch.js';
import { listDeployables } from '../../coordinator/dpe/deployable-record.js';
import { allLauncherBeats, parseSubject } from '../../proto/subjects.js';
import { type CoordinatorOptions, type DpedOptions, SimDped } from './sim-dped.js';
import { openSimStore } from './sim-store.js';
import type { SimProcess } from './virtual-time.js';

export interface CpedOptions extends CoordinatorOptions {
  readonly maxDeployables: number;
  readonly dpes: SimProcessManager;
}

const checkMs = 2_000;

/** A cped: the real Cloud Policy Engine over the simulated bus and store. */
export class SimCped {
  readonly #options: CpedOptions;
  #process: SimProcess | undefined;
  #generation = 0;

  constructor(options: CpedOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#process?.isAlive === true;
  }

  kill(): void {
    if (this.#process !== undefined) this.#process.isAlive = false;
  }

  freeze(forMs: number): void {
    if (this.#process !== undefined) this.#options.time.freeze(this.#process, forMs);
  }

  launch(): void {
    this.kill();
    this.#generation += 1;
    const process = { name: `cped ${this.#generation}`, isAlive: true };
    this.#process = process;
    this.#options.time.after(0, () => this.#run(process), process);
  }

  #run(process: SimProcess): void {
    const { network, hosts, maxDeployables, dpes, storeFaults } = this.#options;
    const store = openSimStore({ ...this.#options, faults: storeFaults, process });
    const bus = network.connect(process, { role: 'cpe', id: 'main', incarnation: `c${this.#generation}` }, 'cped');
    const known = new Set<string>(hosts);
    bus.subscribe(allLauncherBeats, ({ subject }) => {
      const from = parseSubject(subject);
      if (from?.kind === 'launcher-beat') known.add(from.host);
    });
    const look = async () => dpes.reconcile((await listDeployables(store)).map(({ dpe }) => dpe));
    serveCpe({
      home: '/dev/null',
      config: {
        launcherHosts: hosts,
        drivers: {},
        busUrl: 'sim',
        natsServer: 'sim',
        maxDeployables,
        heartbeatMs: 1_000,
        agentLostMs: 15_000,
        isForeground: true,
      },
      store,
      bus,
      dpes: { look: () => void look(), list: async () => [], close: () => undefined },
      watch: new EventWatch(bus),
      authority: () => {
        throw new Error('nobody makes identities here');
      },
      ownNames: [],
      knownHosts: () => [...known],
      version: 'sim',
      schedulerVersion: 'sim',
    });
    void look();
    setInterval(() => void look(), checkMs);
  }
}

/** What stands in for pm2: the DPE processes that the CPE wants, started again when they die. */
export class SimProcessManager {
  readonly dpeds = new Map<string, SimDped>();
  readonly #options: DpedOptions;
  #isDown = false;

  constructor(options: DpedOptions) {
    this.#options = options;
  }

  reconcile(wanted: readonly string[]): void {
    if (this.#isDown) return;
    for (const name of wanted) {
      if (this.dpeds.has(name)) continue;
      const dped = new SimDped(name, this.#options);
      this.dpeds.set(name, dped);
      dped.launch();
    }
    for (const [name, dped] of this.dpeds) {
      if (wanted.includes(name)) continue;
      this.dpeds.delete(name);
      dped.kill();
    }
  }

  /** It dies, and is started again after a while. */
  crash(dped: SimDped, forMs: number): void {
    dped.kill();
    this.#options.time.after(forMs, () => this.restart(dped));
  }

  restart(dped: SimDped): void {
    if (!this.#isDown && !dped.isUp && this.dpeds.get(dped.name) === dped) dped.launch();
  }

  /** The coordinator's machine loses its power. */
  powerOff(): void {
    this.#isDown = true;
    for (const dped of this.dpeds.values()) dped.kill();
  }

  powerOn(): void {
    this.#isDown = false;
    for (const dped of this.dpeds.values()) this.restart(dped);
  }
}
