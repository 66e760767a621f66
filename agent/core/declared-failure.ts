/** Matahari's Resources.fail: somebody who knows better than the monitor says that a resource has failed. */
import { takeNews } from './finish-run.js';
import { lookUp } from './id-map.js';
import { moreConcerned } from './next-operation.js';
import type { OperationOutcome } from './operation.js';
import { isExpected, Ocf } from './operation.js';
import { recordResult } from './recording.js';
import type { AgentState, ResourceRecord } from './state.js';
import { monitorKey } from './state.js';
import type { StepInput, Stepped } from './step.js';

/** Whether the agent expects the resource to run: only then its failure means anything. */
export function isManaged(state: AgentState, resource: string): boolean {
  const record = lookUp(state.resources, resource)?.record;
  return record?.isExpectedToRun === true && lookedAtBy(record) !== undefined;
}

/**
 * As if a monitor had failed: the one that is told first when something happens, or, between its start and the order for
 * a monitor, none in particular. Without effect while the resource is being recovered already, and when it is not
 * managed here. An exit code that is none of a failure counts as a generic error.
 */
export function declareFailed(
  state: AgentState,
  { resource: id, rc }: { readonly resource: string; readonly rc: number },
  input: StepInput,
): Stepped {
  const record = lookUp(state.resources, id)?.record;
  const looked = record && lookedAtBy(record);
  if (record === undefined || looked === undefined || !isManaged(state, id) || record.recovery !== undefined) {
    return { state, effects: [] };
  }
  const { operation, monitor } = looked;
  const isFailure = Number.isInteger(rc) && rc > 0 && rc < 256 && !isExpected(outcomeOf(rc), Ocf.success);
  const outcome = outcomeOf(isFailure ? rc : Ocf.genericError);
  const run = { id: '', at: input.at };
  const finished = { operation, run, outcome, queuedAt: input.at, userData: monitor?.userData ?? '' };
  const { draft, result } = recordResult({ state, effects: [] }, finished, input.at);
  const key = monitor && monitorKey(operation.name, operation.intervalMs);
  return takeNews(
    draft,
    record,
    { monitor: operation, key, result, expectedRc: Ocf.success, wasGood: true, isGood: false },
    input,
  );
}

function outcomeOf(rc: number): OperationOutcome {
  return { rc, status: 'done', exitReason: 'declared failed by an operator', output: '' };
}

/** The monitor as whose failure it is told. */
function lookedAtBy({ resource, monitors, definition, delegation }: ResourceRecord) {
  const expectsToRun = Object.values(monitors).filter(({ expectedRc }) => expectedRc === Ocf.success);
  const monitor = expectsToRun.reduce(moreConcerned, expectsToRun[0]);
  if (monitor !== undefined) return { monitor, operation: monitor.operation };
  if (definition === undefined) return undefined;
  const timeoutMs = delegation?.monitorTimeoutMs ?? 20_000;
  return { monitor: undefined, operation: { resource, name: 'monitor', intervalMs: 0, timeoutMs, definition } };
}
