/** "What if X fails or comes back", as the news that a DPE would hear. */
import { vmId } from '../../model/deployable.js';
import type { OperationOutcome } from '../core/dpe-event.js';
import type { DpeState } from '../core/dpe-state.js';
import { containmentOf } from '../core/overrides.js';
import { agentNews, type News, nextCall } from './well-behaved-world.js';

export interface WhatIf {
  readonly subject: 'resource' | 'assembly' | 'host';
  readonly name: string;
  readonly change: 'fails' | 'returns';
}

export type WhatIfNews =
  | { readonly kind: 'news'; readonly news: readonly News[] /** What is taken for granted. */; readonly as: string }
  | { readonly kind: 'refused'; readonly message: string };

export function newsOf(whatIf: WhatIf, state: DpeState): WhatIfNews {
  switch (whatIf.subject) {
    case 'resource':
      return whatIf.change === 'fails' ? resourceFails(whatIf.name, state) : resourceReturns(whatIf.name, state);
    case 'assembly':
      return whatIf.change === 'fails' ? assemblyFails(whatIf.name, state) : assemblyReturns(whatIf.name, state);
    case 'host':
      return whatIf.change === 'fails' ? hostFails(whatIf.name, state) : hostReturns(whatIf.name, state);
  }
}

function resourceFails(id: string, state: DpeState): WhatIfNews {
  const [assembly = '', name = ''] = id.split('.');
  if (id === vmId(assembly)) return assemblyFails(assembly, state);
  const model = state.durable.definition.deployable.assemblies
    .find((each) => each.name === assembly)
    ?.resources.find((each) => each.name === name);
  if (model === undefined) return unknown('resource', id, resourceNames(state));
  const instance = state.durable.assemblies[assembly]?.instance;
  if (instance?.kind !== 'running') return refused(`assembly ${assembly} does not run, so ${id} cannot fail`);
  const { intervalMs } = model.monitor;
  const failure = (now: number, at: DpeState): OperationOutcome => ({
    ...ended(at, instance.id, now),
    resource: id,
    operation: 'monitor',
    intervalMs,
    rc: 7,
  });
  if (containmentOf(state.durable).get(id)?.kind !== 'delegated') {
    const news = agentNews(instance.id, (at, now) => ({ kind: 'monitor-changed', result: failure(now, at) }));
    return { kind: 'news', news: [news], as: `the monitor of ${id} says that it does not run` };
  }
  const news = agentNews(instance.id, (at, now) => {
    const start = { ...ended(at, instance.id, now), resource: id, operation: 'start', intervalMs: 0 };
    const failures = (state.durable.windows.resources[id]?.length ?? 0) + 1;
    return {
      kind: 'local-recovery',
      resource: id,
      failure: failure(now, at),
      stop: undefined,
      start: { ...start, callId: start.callId + 1 },
      monitor: { ...start, callId: start.callId + 2, operation: 'monitor', intervalMs },
      verdict: failures >= model.escalation.failures ? 'escalate' : 'recovered',
      reason: '',
      failures,
      detectedAt: now,
      recoveredAt: now,
    };
  });
  return { kind: 'news', news: [news], as: `the monitor of ${id} says that it does not run, and its agent acts first` };
}

function resourceReturns(id: string, state: DpeState): WhatIfNews {
  const [assembly = ''] = id.split('.');
  if (!resourceNames(state).includes(id)) return unknown('resource', id, resourceNames(state));
  const instance = state.durable.assemblies[assembly]?.instance;
  if (instance?.kind !== 'running') return refused(`assembly ${assembly} does not run, so ${id} cannot come back`);
  const verb = { kind: 'resource-cleanup', resource: id } as const;
  const news: News = (_state, now) => ({ kind: 'operator-verb', verb, by: 'simulation', token: 0, chance: 0.5, now });
  return { kind: 'news', news: [news], as: `the failures of ${id} are forgotten (resource cleanup)` };
}

function assemblyFails(name: string, state: DpeState): WhatIfNews {
  const known = state.durable.assemblies[name];
  if (!assemblyNames(state).includes(name)) return unknown('assembly', name, assemblyNames(state));
  if (known?.instance.kind !== 'running') return refused(`assembly ${name} does not run, so it cannot fail`);
  return { kind: 'news', news: [instanceDies(known.instance)], as: `the instance ${known.instance.id} is proven dead` };
}

