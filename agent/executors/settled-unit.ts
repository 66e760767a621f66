import type { SystemdManager, SystemdReply, UnitState } from '../systemd/systemd-manager.js';

/** A unit that reads its configuration again runs meanwhile (Pacemaker: lib/services/systemd.c, parse_status_result). */
export function isRunning({ activeState }: Pick<UnitState, 'activeState'>): boolean {
  return activeState === 'active' || activeState === 'reloading';
}

/**
 * Whether a state lasts. Besides those on the way to another, one that does not run and has a job is left soon: a restart
 * passes through `inactive`, by systemd itself (Restart=) as by others.
 */
export function isSettled({ activeState, hasJob }: UnitState): boolean {
  if (activeState === 'activating' || activeState === 'deactivating') return false;
  return isRunning({ activeState }) || hasJob !== true;
}

export interface SettleLimits {
  /** As `performance.now()` counts. */
  readonly deadline: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The unit's state once it is no longer on its way to another; the state on the way when the deadline passes or the signal
 * is aborted before. systemd tells of every change, nothing is polled.
 */
export async function awaitSettled(
  systemd: SystemdManager,
  unit: string,
  { deadline, signal }: SettleLimits,
): Promise<SystemdReply<UnitState>> {
  const first = await systemd.unit(unit, Math.max(1, deadline - performance.now()));
  if (first.kind !== 'done' || isSettled(first.value)) return first;
  return new Promise((resolve) => {
    let last = first.value;
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      unfollow();
      resolve({ kind: 'done', value: last });
    };
    const look = (state: UnitState): void => {
      last = state;
      if (isSettled(state)) finish();
    };
    const unfollow = systemd.onUnitChange(unit, look);
    const timer = setTimeout(finish, Math.max(0, Math.min(deadline - performance.now(), 2 ** 31 - 1)));
    signal?.addEventListener('abort', finish);
    if (signal?.aborted === true) finish();
    // It may have settled before the first change could be told.
    else void systemd.unit(unit).then((reply) => reply.kind === 'done' && look(reply.value));
  });
}
