import { element, nvpairs, type Xml } from '../../coordinator/policy/xml.js';
import type { Chance } from './generated-chance.js';
import { generatedConstraints } from './generated-constraints.js';
import {
  maybe,
  type Plan,
  type PlannedGroup,
  type PlannedHost,
  type PlannedPrimitive,
  type PlannedResource,
} from './generated-plan.js';

/** The configuration section of a plan's CIB. */
export function generatedConfiguration(chance: Chance, plan: Plan): Xml {
  return element('configuration', {}, [
    clusterOptions(chance.fork('options'), plan),
    element(
      'nodes',
      {},
      plan.hosts.map((host) => nodeElement(chance.fork(`node ${host.name}`), host)),
    ),
    element('resources', {}, [
      ...(plan.hasFencer ? [fencer(chance.fork('fencer'))] : []),
      template(),
      ...plan.guests.map(({ vm }) => primitiveElement(vm)),
      ...plan.remotes.map(primitiveElement),
      ...plan.resources.map(resourceElement),
    ]),
    element('constraints', {}, generatedConstraints(chance.fork('constraints'), plan)),
    ...defaults(chance.fork('defaults')),
    ...tags(chance.fork('tags'), plan),
  ]);
}

function clusterOptions(chance: Chance, { hasFencer }: Plan): Xml {
  const options = maybe(chance, {
    'no-quorum-policy': [0.8, 'ignore'],
    'symmetric-cluster': [0.2, 'false'],
    'start-failure-is-fatal': [0.4, 'false'],
    'stop-all-resources': [0.05, 'true'],
    'maintenance-mode': [0.04, 'true'],
    'stonith-action': [0.2, 'off'],
    'placement-strategy': [0.3, chance.pick(['utilization', 'minimal', 'balanced'])],
    'batch-limit': [0.2, String(chance.integer(0, 5))],
    'migration-limit': [0.2, String(chance.integer(-1, 2))],
    'cluster-delay': [0.2, '30s'],
    'stop-orphan-resources': [0.1, 'false'],
    'stop-orphan-actions': [0.1, 'false'],
    'enable-startup-probes': [0.05, 'false'],
    'startup-fencing': [0.1, 'false'],
    'concurrent-fencing': [0.2, 'false'],
    'priority-fencing-delay': [0.1, '15s'],
    'shutdown-lock': [0.1, 'true'],
    'node-health-strategy': [0.1, chance.pick(['migrate-on-red', 'only-green', 'progressive'])],
  });
  const all = { ...options, 'stonith-enabled': String(hasFencer || chance.happens(0.3)) };
  return element('crm_config', {}, [element('cluster_property_set', { id: 'options' }, nvpairs('options', all))]);
}

function nodeElement(chance: Chance, { uuid, name, state }: PlannedHost): Xml {
  const attributes = {
    ...maybe(chance, {
      site: [0.6, chance.pick(['north', 'south'])],
      rank: [0.4, String(chance.integer(-10, 100))],
      '#health-disk': [0.1, chance.pick(['red', 'yellow', 'green'])],
    }),
    ...(state === 'standby' ? { standby: 'on' } : {}),
    ...(state === 'maintenance' ? { maintenance: 'true' } : {}),
  };
  const capacity = maybe(chance, {
    cpu: [0.7, String(chance.integer(1, 8))],
    memory: [0.5, String(chance.integer(4, 20))],
  });
  return element('node', { id: uuid, uname: name }, [
    ...attributeSet('instance_attributes', `node-${uuid}`, attributes),
    ...attributeSet('utilization', `node-${uuid}`, capacity),
  ]);
}

function fencer(chance: Chance): Xml {
  const meta = chance.happens(0.3) ? { 'target-role': 'Stopped' } : {};
  return element('primitive', { id: 'fencer', class: 'stonith', type: 'fence_xvm' }, [
    ...attributeSet('meta_attributes', 'fencer', meta),
    element('operations', {}, [
      element('op', { id: 'fencer-monitor', name: 'monitor', interval: '60s', timeout: '20s' }),
    ]),
  ]);
}

function resourceElement(resource: PlannedResource): Xml {
  switch (resource.kind) {
    case 'primitive':
      return primitiveElement(resource);
    case 'group':
      return groupElement(resource);
    case 'clone': {
      const { id, meta, child } = resource;
      return element('clone', { id }, [...attributeSet('meta_attributes', id, meta), resourceElement(child)]);
    }
  }
}

function groupElement({ id, meta, members }: PlannedGroup): Xml {
  return element('group', { id }, [...attributeSet('meta_attributes', id, meta), ...members.map(primitiveElement)]);
}

function template(): Xml {
  const monitor = element('op', { id: 'base-monitor', name: 'monitor', interval: '13s', timeout: '7s' });
  const agent = { id: 'base', class: 'ocf', provider: 'pacemaker', type: 'Stateful' };
  return element('template', agent, [element('operations', {}, [monitor])]);
}

function primitiveElement(primitive: PlannedPrimitive): Xml {
  const { id, parameters, meta, operations, utilization, type, isFromTemplate } = primitive;
  const list = operations.map(({ name, intervalMs, timeoutMs, attributes }) => {
    const timing = {
      interval: `${intervalMs}ms`,
      timeout: timeoutMs === undefined ? undefined : `${timeoutMs}ms`,
    };
    const key = `${id}-${name}-${intervalMs}-${attributes.role ?? 'any'}`;
    return element('op', { id: key, name, ...timing, ...attributes });
  });
  const agent = isFromTemplate ? { template: 'base' } : { class: 'ocf', provider: 'pacemaker', type };
  return element('primitive', { id, ...agent }, [
    ...attributeSet('meta_attributes', id, meta),
    ...attributeSet('instance_attributes', id, parameters),
    ...attributeSet('utilization', id, utilization),
    element('operations', {}, list),
  ]);
}

function defaults(chance: Chance): Xml[] {
  const resources = maybe(chance, { 'resource-stickiness': [0.3, '1'], 'migration-threshold': [0.05, '2'] });
  const operations = maybe(chance, { timeout: [0.3, '45s'], 'record-pending': [0.1, 'false'] });
  const atNight = element('rule', { id: 'night', score: 'INFINITY' }, [
    element('date_expression', { id: 'night-hours', operation: 'date_spec' }, [
      element('date_spec', { id: 'night-spec', hours: '20-23', weekdays: chance.pick(['1-5', '6-7']) }),
    ]),
  ]);
  const nightly = element('meta_attributes', { id: 'nightly', score: 2 }, [
    atNight,
    ...nvpairs('nightly', { 'resource-stickiness': '50' }),
  ]);
  return [
    element('rsc_defaults', {}, [
      ...(chance.happens(0.15) ? [nightly] : []),
      ...attributeSet('meta_attributes', 'rsc-defaults', resources),
    ]),
    element('op_defaults', {}, attributeSet('meta_attributes', 'op-defaults', operations)),
  ];
}

/** What `anything` in a constraint stands for. */
function tags(chance: Chance, { resources }: Plan): Xml[] {
  const tagged = chance.some(resources, 3).map(({ id }) => element('obj_ref', { id }));
  return tagged.length === 0 ? [] : [element('tags', {}, [element('tag', { id: 'anything' }, tagged)])];
}

function attributeSet(kind: string, owner: string, values: Readonly<Record<string, string>>): Xml[] {
  const id = `${owner}-${kind}`;
  return Object.keys(values).length === 0 ? [] : [element(kind, { id }, nvpairs(id, values))];
}
