import { AgentLink } from '../../agent/agent-link.js';
import { AgentRuntime } from '../../agent/agent-runtime.js';
import { decodeReport } from '../../agent/bus/report-messages.js';
import { type DurableChange, restoreState } from '../../agent/core/durable-state.js';
import { emptyIdMap, lookUp } from '../../agent/core/id-map.js';
import type { Operation, OperationOutcome } from '../../agent/core/operation.js';
import type { Report } from '../../agent/core/state.js';
import type { Journal } from '../../agent/journal.js';
import { ReportSpool } from '../../agent/report-spool.js';
import type { InstanceId } from '../../proto/instance-id.js';
import { renderInstanceId } from '../../proto/instance-id.js';
import type { Chance } from './chance.js';
import type { SimNetwork } from './sim-bus.js';
import { emptyOutboxDisk, openSimOutbox } from './sim-outbox.js';
import { type ResourceFaults, SimResources } from './sim-resources.js';
import type { SimProcess, VirtualTime } from './virtual-time.js';

/** An operation that begins, and why its agent runs it. */
export interface BegunOperation {
  readonly instance: SimInstance;
  readonly operation: Operation;
  /** Of the order that it carries out; undefined for an operation of the agent's own. */
  readonly operationId: string | undefined;
}

export interface InstanceOptions {
  readonly id: InstanceId;
  readonly address: string;
  readonly epoch: number;
  readonly time: VirtualTime;
  readonly network: SimNetwork;
  readonly chance: Chance;
  readonly faults: ResourceFaults;
  /** Hardly any room on its disk: some failures are told by their count only. */
  readonly isCramped: boolean;
  readonly onBegin: (begun: BegunOperation) => void;
  readonly onRunning: (instance: SimInstance, resource: string) => void;
  /** The agent knows that its decider has taken the report. */
  readonly onAcknowledged: (instance: SimInstance, report: Report) => void;
  /** Its agent ends all of it. */
  readonly onPowerOff: (instance: SimInstance) => void;
}

const cramped = { capacity: 1, policy: { maxHandedOver: 1, maxUnspooled: 0 } } as const;

/** A booted VM: resources that run or do not, and the real agent over a simulated disk. */
export class SimInstance {
  isAlive = true;
  readonly id: string;
  readonly resources: SimResources;
  readonly #options: InstanceOptions;
  readonly #disk = new Map<string, string>();
  readonly #outbox = emptyOutboxDisk();
  readonly bootedAt: number;
  #process: SimProcess | undefined;
  #runtime: AgentRuntime | undefined;
  #generation = 0;
  /** How far its clock is from the right time. */
  #clockErrorMs = 0;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.bootedAt = options.time.now;
    this.id = renderInstanceId(options.id);
    const { time, chance, faults } = options;
    this.resources = new SimResources({
      time,
      chance,
      faults,
      isAlive: () => this.isAlive,
      onRunning: (resource) => options.onRunning(this, resource),
    });
  }

  get deployable(): string {
    return this.#options.id.deployable;
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
    this.resources.end();
  }

  /** What its journal was given is in the kernel's hands, and survives the agent. */
  killAgent(): void {
    if (this.#process !== undefined) this.#process.isAlive = false;
    this.#runtime = undefined;
  }

  freezeAgent(forMs: number): void {
    if (this.#process !== undefined) this.#options.time.freeze(this.#process, forMs);
  }

  stepClock(ms: number): void {
    this.#clockErrorMs += ms;
  }

  /** A resource's process dies; `isNoticed` at once, or by the next monitor. */
  crash(resource: string, isNoticed: boolean): void {
    if (!this.resources.crash(resource)) return;
    const runtime = this.#runtime;
    if (isNoticed)
      this.#options.time.after(5, () => runtime?.post({ kind: 'resource-changed', resource }), this.#process);
  }

  launchAgent(): void {
    if (!this.isAlive) return;
    this.killAgent();
    this.#generation += 1;
    const incarnation = `a${this.#generation}`;
    const process = { name: `agent ${this.id} ${incarnation}`, isAlive: true };
    this.#process = process;
    this.#options.time.after(0, () => this.#runAgent(process, incarnation), process);
  }

  #runAgent(process: SimProcess, incarnation: string): void {
    const { id, epoch, time, network, address } = this.#options;
    const clock = {
      now: () => ({ unixMs: time.now + this.#clockErrorMs, bootMs: time.now - this.bootedAt }),
    };
    const entries = new Map([...this.#disk].map(([key, text]) => [key, JSON.parse(text) as unknown]));
    const policy = { ...policyOf(id), ...(this.#options.isCramped ? cramped.policy : {}), process: incarnation };
    const state = restoreState(entries, policy, { clock: { bootId: 'boot', at: clock.now() }, epoch });
    const outbox = openSimOutbox(this.#outbox, this.#options.isCramped ? cramped.capacity : undefined);
    const log = () => undefined;
    const spool = new ReportSpool(outbox, (number) => runtime.post({ kind: 'reports-spooled', number }), log);
    const runtime: AgentRuntime = new AgentRuntime(state, {
      // The journal's file is the one thing that the simulation replaces of its class.
      journal: this.#journal(process) as unknown as Journal,
      bootId: 'boot',
      clock,
      executor: { run: ({ operation }) => this.#run(operation, process) },
      spool: (report) => spool.add(report),
      endInstance: () => this.#options.onPowerOff(this),
      log,
    });
    this.#runtime = runtime;
    runtime.start();
    const bus = network.connect(process, { role: 'agent', id: this.id, incarnation }, id.host);
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
  }

  #journal(process: SimProcess): Pick<Journal, 'append' | 'flushed'> {
    return {
      append: (changes: readonly DurableChange[]) => {
        for (const { key, value } of changes) {
          if (value === undefined) this.#disk.delete(key);
          else this.#disk.set(key, JSON.stringify(value));
        }
      },
      flushed: () => this.#options.time.pause(1, process),
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
          if (outcome === 'acknowledged' && report !== undefined) this.#options.onAcknowledged(this, report);
          return outcome;
        }),
    };
  }

  #run(operation: Operation, process: SimProcess): Promise<OperationOutcome> {
    const resources = this.#runtime?.state().resources ?? emptyIdMap();
    const { activity, record } = lookUp(resources, operation.resource) ?? {};
    const isOrdered = activity?.purpose.kind === 'order';
    const operationId = isOrdered ? record?.queue[0]?.operationId : undefined;
    this.#options.onBegin({ instance: this, operation, operationId });
    return this.resources.run(operation, isOrdered, process);
  }
}

function policyOf(id: InstanceId) {
  return {
    deployable: id.deployable,
    instance: renderInstanceId(id),
    boot: 'boot',
    maxParallel: 8,
    maxQueued: 64,
    maxResources: 1000,
    maxDoneOrders: 512,
    maxHandedOver: 64,
    maxUnspooled: 256,
  };
}
