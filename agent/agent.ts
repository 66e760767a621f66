import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '../proto/bus.js';
import { renderInstanceId } from '../proto/instance-id.js';
import { connectBus } from '../proto/nats-bus.js';
import { type Outbox, openOutbox } from '../proto/outbox.js';
import { AgentLink } from './agent-link.js';
import { AgentRuntime } from './agent-runtime.js';
import type { CallLink } from './call-link.js';
import { readBootId, systemClock } from './clock.js';
import { restoreState } from './core/durable-state.js';
import type { AgentPolicy } from './core/state.js';
import { CredentialsRenewal, newestCredentials } from './credentials-renewal.js';
import { endInstance } from './end-instance.js';
import { type ResourceExecutors, resourceExecutors } from './executors/resource-executors.js';
import type { AgentIdentity } from './identity.js';
import { Journal } from './journal.js';
import type { Log } from './log.js';
import { type MachineBus, machineBus } from './machine-bus.js';
import { openCalls } from './open-calls.js';
import { ReportSpool } from './report-spool.js';

export interface AgentOptions {
  readonly version: string;
  readonly log: Log;
  /** OCF_ROOT; default /usr/lib/ocf. */
  readonly ocfRoot?: string;
  /** Default /etc/init.d. */
  readonly initScripts?: string;
  /** Of reports on disk that wait for the bus. Default 16 MiB. */
  readonly maxOutboxBytes?: number;
}

/**
 * One agent: takes over what an earlier one left, then serves its instance. It does not wait for the bus: monitors and
 * local recovery go on without it.
 */
export class Agent {
  readonly #runtime: AgentRuntime;
  readonly #executors: ResourceExecutors;
  readonly #spool: ReportSpool;
  readonly #outbox: Outbox;
  readonly #journal: Journal;
  readonly #machine: MachineBus;
  #link: AgentLink | undefined;
  #renewal: CredentialsRenewal | undefined;
  #calls: CallLink | undefined;
  #bus: Bus | undefined;

  private constructor(parts: {
    readonly runtime: AgentRuntime;
    readonly executors: ResourceExecutors;
    readonly spool: ReportSpool;
    readonly outbox: Outbox;
    readonly journal: Journal;
    readonly machine: MachineBus;
  }) {
    this.#runtime = parts.runtime;
    this.#executors = parts.executors;
    this.#spool = parts.spool;
    this.#outbox = parts.outbox;
    this.#journal = parts.journal;
    this.#machine = parts.machine;
  }

  /** Rejects only when the state directory cannot be used. */
  static async start(identity: AgentIdentity, options: AgentOptions): Promise<Agent> {
    const { log } = options;
    const stateDirectory = join(identity.stateDirectory, 'agent');
    mkdirSync(stateDirectory, { recursive: true, mode: 0o755 });
    const clock = systemClock();
    const bootId = readBootId();
    const { journal, damaged } = Journal.open(join(stateDirectory, 'journal'));
    if (damaged > 0) log('error', 'lines of the journal cannot be read', { damaged });
    const started = { clock: { bootId, at: clock.now() }, epoch: identity.epoch };
    const state = restoreState(journal.entries(), policyOf(identity, bootId), started);
    const outbox = await openOutbox({
      directory: join(stateDirectory, 'outbox'),
      ...(options.maxOutboxBytes === undefined ? {} : { maxBytes: options.maxOutboxBytes }),
      onDiskTrouble: (reason) => log('warn', 'the outbox has trouble with its disk', { reason }),
    });
    const instance = renderInstanceId(identity.instance);
    const credentialsFile = await newestCredentials(identity.credentialsFile, stateDirectory);
    const machine = machineBus();
    const { ocfRoot = '/usr/lib/ocf', initScripts = '/etc/init.d', version } = options;
    const executors = resourceExecutors({
      instance,
      stateDirectory,
      journal,
      ocfRoot,
      initScripts,
      systemd: machine.systemd,
      onChange: (resource) => runtime.post({ kind: 'resource-changed', resource }),
      onTrouble: (message, reason) => log('warn', message, { reason }),
    });
    const spool = new ReportSpool(outbox, (number) => runtime.post({ kind: 'reports-spooled', number }), log);
    const runtime: AgentRuntime = new AgentRuntime(state, {
      journal,
      bootId,
      clock,
      executor: executors,
      spool: (report) => spool.add(report),
      endInstance: () => endInstance(log),
      log,
    });
    await executors.takeOver();
    runtime.start();

    const agent = new Agent({ runtime, executors, spool, outbox, journal, machine });
    agent.#bus = await connectBus({
      servers: identity.busServers,
      credentialsFile,
      identity: { role: 'agent', id: instance },
      name: `agent ${instance}`,
      onProblem: (problem) => log('warn', 'bus', { ...problem }),
      firstConnectMs: 0,
    });
    const linked = { identity, bus: agent.#bus, runtime, outbox, clock, version, log };
    agent.#link = new AgentLink(linked);
    agent.#renewal = new CredentialsRenewal({ ...linked, file: credentialsFile });
    agent.#calls = openCalls({ ...linked, executors, machine, stateDirectory, ocfRoot, initScripts });
    return agent;
  }

  /** Resolves when the disk has taken what the journal was given; rejects when it does not. */
  isWorking(): Promise<void> {
    return this.#journal.flushed();
  }

  /** Ends the agent only: resources, and operations under way, go on and are found by the next one. */
  async close(): Promise<void> {
    this.#link?.close();
    this.#renewal?.close();
    await this.#calls?.close();
    this.#runtime.close();
    this.#executors.close();
    this.#machine.close();
    this.#spool.close();
    await this.#bus?.close();
    await this.#outbox.close();
    this.#journal.close();
  }
}

function policyOf(identity: AgentIdentity, boot: string): AgentPolicy {
  return {
    deployable: identity.deployable,
    instance: renderInstanceId(identity.instance),
    boot,
    process: randomBytes(6).toString('hex'),
    maxParallel: availableParallelism() * 4,
    maxQueued: 64,
    maxResources: 1000,
    maxDoneOrders: 512,
    maxHandedOver: 64,
    maxUnspooled: 256,
  };
}
