/**
 * A deployable `shop` for tests of verbs and hosts: `db` with `redis` and `exporter` (the group `cache`), and two replicas
 * of `web` with the promotable clone `app` and a `log` of its own in each. Everything runs: db on h1, web on h1 and h2.
 */
import type { Assembly, Deployable, Resource } from '../../model/deployable.js';
import { plainAssembly, plainDeployable, plainResource } from '../../model/plain.js';
import type { History } from '../../state/history.js';
import { connectionResource, vmResource } from '../../state/instance-record.js';
import type { DpeState, DurableState, VolatileState } from './dpe-state.js';
import { sampleNow, sampleState, withResult } from './sample-state.js';

const dummy = { class: 'ocf', provider: 'heartbeat', type: 'Dummy' } as const;
const shopHosts = ['h1', 'h2'] as const;

function resource(name: string, more: Partial<Resource> = {}): Resource {
  return { ...plainResource, name, agent: dummy, ...more };
}

function web(index: number): Assembly {
  const promotable = { promotedMax: 1, prefer: [] };
  const clone = { promotable, max: undefined, notify: false, interleave: false, ordered: false };
  const replica = { of: 'web', index, count: 2 };
  return { ...plainAssembly, name: `web-${index}`, replica, resources: [resource('app', { clone }), resource('log')] };
}

export const shop: Deployable = {
  ...plainDeployable,
  name: 'shop',
  assemblies: [{ ...plainAssembly, name: 'db', resources: [resource('redis'), resource('exporter')] }, web(1), web(2)],
  groups: [{ name: 'cache', assembly: 'db', members: ['redis', 'exporter'] }],
};

export const shopInstances = {
  db: { id: 'shop.db.h1.1-1', host: 'h1' },
  'web-1': { id: 'shop.web-1.h1.1-2', host: 'h1' },
  'web-2': { id: 'shop.web-2.h2.1-3', host: 'h2' },
} as const;

function shopHistory(): History {
  let history: History = {};
  for (const assembly of shop.assemblies) {
    const { host } = shopInstances[assembly.name as keyof typeof shopInstances];
    const inside = assembly.resources.map(({ name }) => ({ ...dummy, id: `${assembly.name}.${name}` }));
    const all = [
      [host, vmResource(assembly.name)],
      [host, connectionResource(assembly.name)],
      ...inside.map((descriptor) => [assembly.name, descriptor] as const),
    ] as const;
    for (const [node, descriptor] of all) {
      history = withResult(history, node, descriptor, { operation: 'start', callId: 1 });
      history = withResult(history, node, descriptor, { operation: 'monitor', callId: 2, intervalMs: 10_000 });
    }
  }
  return history;
}

export function shopState(durable: Partial<DurableState> = {}, volatile: Partial<VolatileState> = {}): DpeState {
  const sample = sampleState();
  const assemblies = Object.entries(shopInstances).map(([name, { id, host }]) => [
    name,
    {
      instance: { kind: 'running' as const, id, host, at: sampleNow },
      isConnected: true,
      mayStartAt: 0,
      since: sampleNow,
      reason: '',
    },
  ]);
  const agent = { incarnation: '1', isAdopted: true, lastHeardAt: sampleNow, isSuspect: false };
  const launchers = shopHosts.map((host) => {
    const there = Object.values(shopInstances).filter((instance) => instance.host === host);
    return [host, { isAdopted: true, lastBeatAt: sampleNow, running: there.map(({ id }) => id) }];
  });
  return {
    durable: {
      ...sample.durable,
      definition: { revision: 1, deployable: shop },
      hosts: Object.fromEntries(shopHosts.map((host) => [host, { standing: 'in-service', isDrained: false }])),
      assemblies: Object.fromEntries(assemblies),
      history: shopHistory(),
      hasRun: true,
      told: 'running',
      ...durable,
    },
    volatile: {
      ...sample.volatile,
      launchers: Object.fromEntries(launchers),
      agents: Object.fromEntries(Object.values(shopInstances).map(({ id }) => [id, agent])),
      hostFacts: {},
      ...volatile,
    },
  };
}
