import { createHash } from 'node:crypto';
import type { CibInput, HostInput } from '../state/cib-input.js';
import type { NodeHistory, OperationRecord, ResourceHistory } from '../state/history.js';
import { ownEntry } from '../state/own-entry.js';
import { withCibNames } from './clone-history.js';
import { retiredAssemblies } from './leftovers.js';
import { isVmManaged } from './wished.js';
import { type Attributes, element, sanitiseId, type Xml } from './xml.js';

/**
 * The status section: node states, operation history and transient attributes, as the controller writes them. One step
 * for each resource on each node.
 *
 * @param input with all hosts that there are (knownHosts)
 */
export function* renderStatusInSteps(input: CibInput): Generator<void, Xml, void> {
  const context: Context = { featureSet: input.dialect.featureSet, uuid: transitionUuid(input.deployable.name) };
  const definitions = new Map(input.deployable.assemblies.map((assembly) => [assembly.name, assembly]));
  const nodes: Xml[] = [];
  for (const host of input.hosts) {
    const history = ownEntry(input.history, host.name) ?? nothingKnown;
    nodes.push(hostState(host, yield* nodeHistoryInSteps(host.name, history, context)));
  }
  for (const { name } of [...input.deployable.assemblies, ...retiredAssemblies(input)]) {
    const assembly = definitions.get(name);
    const recorded = ownEntry(input.history, name) ?? nothingKnown;
    const history = assembly === undefined ? recorded : withCibNames(recorded, assembly);
    const state = {
      isConnected: ownEntry(input.assemblies, name)?.isConnected ?? false,
      isInMaintenance: input.isInMaintenance || (assembly !== undefined && !isVmManaged(assembly, input)),
    };
    nodes.push(guestState(name, state, yield* nodeHistoryInSteps(name, history, context)));
  }
  return element('status', {}, nodes);
}

/**
 * The UUID that stands for the decider in transition keys. It identifies the deployable, not an incarnation of its DPE,
 * because a successor goes on with the operations of its predecessor.
 */
