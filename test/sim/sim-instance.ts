import { AgentLink } from '../../agent/agent-link.js';
import { AgentRuntime } from '../../agent/agent-runtime.js';
import { decodeReport } from '../../agent/bus/report-messages.js';
import { type DurableChange, restoreState } from '../../agent/core/durable-state.js';
import type { Operation, OperationOutcome } from '../../agent/core/operation.js';
import type { Report } from '../../agent/core/state.js';
import type { Journal } from '../../agent/journal.js';
import { ReportSpool } from '../../agent/report-spool.js';
import type { InstanceId } from '../../proto/instance-id.js';
import { renderInstanceId } from '../../proto/instance-id.js';
import type { Chance } from './chance.js';
import type { SimEndpoint, SimNetwork } from './sim-bus.js';
import { type OutboxDisk, openSimOutbox } from './sim-outbox.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

export interface ResourceFaults {
  /** Probabilities of one operation. */
  startFails: number;
  stopFails: number;
  hangs: number;
}

export const healthyResources: ResourceFaults = { startFails: 0, stopFails: 0, hangs: 0 };

export interface SimResource {
  isRunning: boolean;
  /** What made it stop last. */
  endedBy: 'nobody' | 'order' | 'crash';
  /** Operations so far: the one that is repeated after its agent crashed is ended by its successor. */
  runs: number;
}

export interface InstanceOptions {
  readonly id: InstanceId;
  readonly address: string;
  readonly epoch: number;
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly chance: Chance;
  readonly faults: ResourceFaults;
  /** An operation that changes a resource begins. */
  readonly onBegin: (instance: SimInstance, operation: Operation) => void;
  readonly onReport: (instance: SimInstance, sequence: number, report: Report) => void;
}

