import { element, sanitiseId, type Xml } from '../../coordinator/policy/xml.js';
import type { Chance } from './generated-chance.js';
import { type Course, drawAbsence, drawCourse, GENERATED_NOW_UNIX_S, recordedHistory } from './generated-history.js';
import {
  drawPrimitive,
  type Plan,
  type PlannedHost,
  type PlannedPrimitive,
  type PlannedResource,
  primitivesOf,
  range,
} from './generated-plan.js';

/** What one node knows. */
interface NodeMemory {
  readonly uuid: string;
  readonly name: string;
  readonly resources: Xml[];
  readonly attributes: Map<string, string>;
  callId: number;
}

/** The status section of a plan's CIB: membership, and a history that may have gone well or not. */
export function generatedStatus(chance: Chance, plan: Plan): Xml {
  const hosts = plan.hosts.map(memoryOf);
  const guests = plan.guests.map(({ name }) => memoryOf({ uuid: name, name }));
  const remotes = plan.remotes.map(({ id }) => memoryOf({ uuid: id, name: id }));
  const isNew = chance.happens(0.15);
  if (!isNew) recordEverything(chance, plan, { hosts, guests, remotes });
  return element('status', {}, [
    ...plan.hosts.flatMap((host, index) => hostState(chance.fork(`state ${host.name}`), host, hosts[index])),
    ...[...guests, ...remotes].filter(() => !isNew || chance.happens(0.2)).map((memory) => guestState(chance, memory)),
  ]);
}

interface Memories {
  readonly hosts: readonly NodeMemory[];
  readonly guests: readonly NodeMemory[];
  readonly remotes: readonly NodeMemory[];
}

function recordEverything(chance: Chance, plan: Plan, { hosts, guests, remotes }: Memories): void {
  const usable = hosts.filter(
    (_, index) => !['offline', 'never-seen', 'pending'].includes(plan.hosts[index]?.state ?? ''),
  );
  if (plan.hasFencer) recordFencer(chance.fork('fencer'), usable);
  const running = new Set<NodeMemory>();
  for (const [index, { name, vm }] of plan.guests.entries()) {
    const own = chance.fork(`vm ${name}`);
    const [at] = own.happens(0.85) ? own.some(usable, 1) : [];
    const course = at === undefined ? undefined : drawCourse(own, false);
    placeOne(own, vm, at, course, usable);
    if (at === undefined || course === undefined || own.happens(0.1)) continue;
    recordConnection(own, name, vm.id, at);
    const guest = guests[index];
    if (guest !== undefined) running.add(guest);
  }
  for (const [index, remote] of plan.remotes.entries()) {
    const own = chance.fork(`remote ${remote.id}`);
    const [at] = own.happens(0.85) ? own.some(usable, 1) : [];
    const memory = remotes[index];
    if (at === undefined || memory === undefined) continue;
    record(own, at, remote, drawConnectionCourse(own));
    running.add(memory);
  }
  for (const resource of plan.resources) {
    const own = chance.fork(`history ${resource.id}`);
    const pinnedTo = resource.kind === 'primitive' ? resource.pinnedTo : undefined;
    const places =
      pinnedTo === undefined
        ? [...usable, ...[...running].filter(() => own.happens(0.3))]
        : [...running].filter(({ name }) => name === pinnedTo);
    recordResource(own, resource, places);
  }
  if (chance.happens(0.15)) recordOrphan(chance.fork('orphan'), usable);
  for (const memory of [...hosts, ...guests, ...remotes])
    drawAttributes(chance.fork(`attributes ${memory.name}`), plan, memory);
}

function recordResource(chance: Chance, resource: PlannedResource, places: readonly NodeMemory[]): void {
  if (resource.kind !== 'clone') {
    const [at] = chance.happens(0.85) ? chance.some(places, 1) : [];
    recordSeries(chance, primitivesOf(resource), at, places, false);
    return;
  }
  for (const [index, at] of places.entries()) {
    if (chance.happens(0.2)) continue;
    const suffix = resource.isUnique ? `:${index}` : '';
    const members = primitivesOf(resource).map((member) => ({ ...member, id: member.id + suffix }));
    recordSeries(chance.fork(at.name), members, at, [at], resource.isPromotable);
    const [master] = members;
    if (resource.isPromotable && master !== undefined && chance.happens(0.6)) {
      at.attributes.set(`master-${master.id}`, chance.pick(['5', '10', '100', '-INFINITY']));
    }
  }
}

/** Members of a group run one after the other: behind the first that does not run, none does. */
function recordSeries(
  chance: Chance,
  members: readonly PlannedPrimitive[],
  at: NodeMemory | undefined,
  places: readonly NodeMemory[],
  isPromotable: boolean,
): void {
  let isBroken = at === undefined;
  for (const member of members) {
    const course = isBroken ? undefined : drawCourse(chance, isPromotable);
    placeOne(chance, member, course === undefined ? undefined : at, course, places);
    isBroken ||= course !== 'running' && course !== 'promoted';
  }
}

function placeOne(
  chance: Chance,
  primitive: PlannedPrimitive,
  at: NodeMemory | undefined,
  course: Course | undefined,
  places: readonly NodeMemory[],
): void {
  for (const memory of places) {
    // Now and then a resource runs where it should not, too.
    const elsewhere = chance.happens(0.03) ? 'running' : drawAbsence(chance);
    const own = memory === at ? course : elsewhere;
    if (own !== undefined) record(chance, memory, primitive, own);
  }
}

