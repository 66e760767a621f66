/** Where an operator wants VMs (on launcher hosts) and instances of clones (in replicas) to be, or not to be. */
import { vmId } from '../../model/deployable.js';
import type { LocationWish } from '../../state/cib-input.js';
import { isRunning } from './cib-input-of.js';
import type { OperatorVerb, VerbReply } from './operator-verb.js';
import { movableId, setOverrides } from './overrides.js';
import { type Asked, conflict, delays, done, refused, tellOrdered, unchanged } from './verb-reply.js';
import { findSubject, listed, type Member, type VerbSubject } from './verb-subject.js';
import { assemblyState, mayRun, type Work } from './work.js';

type PlaceVerb = Extract<OperatorVerb, { readonly kind: 'resource-move' | 'resource-ban' }>;

export function performMoveOrBan(asked: Asked, verb: PlaceVerb): VerbReply {
  const { work, by } = asked;
  const found = findMovable(work, verb.resource);
  if (found.kind === 'refused') return found;
  const { subject } = found;
  if (verb.role !== undefined && !subject.members.every(({ isPromotable }) => isPromotable)) {
    return refused(`${subject.asked} has no roles: it is not promotable`);
  }
  if (verb.until !== undefined && verb.until <= work.now) return refused('its time would be over already');
  const node = verb.node ?? (verb.kind === 'resource-ban' ? placeOf(work, subject) : undefined);
  if (node === undefined) return verb.kind === 'resource-ban' ? nowhere(subject) : whereTo(work, subject);
  const places = placesOf(work, subject);
  if (!places.includes(node)) {
    const what = isVm(subject) ? 'launcher host' : 'replica';
    return refused(`${subject.asked} cannot be on "${node}": no such ${what}; there are ${listed(places)}`);
  }
  const wish = wishOf(verb, subject, node);
  if (wish.kind === 'move' && work.durable.hosts[node]?.standing === 'dead') {
    return conflict(`launcher host ${node} is dead; ${subject.asked} cannot go there`);
  }
  const before = work.durable.overrides.locations;
  const warnings = [...delays(asked), ...doubts(work, subject, wish)];
  if (before.some((other) => isSame(other, wish))) return unchanged(`${describe(wish)} already`, warnings);
  setOverrides(work, { locations: [...before.filter((other) => !isReplacedBy(other, wish)), wish] });
  const [assembly = '', resource = ''] = subject.asked.split('.');
  const until = wish.until === undefined ? {} : { until: wish.until };
  tellOrdered({ work, by }, verb.kind, { assembly, resource, evidence: { node, ...until } });
  const ends = wish.until === undefined ? `; until: cpectl resource clear ${work.durable.name} ${subject.asked}` : '';
  return done(`${describe(wish)}${ends}`, warnings);
}

export function performClear(asked: Asked, resource: string): VerbReply {
  const { work } = asked;
  const found = findMovable(work, resource);
  if (found.kind === 'refused') return found;
  const id = movableId(first(found.subject));
  const { locations } = work.durable.overrides;
  const kept = locations.filter((wish) => wish.resource !== id);
  if (kept.length === locations.length) return unchanged(`${resource} is neither moved nor banned`);
  setOverrides(work, { locations: kept });
  const [assembly = '', name = ''] = resource.split('.');
  tellOrdered(asked, 'resource-clear', { assembly, resource: name });
  return done(`${resource} may be wherever the document allows`, delays(asked));
}

/** A VM moves between launcher hosts, a clone between replicas; everything else is where its VM is. */
function findMovable(work: Work, asked: string): ReturnType<typeof findSubject> {
  const { deployable } = work.durable.definition;
  const found = findSubject(deployable, asked);
  if (found.kind === 'refused') return found;
  const { subject } = found;
  const { kind, members } = subject;
  if (kind === 'clone') return found;
  const vms = [...new Set(members.map(({ assembly }) => vmId(assembly)))];
  if (kind === 'vm') {
    return members.length === 1 ? found : refusedTo(`${asked} is more than one VM; say which: ${listed(vms)}`);
  }
  if (kind === 'clone-instance') {
    const { clone = '' } = first(subject);
    return refusedTo(`${asked} is one instance of the clone ${clone}; move or ban that: ${clone}`);
  }
  return refusedTo(`${asked} runs inside of its assembly and cannot be moved out of it; move its VM: ${listed(vms)}`);
}

