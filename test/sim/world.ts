/**
 * A deterministic world: the real CPE, DPEs, agents and order desks of launchers, in virtual time over a simulated bus,
 * store, platforms and resources. One seed decides every latency and every fault.
 */

import { hashOf } from '../../agent/core/id-map.js';
import type { Scheduler } from '../../coordinator/scheduler/scheduler.js';
import type { SchedulerDialect } from '../../coordinator/state/cib-input.js';
import { createMemoryDisk } from '../../coordinator/store/memory-store.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import { Chance } from './chance.js';
import { Judge } from './judge.js';
import { Ledger } from './ledger.js';
import { SimNetwork } from './sim-bus.js';
import { SimCped, SimProcessManager } from './sim-cped.js';
import type { SimDocument } from './sim-document.js';
import type { DpedOptions, SimDped } from './sim-dped.js';
import { type BegunOperation, SimInstance } from './sim-instance.js';
import { SimLauncherHost } from './sim-launcher.js';
import { SimOperator } from './sim-operator.js';
import { healthyLauncher, type LauncherFaults } from './sim-platform.js';
import { healthyResources, type ResourceFaults } from './sim-resources.js';
import type { StoreFaults } from './sim-store.js';
import { VirtualTime } from './virtual-time.js';

export interface Scenario {
  readonly name: string;
  readonly hosts: readonly string[];
  /** By deployable: revisions of its document. The first is in force at the beginning, the others come in the middle. */
  readonly deployables: Readonly<Record<string, readonly SimDocument[]>>;
  /** Deployables of one DPE process. */
  readonly maxDeployables: number;
  /** How long things go wrong, in virtual seconds. */
  readonly troubleS: number;
}

export interface WorldOptions {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly dialect: SchedulerDialect;
}

export const startsAt = Date.UTC(2026, 0, 1);

export class SimWorld {
  readonly time = new VirtualTime(startsAt);
  readonly ledger = new Ledger(this.time);
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly network: SimNetwork;
  readonly judge: Judge;
  readonly hosts: readonly SimLauncherHost[];
  readonly operators: readonly SimOperator[];
  readonly cped: SimCped;
  readonly dpes: SimProcessManager;
  readonly instances = new Map<string, SimInstance>();
  readonly resourceFaults: ResourceFaults = { ...healthyResources };
  /** All of them; otherwise those of half of the instances are. */
  areDisksCramped = false;
  readonly launcherFaults: LauncherFaults = { ...healthyLauncher };
  readonly storeFaults: StoreFaults = { isFull: false };
  /** What agents were ordered, and what they did on their own, in words; recurring monitors once. */
  readonly operations: string[] = [];
  /** Graphs with something to do so far. */
  busyDecisions = 0;
  decisions = 0;
  /** By deployable. */
  readonly lastCib = new Map<string, string>();
  readonly #owners = new Map<string, string>();
  #addresses = 0;

