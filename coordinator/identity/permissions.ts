import { parseInstanceId } from '../../proto/instance-id.js';
import type { Role } from '../../proto/messages.js';
import {
  agentCall,
  agentEvent,
  agentHeartbeat,
  agentOrder,
  agentRegister,
  agentRenew,
  agentReport,
  allAgentCalls,
  allAgents,
  allCpeRequests,
  allEvents,
  cpeRequest,
  events,
  inboxesOf,
  launcherBeat,
  launcherList,
  launcherOrder,
  reportsOfLauncher,
  rolePatterns,
  type SubjectPattern,
} from '../../proto/subjects.js';
import { storePublishSubjects } from '../store/jetstream-subjects.js';

/** Where the store of a site is in its bus. */
const storeSubjects = storePublishSubjects as readonly SubjectPattern[];

/** Who somebody is on the bus. Its credentials say so, and allow nothing in another's name. */
export interface Identity {
  readonly role: Role;
  /** A name; of an agent its instance's id. */
  readonly id: string;
  /** Of an operator or viewer: the deployables that are its business; undefined: all. */
  readonly deployables?: readonly string[] | undefined;
}

/** What an identity may say and hear, besides answering what it was asked, and hearing the answers to what it asked. */
export interface Permissions {
  readonly publish: readonly SubjectPattern[];
  readonly subscribe: readonly SubjectPattern[];
  /** Whether it may answer. */
  readonly answers: boolean;
}

/**
 * The one table of who may say what on the bus (SECURITY.md shows it). What cped answers to whom is decided there.
 *
 * @throws RangeError when the identity's id is no name, or of an agent no instance id.
 */
export function permissionsOf(identity: Identity): Permissions {
  const allowed = byRole(identity);
  return { ...allowed, subscribe: [...allowed.subscribe, inboxesOf(identity.role, identity.id)] };
}

function byRole({ role, id, deployables }: Identity): Permissions {
  switch (role) {
    case 'cpe':
      return {
        // Orders: only to forget the instances of a deleted deployable, which has no DPE any more.
        publish: [
          rolePatterns.dpeRequests,
          rolePatterns.launcherLists,
          rolePatterns.launcherOrders,
          rolePatterns.events,
          ...storeSubjects,
        ],
        subscribe: [allCpeRequests, rolePatterns.launcherBeats, rolePatterns.events],
        answers: true,
      };
    case 'dpe':
      return {
        publish: [
          rolePatterns.launcherOrders,
          rolePatterns.launcherLists,
          rolePatterns.agentOrders,
          rolePatterns.events,
          rolePatterns.silenceCounts,
          ...storeSubjects,
        ],
        subscribe: [
          rolePatterns.dpeRequests,
          rolePatterns.launcherBeats,
          rolePatterns.launcherReports,
          rolePatterns.agentRegistrations,
          rolePatterns.agentHeartbeats,
          rolePatterns.agentReports,
          rolePatterns.agentRenewals,
          rolePatterns.events,
          rolePatterns.silenceCounts,
        ],
        answers: true,
      };
    case 'launcher':
      return {
        publish: [launcherBeat(id), reportsOfLauncher(id)],
        subscribe: [launcherOrder(id), launcherList(id)],
        answers: true,
      };
    case 'agent': {
      const instance = parseInstanceId(id);
      if (instance === undefined) throw new RangeError(`not an instance id: ${JSON.stringify(id)}`);
      const says = [agentRegister, agentHeartbeat, agentReport, agentEvent, agentRenew];
      return {
        publish: says.map((channel) => channel(instance)),
        subscribe: [agentOrder(instance), agentCall(instance)],
        answers: true,
      };
    }
    case 'operator':
      return {
        // Launchers are shared by all deployables.
        publish: [
          cpeRequest(role, id),
          ...(deployables?.map(allAgentCalls) ?? [rolePatterns.agentCalls, rolePatterns.launcherLists]),
        ],
        subscribe: [
          ...(deployables?.map(events) ?? [allEvents]),
          ...(deployables?.map((each) => allAgents(each, 'event')) ?? [rolePatterns.agentEvents]),
        ],
        answers: false,
      };
    case 'viewer':
      return {
        publish: [cpeRequest(role, id)],
        subscribe: deployables?.map(events) ?? [allEvents],
        answers: false,
      };
    default:
      return unreachable(role);
  }
}

function unreachable(role: never): never {
  throw new RangeError(`no role: ${String(role)}`);
}
