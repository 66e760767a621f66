import type { ExtraOperation, OnFail, OperationTiming, Resource, Role } from '../model/deployable.js';
import type { SchedulerDialect } from '../state/cib-input.js';
import { operation } from './cib-element.js';
import { roleName } from './dialect.js';
import { element, type Xml } from './xml.js';

interface PlannedOperation {
  readonly name: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly onFail: OnFail | undefined;
  readonly role: Role | undefined;
  readonly depth: number | undefined;
}

/**
 * The operations of a resource.
 *
 * Pacemaker runs a monitor without a role on instances that are not promoted, and no other on those that are
 * (lib/pacemaker/pcmk_sched_recurring.c recurring_op_for_active): a promotable resource gets one for them, if it has
 * none. It tells the monitors of a resource apart by their intervals alone: where two are equal, the later one gives way
 * by a millisecond.
 *
 * @param id CIB id of the primitive
 */
export function renderOperations(id: string, resource: Resource, dialect: SchedulerDialect): Xml {
  const taken = new Set<string>();
  const rendered = plannedOperations(resource).map((planned) => {
    let { intervalMs } = planned;
    while (taken.has(`${planned.name} ${intervalMs}`)) {
      intervalMs += 1;
    }
    taken.add(`${planned.name} ${intervalMs}`);
    return operation(id, cibName(planned.name), {
      intervalMs,
      timeoutMs: planned.timeoutMs,
      onFail: effectiveOnFail(planned),
      role: planned.role === undefined ? undefined : roleName(planned.role, dialect),
      depth: planned.depth,
    });
  });
  return element('operations', {}, rendered);
}

/** A changed parameter is taken over by `reload-agent`, of whatever version the agent is (ocf-executor.ts). */
function cibName(name: string): string {
  return name === 'reload' ? 'reload-agent' : name;
}

function plannedOperations(resource: Resource): readonly PlannedOperation[] {
  const { start, stop, monitor, operations, clone } = resource;
  const monitorOnFail = monitor.onFail ?? resource.onFail;
  const extra = operations.map((each) => ({ ...each, onFail: onFailOfExtra(each, monitorOnFail) }));
  const isWatchedWhenPromoted = operations.some(({ name, role }) => name === 'monitor' && role === 'promoted');
  const promoted =
    clone?.promotable === undefined || isWatchedWhenPromoted
      ? []
      : [{ ...timed('monitor', monitor, monitor.intervalMs), onFail: monitorOnFail, role: 'promoted' as const }];
  return [
    timed('start', start),
    timed('stop', stop),
    { ...timed('monitor', monitor, monitor.intervalMs), onFail: monitorOnFail },
    ...extra,
    ...promoted,
  ];
}

function timed(name: string, { timeoutMs, onFail }: OperationTiming, intervalMs = 0): PlannedOperation {
  return { name, intervalMs, timeoutMs, onFail, role: undefined, depth: undefined };
}

/** What a failed monitor means holds for all monitors that say nothing else. */
function onFailOfExtra({ name, onFail }: ExtraOperation, monitorOnFail: OnFail): OnFail | undefined {
  return onFail ?? (name === 'monitor' ? monitorOnFail : undefined);
}

/**
 * `restart` is what Pacemaker does anyway; `demote` it accepts only where something is promoted; `standby` it does not
 * heed for guests (isInStandby).
 */
function effectiveOnFail({ name, onFail, role }: PlannedOperation): Exclude<OnFail, 'standby'> | undefined {
  const mayDemote = name === 'promote' || (name === 'monitor' && role === 'promoted');
  switch (onFail) {
    case 'restart':
      return undefined;
    case 'demote':
      return mayDemote ? onFail : undefined;
    case 'standby':
      return 'stop';
    default:
      return onFail;
  }
}
