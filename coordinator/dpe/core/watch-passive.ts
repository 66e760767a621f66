/**
 * Assemblies whose images have no agent: only the launcher's view counts. Such an assembly is connected as soon as its
 * instance runs, and lost when its launcher has said for long enough that nothing in it can be working.
 */
import { vmLost } from './instance-end.js';
import { hold } from './launcher-facts.js';
import { conditionWords } from './vm-condition.js';
import { assemblyState, type Work } from './work.js';

/** What a tick means for one of them that runs. That QEMU does not answer says nothing about what runs in it. */
export function watchPassive(work: Work, assembly: string): void {
  const { instance } = assemblyState(work, assembly);
  const { bus, launchers, options } = work.volatile;
  if (instance.kind !== 'running' || !bus.isConnected) return;
  if (launchers[instance.host]?.unknown?.includes(instance.id) === true) {
    hold(work, assembly, `launcher host ${instance.host} has no record of the instance, and nobody else watches it`);
    return;
  }
  const { condition } = instance;
  if (condition === undefined || condition.kind === 'not-answering') return;
  const forMs = work.now - condition.since;
  if (forMs < options.agentLostAfterMs) return;
  const words = conditionWords(instance) ?? '';
  const evidence = [`launcher host ${instance.host} has said for ${Math.round(forMs / 1000)} s that ${words}`];
  vmLost(work, assembly, `${words}, and has been for ${forMs} ms`, { verdict: 'vm', evidence });
}
