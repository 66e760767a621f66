import type { Draft, FailCount } from '../../proto/messages.js';
import { INFINITE_SCORE } from '../graph/transition-graph.js';
import type { Budget } from '../model/deployable.js';
import { failCount } from '../state/fail-count.js';
import { ownEntry } from '../state/own-entry.js';
import type { DpeState, DurableState } from './core/dpe-state.js';
import { allMembers, type Found, findSubject, type Member } from './core/verb-subject.js';

/**
 * Pacemaker's fail counts, and how far their budgets are spent, where there is anything to tell.
 *
 * @param resource as an operator names it; undefined: all that the deployable has
 */
export function listFailCounts(
  { durable }: DpeState,
  resource: string | undefined,
): Found<readonly Draft<FailCount>[]> {
  const { deployable } = durable.definition;
  if (resource === undefined) {
    const all = allMembers(deployable).flatMap((member) => countsOf(durable, member));
    return { kind: 'found', subject: all.filter(({ failures, inWindow }) => (failures ?? 0) + (inWindow ?? 0) > 0) };
  }
  const found = findSubject(deployable, resource);
  if (found.kind === 'refused') return found;
  return { kind: 'found', subject: found.subject.members.flatMap((member) => countsOf(durable, member)) };
}

function countsOf(durable: DurableState, member: Member): readonly Draft<FailCount>[] {
  const { windows, history } = durable;
  const window = member.kind === 'vm' ? windows.assemblies[member.assembly] : windows.resources[member.id];
  const { failures: limit, periodMs } = budgetOf(durable, member);
  return nodesOf(durable, member).map((node) => ({
    resource: member.id,
    node,
    failures: Math.min(INFINITE_SCORE, failCount(history, node, member.id)),
    inWindow: window?.length ?? 0,
    limit,
    periodMs,
    lastFailureUnixMs: lastFailure(durable, node, member.id, window ?? []),
  }));
}

/** A VM has failed on launcher hosts: on all where it has, or where it is. */
function nodesOf({ history, assemblies, hosts }: DurableState, { kind, assembly, id }: Member): readonly string[] {
  if (kind === 'resource') return [assembly];
  const { instance } = assemblies[assembly] ?? { instance: { kind: 'none' as const } };
  const failed = Object.keys(hosts).filter((host) => failCount(history, host, id) > 0);
  if (failed.length > 0) return failed;
  return [instance.kind === 'none' ? '' : instance.host];
}

function budgetOf({ definition }: DurableState, { kind, assembly, name }: Member): Budget {
  const model = definition.deployable.assemblies.find((candidate) => candidate.name === assembly);
  const resource = model?.resources.find((candidate) => candidate.name === name);
  return (kind === 'vm' ? model?.escalation : resource?.escalation) ?? { failures: 0, periodMs: 0 };
}

/** `last-failure-*` attributes are in seconds; a budget knows better. */
function lastFailure({ history }: DurableState, node: string, id: string, window: readonly number[]): number {
  const attributes = Object.entries(ownEntry(history, node)?.attributes ?? {});
  const dated = attributes
    .filter(([name]) => name.startsWith(`last-failure-${id}#`))
    .map(([, at]) => Number(at) * 1000);
  return Math.round(Math.max(0, ...dated, ...window));
}
