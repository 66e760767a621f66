import { randomUUID } from 'node:crypto';
import { Ocf, type OperationOutcome } from '../../core/operation.js';
import type { ResourceExecutor } from '../../executors/resource-executor.js';
import type { Invocation } from '../matahari.js';
import type { ActionEnd } from './resource-desk.js';
import type { ServiceManager } from './service-manager.js';
import { Lsb } from './service-manager.js';
import { effectiveTimeout } from './services.js';

const agentProcess = randomUUID();
let runs = 0;

/**
 * Runs what was invoked, once. Executors know it by a name of its own: its processes are never those of a managed
 * resource of the same name, and are not watched for it. The resource agent is told the plain name.
 */
export async function runInvocation(
  executor: ResourceExecutor,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<ActionEnd> {
  const { name, standard, provider, agent, action, intervalMs, parameters, timeoutMs } = invocation;
  runs += 1;
  const done = await executor.run({
    id: `matahari.${agentProcess}.${runs}`,
    operation: {
      resource: `matahari/${name}`,
      name: action,
      intervalMs,
      timeoutMs: effectiveTimeout(timeoutMs),
      definition: { class: standard, provider, type: agent, parameters, meta: {}, exec: undefined },
    },
    isInterrupted: false,
    signal,
    instanceName: name,
  });
  return toEnd(standard, action, done);
}

/** `enable` and `disable` are actions of services only, and those of no executor. */
export async function runEnabling(manager: ServiceManager, { agent, action }: Invocation): Promise<ActionEnd> {
  const set = await (action === 'enable' ? manager.enable(agent) : manager.disable(agent));
  return set.kind === 'done' ? { kind: 'rc', rc: set.value } : { kind: 'failed', reason: set.problem.message };
}

function toEnd(standard: string, action: string, { rc, status, exitReason }: OperationOutcome): ActionEnd {
  switch (status) {
    case 'done':
    case 'not-installed':
      return { kind: 'rc', rc: standard === 'ocf' ? rc : toLsb(action, rc) };
    case 'timeout':
      return { kind: 'timeout', reason: exitReason };
    case 'cancelled':
      return { kind: 'cancelled', reason: exitReason };
    case 'error':
      return { kind: 'failed', reason: exitReason };
  }
}

/**
 * Executors answer in OCF's codes. Those of LSB's and systemctl's actions are the same up to 7; those of `status` are
 * not: 3 is stopped, and 4 unknown (LSB Core 5.0, "Init Script Actions").
 */
function toLsb(action: string, rc: number): number {
  if (action !== 'status' && action !== 'monitor') return rc;
  if (rc === Ocf.success) return Lsb.running;
  return rc === Ocf.notRunning ? Lsb.stopped : Lsb.unknown;
}
