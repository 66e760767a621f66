/**
 * Parts of a deployable that may be decided apart. What a decision costs grows with nodes times resources, so that many
 * small ones are far cheaper than one large one. They are allowed only where the answers together are the same:
 *
 * | what there is                                | why the whole is decided                                        |
 * |----------------------------------------------|-----------------------------------------------------------------|
 * | a constraint, a clone, raw constraints       | orders or places one by the other: these assemblies are one part |
 * | rules, tags, other raw XML, moves and bans   | may be about what is in another part                            |
 * | everything stops, or is in maintenance       | said of all at once                                             |
 * | utilization (placement other than default)   | VMs share the capacity of launcher hosts                        |
 * | a launcher host not online, or drained       | VMs have to go elsewhere                                        |
 * | several hosts, and a VM that may not stay    | its place depends on how many others each host has              |
 * | an assembly held, standby or not managed     | the scheduler tells of all such nodes in one action             |
 * | history of what is not in the definition     | it is nobody's                                                  |
 *
 * What only the answers bring to light is the merger's to refuse (coordinator/dpe/merge-graphs.ts).
 */
import type { Assembly, Deployable } from '../model/deployable.js';
import type { CibInput } from '../state/cib-input.js';
import type { History, NodeHistory, ResourceHistory } from '../state/history.js';
import { ownEntry } from '../state/own-entry.js';
import { knownHosts } from './leftovers.js';
import { type Links, linksOf } from './partition-links.js';
import { areVmsAtRest } from './partition-rest.js';
import { templatesOf } from './template.js';

/**
 * The parts of an input, in the order of their first assemblies; each renders to a CIB of its own. Only the input itself
 * where it has to be decided as a whole.
 */
export function partition(input: CibInput): readonly CibInput[] {
  const complete = { ...input, hosts: knownHosts(input) };
  if (!isQuiet(complete) || !areVmsAtRest(complete)) return [input];
  const links = linksOf(complete.deployable);
  if (links === undefined || links.count < 2) return [input];
  const histories = historiesOf(complete, links);
  if (histories === undefined) return [input];
  return deployablesOf(complete.deployable, links).map((deployable, part) => ({
    ...complete,
    deployable,
    assemblies: knownTo(deployable, complete),
    history: histories[part] ?? {},
  }));
}

/** Nothing concerns all parts at once. */
function isQuiet({ deployable, hosts, assemblies, ...input }: CibInput): boolean {
  return (
    !input.stopAll &&
    !input.isInMaintenance &&
    input.locationWishes.length === 0 &&
    !deployable.isInMaintenance &&
    deployable.placement === 'default' &&
    hosts.every(({ state, isDrained }) => state === 'online' && !isDrained) &&
    Object.values(assemblies).every(({ isHeld, wish }) => !isHeld && wish === 'none') &&
    deployable.assemblies.every(({ isManaged, isStandby }) => isManaged && !isStandby)
  );
}

/** Of the assemblies of a part, and of those whose values its resources refer to: a reference links nothing. */
function knownTo(deployable: Deployable, { assemblies }: CibInput): CibInput['assemblies'] {
  const names = new Set(deployable.assemblies.flatMap((assembly) => [assembly.name, ...referredBy(assembly)]));
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const known = ownEntry(assemblies, name);
      return known === undefined ? [] : [[name, known] as const];
    }),
  );
}

const referred = new WeakMap<Assembly, readonly string[]>();

function referredBy(assembly: Assembly): readonly string[] {
  const known = referred.get(assembly);
  if (known !== undefined) return known;
  const parts = assembly.resources.flatMap((resource) => templatesOf(resource).flat());
  const names = parts.flatMap((part) => (part.kind === 'reference' ? [part.assembly] : []));
  referred.set(assembly, names);
  return names;
}

/** The deployable once for each part, with what is in that part. */
function deployablesOf(deployable: Deployable, links: Links): readonly Deployable[] {
  const parts = Array.from({ length: links.count }, (_, part) => ({
    ...deployable,
    assemblies: [] as Deployable['assemblies'][number][],
    groups: [] as Deployable['groups'][number][],
    constraints: [] as Deployable['constraints'][number][],
    pacemaker: links.partOfRaw === part ? deployable.pacemaker : { constraints: '', tags: '' },
  }));
  for (const assembly of deployable.assemblies) parts[links.partOf(assembly.name) ?? -1]?.assemblies.push(assembly);
  for (const group of deployable.groups) parts[links.partOf(group.assembly) ?? -1]?.groups.push(group);
  for (const constraint of deployable.constraints) {
    parts[links.partOfConstraint(constraint) ?? -1]?.constraints.push(constraint);
  }
  return parts;
}

/** The history once for each part; undefined where something in it belongs to none. */
function historiesOf({ hosts, history }: CibInput, links: Links): readonly History[] | undefined {
  const parts: Record<string, NodeHistory>[] = Array.from({ length: links.count }, () => ({}));
  const hostNames = new Set(hosts.map(({ name }) => name));
  for (const [node, entry] of Object.entries(history)) {
    if (hostNames.has(node)) {
      const shares = sharesOf(entry, links);
      if (shares === undefined) return undefined;
      for (const [part, share] of shares) (parts[part] ?? {})[node] = share;
    } else {
      const part = parts[links.partOf(node) ?? -1];
      if (part === undefined) return undefined;
      part[node] = entry;
    }
  }
  return parts;
}

interface Share {
  readonly resources: Record<string, ResourceHistory>;
  readonly attributes: Record<string, string>;
}

/** What is known on a launcher host, by part: VM and connection resources are named after their assemblies. */
function sharesOf(entry: NodeHistory, links: Links): ReadonlyMap<number, Share> | undefined {
  const shares = new Map<number, Share>();
  const shareOf = (resource: string): Share | undefined => {
    const part = links.partOf(resource.split('.')[0] ?? '');
    if (part === undefined) return undefined;
    const share = shares.get(part) ?? { resources: {}, attributes: {} };
    shares.set(part, share);
    return share;
  };
  for (const [id, resource] of Object.entries(entry.resources)) {
    const share = shareOf(id);
    if (share === undefined) return undefined;
    share.resources[id] = resource;
  }
  for (const [name, value] of Object.entries(entry.attributes)) {
    const share = shareOf(/^(?:fail-count|last-failure)-(.+)#[^#]*$/.exec(name)?.[1] ?? '');
    if (share === undefined) return undefined;
    share.attributes[name] = value;
  }
  return shares;
}

/**
 * Whether two inputs say the same but for the time. Histories share what has not changed, so that comparing them costs
 * little more than looking at the differences.
 */
export function areAlike(one: CibInput, other: CibInput): boolean {
  return isEqual({ ...one, nowUnixMs: 0 }, { ...other, nowUnixMs: 0 });
}

function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqual(one[key as never], other[key as never]))
  );
}
