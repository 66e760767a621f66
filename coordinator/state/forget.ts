/** What is no longer known: resources, nodes, and everything inside a guest that was fenced. */
import type { History, NodeName } from './history.js';
import { ownEntry } from './own-entry.js';

/** `lrm_delete`: forgets what a node knows of a resource; its fail counts stay (the scheduler clears them by name). */
export function deleteResource(history: History, node: NodeName, resourceId: string): History {
  const entry = ownEntry(history, node);
  if (entry === undefined || ownEntry(entry.resources, resourceId) === undefined) {
    return history;
  }
  const { [resourceId]: _deleted, ...resources } = entry.resources;
  return { ...history, [node]: { ...entry, resources } };
}

/** Forgets all of a node. */
export function deleteNode(history: History, node: NodeName): History {
  const { [node]: _deleted, ...rest } = history;
  return rest;
}

/**
 * The effect of fencing a guest (controld_fencing.c update_node_state_after_fencing, controld_remote_ra.c
 * remote_node_down): nothing inside it runs any more, and its failures went with it. Without this the scheduler recovers
 * the assembly again in each decision.
 */
export function eraseGuest(history: History, assembly: NodeName): History {
  return deleteNode(history, assembly);
}
