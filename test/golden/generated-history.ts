import { operationDigest } from '../../coordinator/policy/digest.js';
import { element, type Xml } from '../../coordinator/policy/xml.js';
import { executionStatus, exitCode } from '../../coordinator/state/record.js';
import type { Chance } from './generated-chance.js';
import type { PlannedPrimitive } from './generated-plan.js';

/** For when generated cases are decided: Tuesday, 2023-11-14, in UTC. */
export const GENERATED_NOW_UNIX_S = 1_700_000_000;

/** What has become of a resource on a node, as its history tells it. */
export type Course = keyof typeof COURSES;

interface Step {
  readonly operation: string;
  /** `monitor` stands for all recurring monitors that the resource has, in the role it then has. */
  readonly recurs?: boolean;
  readonly rc?: number;
  readonly status?: number;
}

const unanswered = { rc: exitCode.unknown, status: executionStatus.pending } as const;
const timedOut = { rc: exitCode.unknownError, status: executionStatus.timeout } as const;
const start: Step = { operation: 'start' };
const monitors: Step = { operation: 'monitor', recurs: true };
const probed = (rc: number): Step => ({ operation: 'monitor', rc });

const COURSES = {
  absent: [probed(exitCode.notRunning)],
  running: [start, monitors],
  'running, not monitored yet': [start],
  'found running by a probe': [probed(exitCode.ok)],
  'found failed by a probe': [probed(exitCode.unknownError)],
  'not installed': [probed(5)],
  stopped: [start, monitors, { operation: 'stop' }],
  'monitor failed': [start, monitors, { operation: 'monitor', recurs: true, rc: exitCode.notRunning }],
  'monitor failed badly': [start, monitors, { operation: 'monitor', recurs: true, rc: exitCode.unknownError }],
  'monitor timed out': [start, monitors, { operation: 'monitor', recurs: true, ...timedOut }],
  'degraded, but well': [start, { operation: 'monitor', recurs: true, rc: exitCode.degraded }],
  'start failed': [{ operation: 'start', rc: exitCode.unknownError }],
  'start failed for good': [{ operation: 'start', rc: 6 }],
  'start timed out': [{ operation: 'start', ...timedOut }],
  'stop failed': [start, { operation: 'stop', rc: exitCode.unknownError }],
  'stop timed out': [start, monitors, { operation: 'stop', ...timedOut }],
  'start under way': [{ operation: 'start', ...unanswered }],
  'stop under way': [start, monitors, { operation: 'stop', ...unanswered }],
  'probe under way': [{ operation: 'monitor', ...unanswered }],
  'monitor under way': [start, { operation: 'monitor', recurs: true, ...unanswered }],
  promoted: [start, { operation: 'promote' }, monitors],
  'promotion failed': [start, { operation: 'promote', rc: exitCode.unknownError }],
  'promotion under way': [start, monitors, { operation: 'promote', ...unanswered }],
  'demotion failed': [start, { operation: 'promote' }, { operation: 'demote', rc: exitCode.unknownError }],
  'lost its promotion': [start, { operation: 'promote' }, { operation: 'monitor', recurs: true, rc: 9 }],
} as const satisfies Readonly<Record<string, readonly Step[]>>;

const troubles: readonly [Course, ...Course[]] = [
  'monitor failed',
  'monitor failed',
  'monitor failed badly',
  'monitor timed out',
  'degraded, but well',
  'start failed',
  'start failed for good',
  'start timed out',
  'stop failed',
  'stop timed out',
  'start under way',
  'stop under way',
  'monitor under way',
  'found running by a probe',
  'found failed by a probe',
  'running, not monitored yet',
];
const promotableTroubles: readonly [Course, ...Course[]] = [
  'promotion failed',
  'promotion under way',
  'demotion failed',
  'lost its promotion',
];

/** Of a resource where it is meant to be. */
export function drawCourse(chance: Chance, isPromotable: boolean): Course {
  if (chance.happens(0.7)) return isPromotable && chance.happens(0.4) ? 'promoted' : 'running';
  return isPromotable && chance.happens(0.4) ? chance.pick(promotableTroubles) : chance.pick(troubles);
}

/** Of a resource where it is not meant to be; undefined: the node was never asked. */
export function drawAbsence(chance: Chance): Course | undefined {
  if (chance.happens(0.15)) return undefined;
  if (chance.happens(0.85)) return 'absent';
  return chance.pick([
    'stopped',
    'stopped',
    'not installed',
    'probe under way',
    'found failed by a probe',
    'stop failed',
  ]);
}