function record(chance: Chance, memory: NodeMemory, primitive: PlannedPrimitive, course: Course): void {
  const { xml, failed } = recordedHistory(chance, primitive, course, {
    node: memory.name,
    nextCallId: () => ++memory.callId,
  });
  memory.resources.push(xml);
  for (const operation of failed) {
    if (chance.happens(0.25)) continue;
    const count = operation.startsWith('stop') ? 'INFINITY' : chance.pick(['1', '1', '2', '3', 'INFINITY']);
    setFailure(memory, `${primitive.id}#${operation}`, count, chance.integer(0, 1500));
  }
}

function recordFencer(chance: Chance, places: readonly NodeMemory[]): void {
  const [at] = chance.some(places, 1);
  if (at === undefined) return;
  const plain = { ...drawPrimitive(chance, 'fencer'), parameters: {}, operations: [] };
  const { xml } = recordedHistory(chance, plain, 'running', { node: at.name, nextCallId: () => ++at.callId });
  at.resources.push(xml.replace('class="ocf" provider="pacemaker" type="Stateful"', STONITH_AGENT) as Xml);
}

const STONITH_AGENT = 'class="stonith" type="fence_xvm"';

function recordConnection(chance: Chance, guest: string, vm: string, at: NodeMemory): void {
  const monitor = { name: 'monitor', intervalMs: 30_000, timeoutMs: 30_000, attributes: {} };
  const plain = { ...drawPrimitive(chance, guest), parameters: {}, operations: [monitor], type: 'remote' as const };
  const course = drawConnectionCourse(chance);
  const { xml } = recordedHistory(chance, plain, course, { node: at.name, nextCallId: () => ++at.callId });
  at.resources.push(xml.replace('type="remote"', `type="remote" container="${vm}"`) as Xml);
}

function drawConnectionCourse(chance: Chance): Course {
  return chance.happens(0.85) ? 'running' : chance.pick<Course>(['monitor failed', 'start failed', 'start under way']);
}

/** What runs, or once ran, and is no longer in the configuration. */
function recordOrphan(chance: Chance, places: readonly NodeMemory[]): void {
  const [at] = chance.some(places, 1);
  if (at !== undefined)
    record(chance, at, drawPrimitive(chance, 'gone'), chance.pick(['running', 'stopped', 'monitor failed']));
}

function drawAttributes(chance: Chance, plan: Plan, memory: NodeMemory): void {
  for (const index of range(plan.resources.length)) {
    const resource = plan.resources[index];
    const [primitive] = resource === undefined ? [] : primitivesOf(resource);
    if (primitive === undefined || !chance.happens(0.05)) continue;
    setFailure(memory, `${primitive.id}#monitor_10000`, String(chance.integer(1, 4)), chance.integer(0, 1500));
  }
  if (chance.happens(0.1)) memory.attributes.set('rank', String(chance.integer(0, 50)));
}

function setFailure({ attributes }: NodeMemory, suffix: string, count: string, ageS: number): void {
  attributes.set(`fail-count-${suffix}`, count);
  attributes.set(`last-failure-${suffix}`, String(GENERATED_NOW_UNIX_S - ageS));
}

function hostState(chance: Chance, host: PlannedHost, memory: NodeMemory | undefined): Xml[] {
  if (memory === undefined || host.state === 'never-seen') return [];
  const membership = {
    in_ccm: host.state !== 'offline' && host.state !== 'lost',
    crmd: host.state === 'offline' || host.state === 'lost' ? 'offline' : 'online',
    join: host.state === 'pending' ? 'pending' : host.state === 'offline' || host.state === 'lost' ? 'down' : 'member',
    expected: host.state === 'offline' ? 'down' : 'member',
  };
  if (host.state === 'shutting-down') memory.attributes.set('shutdown', String(GENERATED_NOW_UNIX_S - 5));
  // A node whose controller alone is gone is as lost as one that left.
  const onlyController = host.state === 'lost' && chance.happens(0.3) ? { in_ccm: true } : {};
  return [nodeState({ ...membership, ...onlyController }, memory)];
}

function guestState(chance: Chance, memory: NodeMemory): Xml {
  return nodeState(
    { remote_node: true, in_ccm: chance.happens(0.9), node_fenced: chance.happens(0.1) ? 1 : 0 },
    memory,
  );
}

function nodeState(
  membership: Readonly<Record<string, string | number | boolean>>,
  { uuid, name, resources, attributes }: NodeMemory,
): Xml {
  // Named as Pacemaker names them, so that its tools change an attribute instead of adding another.
  const pairs = [...attributes].map(([attribute, value]) =>
    element('nvpair', { id: `status-${uuid}-${sanitiseId(attribute)}`, name: attribute, value }),
  );
  return element('node_state', { id: uuid, uname: name, ...membership }, [
    element('lrm', { id: uuid }, [element('lrm_resources', {}, resources)]),
    element('transient_attributes', { id: uuid }, [element('instance_attributes', { id: `status-${uuid}` }, pairs)]),
  ]);
}

function memoryOf({ uuid, name }: { readonly uuid: string; readonly name: string }): NodeMemory {
  return { uuid, name, resources: [], attributes: new Map(), callId: 0 };
}
