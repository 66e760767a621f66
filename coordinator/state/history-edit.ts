/** Changes of a history that the recording functions are made of. Each returns a new history and leaves its argument. */
import type { History, NodeHistory, NodeName, OperationRecord, ResourceHistory } from './history.js';
import { ownEntry } from './own-entry.js';
import type { ResourceDescriptor } from './record.js';

const emptyNode: NodeHistory = { resources: {}, attributes: {} };

export function putRecords(
  history: History,
  node: NodeName,
  resource: ResourceDescriptor,
  records: readonly OperationRecord[],
): History {
  const entry = ownEntry(history, node) ?? emptyNode;
  const before = ownEntry(entry.resources, resource.id);
  const updated: ResourceHistory = {
    class: resource.class,
    provider: resource.provider,
    type: resource.type,
    container: resource.container,
    records: { ...before?.records, ...Object.fromEntries(records.map((each) => [each.id, each])) },
  };
  return { ...history, [node]: { ...entry, resources: { ...entry.resources, [resource.id]: updated } } };
}

export function resourceHistory(history: History, node: NodeName, resourceId: string): ResourceHistory | undefined {
  return ownEntry(ownEntry(history, node)?.resources, resourceId);
}

export function putAttributes(history: History, node: NodeName, values: Readonly<Record<string, string>>): History {
  const entry = ownEntry(history, node) ?? emptyNode;
  return { ...history, [node]: { ...entry, attributes: { ...entry.attributes, ...values } } };
}

export function removeRecord(history: History, node: NodeName, resourceId: string, id: string): History {
  const entry = ownEntry(history, node);
  const resource = ownEntry(entry?.resources, resourceId);
  if (entry === undefined || resource === undefined || resource.records[id] === undefined) {
    return history;
  }
  const { [id]: _removed, ...records } = resource.records;
  return {
    ...history,
    [node]: { ...entry, resources: { ...entry.resources, [resourceId]: { ...resource, records } } },
  };
}

/** A call-id above all others on a node: for operations whose executor keeps none (VM and connection resources). */
export function nextCallId(history: History, node: NodeName): number {
  let highest = 0;
  for (const resource of Object.values(ownEntry(history, node)?.resources ?? {})) {
    for (const { callId } of Object.values(resource.records)) {
      highest = Math.max(highest, callId);
    }
  }
  return highest + 1;
}