function refusedTo(message: string) {
  return { kind: 'refused', code: 'invalid-request', message } as const;
}

/** Where it is now; undefined when it is nowhere, or in more than one place. */
function placeOf(work: Work, subject: VerbSubject): string | undefined {
  const places = subject.members.flatMap(({ kind, assembly, id }) => {
    const { instance } = assemblyState(work, assembly);
    if (kind === 'vm') return mayRun(instance) && instance.kind !== 'none' ? [instance.host] : [];
    return instance.kind === 'running' && isRunning(work.durable.history, assembly, id) ? [assembly] : [];
  });
  return places.length === 1 ? places[0] : undefined;
}

function placesOf({ durable }: Work, subject: VerbSubject): readonly string[] {
  if (!isVm(subject)) return subject.members.map(({ assembly }) => assembly);
  const { hosts } = durable.definition.deployable;
  return hosts.length > 0 ? hosts : Object.keys(durable.hosts);
}

function wishOf(verb: PlaceVerb, subject: VerbSubject, node: string): LocationWish {
  return {
    resource: movableId(first(subject)),
    node,
    kind: verb.kind === 'resource-move' ? 'move' : 'ban',
    ...(verb.role === undefined ? {} : { role: verb.role }),
    ...(verb.until === undefined ? {} : { until: verb.until }),
  };
}

/** A move ends every earlier word about the resource in that role; a ban those about that node. */
function isReplacedBy(other: LocationWish, wish: LocationWish): boolean {
  if (other.resource !== wish.resource || other.role !== wish.role) return false;
  return wish.kind === 'move' || other.node === wish.node;
}

function isSame(one: LocationWish, other: LocationWish): boolean {
  const { resource, node, kind, role, until } = other;
  return (
    one.resource === resource && one.node === node && one.kind === kind && one.role === role && one.until === until
  );
}

function doubts(work: Work, subject: VerbSubject, wish: LocationWish): readonly string[] {
  const { durable, volatile } = work;
  if (wish.kind === 'move') {
    const host = isVm(subject) ? durable.hosts[wish.node] : undefined;
    const isSilent = isVm(subject) && volatile.launchers[wish.node]?.isAdopted !== true;
    return [
      ...(isSilent ? [`launcher host ${wish.node} is silent: nothing is started there until it is heard`] : []),
      ...(host?.isDrained === true ? [`launcher host ${wish.node} is drained`] : []),
    ];
  }
  const banned = new Set(
    durable.overrides.locations
      .filter(({ kind, resource, role }) => kind === 'ban' && resource === wish.resource && role === undefined)
      .map(({ node }) => node),
  );
  const left = placesOf(work, subject).filter((node) => node !== wish.node && !banned.has(node));
  return left.length === 0 && wish.role === undefined ? [`nowhere is left for ${subject.asked}: it will stop`] : [];
}

function describe({ resource, node, kind, role }: LocationWish): string {
  const what = role === undefined ? resource : `the promoted instance of ${resource}`;
  return kind === 'move' ? `${what} is to be on ${node}` : `${what} is kept away from ${node}`;
}

function nowhere(subject: VerbSubject): VerbReply {
  const { asked, members } = subject;
  return members.length > 1
    ? refused(`${asked} is in several places; say from which it is banned: ${listed(members.map((m) => m.assembly))}`)
    : conflict(`${asked} is nowhere now; say from where it is banned`);
}

function whereTo(work: Work, subject: VerbSubject): VerbReply {
  return refused(`say where ${subject.asked} is to go: ${listed(placesOf(work, subject))}`);
}

function isVm({ kind }: VerbSubject): boolean {
  return kind === 'vm';
}

function first({ members, asked }: VerbSubject): Member {
  const [member] = members;
  if (member === undefined) throw new Error(`${asked} has no members`);
  return member;
}