export interface RecordedHistory {
  readonly xml: Xml;
  /** Operations that failed, as fail counts name them. */
  readonly failed: readonly string[];
}

/** `lrm_resource` of a resource on a node; `nextCallId` counts the operations of that node. */
export function recordedHistory(
  chance: Chance,
  { id, parameters, operations, type }: PlannedPrimitive,
  course: Course,
  { node, nextCallId }: { readonly node: string; readonly nextCallId: () => number },
): RecordedHistory {
  const records = new Map<string, Xml>();
  const failed: string[] = [];
  const steps: readonly Step[] = COURSES[course];
  const isPromoted = steps.some(({ operation, rc }) => operation === 'promote' && rc === undefined);
  const monitorsOfRole = operations.filter(
    ({ name, intervalMs, attributes }) =>
      name === 'monitor' &&
      intervalMs > 0 &&
      ['Stopped', isPromoted ? 'Unpromoted' : 'Promoted'].every((role) => attributes.role !== role),
  );
  for (const step of steps) {
    const recurring = monitorsOfRole.map(({ intervalMs, timeoutMs }) => ({
      intervalMs,
      timeoutMs: timeoutMs ?? 20_000,
    }));
    for (const timing of step.recurs === true ? recurring : [{ intervalMs: 0, timeoutMs: 0 }]) {
      const expectedRc = step.recurs !== true && step.operation === 'monitor' ? 7 : isPromoted && step.recurs ? 8 : 0;
      const rc = step.rc ?? expectedRc;
      const status = step.status ?? executionStatus.done;
      const isPending = status === executionStatus.pending;
      const hasFailed = !isPending && rc !== expectedRc && rc !== exitCode.degraded;
      if (hasFailed) failed.push(`${step.operation}_${timing.intervalMs}`);
      const digest = chance.happens(0.03)
        ? '0123456789abcdef0123456789abcdef'
        : operationDigest(parameters, step.operation, timing.intervalMs, timing.timeoutMs);
      const callId = isPending ? -1 : nextCallId();
      const result = { ...timing, operation: step.operation, rc, status, expectedRc, callId, digest, node };
      const age = chance.integer(0, 2000);
      for (const recordId of recordIds(id, step, timing.intervalMs, hasFailed)) {
        records.set(recordId, operationRecord(recordId, id, { ...result, changedAtUnixS: GENERATED_NOW_UNIX_S - age }));
      }
    }
  }
  const attributes = { id, class: 'ocf', provider: 'pacemaker', type };
  return { xml: element('lrm_resource', attributes, [...records.values()]), failed };
}

/** Which records the controller writes (lib/pacemaker/pcmk_sched_actions.c pcmk__create_history_xml). */
function recordIds(resource: string, step: Step, intervalMs: number, hasFailed: boolean): string[] {
  const regular = intervalMs > 0 ? `${resource}_${step.operation}_${intervalMs}` : `${resource}_last_0`;
  if (!hasFailed) return [regular];
  return intervalMs > 0 ? [`${resource}_last_failure_0`] : [`${resource}_last_failure_0`, regular];
}

interface Recorded {
  readonly operation: string;
  readonly intervalMs: number;
  readonly rc: number;
  readonly status: number;
  readonly expectedRc: number;
  readonly callId: number;
  readonly digest: string;
  readonly node: string;
  readonly changedAtUnixS: number;
}

function operationRecord(id: string, resource: string, recorded: Recorded): Xml {
  const { operation, intervalMs, rc, status, expectedRc, callId } = recorded;
  const key = `${Math.max(1, callId)}:7:${expectedRc}:00000000-0000-4000-8000-000000000001`;
  return element('lrm_rsc_op', {
    id,
    operation_key: `${resource}_${operation}_${intervalMs}`,
    operation,
    crm_feature_set: '3.16.1',
    'transition-key': key,
    'transition-magic': `${status}:${rc};${key}`,
    'exit-reason': rc === expectedRc ? '' : 'as generated',
    on_node: recorded.node,
    'call-id': callId,
    'rc-code': rc,
    'op-status': status,
    interval: intervalMs,
    'last-rc-change': recorded.changedAtUnixS,
    'exec-time': 1,
    'queue-time': 0,
    'op-digest': recorded.digest,
  });
}
