import type * as wire from '../../proto/messages.js';
import type { ExecDefinition, HealthCheck, Operation } from '../core/operation.js';
import type { DelegationOrder, Order, ReceivedOrder } from '../core/order.js';

/** Orders as the core knows them, from messages of the bus: the one place where they are checked. */
export type ParsedOrder =
  | { readonly kind: 'order'; readonly received: ReceivedOrder }
  | { readonly kind: 'invalid'; readonly message: string };

const defaultTimeoutMs = 20_000;
const maxIntervalMs = 2 ** 31 - 1;
const maxWindow = 1000;
const maxPrerequisites = 100;
const maxLeaseMs = 24 * 3600 * 1000;
const resourcePattern = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}$/;
const operationPattern = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const operationIdPattern = /^[A-Za-z0-9_][A-Za-z0-9_.:@/-]{0,254}$/;

export function parseOrder(envelope: wire.Envelope): ParsedOrder {
  const { role } = envelope.sender;
  if (role !== 'dpe') return { kind: 'invalid', message: `an agent takes orders of a DPE only, not of role ${role}` };
  const order = readOrder(envelope.body);
  if (typeof order === 'string') return { kind: 'invalid', message: order };
  const { operationId, deployable, epoch } = envelope;
  const isRemembered = order.kind === 'execute' || order.kind === 'cancel';
  if (isRemembered && !isKey(operationId, operationIdPattern)) {
    return { kind: 'invalid', message: `an order needs an operation id; ${JSON.stringify(operationId)} is none` };
  }
  return { kind: 'order', received: { operationId, deployable, epoch, order } };
}

/** The order, or what is wrong with it. */
function readOrder(body: wire.Body): Order | string {
  switch (body.kind) {
    case 'executeOperation':
      return readExecute(body.value);
    case 'cancelOperation': {
      const { resource, operation, intervalMs } = body.value;
      const problem = nameProblem(resource, operation);
      return problem ?? { kind: 'cancel', resource, operation, intervalMs };
    }
    case 'setDelegation': {
      const delegations = body.value.delegations.map(readDelegation);
      const unnamed = delegations.find(({ resource }) => !isKey(resource, resourcePattern));
      if (unnamed !== undefined) return `not a resource: ${JSON.stringify(unnamed.resource)}`;
      return { kind: 'delegate', delegations };
    }
    case 'adoptAgent':
      return { kind: 'adopt' };
    case 'renewLease': {
      const { leaseMs } = body.value;
      return leaseMs > 0 && leaseMs <= maxLeaseMs
        ? { kind: 'renew', leaseMs }
        : `a lease lasts from 1 to ${maxLeaseMs} ms, not ${leaseMs}`;
    }
    default:
      return `an agent takes no ${body.kind}`;
  }
}

function readExecute(value: wire.ExecuteOperation): Order | string {
  const { resource, operation: name, intervalMs, timeoutMs, startDelayMs, expectedRc, userData } = value;
  const problem = nameProblem(resource, name);
  if (problem !== undefined) return problem;
  const { resourceClass, provider, type, parameters, meta } = value;
  if (resourceClass === '') return 'a resource class is required';
  if (intervalMs > maxIntervalMs || timeoutMs > maxIntervalMs || startDelayMs > maxIntervalMs) {
    return `intervals and timeouts go up to ${maxIntervalMs} ms`;
  }
  const exec = resourceClass === 'exec' ? readExec(value.exec) : undefined;
  if (typeof exec === 'string') return exec;
  const definition = { class: resourceClass, provider, type, parameters, meta, exec };
  const operation: Operation = { resource, name, intervalMs, timeoutMs: timeoutMs || defaultTimeoutMs, definition };
  return { kind: 'execute', operation, startDelayMs, expectedRc, userData };
}

function readExec(value: wire.ExecDefinition | undefined): ExecDefinition | string {
  const { command = [], environment = {}, directory = '', user = '', health = [], limits = {} } = value ?? {};
  const checks: HealthCheck[] = [];
  for (const check of health) {
    const read = readHealthCheck(check);
    if (typeof read === 'string') return read;
    checks.push(read);
  }
  const definition = { command, environment, directory, user, health: checks };
  return Object.keys(limits).length === 0 ? definition : { ...definition, limits };
}

function readHealthCheck(value: wire.HealthCheck): HealthCheck | string {
  const timing = {
    intervalMs: value.intervalMs || 10_000,
    timeoutMs: value.timeoutMs || 5000,
    failures: value.failures || 1,
    ...(value.successes > 1 ? { successes: value.successes } : {}),
    initialDelayMs: value.initialDelayMs,
  };
  switch (value.kind) {
    case 'process':
      return { kind: 'process', process: value.process, ...timing };
    case 'tcp':
      return { kind: 'tcp', host: value.host || '127.0.0.1', port: value.port, ...timing };
    case 'http':
      return { kind: 'http', url: value.url, status: value.status, ...timing };
    case 'command':
      return { kind: 'command', command: value.command, ...timing };
    default:
      return `this agent has no health check ${JSON.stringify(value.kind)}`;
  }
}

function readDelegation(value: wire.Delegation): DelegationOrder {
  const { resource, failures, periodMs, startTimeoutMs, stopTimeoutMs, monitorTimeoutMs, windowUnixMs, after } = value;
  return {
    resource,
    failures,
    periodMs,
    startTimeoutMs: startTimeoutMs || defaultTimeoutMs,
    stopTimeoutMs: stopTimeoutMs || defaultTimeoutMs,
    monitorTimeoutMs: monitorTimeoutMs || defaultTimeoutMs,
    isExclusive: value.exclusive,
    windowUnixMs: windowUnixMs.slice(-maxWindow),
    after: after.slice(0, maxPrerequisites),
  };
}

function nameProblem(resource: string, operation: string): string | undefined {
  if (!isKey(resource, resourcePattern)) return `not a resource: ${JSON.stringify(resource)}`;
  if (!operationPattern.test(operation)) return `not an operation: ${JSON.stringify(operation)}`;
  return undefined;
}

/** Ids become keys of plain objects: what every object has already is none. */
function isKey(text: string, pattern: RegExp): boolean {
  return pattern.test(text) && !(text in {});
}
