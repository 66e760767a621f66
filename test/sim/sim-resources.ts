import type { Operation, OperationOutcome } from '../../agent/core/operation.js';
import type { Chance } from './chance.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface ResourceFaults {
  /** Probabilities of one operation. */
  startFails: number;
  stopFails: number;
  hangs: number;
  /** Takes most of its timeout. */
  late: number;
  /** Says something else than is: a start or stop that did nothing, a monitor that is wrong. */
  lies: number;
}

export const healthyResources: ResourceFaults = { startFails: 0, stopFails: 0, hangs: 0, late: 0, lies: 0 };

export interface SimResource {
  isRunning: boolean;
  /** What made it stop last, or why it does not run although its agent was told that it does. */
  endedBy: 'nobody' | 'order' | 'agent' | 'crash' | 'lie';
  /** Its agent was told that it has stopped, and it runs. */
  isGhost: boolean;
  /** Operations so far: the one that is repeated after its agent crashed is ended by its successor. */
  runs: number;
}

export interface ResourcesOptions {
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly faults: ResourceFaults;
  readonly isAlive: () => boolean;
  readonly onRunning: (resource: string) => void;
}

interface Effect {
  readonly isEffective: boolean;
  readonly isLying: boolean;
  readonly isOrdered: boolean;
}

/** The resources of one instance: what really runs, whatever anybody says of it. */
export class SimResources {
  readonly #options: ResourcesOptions;
  readonly #known = new Map<string, SimResource>();
  readonly #underWay = new Set<() => void>();
  #operations = 0;

  constructor(options: ResourcesOptions) {
    this.#options = options;
  }

  get(id: string): SimResource | undefined {
    return this.#known.get(id);
  }

  entries(): IterableIterator<[string, SimResource]> {
    return this.#known.entries();
  }

  running(): readonly string[] {
    return [...this.#known].filter(([, { isRunning }]) => isRunning).map(([id]) => id);
  }

  end(): void {
    for (const resource of this.#known.values()) resource.isRunning = false;
  }

  /** Returns whether it ran. */
  crash(id: string): boolean {
    const known = this.#known.get(id);
    if (known?.isRunning !== true) return false;
    Object.assign(known, { isRunning: false, endedBy: 'crash', isGhost: false });
    return true;
  }

  /** What hangs, or is late, ends now. */
  heal(): void {
    for (const end of this.#underWay) end();
    this.#underWay.clear();
  }

  /** `isOrdered`: not an operation of the agent's own. */
  async run(operation: Operation, isOrdered: boolean, process: SimProcess): Promise<OperationOutcome> {
    const { chance, faults } = this.#options;
    const { resource, name, timeoutMs } = operation;
    const known = this.#known.get(resource) ?? { isRunning: false, endedBy: 'nobody', isGhost: false, runs: 0 };
    this.#known.set(resource, known);
    known.runs += 1;
    const { runs } = known;
    const isHanging = chance.happens(faults.hangs);
    const isFailing = chance.happens(name === 'start' ? faults.startFails : name === 'stop' ? faults.stopFails : 0);
    const isLying = !isHanging && !isFailing && chance.happens(faults.lies);
    const isEffective = !isFailing && !isLying && (!isHanging || chance.happens(0.5));
    const isLate = chance.happens(faults.late);
    const shortMs = chance.between(5, name === 'monitor' ? 20 : 150);
    const takesMs = isHanging ? timeoutMs : isLate ? Math.round(timeoutMs * 0.9) : shortMs;
    await this.#takes(takesMs, process, () => {
      // What was begun goes on without the agent, but not beside its repetition.
      if (known.runs === runs) this.#take(known, operation, { isEffective, isLying, isOrdered });
    });
    this.#operations += 1;
    // Tells this failure from every other one, whatever the clock says.
    const output = `operation ${this.#operations}`;
    if (isHanging) return { rc: 1, status: 'timeout', exitReason: `${name} timed out`, output };
    if (isFailing) return { rc: 1, status: 'done', exitReason: `${name} was made to fail`, output };
    if (name !== 'monitor') return { rc: 0, status: 'done', exitReason: '', output };
    if (isLying && known.isRunning) return { rc: 1, status: 'done', exitReason: 'a monitor that is wrong', output };
    if (isLying && !known.isRunning) known.endedBy = 'lie';
    const rc = known.isRunning || isLying ? 0 : 7;
    return { rc, status: 'done', exitReason: rc === 7 ? 'not running' : '', output };
  }

  #take(known: SimResource, { name, resource }: Operation, how: Effect): void {
    if (!this.#options.isAlive()) return;
    if (name === 'start' && how.isEffective) {
      Object.assign(known, { isRunning: true, isGhost: false });
      this.#options.onRunning(resource);
    }
    if (name === 'start' && how.isLying && !known.isRunning) known.endedBy = 'lie';
    if (name === 'stop' && how.isEffective)
      Object.assign(known, { isRunning: false, endedBy: how.isOrdered ? 'order' : 'agent', isGhost: false });
    if (name === 'stop' && how.isLying) known.isGhost = known.isRunning;
  }

  /** Something happens after a while, and `process` learns of it a moment later. */
  #takes(ms: number, process: SimProcess, happen: () => void): Promise<void> {
    const { time } = this.#options;
    return new Promise((resolve) => {
      let isOver = false;
      const end = () => {
        if (isOver) return;
        isOver = true;
        this.#underWay.delete(end);
        happen();
        time.after(1, resolve, process);
      };
      this.#underWay.add(end);
      time.after(ms, end);
    });
  }
}
