import type { Chance } from './generated-chance.js';

/** What a generated CIB is about, before it is written down: places, and what may run there. */
export interface Plan {
  readonly hosts: readonly PlannedHost[];
  readonly guests: readonly PlannedGuest[];
  /** Connections to remote nodes that are no guests: each is a node of its name. */
  readonly remotes: readonly PlannedPrimitive[];
  readonly resources: readonly PlannedResource[];
  readonly hasFencer: boolean;
}

export interface PlannedHost {
  /** Differs from the name: the scheduler and its graphs tell them apart. */
  readonly uuid: string;
  readonly name: string;
  readonly state:
    | 'online'
    | 'standby'
    | 'maintenance'
    | 'shutting-down'
    | 'pending'
    | 'offline'
    | 'lost'
    | 'never-seen';
}

/** An assembly: a VM primitive with `remote-node`, and a guest node of that name. */
export interface PlannedGuest {
  readonly name: string;
  readonly vm: PlannedPrimitive;
}

export type PlannedResource = PlannedPrimitive | PlannedGroup | PlannedClone;

export interface PlannedPrimitive {
  readonly kind: 'primitive';
  readonly id: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly meta: Readonly<Record<string, string>>;
  readonly operations: readonly PlannedOperation[];
  readonly utilization: Readonly<Record<string, string>>;
  /** Guest node in which alone it may run. */
  readonly pinnedTo?: string;
  /** Agent `ocf:pacemaker:TYPE`. */
  readonly type: 'Stateful' | 'remote';
  /** It takes its agent and an operation from a template. */
  readonly isFromTemplate: boolean;
}

export interface PlannedGroup {
  readonly kind: 'group';
  readonly id: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly members: readonly PlannedPrimitive[];
}

export interface PlannedClone {
  readonly kind: 'clone';
  readonly id: string;
  readonly meta: Readonly<Record<string, string>>;
  readonly child: PlannedPrimitive | PlannedGroup;
  readonly isPromotable: boolean;
  readonly isUnique: boolean;
}

