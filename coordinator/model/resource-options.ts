import { readOnFail } from './decode-operations.js';
import { ranges } from './defaults.js';
import type { Resource } from './deployable.js';
import type { Tree } from './document-tree.js';
import { readBudget } from './read-budget.js';
import { readBoolean, readChoice, readDuration, readInteger } from './read-tree.js';
import type { Report } from './report.js';

/** What a resource may say of itself whatever it runs; `defaults.resource` says it for all. */
export type ResourceOptions = Pick<
  Resource,
  | 'escalation'
  | 'onFail'
  | 'priority'
  | 'failureTimeoutMs'
  | 'targetRole'
  | 'isManaged'
  | 'isInMaintenance'
  | 'isExclusive'
  | 'migrationThreshold'
>;

export const resourceOptionKeys = [
  'escalation',
  'on-fail',
  'priority',
  'failure-timeout',
  'target-role',
  'managed',
  'maintenance',
  'exclusive',
  'migration-threshold',
] as const;

type ResourceOptionFields = Partial<Record<(typeof resourceOptionKeys)[number], Tree>>;

/** Reads the options that there are, the others from `fallback`, and warns at its place of each that would hurt. */
export function readResourceOptions(
  report: Report,
  fields: ResourceOptionFields,
  fallback: ResourceOptions,
): ResourceOptions {
  const options: ResourceOptions = {
    escalation: readBudget(report, fields.escalation, fallback.escalation),
    onFail: readOnFail(report, fields['on-fail'], 'monitor') ?? fallback.onFail,
    priority: readInteger(report, fields.priority, { range: ranges.priority, fallback: fallback.priority }),
    failureTimeoutMs: readDuration(report, fields['failure-timeout'], {
      range: ranges.periodMs,
      fallback: fallback.failureTimeoutMs,
    }),
    targetRole: readChoice(report, fields['target-role'], { choices: targetRoles, fallback: fallback.targetRole }),
    isManaged: readBoolean(report, fields.managed, fallback.isManaged),
    isInMaintenance: readBoolean(report, fields.maintenance, fallback.isInMaintenance),
    isExclusive: readBoolean(report, fields.exclusive, fallback.isExclusive),
    migrationThreshold: readInteger(report, fields['migration-threshold'], {
      range: ranges.migrationThreshold,
      fallback: fallback.migrationThreshold,
    }),
  };
  warnOfRisks(report, fields, options);
  return options;
}

const targetRoles = ['started', 'stopped', 'promoted', 'unpromoted'] as const;

function warnOfRisks(report: Report, fields: ResourceOptionFields, options: ResourceOptions): void {
  const { managed, exclusive, 'migration-threshold': threshold } = fields;
  if (managed !== undefined && !options.isManaged) {
    const message = 'what is not managed is not protected from its VM: when that is stopped or recovered, it ends too';
    report.warning(managed, message, 'maintenance: true for the whole deployable');
  }
  if (exclusive !== undefined && options.isExclusive) {
    const message =
      'its agent stops it when it has not reached the DPE for the length of its lease, also when only the bus is down';
    report.warning(exclusive, message, 'only for what must never be active twice');
  }
  if (threshold !== undefined && options.migrationThreshold !== undefined) {
    const message =
      'a resource has nowhere to migrate to: at the threshold it stops, with its dependents, and never escalates';
    report.warning(threshold, message, 'escalation: { failures, period }');
  }
}