export function transitionUuid(deployable: string): string {
  const hex = createHash('md5').update(`pacemaker-cloud deployable ${deployable}`).digest('hex');
  // RFC 4122 version 3 (name-based, md5), variant 10.
  return [hex.slice(0, 8), hex.slice(8, 12), `3${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

interface Context {
  readonly featureSet: string;
  readonly uuid: string;
}

const nothingKnown: NodeHistory = { resources: {}, attributes: {} };

/** FAKE_TE_ID of Pacemaker: operations that no transition ordered. */
const nobodysUuid = 'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx';

/** A launcher host is a cluster node. Offline means offline on proof; one that is unclean has to be fenced first. */
function hostState({ name, state }: HostInput, history: readonly Xml[]): Xml {
  const membership = memberships[state];
  const attributes = { id: name, uname: name, ...membership, 'crm-debug-origin': origin };
  return element('node_state', attributes, history);
}

/** Unclean: gone without having been expected to go (lib/pengine/unpack.c determine_online_status_fencing). */
const memberships = {
  online: { in_ccm: true, crmd: 'online', join: 'member', expected: 'member' },
  unclean: { in_ccm: false, crmd: 'offline', join: 'down', expected: 'member' },
  offline: { in_ccm: false, crmd: 'offline', join: 'down', expected: 'down' },
} as const satisfies Record<HostInput['state'], Attributes>;

/** lib/.../controld_remote_ra.c remote_node_up and remote_node_down: a guest has no controller and joins nothing. */
function guestState(
  name: string,
  { isConnected, isInMaintenance }: { readonly isConnected: boolean; readonly isInMaintenance: boolean },
  history: readonly Xml[],
): Xml {
  const attributes = {
    remote_node: true,
    id: name,
    uname: name,
    in_ccm: isConnected,
    'crm-debug-origin': origin,
    node_fenced: 0,
    // A guest whose VM is unmanaged is in maintenance. Saying so is the effect of the pseudo action `maintenance_nodes`,
    // which the scheduler would order again and again (controld_fencing.c, lib/pacemaker/pcmk_sched_utils.c).
    node_in_maintenance: isInMaintenance ? 1 : undefined,
  };
  return element('node_state', attributes, history);
}

const origin = 'pacemaker-cloud';

function* nodeHistoryInSteps(
  node: string,
  history: NodeHistory,
  context: Context,
): Generator<void, readonly Xml[], void> {
  const resources: Xml[] = [];
  for (const [id, resource] of Object.entries(history.resources)) {
    resources.push(resourceHistory(node, id, resource, context));
    yield;
  }
  const lrm = element('lrm', { id: node }, [element('lrm_resources', {}, resources)]);
  const values = Object.entries(history.attributes);
  if (values.length === 0) {
    return [lrm];
  }
  const setId = `status-${node}`;
  const pairs = values.map(([name, value]) => element('nvpair', { id: `${setId}-${sanitiseId(name)}`, name, value }));
  return [lrm, element('transient_attributes', { id: node }, [element('instance_attributes', { id: setId }, pairs)])];
}

function resourceHistory(node: string, id: string, resource: ResourceHistory, context: Context): Xml {
  const { class: standard, provider, type, container } = resource;
  const records = Object.values(resource.records)
    .sort(newestFirst)
    .map((record) => operationRecord(node, id, record, context));
  return element('lrm_resource', { id, class: standard, provider, type, container }, records);
}

/**
 * The scheduler sorts records by call-id and then by seconds; among equals the one that comes first in the document counts
 * as the newest (lib/pengine/unpack.c unpack_lrm_resource prepends, then sorts). A recurring monitor that fails has the
 * call-id of its success before, so within one second this order decides whether the failure is seen.
 */
function newestFirst(a: OperationRecord, b: OperationRecord): number {
  return b.callId - a.callId || b.changedAt - a.changedAt || Number(isFailure(b)) - Number(isFailure(a));
}

function isFailure({ id }: OperationRecord): boolean {
  return id.endsWith('_last_failure_0');
}

/** lib/pacemaker/pcmk_sched_actions.c pcmk__create_history_xml. */
function operationRecord(node: string, resource: string, record: OperationRecord, { featureSet, uuid }: Context): Xml {
  const decider = record.transition < 0 ? nobodysUuid : uuid;
  const key = `${record.action}:${record.transition}:${record.expectedRc}:${decider}`;
  return element('lrm_rsc_op', {
    id: record.id,
    operation_key: `${resource}_${record.operation}_${record.intervalMs}`,
    operation: record.operation,
    'crm-debug-origin': origin,
    crm_feature_set: featureSet,
    'transition-key': key,
    'transition-magic': `${record.status}:${record.rc};${key}`,
    'exit-reason': portableText(record.exitReason),
    on_node: node,
    'call-id': record.callId,
    'rc-code': record.rc,
    'op-status': record.status,
    interval: record.intervalMs,
    'last-rc-change': Math.floor(record.changedAt / 1000),
    'exec-time': record.execMs,
    'queue-time': record.queueMs,
    'op-digest': record.digest,
    ...restartAttributes(record),
  });
}

/** controld_cib.c append_restart_list: the scheduler looks for each name between two blanks. */
function restartAttributes({ restart }: OperationRecord): Attributes {
  if (restart === undefined) return {};
  const names = restart.parameters.length === 0 ? '' : ` ${restart.parameters.join(' ')} `;
  return { 'op-force-restart': names, 'op-restart-digest': restart.digest };
}

const lookAlikes: Readonly<Record<string, string>> = { '"': '”', "'": '’', '<': '‹', '>': '›', '&': '＆' };

/**
 * A text for people that Pacemaker's tools can copy: their XML writer does not escape what follows the first character
 * beyond ASCII (lib/common/xml.c crm_xml_escape).
 */
function portableText(text: string): string {
  const foreign = text.search(/[^\0-\x7f]/);
  return foreign < 0
    ? text
    : text.slice(0, foreign) +
        text.slice(foreign).replace(/["'<>&]/g, (character) => lookAlikes[character] ?? character);
}
