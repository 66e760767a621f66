/** One event of an instance action, as a project may see it (GET /servers/{id}/os-instance-actions/{request}, 2.51). */
export interface HostEvent {
  /** `compute_stop_instance`: the service and its method. */
  readonly event: string;
  /** `Success`, `Error`; undefined while it goes on. */
  readonly result: string | undefined;
  readonly finishedAt: string | undefined;
}

export interface ServerAction {
  /** `create`, `stop`, `delete` ... */
  readonly action: string;
  readonly request: string;
  readonly events: readonly HostEvent[];
}

export type End =
  | { readonly kind: 'over'; readonly evidence: string }
  | { readonly kind: 'unproven'; readonly reason: string };

/** What a host does last with a guest that does not run any more (nova/compute/manager.py, wrap_instance_event). */
const ENDS: Readonly<Record<string, string>> = {
  compute_terminate_instance: 'has terminated it',
  compute_soft_delete_instance: 'has switched it off to delete it',
  compute_stop_instance: 'has switched it off',
  compute_shelve_instance: 'has shelved it',
  compute_shelve_offload_instance: 'has let go of it',
};

/**
 * Whether the guest of a server that Nova has deleted does not run any more. That Nova has no such server proves nothing:
 * where it does not hear a host, it deletes its own record and leaves the guest to itself, which runs on if only the
 * network or nova-compute is down (nova/compute/api.py, _local_delete). But the actions of a server stay, and in them what
 * its host reported: it is over when the last of that was an end, or when no host ever had it.
 *
 * @param actions all of them, the newest first.
 */
export function assessEnd(actions: readonly ServerAction[]): End {
  for (const { action, request, events } of actions) {
    // Within an action: the newest event first, as Nova lists them.
    for (const { event, result, finishedAt } of events) {
      if (!event.startsWith('compute_')) continue;
      const end = ENDS[event];
      if (end !== undefined && result === 'Success') {
        return { kind: 'over', evidence: `its host ${end} (${request}, ${finishedAt ?? 'no time'})` };
      }
      if (WITHOUT_CONSEQUENCE.includes(event)) continue;
      const what = `the last that its host reported is ${event} (${result ?? 'not finished'}, for ${action}, ${request})`;
      return {
        kind: 'unproven',
        reason: `Nova has deleted its record without its host: ${what}; the guest may run on`,
      };
    }
  }
  return actions.length === 0
    ? { kind: 'unproven', reason: 'Nova has no record of what was done with it' }
    : { kind: 'over', evidence: 'it never came to a host' };
}

/** They change nothing about whether the guest runs. */
const WITHOUT_CONSEQUENCE: readonly string[] = [
  'compute_attach_interface',
  'compute_attach_volume',
  'compute_backup_instance',
  'compute_check_can_live_migrate_destination',
  'compute_check_can_live_migrate_source',
  'compute_detach_interface',
  'compute_detach_volume',
  'compute_extend_volume',
  'compute_set_admin_password',
  'compute_swap_volume',
];