/** A booted VM: resources that run or do not, and the real agent over a simulated disk. */
export class SimInstance {
  isAlive = true;
  endpoint: SimEndpoint | undefined;
  readonly resources = new Map<string, SimResource>();
  readonly #options: InstanceOptions;
  readonly #disk = new Map<string, string>();
  readonly #outbox: OutboxDisk = { entries: [], nextSequence: 1 };
  readonly #bootedAt: number;
  #process: SimProcess | undefined;
  #changed: ((resource: string) => void) | undefined;
  #generation = 0;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#bootedAt = options.time.now;
  }

  get id(): string {
    return renderInstanceId(this.#options.id);
  }

  get assembly(): string {
    return this.#options.id.assembly;
  }

  get host(): string {
    return this.#options.id.host;
  }

  get isAgentUp(): boolean {
    return this.#process?.isAlive === true;
  }

  /** Everything in it is gone at once. */
  end(): void {
    this.isAlive = false;
    this.killAgent();
    for (const resource of this.resources.values()) resource.isRunning = false;
  }

  killAgent(): void {
    if (this.#process !== undefined) this.#process.isAlive = false;
    this.#changed = undefined;
  }

  /** A resource's process dies; `isNoticed` at once, or by the next monitor. */
  crash(resource: string, isNoticed: boolean): void {
    const found = this.resources.get(resource);
    if (found?.isRunning !== true) return;
    Object.assign(found, { isRunning: false, endedBy: 'crash' });
    const changed = this.#changed;
    if (isNoticed) this.#options.time.after(5, () => changed?.(resource), this.#process);
  }

  launchAgent(): void {
    if (!this.isAlive) return;
    const { id, epoch, time, network, address } = this.#options;
    this.killAgent();
    this.#generation += 1;
    const incarnation = `a${this.#generation}`;
    const process = { name: `agent ${this.id} ${incarnation}`, isAlive: true };
    this.#process = process;
    time.runIn(process, () => {
      const clock = { now: () => ({ unixMs: time.now, bootMs: time.now - this.#bootedAt }) };
      const entries = new Map([...this.#disk].map(([key, text]) => [key, JSON.parse(text) as unknown]));
      const policy = { ...policyOf(id), process: incarnation };
      const state = restoreState(entries, policy, { clock: { bootId: 'boot', at: clock.now() }, epoch });
      const outbox = openSimOutbox(this.#outbox);
      const log = () => undefined;
      const spool = new ReportSpool(outbox, (number) => runtime.post({ kind: 'reports-spooled', number }), log);
      const runtime: AgentRuntime = new AgentRuntime(state, {
        // The journal's file is the one thing that the simulation replaces of its class.
        journal: this.#journal() as unknown as Journal,
        bootId: 'boot',
        clock,
        executor: { run: ({ operation }) => this.#run(operation) },
        spool: (report) => spool.add(report),
        log,
      });
      this.#changed = (resource) => runtime.post({ kind: 'resource-changed', resource });
      runtime.start();
      const bus = network.connect(process, { role: 'agent', id: this.id, incarnation });
      this.endpoint = bus;
      const identity = {
        deployable: id.deployable,
        assembly: id.assembly,
        instance: id,
        launcherHost: id.host,
        epoch,
        busServers: ['sim'],
        credentialsFile: '/sim',
        heartbeatIntervalMs: 1_000,
        address,
        hostname: 'sim',
        stateDirectory: '/sim',
      };
      new AgentLink({ identity, bus, runtime, outbox: this.#watched(outbox), clock, version: 'sim', log });
    });
  }

  #journal(): Pick<Journal, 'append' | 'flushed'> {
    return {
      append: (changes: readonly DurableChange[]) => {
        for (const { key, value } of changes) {
          if (value === undefined) this.#disk.delete(key);
          else this.#disk.set(key, JSON.stringify(value));
        }
      },
      flushed: async () => undefined,
    };
  }

  /** Tells the simulation what the decider has acknowledged. */
  #watched(outbox: ReturnType<typeof openSimOutbox>): ReturnType<typeof openSimOutbox> {
    return {
      ...outbox,
      deliver: (send) =>
        outbox.deliver(async (sequence, payload) => {
          const outcome = await send(sequence, payload);
          const report = decodeReport(payload);
          if (outcome === 'acknowledged' && report !== undefined) this.#options.onReport(this, sequence, report);
          return outcome;
        }),
    };
  }

  async #run(operation: Operation): Promise<OperationOutcome> {
    const { chance, faults, onBegin, time } = this.#options;
    const { resource, name, timeoutMs } = operation;
    const known = this.resources.get(resource) ?? { isRunning: false, endedBy: 'nobody', runs: 0 };
    this.resources.set(resource, known);
    known.runs += 1;
    const { runs } = known;
    onBegin(this, operation);
    const isHanging = chance.happens(faults.hangs);
    const isFailing = chance.happens(name === 'start' ? faults.startFails : name === 'stop' ? faults.stopFails : 0);
    const isEffective = !isFailing && (!isHanging || chance.happens(0.5));
    const takesMs = isHanging ? timeoutMs : chance.between(5, name === 'monitor' ? 20 : 150);
    // What was begun goes on without the agent.
    time.after(takesMs, () => {
      if (!this.isAlive || !isEffective || known.runs !== runs || (name !== 'start' && name !== 'stop')) return;
      Object.assign(known, name === 'start' ? { isRunning: true } : { isRunning: false, endedBy: 'order' });
    });
    await new Promise((resolve) => setTimeout(resolve, takesMs + 1));
    if (isHanging) return { rc: 1, status: 'timeout', exitReason: `${name} timed out`, output: '' };
    if (isFailing) return { rc: 1, status: 'done', exitReason: `${name} was made to fail`, output: '' };
    const rc = name === 'monitor' && !known.isRunning ? 7 : 0;
    return { rc, status: 'done', exitReason: rc === 7 ? 'not running' : '', output: '' };
  }
}

function policyOf(id: InstanceId) {
  return {
    deployable: id.deployable,
    instance: renderInstanceId(id),
    maxParallel: 8,
    maxQueued: 64,
    maxResources: 1000,
    maxDoneOrders: 512,
    maxUnspooled: 2000,
  };
}
