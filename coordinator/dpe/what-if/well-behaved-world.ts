/** Launchers and agents that do at once what they are told: what a rehearsal hears in answer to its effects. */

import { isRunning } from '../core/cib-input-of.js';
import type { AgentOrder, DpeEffect, LauncherOrder } from '../core/dpe-effect.js';
import type { AgentReportBody, DpeEvent, InstanceReport, OperationOutcome } from '../core/dpe-event.js';
import type { DpeState } from '../core/dpe-state.js';
import { assemblyOf, callsOf } from '../core/instance-names.js';

/** Something that happens, as it is told when its turn comes: reports are numbered only then. */
export type News = (state: DpeState, now: number) => DpeEvent;

const chance = 0.5;

/** What is under way in reality, ended: starts as running, stops as stopped. */
export function firstNews({ durable, volatile }: DpeState): readonly News[] {
  if (Object.keys(volatile.orders).length === 0) return [];
  return Object.keys(volatile.launchers).map((host) => (state, now) => ({
    kind: 'launcher-adopted',
    host,
    inFlight: [],
    now,
    instances: Object.entries(durable.assemblies).flatMap(([assembly, { instance }]) => {
      if (instance.kind === 'none' || instance.host !== host) return [];
      const isOver = instance.kind === 'dead' || instance.kind === 'stopping';
      return [instanceReport(state, { assembly, instance: instance.id, state: isOver ? 'dead' : 'running', now })];
    }),
  }));
}

/** All but `decide`, which the scheduler answers. */
export function answersTo(effect: DpeEffect): readonly News[] {
  switch (effect.kind) {
    case 'order-launcher':
      return launcherAnswers(effect.operationId, effect.order);
    case 'order-agent': {
      const { operationId, instance, order } = effect;
      return [
        agentNews(instance, (state, now) => ({
          kind: 'order-result',
          operationId,
          result: outcomeOf(order, instance, state, now),
        })),
      ];
    }
    case 'adopt-agent':
      return [(_state, now) => ({ kind: 'agent-adopted', instance: effect.instance, inFlight: [], now })];
    case 'fence-host': {
      const outcome = { kind: 'fenced', evidence: 'rehearsed' } as const;
      return [(_state, now) => ({ kind: 'host-fenced', host: effect.host, outcome, now })];
    }
    default:
      return [];
  }
}

/** A report of an instance, the next one when its turn comes. */
export function agentNews(instance: string, report: (state: DpeState, now: number) => AgentReportBody): News {
  return (state, now) => ({
    kind: 'agent-report',
    instance,
    sequence: (state.durable.reports[instance] ?? 0) + 1,
    report: report(state, now),
    token: 0,
    chance,
    now,
  });
}

/** Call-ids of one instance only grow. */
export function nextCall({ durable }: DpeState, instance: string): number {
  return (durable.reports[callsOf(instance)] ?? 0) + 1;
}

function launcherAnswers(operationId: string, order: LauncherOrder): readonly News[] {
  const { instance } = order;
  const isStart = order.kind === 'start';
  const result: News = (state, now) => {
    const assembly = assemblyOf(state, instance) ?? '';
    const report = instanceReport(state, { assembly, instance, state: isStart ? 'running' : 'dead', now });
    return { kind: 'launcher-result', operationId, outcome: { kind: 'state', state: report }, now };
  };
  if (!isStart) return [result];
  return [result, (_state, now) => ({ kind: 'agent-registered', instance, incarnation: 'rehearsed', now })];
}

/** An address that nobody knows yet stays what it was: a rehearsal must not invent a change. */
function instanceReport(
  { durable }: DpeState,
  known: {
    readonly assembly: string;
    readonly instance: string;
    readonly state: 'running' | 'dead';
    readonly now: number;
  },
): InstanceReport {
  const { assembly, instance, state, now } = known;
  const { address = `address of ${assembly}`, hostname = assembly } = durable.assemblies[assembly] ?? {};
  return { instance, assembly, state, address, hostname, evidence: 'rehearsed', at: now };
}

function outcomeOf(order: AgentOrder, instance: string, state: DpeState, now: number): OperationOutcome {
  const { resource, operation, intervalMs, userData } = order;
  const assembly = assemblyOf(state, instance) ?? '';
  const isProbe = operation === 'monitor' && intervalMs === 0;
  const rc = isProbe && !isRunning(state.durable.history, assembly, resource) ? 7 : expectedRc(order);
  return {
    resource,
    operation,
    intervalMs,
    callId: nextCall(state, instance),
    rc,
    status: order.kind === 'cancel' ? 'cancelled' : 'done',
    startedAt: now,
    endedAt: now,
    queueMs: 0,
    timeoutMs: order.kind === 'cancel' ? 0 : order.timeoutMs,
    exitReason: '',
    output: '',
    userData,
  };
}

function expectedRc(order: AgentOrder): number {
  return order.kind === 'execute' && order.operation === 'monitor' && order.intervalMs > 0 ? order.expectedRc : 0;
}
