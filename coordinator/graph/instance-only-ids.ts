import { childrenNamed, readXml, type XmlElement } from './xml-element.js';

export type InstanceOnlyIds =
  | { readonly kind: 'ids'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'malformed'; readonly message: string };

const CLONING = new Set(['clone', 'master', 'bundle']);

/**
 * The resources of a CIB that Pacemaker's tools know only by their instances' names (`web:0`, not `web`).
 *
 * A primitive below a clone or bundle goes by its own name only once some node's history has it under that name
 * (lib/pengine/unpack.c unpack_find_resource(), which renames the instance then); until then a lookup as
 * crm_simulate makes it for printing does not find it (lib/pengine/native.c native_find_rsc()).
 *
 * @param cibXml a whole CIB
 * @param offlineNodes names of nodes that the scheduler holds for offline: with neither fencing nor shutdown locks it
 *   does not read their histories (lib/pengine/unpack.c unpack_node_history())
 */
export function findInstanceOnlyIds(cibXml: string, offlineNodes: ReadonlySet<string> = new Set()): InstanceOnlyIds {
  const reading = readXml(cibXml);
  if (reading.kind === 'malformed') return reading;
  const ids = new Set<string>();
  const configurations = childrenNamed(reading.root, 'configuration');
  for (const configuration of configurations) {
    for (const resources of childrenNamed(configuration, 'resources')) addClonedPrimitives(resources, false, ids);
  }
  const readsAll =
    !isOption(configurations, 'stonith-enabled', 'false') || isOption(configurations, 'shutdown-lock', 'true');
  const unread = readsAll ? new Set<string>() : offlineNodes;
  for (const status of childrenNamed(reading.root, 'status')) removeRecorded(status, unread, ids);
  return { kind: 'ids', ids };
}

function isOption(configurations: readonly XmlElement[], name: string, value: string): boolean {
  return configurations
    .flatMap((configuration) => childrenNamed(configuration, 'crm_config'))
    .flatMap((options) => childrenNamed(options, 'cluster_property_set'))
    .flatMap((set) => childrenNamed(set, 'nvpair'))
    .some(({ attributes }) => attributes.name === name && attributes.value === value);
}

function addClonedPrimitives(element: XmlElement, isCloned: boolean, ids: Set<string>): void {
  for (const child of element.children) {
    if (child.name === 'primitive' && isCloned && child.attributes.id !== undefined) ids.add(child.attributes.id);
    addClonedPrimitives(child, isCloned || CLONING.has(child.name), ids);
  }
}

function removeRecorded(status: XmlElement, unread: ReadonlySet<string>, ids: Set<string>): void {
  for (const state of childrenNamed(status, 'node_state')) {
    if (unread.has(state.attributes.uname ?? '')) continue;
    for (const lrm of childrenNamed(state, 'lrm')) {
      for (const resources of childrenNamed(lrm, 'lrm_resources')) {
        for (const { attributes } of childrenNamed(resources, 'lrm_resource')) ids.delete(attributes.id ?? '');
      }
    }
  }
}