export interface PlannedOperation {
  readonly name: string;
  readonly intervalMs: number;
  readonly timeoutMs: number | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

export function drawPlan(chance: Chance): Plan {
  const hosts = drawHosts(chance.fork('hosts'));
  const guests = drawGuests(chance.fork('guests'));
  const hasFencer = chance.fork('fencer').happens(0.75);
  const remotes = drawRemotes(chance.fork('remotes'));
  return { hosts, guests, remotes, resources: drawResources(chance.fork('resources'), guests), hasFencer };
}

/** Every place where something can run: names and uuids of the nodes. */
export function nodesOf({ hosts, guests, remotes }: Plan): { readonly uuid: string; readonly name: string }[] {
  const reached = [...guests.map(({ name }) => name), ...remotes.map(({ id }) => id)];
  return [...hosts, ...reached.map((name) => ({ uuid: name, name }))];
}

export function primitivesOf(resource: PlannedResource): readonly PlannedPrimitive[] {
  switch (resource.kind) {
    case 'primitive':
      return [resource];
    case 'group':
      return resource.members;
    case 'clone':
      return primitivesOf(resource.child);
  }
}

const unwell: readonly [PlannedHost['state'], ...PlannedHost['state'][]] = [
  'standby',
  'maintenance',
  'shutting-down',
  'pending',
  'offline',
  'lost',
  'lost',
  'never-seen',
];

function drawHosts(chance: Chance): PlannedHost[] {
  return range(chance.integer(1, 4)).map((index) => ({
    uuid: String(index + 1),
    name: `h${index + 1}`,
    state: index > 0 && chance.happens(0.3) ? chance.pick(unwell) : 'online',
  }));
}

function drawGuests(chance: Chance): PlannedGuest[] {
  const count = chance.happens(0.65) ? chance.integer(1, 4) : 0;
  return range(count).map((index) => {
    const name = `a${index + 1}`;
    const vm = drawPrimitive(chance.fork(name), `${name}.vm`);
    const meta = { ...vm.meta, 'remote-node': name, ...(chance.happens(0.3) ? { 'allow-migrate': 'true' } : {}) };
    return { name, vm: { ...vm, meta } };
  });
}

function drawRemotes(chance: Chance): PlannedPrimitive[] {
  if (!chance.happens(0.15)) return [];
  return range(chance.integer(1, 2)).map((index) => {
    const { meta, ...plain } = drawPrimitive(chance, `rn${index}`);
    const operations = [{ name: 'monitor', intervalMs: 10_000, timeoutMs: 20_000, attributes: {} }];
    return { ...plain, meta, type: 'remote', isFromTemplate: false, parameters: {}, utilization: {}, operations };
  });
}

function drawResources(chance: Chance, guests: readonly PlannedGuest[]): PlannedResource[] {
  const inside = guests.flatMap(({ name }) =>
    range(chance.integer(0, 3)).map((index) => ({
      ...drawPrimitive(chance.fork(`${name}.${index}`), `${name}.r${index}`),
      pinnedTo: name,
    })),
  );
  const loose = range(chance.integer(guests.length === 0 ? 1 : 0, 6)).map((index) =>
    drawResource(chance.fork(`loose ${index}`), `r${index}`),
  );
  return [...inside, ...loose];
}

function drawResource(chance: Chance, id: string): PlannedResource {
  if (chance.happens(0.4)) return drawPrimitive(chance, id);
  if (chance.happens(0.35)) return drawGroup(chance, id);
  const isPromotable = chance.happens(0.45);
  const isUnique = chance.happens(0.15);
  const child = chance.happens(0.25) ? drawGroup(chance, id) : drawPrimitive(chance, id, isPromotable);
  const meta = maybe(chance, {
    interleave: [0.5, chance.pick(['true', 'false'])],
    ordered: [0.2, 'true'],
    notify: [0.3, 'true'],
    'clone-max': [0.3, String(chance.integer(0, 4))],
    'clone-node-max': [isUnique ? 0.6 : 0, '2'],
    'clone-min': [0.1, String(chance.integer(1, 2))],
    'promoted-max': [isPromotable ? 0.3 : 0, '2'],
    'target-role': [0.08, chance.pick(['Stopped', 'Started', 'Unpromoted'])],
    'is-managed': [0.05, 'false'],
  });
  if (isPromotable) meta.promotable = 'true';
  if (isUnique) meta['globally-unique'] = 'true';
  return { kind: 'clone', id: `${id}-clone`, meta, child, isPromotable, isUnique };
}

function drawGroup(chance: Chance, id: string): PlannedGroup {
  const members = range(chance.integer(1, 4)).map((index) =>
    drawPrimitive(chance.fork(`member ${index}`), `${id}m${index}`),
  );
  const meta = maybe(chance, {
    'target-role': [0.05, 'Stopped'],
    'is-managed': [0.05, 'false'],
    priority: [0.1, String(chance.integer(1, 20))],
    'resource-stickiness': [0.2, '100'],
  });
  return { kind: 'group', id: `${id}-group`, meta, members };
}

export function drawPrimitive(chance: Chance, id: string, isPromotable = false): PlannedPrimitive {
  return {
    kind: 'primitive',
    id,
    parameters: maybe(chance, {
      state: [0.3, `/run/${id}`],
      envfile: [0.15, `a "b" <c> & 'd'`],
      // A name that is no XML name travels in an element of its own.
      '3rd': [0.05, 'x'],
    }),
    meta: drawMeta(chance, isPromotable),
    operations: drawOperations(chance, isPromotable),
    type: 'Stateful',
    isFromTemplate: chance.fork('template').happens(0.05),
    utilization: maybe(chance, {
      cpu: [0.25, String(chance.integer(0, 4))],
      memory: [0.1, String(chance.integer(1, 9))],
    }),
  };
}

function drawMeta(chance: Chance, isPromotable: boolean): Record<string, string> {
  return maybe(chance, {
    'resource-stickiness': [0.4, chance.pick(['0', '1', '100', 'INFINITY'])],
    'migration-threshold': [0.25, String(chance.integer(1, 3))],
    'failure-timeout': [0.2, chance.pick(['60s', '10min'])],
    'target-role': [
      0.1,
      chance.pick(isPromotable ? ['Stopped', 'Started', 'Unpromoted', 'Promoted'] : ['Stopped', 'Started']),
    ],
    'is-managed': [0.06, 'false'],
    maintenance: [0.04, 'true'],
    'allow-migrate': [0.25, 'true'],
    priority: [0.2, String(chance.integer(-5, 20))],
    'multiple-active': [0.1, chance.pick(['block', 'stop_only', 'stop_unexpected'])],
    requires: [0.1, chance.pick(['nothing', 'quorum', 'fencing'])],
    critical: [0.1, 'false'],
    'allow-unhealthy-nodes': [0.05, 'true'],
  });
}

function drawOperations(chance: Chance, isPromotable: boolean): PlannedOperation[] {
  const onFail = chance.pick(['ignore', 'block', 'stop', 'restart', 'fence', 'standby', 'demote']);
  const drawTimeout = () => (chance.happens(0.6) ? chance.pick([5_000, 20_000, 90_000]) : undefined);
  const monitor = (intervalMs: number, role: Readonly<Record<string, string>>): PlannedOperation => ({
    name: 'monitor',
    intervalMs,
    timeoutMs: drawTimeout(),
    attributes: { ...role, ...maybe(chance, { 'on-fail': [0.15, onFail], enabled: [0.04, 'false'] }) },
  });
  const once = (name: string, choices: readonly [string, ...string[]]): PlannedOperation => ({
    name,
    intervalMs: 0,
    timeoutMs: drawTimeout(),
    attributes: maybe(chance, {
      'on-fail': [0.25, chance.pick(choices)],
      'start-delay': [name === 'start' ? 0.1 : 0, '3s'],
    }),
  });
  const operations: PlannedOperation[] = [];
  if (chance.happens(0.8)) operations.push(monitor(10_000, isPromotable ? { role: 'Unpromoted' } : {}));
  if (isPromotable && chance.happens(0.8)) operations.push(monitor(11_000, { role: 'Promoted' }));
  if (chance.happens(0.1)) operations.push(monitor(30_000, { role: 'Stopped' }));
  if (chance.happens(0.3)) operations.push(once('start', ['ignore', 'block', 'stop', 'restart', 'fence']));
  if (chance.happens(0.3)) operations.push(once('stop', ['ignore', 'block', 'fence']));
  if (isPromotable && chance.happens(0.3)) operations.push(once('promote', ['block', 'demote', 'restart', 'fence']));
  if (isPromotable && chance.happens(0.2)) operations.push(once('demote', ['ignore', 'block', 'restart', 'fence']));
  return operations;
}

/** Each with its own probability. */
export function maybe(
  chance: Chance,
  choices: Readonly<Record<string, readonly [probability: number, value: string]>>,
): Record<string, string> {
  const entries = Object.entries(choices).filter(([, [probability]]) => chance.happens(probability));
  return Object.fromEntries(entries.map(([name, [, value]]) => [name, value]));
}

export function range(count: number): number[] {
  return [...Array(count).keys()];
}
