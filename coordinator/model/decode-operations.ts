import { defaults, ranges } from './defaults.js';
import type { CloneOptions, ExtraOperation, OnFail, OperationTiming, Resource } from './deployable.js';
import type { Tree } from './document-tree.js';
import { renderDuration } from './quantities.js';
import { readChoice, readDuration, readFields, readInteger, readItems, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

/** What operations have that a resource says nothing of. */
export interface OperationDefaults {
  readonly start: OperationTiming;
  readonly stop: OperationTiming;
  readonly promote: OperationTiming;
  readonly demote: OperationTiming;
  readonly notify: OperationTiming;
  readonly reload: OperationTiming;
  readonly monitor: Resource['monitor'];
}

export const plainOperations: OperationDefaults = {
  start: { timeoutMs: defaults.startTimeoutMs },
  stop: { timeoutMs: defaults.stopTimeoutMs },
  promote: { timeoutMs: defaults.promoteTimeoutMs },
  demote: { timeoutMs: defaults.demoteTimeoutMs },
  notify: { timeoutMs: defaults.notifyTimeoutMs },
  reload: { timeoutMs: defaults.reloadTimeoutMs },
  monitor: { intervalMs: defaults.monitorIntervalMs, timeoutMs: defaults.monitorTimeoutMs },
};

/** Operations that happen once, by the keys under which a resource has them. */
export const operationKeys = ['start', 'stop', 'promote', 'demote', 'notify', 'reload'] as const;
export const monitorKeys = ['monitor', 'monitors'] as const;

/** Operations that only some resources have, and which. */
const needs = {
  promote: (resource) => resource.clone?.promotable !== undefined || 'a promotable clone',
  demote: (resource) => resource.clone?.promotable !== undefined || 'a promotable clone',
  notify: (resource) => resource.clone?.notify === true || 'a clone with notify: true',
  reload: (resource) => resource.isOcf || 'an ocf agent',
} as const satisfies Partial<Record<(typeof operationKeys)[number], (resource: OperationScope) => true | string>>;

export interface OperationScope {
  readonly clone: CloneOptions | undefined;
  readonly isOcf: boolean;
  /** What a failed monitor means where the monitor does not say otherwise. */
  readonly onFail: OnFail;
  readonly defaults: OperationDefaults;
}

type OperationFields = Partial<Record<(typeof operationKeys)[number] | (typeof monitorKeys)[number], Tree>>;

/** The operations of a resource. A promotable one is promoted, demoted and watched while promoted also if it says nothing. */
export function readOperations(
  report: Report,
  fields: OperationFields,
  scope: OperationScope,
): Pick<Resource, 'start' | 'stop' | 'monitor' | 'operations'> {
  const once = (['promote', 'demote', 'notify', 'reload'] as const).flatMap((name): ExtraOperation[] => {
    const tree = fields[name];
    const need = needs[name](scope);
    if (tree !== undefined && need !== true) report.mismatch(tree, `${name} belongs to ${need}`, `only with ${need}`);
    if (need !== true || (name === 'reload' && tree === undefined)) return [];
    const timing = readTiming(report, tree, { name, fallback: scope.defaults[name] });
    return [{ name, intervalMs: 0, role: undefined, depth: undefined, ...timing }];
  });
  const { intervalMs, timeoutMs } = readMonitorTiming(report, fields.monitor, scope.defaults.monitor);
  const monitor = { intervalMs, timeoutMs };
  const start = readTiming(report, fields.start, { name: 'start', fallback: scope.defaults.start });
  const stop = readTiming(report, fields.stop, { name: 'stop', fallback: scope.defaults.stop });
  return {
    start,
    stop,
    monitor,
    operations: [...once, ...readMonitors(report, fields.monitors, { ...scope, monitor })],
  };
}

/**
 * What may follow a failure, by operation (Pacemaker: lib/pengine/pe_actions.c, unpack_operation_on_fail): a stop that failed cannot
 * be followed by another stop, and only what a promoted resource fails at may demote it.
 */
const onFailOf = {
  start: ['restart', 'ignore', 'block', 'stop', 'standby', 'fence'],
  stop: ['fence', 'block', 'ignore', 'restart'],
  promote: ['restart', 'ignore', 'block', 'stop', 'demote', 'standby', 'fence'],
  demote: ['restart', 'ignore', 'block', 'stop', 'standby', 'fence'],
  notify: ['restart', 'ignore', 'block', 'stop', 'standby', 'fence'],
  reload: ['restart', 'ignore', 'block', 'stop', 'standby', 'fence'],
  monitor: ['restart', 'ignore', 'block', 'stop', 'demote', 'standby', 'fence'],
} as const satisfies Record<keyof OperationDefaults, readonly OnFail[]>;

/** Reads an `on-fail` and warns of one that would hurt; undefined where there is none. */
export function readOnFail(
  report: Report,
  tree: Tree | undefined,
  operation: keyof typeof onFailOf,
): OnFail | undefined {
  if (tree === undefined) return undefined;
  const choices: readonly OnFail[] = onFailOf[operation];
  const onFail = readChoice<OnFail>(report, tree, { choices, fallback: choices[0] ?? 'restart' });
  const risk = operation === 'stop' ? stopRisks[onFail] : onFailRisks[onFail];
  if (risk !== undefined) report.warning(tree, risk, choices[0]);
  return onFail;
}

const onFailRisks: Partial<Record<OnFail, string>> = {
  fence: 'fence recovers the whole VM at the first failure, and again for failures on record',
  standby: 'standby stops every resource of the assembly at the first failure, until an operator ends it',
};

const stopRisks: Partial<Record<OnFail, string>> = {
  ignore: 'a stop that failed counts as done: what did not stop may run on beside what is started next',
  block: 'a resource that cannot be stopped stays as it is, with all that waits for it, until an operator cleans it up',
};

/** `{ timeout, on-fail }`. */
export function readTiming(
  report: Report,
  tree: Tree | undefined,
  options: { readonly name: (typeof operationKeys)[number]; readonly fallback: OperationTiming },
): OperationTiming {
  if (tree === undefined) return options.fallback;
  const fields = readFields(report, tree, ['timeout', 'on-fail'] as const);
  const onFail = readOnFail(report, fields['on-fail'], options.name) ?? options.fallback.onFail;
  const timeoutMs = readDuration(report, fields.timeout, {
    range: ranges.timeoutMs,
    fallback: options.fallback.timeoutMs,
  });
  return { timeoutMs, ...(onFail === undefined ? {} : { onFail }) };
}

/** `{ interval, timeout, on-fail }`. */
export function readMonitorTiming(
  report: Report,
  tree: Tree | undefined,
  fallback: Resource['monitor'],
): Resource['monitor'] {
  if (tree === undefined) return fallback;
  const fields = readFields(report, tree, ['interval', 'timeout', 'on-fail'] as const);
  const onFail = readOnFail(report, fields['on-fail'], 'monitor') ?? fallback.onFail;
  return {
    intervalMs: readDuration(report, fields.interval, { range: ranges.intervalMs, fallback: fallback.intervalMs }),
    timeoutMs: readDuration(report, fields.timeout, { range: ranges.timeoutMs, fallback: fallback.timeoutMs }),
    ...(onFail === undefined ? {} : { onFail }),
  };
}

type MonitorScope = OperationScope & { readonly monitor: Resource['monitor'] };

function readMonitors(report: Report, tree: Tree | undefined, scope: MonitorScope): ExtraOperation[] {
  const items = tree === undefined ? [] : readItems(report, tree, 'a list of monitors: { interval: 1m, depth: 10 }');
  const monitors: ExtraOperation[] = [];
  // Pacemaker tells the monitors of a resource apart by their interval alone (lib/pacemaker/pcmk_sched_recurring.c, is_op_dup).
  const intervals = new Set([scope.monitor.intervalMs]);
  for (const item of items) {
    const monitor = readExtraMonitor(report, item, scope);
    if (intervals.has(monitor.intervalMs)) {
      const message = `a second monitor every ${renderDuration(monitor.intervalMs)}`;
      report.mismatch(item, message, 'an interval that no other monitor of the resource has');
    }
    intervals.add(monitor.intervalMs);
    monitors.push(monitor);
  }
  if (scope.clone?.promotable === undefined || monitors.some(({ role }) => role === 'promoted')) return monitors;
  let intervalMs = scope.monitor.intervalMs + defaults.promotedMonitorStepMs;
  while (intervals.has(intervalMs)) intervalMs += defaults.promotedMonitorStepMs;
  return [...monitors, { ...extraMonitor(scope, 'promoted'), intervalMs, timeoutMs: scope.monitor.timeoutMs }];
}

const roles = ['started', 'promoted', 'unpromoted'] as const;

function readExtraMonitor(report: Report, tree: Tree, scope: MonitorScope): ExtraOperation {
  const fields = readFields(report, tree, ['interval', 'timeout', 'role', 'depth', 'on-fail'] as const);
  if (fields.interval === undefined) reportMissing(report, tree, 'interval', 'a duration of its own: 1m');
  const role = fields.role && readChoice(report, fields.role, { choices: roles, fallback: 'started' });
  if (fields.role && role !== 'started' && scope.clone?.promotable === undefined) {
    report.mismatch(fields.role, `only a promotable clone is ever ${role}`, 'started');
  }
  if (fields.depth && !scope.isOcf) {
    report.mismatch(fields.depth, 'only an ocf agent has checks of several depths', 'an ocf agent');
  }
  const onFail = readOnFail(report, fields['on-fail'], 'monitor');
  if (fields['on-fail'] && onFail === 'demote' && role !== 'promoted') {
    report.mismatch(fields['on-fail'], 'only a monitor of the promoted role can demote', 'role: promoted');
  }
  const { timeoutMs } = scope.monitor;
  return {
    ...extraMonitor(scope, role),
    intervalMs: readDuration(report, fields.interval, { range: ranges.intervalMs, fallback: 0 }),
    timeoutMs: readDuration(report, fields.timeout, { range: ranges.timeoutMs, fallback: timeoutMs }),
    depth: readInteger(report, fields.depth, { range: ranges.checkDepth, fallback: undefined }),
    ...(onFail === undefined ? {} : { onFail }),
  };
}

/** A monitor that says nothing of its failures means what the resource says they mean. */
function extraMonitor(
  { onFail }: MonitorScope,
  role: ExtraOperation['role'],
): Omit<ExtraOperation, 'intervalMs' | 'timeoutMs'> {
  const isUsual = onFail === 'restart' || (onFail === 'demote' && role !== 'promoted');
  return { name: 'monitor', role, depth: undefined, ...(isUsual ? {} : { onFail }) };
}
