/** Instances that nobody remembers, after the store was restored from a backup. */
import { deleteResource, eraseGuest } from '../../state/forget.js';
import { connectionResource, vmResource } from '../../state/instance-record.js';
import type { InstanceReport } from './dpe-event.js';
import { failOperationsOf, forgetAgent } from './instance-end.js';
import { incarnationOf } from './instance-names.js';
import { assemblyState, emit, setAssembly, type Work, wantDecision } from './work.js';

/**
 * A running instance that an earlier decider started after the one that is recorded, and the record of it is lost: the store
 * was restored from a backup. Nobody starts an instance before the one before it has ended, so that one has ended.
 */
export function isOfForgottenDecider(work: Work, { instance, assembly, state }: InstanceReport): boolean {
  const known = work.durable.assemblies[assembly]?.instance;
  if (state !== 'running' || known === undefined || known.kind === 'none') return false;
  const [found, recorded] = [incarnationOf(instance), incarnationOf(known.id)];
  if (found === undefined || recorded === undefined || found.epoch >= work.volatile.epoch) return false;
  return found.epoch > recorded.epoch || (found.epoch === recorded.epoch && found.count > recorded.count);
}

/** It becomes the assembly's instance; what runs in it is not touched: probes tell. */
export function takeOver(work: Work, host: string, report: InstanceReport): void {
  const { assembly, instance: id } = report;
  const { instance } = assemblyState(work, assembly);
  if (instance.kind !== 'none') forgetAgent(work, instance.id);
  failOperationsOf(work, assembly, `instance ${id} has taken its place`);
  const reason = `launcher host ${host} runs a later instance than the one that is recorded: it is taken over as it is`;
  setAssembly(work, assembly, { instance: { kind: 'running', id, host, at: work.now }, since: work.now, reason });
  const { durable } = work;
  const known = [vmResource(assembly).id, connectionResource(assembly).id];
  const forgotten = Object.keys(durable.hosts).reduce(
    (history, node) => known.reduce((rest, resource) => deleteResource(rest, node, resource), history),
    eraseGuest(durable.history, assembly),
  );
  work.durable = { ...durable, history: forgotten };
  emit(work, { kind: 'assembly-taken-over', assembly, instance: id, reason });
  wantDecision(work, `assembly ${assembly} has a later instance`);
}
