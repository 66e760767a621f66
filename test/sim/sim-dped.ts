import { followAssignments } from '../../coordinator/dpe/assigned-deployables.js';
import type { DpeOptions } from '../../coordinator/dpe/core/dpe-state.js';
import { leaseKey } from '../../coordinator/dpe/lease.js';
import type { DecideRequest, Decision, Scheduler } from '../../coordinator/scheduler/scheduler.js';
import type { SchedulerDialect } from '../../coordinator/state/cib-input.js';
import type { MemoryDisk } from '../../coordinator/store/memory-store.js';
import type { Chance } from './chance.js';
import type { SimNetwork } from './sim-bus.js';
import { openSimStore, type StoreFaults } from './sim-store.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface CoordinatorOptions {
  readonly disk: MemoryDisk;
  readonly storeFaults: StoreFaults;
  readonly hosts: readonly string[];
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly chance: Chance;
  readonly onLog: (who: string, level: string, fields: object, message: string) => void;
}

export interface DpedOptions extends CoordinatorOptions {
  readonly scheduler: Scheduler;
  readonly dialect: SchedulerDialect;
  readonly onDecision: (request: DecideRequest, decision: Decision) => void;
}

const assignmentMs = 300;
/** The archive explains decisions and must not be needed for them: here it never gets a disk. */
const noDisk = '/dev/null';

/** A dped: everything of the real process but its bus connection, its disk and its main. */
export class SimDped {
  readonly name: string;
  readonly #options: DpedOptions;
  #process: SimProcess | undefined;
  readonly #processes: SimProcess[] = [];
  #generation = 0;

  constructor(name: string, options: DpedOptions) {
    this.name = name;
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#process?.isAlive === true;
  }

  /** All processes of this name are gone; the kernel says so to whoever looks. */
  kill(): void {
    for (const process of this.#processes.splice(0)) {
      process.isAlive = false;
      this.#changeLeases(process, { startTicks: -1 });
    }
  }

  freeze(forMs: number): void {
    if (this.#process !== undefined) this.#options.time.freeze(this.#process, forMs);
  }

  /**
   * Its leases have run out, as after a long pause: a successor decides, and it goes on as if nothing had happened. One
   * that was succeeded before is killed at last.
   */
  succeed(): void {
    for (const process of this.#processes) this.#changeLeases(process, { expiresAt: 0 });
    for (const process of this.#processes.splice(0, this.#processes.length - 1)) process.isAlive = false;
    this.launch();
  }

  launch(): void {
    const { time } = this.#options;
    this.#generation += 1;
    const incarnation = `${this.name}_${this.#generation}`;
    const process = { name: incarnation, isAlive: true };
    this.#process = process;
    this.#processes.push(process);
    time.after(0, () => void this.#run(process, incarnation), process);
  }

  async #run(process: SimProcess, incarnation: string): Promise<void> {
    const { network, onLog, dialect, hosts } = this.#options;
    const log = {
      info: (fields: object, message: string) => onLog(incarnation, 'info', fields, message),
      warn: (fields: object, message: string) => {
        if (message !== 'a decision could not be archived') onLog(incarnation, 'warn', fields, message);
      },
      error: (fields: object, message: string) => onLog(incarnation, 'error', fields, message),
    };
    const assigned = followAssignments(this.name, {
      home: noDisk,
      incarnation,
      store: openSimStore({ ...this.#options, faults: this.#options.storeFaults, process }),
      bus: network.connect(process, { role: 'dpe', id: this.name, incarnation }, this.name),
      scheduler: this.#scheduler(process),
      log,
      mintForAgent: () => 'sim',
      onEnded: () => undefined,
      dialect,
      options: dpeOptions(hosts),
    });
    for (;;) {
      await assigned.look();
      await new Promise((resolve) => setTimeout(resolve, assignmentMs));
    }
  }

  /** Time passes for every process alike, so the world itself may write this. */
  #changeLeases({ name }: SimProcess, change: object): void {
    const { records } = this.#options.disk;
    for (const key of records.keys(leaseKey(''), leaseKey('~'), 1_000)) {
      const text = records.get(key) ?? '';
      const comma = text.indexOf(',');
      const lease = JSON.parse(text.slice(comma + 1)) as { holder: string };
      if (lease.holder === name) records.put(key, `${text.slice(0, comma)},${JSON.stringify({ ...lease, ...change })}`);
    }
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
          const asked = scheduler.decide(request);
          time.hold(
            asked.then((decision) => {
              onDecision(request, decision);
              time.after(takesMs, () => resolve(decision), process);
            }),
          );
        });
      },
    };
  }
}

function dpeOptions(hosts: readonly string[]): DpeOptions {
  return {
    heartbeatIntervalMs: 1_000,
    agentLostAfterMs: 15_000,
    launcherSilentAfterMs: 5_000,
    adoptionGraceMs: 10_000,
    expectedHosts: hosts,
    heldRetryMs: 5_000,
  };
}
