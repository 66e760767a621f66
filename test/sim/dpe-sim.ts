/**
 * A deterministic simulation of one deployable: the real DPE (runtime, core, store codec, scheduler child), the real agents
 * and the real order desks of launchers, in virtual time over a simulated bus, platform and resources. One seed decides
 * every fault. Safety is checked as things happen; then everything heals, and the deployable has to come to rest.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Operation } from '../../agent/core/operation.js';
import type { Report } from '../../agent/core/state.js';
import { type DeployableRecord, deployableKey } from '../../coordinator/dpe/deployable-record.js';
import type { Decision, Scheduler } from '../../coordinator/scheduler/scheduler.js';
import { createMemoryDisk, openMemoryStore } from '../../coordinator/store/memory-store.js';
import type { Store } from '../../coordinator/store/store.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { DeployableStatus } from '../../proto/messages.js';
import { dpeRequest } from '../../proto/subjects.js';
import { Chance } from './chance.js';
import { Ledger } from './ledger.js';
import { healthyNetwork, type SimEndpoint, SimNetwork } from './sim-bus.js';
import { SimDpe } from './sim-dpe.js';
import { healthyResources, type ResourceFaults, SimInstance } from './sim-instance.js';
import { healthyLauncher, SimLauncherHost } from './sim-launcher.js';
import { beginTrouble } from './trouble.js';
import { VirtualTime } from './virtual-time.js';

export interface Scenario {
  readonly name: string;
  readonly hosts: readonly string[];
  /** Revisions of the document, in YAML: the first is in force at the beginning, the others come in the middle. */
  readonly documents: readonly string[];
  /** How long things go wrong, in virtual seconds. */
  readonly troubleS: number;
}

export interface SimOptions {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
}

export interface SimOutcome {
  /** What was violated; empty when all is well. */
  readonly violations: readonly string[];
  readonly trace: readonly string[];
  readonly lastCib: string;
  readonly decisions: number;
  readonly virtualS: number;
}

const startsAt = Date.UTC(2026, 0, 1);
const convergenceMs = 20 * 60_000;
const pollMs = 500;
/** A monitor, or a stop of a local recovery, that hangs when everything heals ends within its timeout. */
const noticedMs = 75_000;

