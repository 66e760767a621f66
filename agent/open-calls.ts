import { join } from 'node:path';
import type { Bus } from '../proto/bus.js';
import type { BusError } from '../proto/bus-error.js';
import { isBusError } from '../proto/bus-error.js';
import type { BodyDraft } from '../proto/messages.js';
import type { Outbox } from '../proto/outbox.js';
import type { AgentRuntime } from './agent-runtime.js';
import { type AgentFacts, describeAgent } from './bus/describe-agent.js';
import { CallLink } from './call-link.js';
import type { Clock } from './clock.js';
import { lookUp } from './core/id-map.js';
import { type ResourceExecutors, usableClasses } from './executors/resource-executors.js';
import type { AgentIdentity } from './identity.js';
import type { Log } from './log.js';
import type { MachineBus } from './machine-bus.js';
import type { Matahari } from './matahari/matahari.js';

export interface CallParts {
  readonly identity: AgentIdentity;
  readonly bus: Bus;
  readonly runtime: AgentRuntime;
  readonly executors: ResourceExecutors;
  readonly machine: MachineBus;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly version: string;
  readonly log: Log;
  /** The agent's; absolute. */
  readonly stateDirectory: string;
  readonly ocfRoot: string;
  readonly initScripts: string;
}

/**
 * Lets operators reach this agent and its machine. Matahari's objects are loaded when somebody asks, or a moment after
 * the start: an agent is there for its resources first.
 */
export function openCalls(parts: CallParts): CallLink {
  const { identity, bus, runtime, clock, log } = parts;
  const startedUnixMs = Math.round(clock.now().unixMs - process.uptime() * 1000);
  return new CallLink({
    identity,
    bus,
    log,
    openMatahari: () => openMatahari(parts),
    describe: (resource, backends) => describe(parts, { startedUnixMs, backends }, resource),
    epoch: () => runtime.state().epoch,
  });
}

async function openMatahari(parts: CallParts): Promise<Matahari> {
  const { chooseMatahari } = await import('./matahari/choose-backends.js');
  const { machine, log } = parts;
  const isManaged = (name: string) => isKnown(parts, name);
  const matahari = chooseMatahari({ own: () => openOwn(parts), bus: machine.bus, isManaged, log });
  // The backends are known from the first answer on.
  await matahari.sysconfig.get();
  return matahari;
}

/** Whatever it is doing: what the DPE's orders have made known has one master. */
function isKnown({ runtime }: CallParts, resource: string): boolean {
  return lookUp(runtime.state().resources, resource) !== undefined;
}

async function openOwn(parts: CallParts): Promise<Matahari> {
  const { runtime, executors, machine, clock, log, stateDirectory, ocfRoot, initScripts } = parts;
  const { ownMatahari } = await import('./matahari/own/own-matahari.js');
  return ownMatahari({
    stateDirectory: join(stateDirectory, 'matahari'),
    ocfRoot,
    initScripts,
    executor: executors,
    systemd: machine.systemd,
    isManaged: (name) => isKnown(parts, name),
    definitionOf: (name) => lookUp(runtime.state().resources, name)?.record.definition,
    failManaged: (name, rc) => runtime.declareFailed(name, rc),
    clock,
    log,
  });
}

function describe(
  { runtime, executors, outbox, clock, version }: CallParts,
  known: Pick<AgentFacts, 'startedUnixMs' | 'backends'>,
  resource: string,
): BodyDraft | BusError {
  const facts: AgentFacts = {
    ...known,
    version,
    pid: process.pid,
    memoryBytes: process.memoryUsage.rss(),
    outbox: outbox.state(),
    classes: usableClasses(),
    watch: (of) => executors.watch?.(of),
    at: clock.now(),
  };
  const value = describeAgent(runtime.state(), facts, resource);
  return isBusError(value) ? value : { kind: 'agentDescription', value };
}
