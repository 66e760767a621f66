import type { Assembly } from '../model/deployable.js';
import type { NodeHistory, ResourceHistory } from '../state/history.js';
import { cibNames } from './clone-name.js';

/**
 * The history of an assembly as it stands in the CIB: instances of clones under the names of their primitives, in the
 * names of resources, of records (`web-2.app_last_0`) and of fail counts (`fail-count-web-2.app#monitor_10000`).
 */
export function withCibNames(history: NodeHistory, assembly: Assembly): NodeHistory {
  const names = cibNames(assembly);
  if (names.size === 0) {
    return history;
  }
  const resources = Object.entries(history.resources).map(([id, resource]) => {
    const primitive = names.get(id);
    return primitive === undefined ? [id, resource] : [primitive, renamed(resource, id, primitive)];
  });
  const attributes = Object.entries(history.attributes).map(([name, value]) => [renamedAttribute(name, names), value]);
  return { resources: Object.fromEntries(resources), attributes: Object.fromEntries(attributes) };
}

function renamed(resource: ResourceHistory, from: string, to: string): ResourceHistory {
  const records = Object.values(resource.records).map((record) => {
    const id = `${to}${record.id.slice(from.length)}`;
    return [id, { ...record, id }] as const;
  });
  return { ...resource, records: Object.fromEntries(records) };
}

function renamedAttribute(attribute: string, names: ReadonlyMap<string, string>): string {
  const [, kind, resource = '', operation] = /^(fail-count|last-failure)-([^#]*)(#.*)$/.exec(attribute) ?? [];
  const primitive = names.get(resource);
  return primitive === undefined ? attribute : `${kind}-${primitive}${operation}`;
}
