import type { StoredEvent } from '../../coordinator/store/store.js';
import type { SimDocument } from './sim-document.js';

/** Events about the deployable as a whole that explain whatever is stopped and started after them. */
const deployableCauses: readonly string[] = [
  'definition-changed',
  'deployable-created',
  'deployable-reloaded',
  'deployable-deleted',
  'deployable-rolled-back',
  'deployable-restarting',
  'deployable-halted',
];

const assemblyCauses: readonly string[] = [
  'assembly-failed',
  'assembly-dead',
  'assembly-stopped',
  'assembly-held',
  'assembly-started',
  'assembly-back',
  'escalated',
];

/**
 * Whether an event explains that `resource` is stopped, or started once more: it is about the resource, about something
 * that it runs after or whose address it uses, about an assembly of any of these, or about the deployable.
 */
export function isCauseOf(event: StoredEvent, resource: string, documents: readonly SimDocument[]): boolean {
  if (deployableCauses.includes(event.kind)) return true;
  const { assembly, resource: name } = event;
  // Told of by the CPE for all deployables: a launcher host was drained, is dead, is back.
  if (event.deployable === '' && event.kind.startsWith('host-')) return true;
  const isOrdered = event.kind.endsWith('-ordered');
  if (assembly === undefined) return isOrdered || event.kind.startsWith('host-');
  const reach = documents.map((document) => reachOf(document, resource));
  if (isOrdered || assemblyCauses.includes(event.kind)) return reach.some(({ assemblies }) => assemblies.has(assembly));
  const id = `${assembly}.${name ?? ''}`;
  return event.kind === 'resource-failed' && reach.some(({ resources }) => resources.has(id));
}

const reaches = new WeakMap<SimDocument, Map<string, Reach>>();

interface Reach {
  readonly resources: ReadonlySet<string>;
  readonly assemblies: ReadonlySet<string>;
}

/** Everything whose failure may restart `resource`. */
function reachOf(document: SimDocument, resource: string): Reach {
  const known = reaches.get(document) ?? new Map<string, Reach>();
  reaches.set(document, known);
  const found = known.get(resource);
  if (found !== undefined) return found;
  const resources = new Set<string>();
  const assemblies = new Set<string>();
  const add = (id: string) => {
    if (resources.has(id)) return;
    resources.add(id);
    assemblies.add(id.split('.')[0] ?? '');
    for (const first of document.before.get(id) ?? []) add(first);
    for (const used of document.references.get(id) ?? []) assemblies.add(used);
  };
  add(resource);
  const reach = { resources, assemblies };
  known.set(resource, reach);
  return reach;
}
