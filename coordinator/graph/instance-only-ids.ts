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
 * Takes the text of a whole CIB.
 */
export function findInstanceOnlyIds(cibXml: string): InstanceOnlyIds {
  const reading = readXml(cibXml);
  if (reading.kind === 'malformed') return reading;
  const ids = new Set<string>();
  for (const configuration of childrenNamed(reading.root, 'configuration')) {
    for (const resources of childrenNamed(configuration, 'resources')) addClonedPrimitives(resources, false, ids);
  }
  for (const status of childrenNamed(reading.root, 'status')) removeRecorded(status, ids);
  return { kind: 'ids', ids };
}

function addClonedPrimitives(element: XmlElement, isCloned: boolean, ids: Set<string>): void {
  for (const child of element.children) {
    if (child.name === 'primitive' && isCloned && child.attributes.id !== undefined) ids.add(child.attributes.id);
    addClonedPrimitives(child, isCloned || CLONING.has(child.name), ids);
  }
}

function removeRecorded(status: XmlElement, ids: Set<string>): void {
  for (const state of childrenNamed(status, 'node_state')) {
    for (const lrm of childrenNamed(state, 'lrm')) {
      for (const resources of childrenNamed(lrm, 'lrm_resources')) {
        for (const { attributes } of childrenNamed(resources, 'lrm_resource')) ids.delete(attributes.id ?? '');
      }
    }
  }
}
