import { randomUUID } from 'node:crypto';
import type { OperationOutcome } from '../../core/operation.js';
import type { ResourceExecutor } from '../../executors/resource-executor.js';
import type { Done, Invocation } from '../matahari.js';
import type { ActionEnd } from './resource-desk.js';
import { Lsb, type ServiceManager, serviceActions } from './service-manager.js';
import { effectiveTimeout } from './services.js';

const agentProcess = randomUUID();
let runs = 0;

/**
 * Runs an action of an OCF agent, once. The executor knows the resource by a name of its own: its processes are never
 * those of a managed resource of the same name, and are not watched for it. The agent is told the plain name.
 */
export async function runOcf(
  executor: ResourceExecutor,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<ActionEnd> {
  const { name, standard, provider, agent, action, intervalMs, parameters, timeoutMs } = invocation;
  runs += 1;
  return toEnd(
    await executor.run({
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
    }),
  );
}

/**
 * Runs an action of a service, once, by whatever manages it; the return code is LSB's. Not by an executor: that makes a
 * service its agent's own, and systemd would not restart it any more, though nobody else does.
 */
export async function runService(
  manager: ServiceManager,
  { agent, action, timeoutMs }: Invocation,
  signal: AbortSignal,
): Promise<ActionEnd> {
  if (action === 'enable') return fromDone(await manager.enable(agent));
  if (action === 'disable') return fromDone(await manager.disable(agent));
  const known = serviceActions.find((name) => name === (action === 'monitor' ? 'status' : action));
  if (known === undefined) return { kind: 'rc', rc: Lsb.unimplemented };
  return fromDone(await manager.run(agent, known, { timeoutMs: effectiveTimeout(timeoutMs), signal }));
}

function fromDone(end: Done<number>): ActionEnd {
  if (end.kind === 'done') return { kind: 'rc', rc: end.value };
  const { code, message } = end.problem;
  return { kind: code === 'timeout' || code === 'unavailable' ? code : 'failed', reason: message };
}

function toEnd({ rc, status, exitReason }: OperationOutcome): ActionEnd {
  switch (status) {
    case 'done':
    case 'not-installed':
      return { kind: 'rc', rc };
    case 'timeout':
      return { kind: 'timeout', reason: exitReason };
    case 'cancelled':
      return { kind: 'cancelled', reason: exitReason };
    case 'error':
      return { kind: 'failed', reason: exitReason };
  }
}
