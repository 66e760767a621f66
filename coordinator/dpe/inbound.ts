/** Messages of launchers and agents as values of the core: the one place where they are read. */
import type {
  AgentInventory,
  AgentReport,
  InstanceState,
  LauncherInventory,
  OperationResult,
} from '../../proto/messages.js';
import type { AgentReportBody, DpeEvent, InstanceReport, OperationOutcome } from './core/dpe-event.js';
import type { OperationUserData } from './core/dpe-state.js';

type Of<K extends DpeEvent['kind']> = Omit<Extract<DpeEvent, { kind: K }>, 'now'>;

export function launcherAdopted(inventory: LauncherInventory): Of<'launcher-adopted'> {
  return {
    kind: 'launcher-adopted',
    host: inventory.launcherHost,
    instances: inventory.instances.map(instanceReport),
    inFlight: inventory.inFlight.map(({ operationId }) => ({ operationId })),
  };
}

export function instanceReport(state: InstanceState): InstanceReport {
  const { instance, assembly, address, hostname, evidence } = state;
  return { instance, assembly, state: instanceKind(state.state), address, hostname, evidence, at: state.atUnixMs };
}

/** A word that this version does not know proves nothing. */
function instanceKind(state: string): InstanceReport['state'] {
  return state === 'running' || state === 'dead' || state === 'failed' ? state : 'unknown';
}

export function agentAdopted(inventory: AgentInventory): Of<'agent-adopted'> {
  return {
    kind: 'agent-adopted',
    instance: inventory.instance,
    inFlight: inventory.inFlight.map(({ operationId, startedUnixMs, timeoutMs }) => ({
      operationId,
      expiresAt: startedUnixMs + timeoutMs + 5_000,
    })),
  };
}

/** The report's content, or what is wrong with it. */
export function reportBody({
  report,
}: AgentReport): AgentReportBody | { readonly kind: 'invalid'; readonly reason: string } {
  switch (report.kind) {
    case 'orderResult': {
      const result = outcome(report.value.result);
      if (result === undefined || report.value.operationId === '') return invalid('an order result without its result');
      return { kind: 'order-result', operationId: report.value.operationId, result };
    }
    case 'monitorChanged': {
      const result = outcome(report.value);
      return result === undefined ? invalid('a monitor without its result') : { kind: 'monitor-changed', result };
    }
    case 'localRecovery': {
      const { value } = report;
      const failure = outcome(value.failure);
      if (failure === undefined) return invalid('a local recovery without its failure');
      return {
        kind: 'local-recovery',
        resource: value.resource,
        failure,
        stop: outcome(value.stop),
        start: outcome(value.start),
        monitor: outcome(value.monitor),
        verdict: value.verdict === 'recovered' || value.verdict === 'escalate' ? value.verdict : 'failed',
        reason: value.reason,
        failures: value.failuresInWindow,
        detectedAt: value.detectedUnixMs,
        recoveredAt: value.recoveredUnixMs,
      };
    }
    case 'unknown':
      return { kind: 'unknown' };
  }
}

function invalid(reason: string) {
  return { kind: 'invalid', reason } as const;
}

function outcome(result: OperationResult | undefined): OperationOutcome | undefined {
  if (result === undefined || result.resource === '') return undefined;
  const { resource, operation, intervalMs, callId, rc, queueMs, timeoutMs, exitReason, output } = result;
  return {
    resource,
    operation,
    intervalMs,
    callId,
    rc,
    status: operationStatus(result.status),
    startedAt: result.startedUnixMs,
    endedAt: result.endedUnixMs,
    queueMs,
    timeoutMs,
    exitReason,
    output,
    userData: userData(result.userData),
  };
}

function operationStatus(status: string): OperationOutcome['status'] {
  switch (status) {
    case 'done':
    case 'timeout':
    case 'cancelled':
    case 'not-installed':
      return status;
    default:
      return 'error';
  }
}

/** Our own words coming back through the agent; one that was changed on the way counts as none. */
function userData(text: string): OperationUserData | undefined {
  if (text === '') return undefined;
  try {
    const value = JSON.parse(text) as Partial<OperationUserData> | null;
    const isWhole =
      typeof value?.transition === 'number' &&
      typeof value.action === 'number' &&
      typeof value.expectedRc === 'number' &&
      typeof value.digest === 'string' &&
      typeof value.class === 'string' &&
      typeof value.type === 'string' &&
      (value.provider === undefined || typeof value.provider === 'string');
    return isWhole ? (value as OperationUserData) : undefined;
  } catch {
    return undefined;
  }
}
