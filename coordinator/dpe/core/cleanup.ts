/** Forgetting failures, so that what failed is tried again. */

import { clearFailCount, failCount } from '../../state/fail-count.js';
import { deleteResource } from '../../state/forget.js';
import { connectionResource } from '../../state/instance-record.js';
import { isRunning } from './cib-input-of.js';
import { delegate } from './delegation.js';
import { awaitsRecovery } from './failures.js';
import type { Member } from './verb-subject.js';
import { setAssembly, type Work } from './work.js';

/**
 * What `crm_resource --cleanup` does, for every resource that has failed and is meant: those that do not run are probed
 * and started again, those that run lose their fail counts. An assembly that is to be recovered and is not yet is left to
 * that recovery. Returns the CIB ids whose failures were forgotten.
 */
export function tryFailedAgain(
  work: Work,
  isMeant: (node: string, id: string) => boolean = () => true,
): readonly string[] {
  let { history } = work.durable;
  const forgotten = new Set<string>();
  for (const [node, { resources }] of Object.entries(history)) {
    for (const [id, { records }] of Object.entries(resources)) {
      const hasFailed = records[`${id}_last_failure_0`] !== undefined;
      if (!isMeant(node, id) || (!hasFailed && failCount(history, node, id) === 0)) continue;
      if (awaitsRecovery(history, node, id)) continue;
      // Asked before the failure is forgotten, which may be all that tells of its end.
      const isUp = isRunning(history, node, id);
      history = clearFailCount(history, node, id);
      if (!isUp) history = deleteResource(history, node, id);
      forgotten.add(id);
    }
  }
  work.durable = { ...work.durable, history };
  return [...forgotten];
}

/** The failures of these, in the history and in their budgets, and what their assemblies wait for because of them. */
export function forgetFailuresOf(work: Work, members: readonly Member[]): readonly string[] {
  const forgotten = tryFailedAgain(work, (node, id) => members.some((member) => isOf(member, node, id)));
  const counted = members.filter((member) => forgetBudget(work, member)).map(({ id }) => id);
  for (const assembly of new Set(members.map((member) => member.assembly))) delegate(work, assembly);
  return [...new Set([...forgotten, ...counted])];
}

/** A VM's failures are its connection's too; a resource's are those on the node of its assembly. */
function isOf({ kind, assembly, id: own }: Member, node: string, id: string): boolean {
  return kind === 'vm' ? id === own || id === connectionResource(assembly).id : id === own && node === assembly;
}

function forgetBudget(work: Work, { kind, assembly, id }: Member): boolean {
  const { windows, assemblies } = work.durable;
  if (kind === 'resource') {
    if ((windows.resources[id] ?? []).length === 0) return false;
    work.durable = { ...work.durable, windows: { ...windows, resources: { ...windows.resources, [id]: [] } } };
    return true;
  }
  const isBackingOff = (assemblies[assembly]?.mayStartAt ?? 0) > work.now;
  if (isBackingOff) setAssembly(work, assembly, { mayStartAt: 0 });
  if ((windows.assemblies[assembly] ?? []).length === 0) return isBackingOff;
  work.durable = { ...work.durable, windows: { ...windows, assemblies: { ...windows.assemblies, [assembly]: [] } } };
  return true;
}
