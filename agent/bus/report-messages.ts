import type { Answer as BusAnswer } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import type * as wire from '../../proto/messages.js';
import type { Inventory } from '../core/inventory.js';
import type { Moment, OperationResult } from '../core/operation.js';
import type { Answer } from '../core/order.js';
import { withResults } from '../core/report-results.js';
import type { LocalRecoveryReport, Report, ReportBody } from '../core/state.js';

type WireResult = wire.Draft<wire.OperationResult>;

/** What an order is answered with on the bus. */
export function answerMessage(
  answer: Answer,
  sender: { readonly instance: string; readonly incarnation: string; readonly lastReportSequence: number },
): BusAnswer {
  switch (answer.kind) {
    case 'accepted': {
      const { operationId, isRepeated } = answer;
      return { kind: 'operationAccepted', value: { operationId, repeatedOrder: isRepeated } };
    }
    case 'delegated':
    case 'renewed':
      return { kind: 'ack', value: {} };
    case 'inventory':
      return { kind: 'agentInventory', value: inventoryMessage(answer.inventory, sender) };
    case 'refused':
      return busError(answer.code, answer.message, { details: { ...answer.details } });
  }
}

/** A report of the outbox under the sequence that the outbox gave it, with its times in the unix time of `at`: now. */
export function reportMessage(sequence: number, report: ReportBody, at: Moment): wire.MessageDraft {
  const sent = { agentTimeUnixMs: at.unixMs, bootTimeMs: Math.round(at.bootMs) };
  return {
    body: { kind: 'agentReport', value: { sequence, report: reportBody(report), ...sent } },
    operationId: report.kind === 'order-result' ? report.operationId : undefined,
  };
}

/** As the outbox keeps it: without the parameters, which no report tells. */
export function encodeReport(report: Report): Uint8Array {
  return Buffer.from(JSON.stringify(withResults(report, (result) => ({ ...result, parameters: {} }))));
}

/** The inverse; undefined when the bytes are none of ours. */
export function decodeReport(payload: Uint8Array): Report | undefined {
  try {
    const report = JSON.parse(Buffer.from(payload).toString('utf8')) as Report;
    return typeof report.number === 'number' && typeof report.kind === 'string' ? report : undefined;
  } catch {
    return undefined;
  }
}

function reportBody(report: ReportBody): wire.Draft<wire.AgentReport>['report'] {
  switch (report.kind) {
    case 'order-result': {
      const { operationId, result } = report;
      return { kind: 'orderResult', value: { operationId, result: resultMessage(result) } };
    }
    case 'monitor-changed':
      return { kind: 'monitorChanged', value: resultMessage(report.result) };
    case 'local-recovery':
      return { kind: 'localRecovery', value: recoveryMessage(report) };
    case 'condensed': {
      const { resource, failures, recovered, firstUnixMs, lastUnixMs, newest } = report;
      const told = { resource, failures, recovered, firstUnixMs, lastUnixMs };
      const value =
        newest.kind === 'local-recovery'
          ? { ...told, last: recoveryMessage(newest) }
          : { ...told, changed: resultMessage(newest.result) };
      return { kind: 'condensedRecoveries', value };
    }
  }
}

function recoveryMessage(report: LocalRecoveryReport): wire.Draft<wire.LocalRecovery> {
  const { resource, results, verdict, reason, failuresInWindow, detectedUnixMs, recoveredUnixMs } = report;
  const failure = resultMessage(report.failure);
  const [stop, start, monitor] = [results.stop, results.start, results.monitor].map(
    (result) => result && resultMessage(result),
  );
  const counted = { failuresInWindow, detectedUnixMs, recoveredUnixMs };
  return { resource, failure, stop, start, monitor, verdict, reason, ...counted };
}

/** Parameters belong to the inventory only. */
function resultMessage({ parameters: _parameters, ...result }: OperationResult): WireResult {
  return withReload(result);
}

function withReload<R extends Omit<OperationResult, 'parameters'>>({ base: _base, reload, ...result }: R) {
  return reload === undefined
    ? result
    : { ...result, reloadable: true, restartParameters: [...reload.restartParameters] };
}

function inventoryMessage(
  { resources, inFlight }: Inventory,
  sender: { readonly instance: string; readonly incarnation: string; readonly lastReportSequence: number },
): wire.Draft<wire.AgentInventory> {
  return {
    instance: sender.instance,
    agentIncarnation: sender.incarnation,
    lastReportSequence: sender.lastReportSequence,
    resources: resources.map(({ resource, operations, isDelegated }) => ({
      resource,
      operations: operations.map(withReload),
      delegated: isDelegated,
    })),
    inFlight: inFlight.map(({ startedAt, ...order }) => ({ ...order, startedUnixMs: startedAt.unixMs })),
  };
}