export async function simulate(options: SimOptions): Promise<SimOutcome> {
  const home = await mkdtemp(join(tmpdir(), 'dpe-sim-'));
  const { featureSet, schema } = await options.scheduler.hello();
  const world = new SimWorld(options, home, { featureSet, schema });
  const restore = world.time.install(() => world.chance.next());
  try {
    await world.play();
    await world.traceEvents();
  } catch (error) {
    world.ledger.violate(`the simulation broke: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  } finally {
    restore();
    await world.dpe.close();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
  return world.outcome();
}

export class SimWorld {
  readonly time = new VirtualTime(startsAt);
  readonly chance: Chance;
  readonly network: SimNetwork;
  readonly ledger: Ledger;
  readonly hosts: readonly SimLauncherHost[];
  readonly instances = new Map<string, SimInstance>();
  readonly faults: ResourceFaults = { ...healthyResources };
  readonly dpe: SimDpe;
  readonly store: Store;
  readonly scenario: Scenario;
  readonly #operator: SimEndpoint;
  #revision = 0;
  #desired: DeployableRecord['desired'] = { revision: 1, state: 'running', isSuspended: false };
  #decisions = 0;
  #busyDecisions = 0;
  #addresses = 0;
  #lastCib = '';

  constructor(
    { seed, scenario, scheduler }: SimOptions,
    home: string,
    dialect: { readonly featureSet: string; readonly schema: string },
  ) {
    this.scenario = scenario;
    this.chance = new Chance(seed);
    this.network = new SimNetwork(this.time, new Chance(seed + 1_000_003));
    this.ledger = new Ledger(this.time);
    const disk = createMemoryDisk();
    this.store = openMemoryStore(disk);
    const { time, network, chance } = this;
    const world = {
      boot: (instance: string, host: string) => this.#boot(instance, host),
      end: (instance: string) => this.instances.get(instance)?.end(),
    };
    this.hosts = scenario.hosts.map(
      (name) => new SimLauncherHost({ name, deployable: 'shop', time, network, chance, world }),
    );
    this.dpe = new SimDpe({
      deployable: 'shop',
      disk,
      scheduler,
      dialect,
      hosts: scenario.hosts,
      home,
      time,
      network,
      chance,
      onDecision: (cib, decision) => this.#onDecision(cib, decision),
      onLog: (level, fields, message) => {
        this.ledger.note(`dpe ${level}: ${message} ${JSON.stringify(fields, errorText)}`);
        if (level === 'error') this.ledger.violate(`the DPE logged an error: ${message}`);
      },
    });
    const operator = { name: 'operator', isAlive: true };
    this.#operator = network.connect(operator, { role: 'operator', id: 'someone', incarnation: 'o1' });
  }

  get alive(): readonly SimInstance[] {
    return [...this.instances.values()].filter(({ isAlive }) => isAlive);
  }

  outcome(): SimOutcome {
    const { violations, trace } = this.ledger;
    return {
      violations,
      trace,
      lastCib: this.#lastCib,
      decisions: this.#decisions,
      virtualS: (this.time.now - startsAt) / 1000,
    };
  }

  /** Puts the deployable's own events into the trace. */
  async traceEvents(): Promise<void> {
    for (const { time, ...event } of await this.store.events({ since: 0, limit: 100_000 })) {
      const { seq, kind, instance = '', resource = '', reason } = event;
      this.ledger.note(`event ${seq}: ${kind} ${instance} ${resource} ${reason}`, time);
    }
    this.ledger.sort();
  }

  async play(): Promise<void> {
    await this.define(0);
    for (const host of this.hosts) host.launch();
    this.dpe.launch();
    const endsAt = this.time.now + this.scenario.troubleS * 1000;
    const end = beginTrouble(this, endsAt);
    await this.#run(endsAt);
    end();
    await this.#heal();
    await this.#comeToRest();
    if (this.ledger.isViolated) return;
    await this.#stayAtRest('after everything healed', async () => undefined);
    await this.#stayAtRest('after a restart of the DPE', async () => {
      await this.dpe.kill(this.store);
      this.dpe.launch();
    });
    if (this.ledger.isViolated) return;
    await this.setDesired('stopped');
    await this.#reach('stopped', ({ condition, settled }) => condition === 'stopped' && settled);
    if (this.alive.length > 0) this.ledger.violate(`stopped, but ${this.alive[0]?.id} is alive`);
    this.ledger.checkEvents(await this.store.events({ since: 0, limit: 100_000 }));
  }

  /** An instance dies of itself. */
  kill(instance: SimInstance, evidence: string): void {
    if (!instance.isAlive) return;
    this.ledger.note(`fault: ${instance.id} dies (${evidence})`);
    instance.end();
    this.hosts.find(({ name }) => name === instance.host)?.died(instance.id, evidence);
  }

  async define(revision: number): Promise<void> {
    const text = this.scenario.documents[revision];
    if (text === undefined) return;
    this.#revision = revision;
    this.ledger.define(text);
    this.ledger.note(`operator: document ${revision + 1} is in force`);
    await this.#write();
  }

  async defineNext(): Promise<void> {
    await this.define(this.#revision + 1);
  }

  async setDesired(state: 'running' | 'stopped'): Promise<void> {
    this.ledger.note(`operator: ${state === 'running' ? 'start' : 'stop'}`);
    this.#desired = { revision: this.#desired.revision + 1, state, isSuspended: false };
    await this.#write();
  }

  async #write(): Promise<void> {
    const record: DeployableRecord = {
      name: 'shop',
      createdAt: startsAt,
      definition: {
        revision: this.#revision + 1,
        format: 'yaml',
        text: this.scenario.documents[this.#revision] ?? '',
        fileName: 'shop.yaml',
      },
      desired: this.#desired,
      dpe: 'dpe-1',
    };
    await this.store
      .put(deployableKey('shop'), structuredClone(record) as object as never, 'any')
      .catch(() => undefined);
    const current = await this.store.get(deployableKey('shop'));
    if (current === undefined) await this.store.put(deployableKey('shop'), record as object as never, 'absent');
    this.dpe.poke();
  }

  #boot(id: string, host: string): { readonly address: string } {
    const parsed = parseInstanceId(id);
    if (parsed === undefined) throw new Error(`not an instance: ${id}`);
    for (const other of this.alive) {
      if (other.assembly === parsed.assembly) this.ledger.violate(`${id} starts while ${other.id} is alive`);
    }
    this.#addresses += 1;
    const address = `10.0.${this.#addresses >> 8}.${this.#addresses & 255}`;
    this.ledger.note(`world: ${id} boots on ${host}`);
    const instance = new SimInstance({
      id: parsed,
      address,
      epoch: Number(parsed.incarnation.split('-')[0]),
      time: this.time,
      network: this.network,
      chance: this.chance,
      faults: this.faults,
      onBegin: (where, operation) => this.#onOperation(where, operation),
      onReport: (where, _sequence, report: Report) => this.ledger.reported(where.id, report),
    });
    this.instances.set(id, instance);
    this.time.after(this.chance.between(20, 300), () => instance.launchAgent());
    return { address };
  }

  #onOperation(instance: SimInstance, operation: Operation): void {
    if (operation.name === 'monitor') return;
    this.#operations += 1;
    this.ledger.note(`world: ${operation.name} of ${operation.resource} in ${instance.id}`);
    if (operation.name === 'start') this.ledger.checkOrder(operation.resource, instance, this.instances);
    if (operation.name === 'stop') this.ledger.checkStop(operation.resource, instance, this.alive);
  }
  #operations = 0;

  #onDecision(cib: string, decision: Decision): void {
    this.#lastCib = cib;
    this.#decisions += 1;
    if (decision.kind !== 'graph') {
      this.ledger.violate(`the scheduler ${decision.kind}: ${decision.message}`);
      return;
    }
    for (const { severity, message, source } of decision.warnings) {
      if (severity === 'error') this.ledger.note(`scheduler error: ${source}: ${message}`);
    }
    const actions = decision.graphXml.split('<synapse ').length - 1;
    if (actions > 0) this.#busyDecisions += 1;
    this.ledger.note(`decision: ${actions} synapses`);
    this.ledger.decided(actions);
  }

  async #heal(): Promise<void> {
    this.ledger.note('everything heals');
    this.network.faults = { ...healthyNetwork };
    Object.assign(this.faults, healthyResources);
    for (const host of this.hosts) {
      host.faults = { ...healthyLauncher };
      if (!host.isUp) host.launch();
    }
    if (!this.dpe.isUp) this.dpe.launch();
    for (const instance of this.alive) if (!instance.isAgentUp) instance.launchAgent();
    for (const each of [...this.hosts, ...this.alive, this.dpe]) {
      if (each.endpoint === undefined) continue;
      each.endpoint.isSilent = false;
      each.endpoint.setConnected(true);
    }
    while (this.#revision + 1 < this.scenario.documents.length) await this.defineNext();
    if (this.#desired.state === 'stopped') await this.setDesired('running');
  }

  /** Everything runs, or an operator is told why not; then a start by hand has to do. */
  async #comeToRest(): Promise<void> {
    // What crashed a moment ago is found by the next monitors.
    await this.#run(this.time.now + noticedMs);
    const isOver = ({ condition, settled }: DeployableStatus) =>
      (condition === 'running' && settled) || (condition === 'failed' && this.#isQuiet());
    const status = await this.#reach('at rest', isOver);
    if (status?.condition === 'failed') {
      if (status.reason === '') this.ledger.violate('failed without a reason');
      this.ledger.note(`failed: ${status.reason}`);
      await this.setDesired('running');
      await this.#reach(
        'running after a start by hand',
        ({ condition, settled }) => condition === 'running' && settled,
      );
    }
    this.#checkTruth();
  }

  #checkTruth(): void {
    for (const id of this.ledger.resources()) {
      const assembly = id.split('.')[0];
      const running = this.alive.filter((instance) => instance.assembly === assembly);
      if (running.length !== 1) this.ledger.violate(`${running.length} instances of ${assembly} are alive at rest`);
      if (running[0]?.resources.get(id)?.isRunning !== true) this.ledger.violate(`${id} does not run at rest`);
    }
  }

  async #stayAtRest(when: string, disturb: () => Promise<void>): Promise<void> {
    const before = this.#operations;
    const busy = this.#busyDecisions;
    await disturb();
    await this.#run(this.time.now + 30_000);
    const status = await this.#status();
    if (status?.condition !== 'running' || !status.settled) {
      this.ledger.violate(`${when}: ${status?.condition}, ${status?.reason}`);
    }
    if (this.#operations !== before) this.ledger.violate(`${when}: something was started or stopped`);
    if (this.#busyDecisions !== busy) this.ledger.violate(`${when}: the scheduler had something to do`);
  }

  #isQuiet(): boolean {
    return this.time.now - this.ledger.lastActionAt > 150_000;
  }

  async #reach(what: string, isOver: (status: DeployableStatus) => boolean): Promise<DeployableStatus | undefined> {
    if (this.ledger.isViolated) return undefined;
    const until = this.time.now + convergenceMs;
    let status: DeployableStatus | undefined;
    while (this.time.now < until && !this.ledger.isViolated) {
      await this.#run(this.time.now + pollMs);
      status = await this.#status();
      if (status !== undefined && isOver(status)) return status;
    }
    this.ledger.violate(`not ${what} in ${convergenceMs / 1000} s: ${JSON.stringify(status)}`);
    return status;
  }

  async #status(): Promise<DeployableStatus | undefined> {
    let found: DeployableStatus | undefined;
    let isAnswered = false;
    const body = { kind: 'getStatus', value: {} } as const;
    void this.#operator
      .request(dpeRequest('shop'), { body, deployable: 'shop' }, { deadlineMs: 1_000 })
      .then((outcome) => {
        isAnswered = true;
        if (outcome.kind === 'reply' && outcome.envelope.body.kind === 'deployableStatus') {
          found = outcome.envelope.body.value;
        }
      });
    await this.time.run(this.time.now + 1_001, () => isAnswered);
    return found;
  }

  async #run(until: number): Promise<void> {
    await this.time.run(until, () => this.ledger.isViolated);
  }
}

function errorText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.stack : value;
}