  constructor({ seed, scenario, scheduler, dialect }: WorldOptions) {
    this.scenario = scenario;
    this.scheduler = scheduler;
    this.chance = new Chance(seed);
    this.network = new SimNetwork(this.time, new Chance(seed + 1_000_003));
    const disk = createMemoryDisk();
    this.judge = new Judge(this.time, this.ledger, disk);
    this.network.onSend = ({ operationId = '' }) => this.judge.orders.onSend(operationId);
    this.network.onRequest = (received) => this.judge.orders.onRequest(received);
    const { time, network, chance, storeFaults } = this;
    const world = {
      boot: (instance: string, host: string) => this.#boot(instance, host),
      end: (instance: string) => this.instances.get(instance)?.end(),
    };
    this.hosts = scenario.hosts.map(
      (name) => new SimLauncherHost({ name, time, network, chance, faults: this.launcherFaults, world }),
    );
    const coordinator: DpedOptions = {
      disk,
      storeFaults,
      hosts: scenario.hosts,
      time,
      network,
      chance,
      scheduler,
      dialect,
      onDecision: ({ cib }, decision) => this.#onDecision(cib, decision),
      onLog: (who, level, fields, message) => this.#onLog(who, level, fields, message),
    };
    this.dpes = new SimProcessManager(coordinator);
    this.cped = new SimCped({ ...coordinator, maxDeployables: scenario.maxDeployables, dpes: this.dpes });
    this.judge.isLeftAlone = (deployable, resource) =>
      this.operators.find(({ name }) => name === deployable)?.wasLeftAlone(resource) === true;
    for (const [name, documents] of Object.entries(scenario.deployables)) {
      for (const id of documents.flatMap(({ resources }) => resources)) this.#owners.set(id.split('.')[0] ?? '', name);
    }
    this.operators = Object.entries(scenario.deployables).map(([name, documents]) => this.#operator(name, documents));
  }

  get alive(): readonly SimInstance[] {
    return [...this.instances.values()].filter(({ isAlive }) => isAlive);
  }

  get dpeds(): readonly SimDped[] {
    return [...this.dpes.dpeds.values()];
  }

  /** Every process that is not there is started; every deployable is created and started. */
  begin(): void {
    for (const host of this.hosts) host.launch();
    this.cped.launch();
    for (const operator of this.operators) {
      operator.attempt(async () => {
        await operator.create();
        await operator.start();
      });
    }
  }

  /** An instance dies of itself. */
  kill(instance: SimInstance, evidence: string): void {
    if (!instance.isAlive) return;
    instance.end();
    this.hosts.find(({ name }) => name === instance.host)?.platform.died(instance.id, evidence);
  }

  /** Its VM stands still for so long, by the word of its launcher; what runs in it goes on afterwards. */
  pause(instance: SimInstance, forMs: number): void {
    const platform = this.hosts.find(({ name }) => name === instance.host)?.platform;
    platform?.pause(instance.id, true);
    instance.freezeAgent(forMs);
    this.time.after(forMs, () => platform?.pause(instance.id, false));
  }

  async run(untilMs: number): Promise<void> {
    await this.time.run(untilMs, () => this.#isOver());
  }

  /** Lets time pass until the answer is there. */
  async ask<T>(question: Promise<T>, patienceMs: number): Promise<T | undefined> {
    let answer: T | undefined;
    let isAnswered = false;
    void question.then((value) => {
      answer = value;
      isAnswered = true;
    });
    await this.time.run(this.time.now + patienceMs, () => this.#isOver() || isAnswered);
    return answer;
  }

  /** Asked after everything that happens. */
  #isOver(): boolean {
    this.judge.look();
    return this.ledger.isViolated;
  }

  #operator(name: string, documents: readonly SimDocument[]): SimOperator {
    const process = { name: `operator of ${name}`, isAlive: true };
    const sender = { role: 'operator', id: name, incarnation: 'o1' } as const;
    return new SimOperator({
      name,
      documents,
      endpoint: this.network.connect(process, sender, 'operator'),
      onDocument: (deployable, document) => this.judge.onDocument(deployable, document),
      onAcknowledged: (acknowledged) => this.judge.onOrderKept(acknowledged),
      onDeleted: (deployable) => this.judge.onDeleted(deployable),
      note: (text) => this.ledger.note(text),
    });
  }

  #boot(id: string, host: string): { readonly address: string } {
    const parsed = parseInstanceId(id);
    if (parsed === undefined) throw new Error(`not an instance: ${id}`);
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
      faults: this.resourceFaults,
      isCramped: this.areDisksCramped || hashOf(id) % 2 === 0,
      onBegin: (begun) => this.#onBegin(begun),
      onRunning: (where, resource) => this.judge.onRunning(where, resource, this.alive),
      onAcknowledged: (where, report) => this.judge.onAcknowledged(where, report),
      onPowerOff: (where) => this.kill(where, 'it ended itself'),
    });
    this.judge.onBoot(instance, this.alive);
    this.instances.set(id, instance);
    this.time.after(this.chance.between(20, 300), () => instance.launchAgent());
    return { address };
  }

  #onBegin(begun: BegunOperation): void {
    const { instance, operation, operationId } = begun;
    if (operation.name === 'start' || operation.name === 'stop') {
      const why = operationId ?? 'its agent';
      this.ledger.note(`world: ${operation.name} of ${operation.resource} in ${instance.id} (${why})`);
    }
    const { name, resource, intervalMs } = operation;
    const isOwnMonitor = name === 'monitor' && operationId === undefined;
    if (!isOwnMonitor) this.operations.push(`${resource} ${name}${intervalMs > 0 ? ` every ${intervalMs} ms` : ''}`);
    this.judge.onBegin(begun, this.alive);
  }

  #onDecision(cib: string, decision: Awaited<ReturnType<Scheduler['decide']>>): void {
    this.decisions += 1;
    const deployable = this.#deployableOf(cib);
    this.lastCib.set(deployable, cib);
    if (decision.kind !== 'graph') {
      this.ledger.violate(`the scheduler ${decision.kind}: ${decision.message}`);
      return;
    }
    for (const { severity, message, source } of decision.warnings) {
      if (severity === 'error') this.ledger.note(`scheduler error: ${source}: ${message}`);
    }
    const actions = decision.graphXml.split('<synapse ').length - 1;
    if (actions > 0) this.busyDecisions += 1;
    this.ledger.note(`decision: ${actions} synapses: ${actionsOf(decision.graphXml).join(', ')}`);
    this.judge.onDecision(deployable, actions);
  }

  /** A CIB names assemblies only. */
  #deployableOf(cib: string): string {
    const assemblies = [...cib.matchAll(/<primitive id="([\w-]+)\.vm"/g)].map(([, assembly]) => assembly ?? '');
    return assemblies.map((assembly) => this.#owners.get(assembly)).find((owner) => owner !== undefined) ?? '';
  }

  #onLog(who: string, level: string, fields: object, message: string): void {
    this.ledger.note(`${who} ${level}: ${message} ${JSON.stringify(fields, errorText)}`);
    // It may take writes again by the time that is told.
    const isExpected = message.startsWith('the store refuses writes');
    if (level === 'error' && !isExpected) this.ledger.violate(`${who} logged an error: ${message}`);
  }
}

/** Actions that somebody carries out. */
export function actionsOf(graphXml: string): readonly string[] {
  const actions = graphXml.split('<action_set>').slice(1);
  return actions.flatMap((text) => {
    const [, kind, attributes = ''] = /<(rsc_op|crm_event) ([^>]*)>/.exec(text) ?? [];
    const [, key] = /operation_key="([^"]*)"/.exec(attributes) ?? [];
    const [, node] = /on_node="([^"]*)"/.exec(attributes) ?? [];
    return kind === undefined ? [] : [`${key ?? kind} on ${node}`];
  });
}

function errorText(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.stack : value;
}
