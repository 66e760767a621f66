import { readDisks, readNetworks, readPlacementWords } from './decode-machine.js';
import { ranges } from './defaults.js';
import type { Assembly } from './deployable.js';
import type { Tree } from './document-tree.js';
import { readBudget } from './read-budget.js';
import { readAttributes, readMemory, readUtilization } from './read-capacity.js';
import { readBoolean, readChoice, readDuration, readFields, readInteger, readPattern } from './read-tree.js';
import type { Report } from './report.js';

/** What an assembly may say of itself, resources and replicas apart; `defaults.assembly` says it for all. */
export type AssemblyOptions = Omit<Assembly, 'name' | 'replica' | 'resources'>;

export const assemblyOptionKeys = [
  'image',
  'size',
  'disks',
  'networks',
  'placement',
  'monitoring',
  'utilization',
  'attributes',
  'escalation',
  'priority',
  'stickiness',
  'migration-threshold',
  'target-role',
  'managed',
  'standby',
  'boot-timeout',
] as const;

export type AssemblyOptionFields = Partial<Record<(typeof assemblyOptionKeys)[number], Tree>>;

/** Reads the options that there are, the others from `fallback`, and warns at its place of each that would hurt. */
export function readAssemblyOptions(
  report: Report,
  fields: AssemblyOptionFields,
  fallback: AssemblyOptions,
): AssemblyOptions {
  const size = fields.size === undefined ? {} : readFields(report, fields.size, ['cpus', 'memory'] as const);
  const cpus = readInteger(report, size.cpus, { range: ranges.cpus, fallback: fallback.cpus });
  const memoryMiB = size.memory === undefined ? fallback.memoryMiB : readMemory(report, size.memory);
  const options: AssemblyOptions = {
    image:
      fields.image === undefined
        ? fallback.image
        : readPattern(report, fields.image, /^[^\s](?:[^\n]{0,253}[^\s])?$/, 'the name of an image'),
    cpus,
    memoryMiB,
    disks: fields.disks === undefined ? fallback.disks : readDisks(report, fields.disks, fallback.disks),
    networks:
      fields.networks === undefined ? fallback.networks : readNetworks(report, fields.networks, fallback.networks),
    platformPlacement: {
      ...fallback.platformPlacement,
      ...(fields.placement === undefined ? {} : readPlacementWords(report, fields.placement)),
    },
    monitoring: readChoice(report, fields.monitoring, {
      choices: ['agent', 'passive'],
      fallback: fallback.monitoring,
    }),
    // What its size takes counts, unless it says that it takes something else.
    utilization: {
      ...fallback.utilization,
      ...(cpus === undefined || size.cpus === undefined ? {} : { cpus }),
      ...(memoryMiB === undefined || size.memory === undefined ? {} : { memory: memoryMiB }),
      ...readUtilization(report, fields.utilization),
    },
    attributes: { ...fallback.attributes, ...readAttributes(report, fields.attributes) },
    escalation: readBudget(report, fields.escalation, fallback.escalation),
    priority: readInteger(report, fields.priority, { range: ranges.priority, fallback: fallback.priority }),
    stickiness: readInteger(report, fields.stickiness, { range: ranges.stickiness, fallback: fallback.stickiness }),
    migrationThreshold: readInteger(report, fields['migration-threshold'], {
      range: ranges.migrationThreshold,
      fallback: fallback.migrationThreshold,
    }),
    targetRole: readChoice(report, fields['target-role'], {
      choices: ['started', 'stopped'],
      fallback: fallback.targetRole,
    }),
    isManaged: readBoolean(report, fields.managed, fallback.isManaged),
    isStandby: readBoolean(report, fields.standby, fallback.isStandby),
    bootTimeoutMs: readDuration(report, fields['boot-timeout'], {
      range: ranges.bootTimeoutMs,
      fallback: fallback.bootTimeoutMs,
    }),
  };
  warnOfRisks(report, fields, options);
  return options;
}

function warnOfRisks(report: Report, fields: AssemblyOptionFields, options: AssemblyOptions): void {
  if (fields.stickiness !== undefined && options.stickiness === 0) {
    const message = 'without stickiness one failed monitor moves healthy VMs to other launcher hosts';
    report.warning(fields.stickiness, message, '1 or more');
  }
  if (fields.managed !== undefined && !options.isManaged) {
    const message = 'nothing is done about a VM that is not managed, and that does not protect the resources inside';
    report.warning(fields.managed, message, 'maintenance: true for the whole deployable');
  }
}