function assemblyReturns(name: string, state: DpeState): WhatIfNews {
  if (!assemblyNames(state).includes(name)) return unknown('assembly', name, assemblyNames(state));
  const instance = state.durable.assemblies[name]?.instance;
  if (instance === undefined || instance.kind === 'none' || instance.kind === 'dead') {
    const cleanup = { kind: 'resource-cleanup', resource: vmId(name) } as const;
    const news: News = (_state, now) => ({
      kind: 'operator-verb',
      verb: cleanup,
      by: 'simulation',
      token: 0,
      chance: 0.5,
      now,
    });
    return { kind: 'news', news: [news], as: `the failures of ${vmId(name)} are forgotten (resource cleanup)` };
  }
  if (instance.kind === 'running') return refused(`assembly ${name} runs already`);
  const { id: alive, host } = instance;
  const news: News[] = [
    (_state, now) => ({
      kind: 'launcher-adopted',
      host,
      inFlight: [],
      now,
      instances: [
        { instance: alive, assembly: name, state: 'running', address: '', hostname: '', evidence: '', at: now },
      ],
    }),
    (_state, now) => ({ kind: 'agent-registered', instance: alive, incarnation: 'rehearsed', now }),
  ];
  return { kind: 'news', news, as: `the instance ${alive} runs and its agent answers` };
}

function hostFails(name: string, state: DpeState): WhatIfNews {
  const hosts = Object.keys(state.durable.hosts);
  if (!hosts.includes(name)) return unknown('launcher host', name, hosts);
  const news: News = (at, now) => ({
    kind: 'host-facts',
    now,
    facts: {
      [name]: {
        name,
        isDrained: at.durable.hosts[name]?.isDrained ?? false,
        death: { at: now, by: 'simulation', evidence: 'rehearsed' },
        fencer: undefined,
      },
    },
  });
  return {
    kind: 'news',
    news: [news],
    as: `launcher host ${name} is proven dead (fenced, or confirmed by an operator)`,
  };
}

function hostReturns(name: string, state: DpeState): WhatIfNews {
  const hosts = Object.keys(state.durable.hosts);
  if (!hosts.includes(name)) return unknown('launcher host', name, hosts);
  const running = Object.values(state.durable.assemblies).flatMap(({ instance }) =>
    instance.kind !== 'none' && instance.kind !== 'dead' && instance.host === name ? [instance.id] : [],
  );
  const news: News[] = [
    (_state, now) => ({ kind: 'host-facts', now, facts: {} }),
    (_state, now) => ({ kind: 'launcher-beat', host: name, running, now }),
    (at, now) => ({
      kind: 'launcher-adopted',
      host: name,
      inFlight: [],
      now,
      instances: Object.entries(at.durable.assemblies).flatMap(([assembly, { instance, address, hostname }]) =>
        instance.kind !== 'none' && running.includes(instance.id)
          ? [
              {
                instance: instance.id,
                assembly,
                state: 'running' as const,
                address: address ?? '',
                hostname: hostname ?? '',
                evidence: '',
                at: now,
              },
            ]
          : [],
      ),
    }),
  ];
  return { kind: 'news', news, as: `launcher host ${name} is heard again, with the instances it is believed to have` };
}

function instanceDies({ id, host }: { readonly id: string; readonly host: string }): News {
  return ({ durable }, now) => ({
    kind: 'instance-died',
    host,
    sequence: (durable.reports[`launcher:${host}`] ?? 0) + 1,
    instance: id,
    evidence: 'rehearsed',
    at: now,
    token: 0,
    chance: 0.5,
    now,
  });
}

function ended(state: DpeState, instance: string, now: number): OperationOutcome {
  return {
    resource: '',
    operation: '',
    intervalMs: 0,
    callId: nextCall(state, instance),
    rc: 0,
    status: 'done',
    startedAt: now,
    endedAt: now,
    queueMs: 0,
    timeoutMs: 0,
    exitReason: '',
    output: '',
    userData: undefined,
  };
}

function assemblyNames({ durable }: DpeState): readonly string[] {
  return durable.definition.deployable.assemblies.map(({ name }) => name);
}

function resourceNames({ durable }: DpeState): readonly string[] {
  return durable.definition.deployable.assemblies.flatMap(({ name, resources }) =>
    resources.map((resource) => `${name}.${resource.name}`),
  );
}

function unknown(what: string, name: string, names: readonly string[]): WhatIfNews {
  return refused(`there is no ${what} "${name}" (there are: ${names.slice(0, 20).join(', ') || 'none'})`);
}

function refused(message: string): WhatIfNews {
  return { kind: 'refused', message };
}
