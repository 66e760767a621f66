/**
 * A deployable `shop` whose assemblies (one resource `app` each) run on launcher hosts, with launchers and agents that
 * are heard or not: for tests of silence and recovery in virtual time. Decisions are asked for and not answered.
 */
import type { Assembly } from '../../model/deployable.js';
import { plainAssembly, plainDeployable, plainResource } from '../../model/plain.js';
import type { History } from '../../state/history.js';
import { connectionResource, vmResource } from '../../state/instance-record.js';
import type { DpeEffect, DpeEventDraft } from './dpe-effect.js';
import type { DpeEvent } from './dpe-event.js';
import type { AssemblyState, DpeState, DurableState } from './dpe-state.js';
import { sampleNow, sampleState, withResult } from './sample-state.js';
import { step } from './step.js';

export interface RecoveryScenario {
  state: DpeState;
  now: number;
  readonly events: DpeEventDraft[];
  readonly effects: DpeEffect[];
  /** Names of assemblies whose agents send no beats. */
  readonly silentAgents: Set<string>;
  readonly silentLaunchers: Set<string>;
  send(event: DistributiveOmit<DpeEvent, 'now'>): void;
  /** Lets time pass, with a tick each 200 ms and a beat of all who are heard each second. */
  pass(ms: number): void;
  assembly(name: string): AssemblyState;
  /** Events of a kind so far, in order. */
  told(kind: string): DpeEventDraft[];
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** `assemblies`: launcher host by name. */
export function recoveryScenario(
  assemblies: Readonly<Record<string, string>>,
  options: { readonly hosts?: readonly string[]; readonly model?: (name: string) => Partial<Assembly> } = {},
): RecoveryScenario {
  const hosts = options.hosts ?? [...new Set(Object.values(assemblies))];
  const scenario: RecoveryScenario = {
    state: initialState(assemblies, hosts, options.model ?? (() => ({}))),
    now: sampleNow,
    events: [],
    effects: [],
    silentAgents: new Set(),
    silentLaunchers: new Set(),
    send: (event) => {
      const { state, events, effects } = step(scenario.state, { ...event, now: scenario.now } as DpeEvent);
      scenario.state = state;
      scenario.events.push(...events);
      scenario.effects.push(...effects);
    },
    pass: (ms) => {
      const end = scenario.now + ms;
      while (scenario.now < end) {
        scenario.now += Math.min(200, end - scenario.now);
        if ((scenario.now - sampleNow) % 1_000 === 0) beat(scenario, hosts);
        scenario.send({ kind: 'tick', chance: 0 });
      }
    },
    assembly: (name) => {
      const found = scenario.state.durable.assemblies[name];
      if (found === undefined) throw new Error(`no assembly ${name}`);
      return found;
    },
    told: (kind) => scenario.events.filter((event) => event.kind === kind),
  };
  return scenario;
}

export function instanceOf(name: string, host: string): string {
  return `shop.${name}.${host}.1-1`;
}

function beat(scenario: RecoveryScenario, hosts: readonly string[]): void {
  const { assemblies } = scenario.state.durable;
  const alive = Object.entries(assemblies).flatMap(([name, { instance }]) =>
    instance.kind === 'none' || instance.kind === 'dead' ? [] : [{ name, ...instance }],
  );
  for (const host of hosts) {
    if (scenario.silentLaunchers.has(host)) continue;
    const running = alive.filter((instance) => instance.host === host).map(({ id }) => id);
    scenario.send({ kind: 'launcher-beat', host, running });
  }
  for (const { name, id } of alive) {
    if (!scenario.silentAgents.has(name)) scenario.send({ kind: 'agent-heard', instance: id });
  }
}

function initialState(
  assemblies: Readonly<Record<string, string>>,
  hosts: readonly string[],
  model: (name: string) => Partial<Assembly>,
): DpeState {
  const sample = sampleState();
  const names = Object.keys(assemblies);
  const entries = Object.entries(assemblies);
  const app = { ...plainResource, name: 'app', agent: { class: 'ocf', provider: 'heartbeat', type: 'Dummy' } as const };
  const durable: DurableState = {
    ...sample.durable,
    definition: {
      revision: 1,
      deployable: {
        ...plainDeployable,
        name: 'shop',
        assemblies: names.map((name) => ({ ...plainAssembly, name, resources: [app], ...model(name) })),
      },
    },
    hosts: Object.fromEntries(hosts.map((host) => [host, { standing: 'in-service', isDrained: false }])),
    assemblies: Object.fromEntries(entries.map(([name, host]) => [name, runningAssembly(name, host)])),
    history: entries.reduce(withAssembly, {}),
    hasRun: true,
    told: 'running',
  };
  const agent = { incarnation: '1', isAdopted: true, lastHeardAt: sampleNow, isSuspect: false };
  const launchers = hosts.map((host) => {
    const there = entries.filter(([, on]) => on === host).map(([name]) => instanceOf(name, host));
    return [host, { isAdopted: true, lastBeatAt: sampleNow, running: there }] as const;
  });
  return {
    durable,
    volatile: {
      ...sample.volatile,
      launchers: Object.fromEntries(launchers),
      agents: Object.fromEntries(entries.map(([name, host]) => [instanceOf(name, host), agent])),
      hostFacts: {},
    },
  };
}

function runningAssembly(name: string, host: string): AssemblyState {
  const instance = { kind: 'running', id: instanceOf(name, host), host, at: sampleNow } as const;
  return { instance, isConnected: true, mayStartAt: 0, since: sampleNow, reason: '' };
}

function withAssembly(history: History, [name, host]: readonly [string, string]): History {
  const app = { id: `${name}.app`, class: 'ocf', provider: 'heartbeat', type: 'Dummy' };
  const all = [
    [host, vmResource(name), 10_000],
    [host, connectionResource(name), 30_000],
    [name, app, 10_000],
  ] as const;
  return all.reduce((known, [node, resource, intervalMs]) => {
    const started = withResult(known, node, resource, { operation: 'start', callId: 1 });
    return withResult(started, node, resource, { operation: 'monitor', callId: 2, intervalMs });
  }, history);
}
