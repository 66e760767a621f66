/** Actions on the VM of an assembly and on the connection to its agent. */
import type { ResourceAction } from '../../graph/transition-graph.js';
import { answer, type Execution, orderOf } from './answer.js';
import { endMonitor } from './end-monitor.js';
import { callsOf } from './instance-names.js';
import {
  addOrder,
  assemblyModel,
  assemblyState,
  emit,
  isPassive,
  mayRun,
  moveInstance,
  nextOperationId,
  setAssembly,
  type Work,
} from './work.js';

export function executeVmAction(work: Work, action: ResourceAction, assembly: string, execution: Execution): void {
  const { instance } = assemblyState(work, assembly);
  const host = action.node.name;
  switch (action.operation) {
    case 'start':
      if (instance.kind === 'running' && instance.host === host) answer(work, action, execution, 0);
      else if (mayRun(instance)) answer(work, action, execution, 1, `instance ${nameOf(instance)} is not proven dead`);
      else orderStart(work, action, assembly, execution);
      return;
    case 'stop':
      if (!mayRun(instance) || (instance.kind !== 'none' && instance.host !== host)) answer(work, action, execution, 0);
      else orderStop(work, action, assembly, execution);
      return;
    case 'monitor': {
      // The launcher reports every death at once; its word as known here is the answer.
      const isHere = mayRun(instance) && instance.kind !== 'none' && instance.host === host;
      answer(work, action, execution, isHere ? 0 : 7);
      return;
    }
    case 'cancel':
      endMonitor(work, action);
      return;
    default:
      answer(work, action, execution, 1, `a VM has no operation "${action.operation}"`);
  }
}

function orderStart(work: Work, action: ResourceAction, assembly: string, execution: Execution): void {
  const host = action.node.name;
  const incarnation = work.durable.counters.incarnation + 1;
  work.durable = { ...work.durable, counters: { ...work.durable.counters, incarnation } };
  const instance = `${work.durable.name}.${assembly}.${host}.${work.volatile.epoch}-${incarnation}`;
  setAssembly(work, assembly, {
    instance: { kind: 'starting', id: instance, host, at: work.now },
    since: work.now,
    reason: `starting on ${host}`,
    mayStartAt: 0,
  });
  forgetOldReports(work);
  const model = assemblyModel(work, assembly);
  const operationId = orderLauncher(work, action, execution, { what: 'start', assembly, instance, host });
  work.effects.push({
    kind: 'order-launcher',
    operationId,
    host,
    order: {
      kind: 'start',
      instance,
      assembly,
      image: model?.image,
      cpus: model?.cpus,
      memoryMiB: model?.memoryMiB,
      disks: model?.disks ?? [],
      networks: model?.networks ?? [],
      platformPlacement: model?.platformPlacement ?? {},
    },
    expiresAt: execution.expiresAt,
  });
}

/** Reports of instances that are no longer current are acknowledged unread; their counts need not be kept. */
function forgetOldReports(work: Work): void {
  const current = Object.values(work.durable.assemblies).map(({ instance }) => ('id' in instance ? instance.id : ''));
  const kept = Object.entries(work.durable.reports).filter(
    ([source]) => source.startsWith('launcher:') || current.some((id) => source === id || source === callsOf(id)),
  );
  work.durable = { ...work.durable, reports: Object.fromEntries(kept) };
}

function orderStop(work: Work, action: ResourceAction, assembly: string, execution: Execution): void {
  const { instance } = assemblyState(work, assembly);
  if (instance.kind === 'none') return;
  // A lost or held instance has failed already: there is nothing graceful left to wait for.
  const what = instance.kind === 'lost' || instance.kind === 'held' ? 'destroy' : 'stop';
  moveInstance(work, assembly, 'stopping', what === 'stop' ? 'stopping' : 'being destroyed');
  const { id, host } = instance;
  const operationId = orderLauncher(work, action, execution, { what, assembly, instance: id, host });
  const graceMs = Math.max(1_000, Math.floor(action.timeoutMs / 2));
  work.effects.push({
    kind: 'order-launcher',
    operationId,
    host,
    order: what === 'stop' ? { kind: 'stop', instance: id, graceMs } : { kind: 'destroy', instance: id },
    expiresAt: execution.expiresAt,
  });
}

function orderLauncher(
  work: Work,
  action: ResourceAction,
  { number, expiresAt }: Execution,
  order: { what: 'start' | 'stop' | 'destroy'; assembly: string; instance: string; host: string },
): string {
  const operationId = nextOperationId(work);
  addOrder(work, operationId, {
    kind: 'launcher',
    action: action.id,
    issuedAt: work.now,
    expiresAt,
    order: orderOf(action, number),
    ...order,
  });
  return operationId;
}

export function executeConnectionAction(
  work: Work,
  action: ResourceAction,
  assembly: string,
  execution: Execution,
): void {
  const state = assemblyState(work, assembly);
  const { instance } = state;
  switch (action.operation) {
    case 'start':
      if (instance.kind !== 'running') answer(work, action, execution, 1, 'its instance does not run');
      else if (isPassive(work, assembly) || work.volatile.agents[instance.id]?.isAdopted === true)
        connected(work, action, assembly, execution);
      else {
        addOrder(work, nextOperationId(work), {
          kind: 'connection',
          action: action.id,
          issuedAt: work.now,
          expiresAt: execution.expiresAt,
          order: orderOf(action, execution.number),
          assembly,
          host: action.node.name,
        });
      }
      return;
    case 'stop':
      setAssembly(work, assembly, { isConnected: false });
      answer(work, action, execution, 0);
      return;
    case 'monitor': {
      const isHere = state.isConnected && instance.kind === 'running' && instance.host === action.node.name;
      answer(work, action, execution, isHere ? 0 : 7);
      return;
    }
    case 'cancel':
      endMonitor(work, action);
      return;
    default:
      answer(work, action, execution, 1, `a connection has no operation "${action.operation}"`);
  }
}

/** The agent has registered and acknowledged this decider: the guest node is online. */
function connected(work: Work, action: ResourceAction, assembly: string, execution: Execution): void {
  markConnected(work, assembly);
  answer(work, action, execution, 0);
}

export function markConnected(work: Work, assembly: string): void {
  const isWatchedByAgent = !isPassive(work, assembly);
  const reason = isWatchedByAgent ? 'its agent has registered' : 'its instance runs, and is watched from outside only';
  setAssembly(work, assembly, { isConnected: true, reason, since: work.now });
  const { instance } = assemblyState(work, assembly);
  const id = instance.kind === 'none' ? {} : { instance: instance.id };
  emit(work, { kind: 'assembly-running', assembly, ...id, reason });
}

function nameOf(instance: { readonly kind: string; readonly id?: string }): string {
  return instance.id ?? instance.kind;
}
