/** Deployables that golden cases are about. */
import type { Assembly, CloneOptions, Deployable, Resource, Template } from '../../coordinator/model/deployable.js';
import { plainAssembly, plainDeployable, plainOrder, plainResource } from '../../coordinator/model/plain.js';

const budget = { failures: 3, periodMs: 600_000 };

export function text(value: string): Template {
  return [{ kind: 'text', text: value }];
}

export function addressOf(assembly: string): Template {
  return [{ kind: 'reference', assembly, attribute: 'ipaddress' }];
}

export function resource(name: string, change: Partial<Resource> = {}): Resource {
  return {
    ...plainResource,
    name,
    agent: { class: 'ocf', provider: 'heartbeat', type: 'Dummy' },
    start: { timeoutMs: 20_000 },
    stop: { timeoutMs: 20_000 },
    monitor: { intervalMs: 10_000, timeoutMs: 20_000 },
    escalation: budget,
    ...change,
  };
}

export function assembly(name: string, ...resources: Resource[]): Assembly {
  return { ...plainAssembly, name, escalation: budget, resources };
}

export function deployable(assemblies: Assembly[], change: Partial<Deployable> = {}): Deployable {
  return { ...plainDeployable, name: 'shop', assemblies, escalation: budget, ...change };
}

/** `db.redis` before `web.app` before `web.nginx`; `web.log` and all of `aside` depend on nothing. */
export function shop(change: Partial<Deployable> = {}): Deployable {
  return deployable(
    [
      assembly('db', resource('redis')),
      assembly('web', resource('app'), resource('nginx'), resource('log')),
      assembly('aside', resource('job')),
    ],
    {
      constraints: [
        plainOrder('stack', [
          { assembly: 'db', resource: 'redis' },
          { assembly: 'web', resource: 'app' },
          { assembly: 'web', resource: 'nginx' },
        ]),
      ],
      ...change,
    },
  );
}

/** Replicas `<of>-1`, `<of>-2` ... of one assembly. */
export function replicas(of: string, count: number, ...resources: Resource[]): Assembly[] {
  return Array.from({ length: count }, (_, position) => ({
    ...assembly(`${of}-${position + 1}`, ...resources),
    replica: { of, index: position + 1, count },
  }));
}

export const plainClone: CloneOptions = {
  promotable: undefined,
  max: undefined,
  notify: false,
  interleave: false,
  ordered: false,
};

/** One of the replicas is promoted, the first one that can be. */
export function promotable(prefer: readonly string[] = [], promotedMax = 1): CloneOptions {
  return { ...plainClone, promotable: { promotedMax, prefer } };
}
