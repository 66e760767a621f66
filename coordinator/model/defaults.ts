import type { Budget, HealthTiming } from './deployable.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What a document that says nothing gets. Times in milliseconds. */
export const defaults = {
  resourceEscalation: { failures: 3, periodMs: 5 * minute },
  assemblyEscalation: { failures: 3, periodMs: 10 * minute },
  deployableEscalation: { failures: 2, periodMs: hour },
  startTimeoutMs: 40 * second,
  stopTimeoutMs: 60 * second,
  monitorIntervalMs: 10 * second,
  monitorTimeoutMs: 20 * second,
  configureTimeoutMs: 60 * second,
  promoteTimeoutMs: 60 * second,
  demoteTimeoutMs: 60 * second,
  notifyTimeoutMs: 60 * second,
  reloadTimeoutMs: 60 * second,
  /** How much later than the monitor the one of the promoted role runs: no two of one resource have one interval. */
  promotedMonitorStepMs: second,
  health: { intervalMs: 2 * second, timeoutMs: second, failures: 2, initialDelayMs: 0 },
  httpStatus: [200],
  onFail: 'restart',
  colocationScore: 'INFINITY',
} as const satisfies {
  resourceEscalation: Budget;
  assemblyEscalation: Budget;
  deployableEscalation: Budget;
  health: HealthTiming;
} & Record<string, unknown>;

/** An inclusive range, both ends in the unit that the name of its use says. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Values outside are problems. Times in milliseconds, memory in MiB. */
export const ranges = {
  intervalMs: { least: 100, most: day },
  timeoutMs: { least: 100, most: day },
  delayMs: { least: 0, most: day },
  periodMs: { least: second, most: 365 * day },
  failures: { least: 1, most: 10_000 },
  successes: { least: 1, most: 10_000 },
  limitCount: { least: 0, most: 1_073_741_824 },
  cpuTimeMs: { least: second, most: 365 * day },
  /** Pacemaker's INFINITY is 1000000; a threshold that high is none. */
  migrationThreshold: { least: 1, most: 999_999 },
  cpus: { least: 1, most: 1024 },
  memoryMiB: { least: 1, most: 64 * 1024 * 1024 },
  port: { least: 1, most: 65_535 },
  httpStatus: { least: 100, most: 599 },
  replicas: { least: 1, most: 1000 },
  /** Scores end at Pacemaker's INFINITY. */
  priority: { least: -1_000_000, most: 1_000_000 },
  stickiness: { least: 0, most: 1_000_000 },
  capacity: { least: 0, most: 2_147_483_647 },
  checkDepth: { least: 0, most: 100 },
  bootTimeoutMs: { least: second, most: day },
} as const satisfies Record<string, Range>;

/** Bounds of a document; each has a problem of its own. */
export const documentLimits = {
  /** UTF-8. */
  bytes: 1024 * 1024,
  /** Maps, lists and elements inside each other. The deepest meaningful value lies at about a dozen. */
  depth: 32,
  /** Lexical parts of a YAML text. A real document has one per three or four characters. */
  yamlParts: 500_000,
  /** Values that aliases may add to a YAML document. */
  aliasedValues: 20_000,
  hosts: 500,
  /** Of one assembly: slots of a virtual PCI bus are few. */
  disks: 16,
  networks: 8,
  assemblies: 1000,
  resources: 5000,
  constraints: 5000,
  /** Pairs that constraints stand for, once replicas are counted: the scheduler looks at each of them. */
  constraintPairs: 50_000,
  /** Values that templates and replicas may add to a document. */
  expandedValues: 200_000,
  /** A CIB attribute is read whole by every tool. UTF-16 units. */
  textLength: 65_536,
} as const;

/** The validator warns when more failures than this pass before an operator hears of it. */
export const manyFailures = 100;
