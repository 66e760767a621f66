/** An instance whose end could not be proven, and that turns out to be alive. */
import { recordInstanceBack } from '../../state/instance-record.js';
import { assemblyState, emit, setAssembly, type Work, wantDecision } from './work.js';

/** Whether an answer of its agent is enough: it was not held in order to be ended, and nothing is on its way that ends it. */
export function mayComeBack(work: Work, assembly: string): boolean {
  const { instance } = assemblyState(work, assembly);
  return instance.kind === 'held' && instance.mayReturn === true && instance.isEnding !== true;
}

/** Its agent has answered: it goes on without a reboot; probes tell what still runs inside. */
export function instanceBack(work: Work, assembly: string): void {
  const { instance, reason: before } = assemblyState(work, assembly);
  if (instance.kind !== 'held') return;
  const { id, host } = instance;
  const reason = 'its agent answers: it runs, and goes on as it is';
  setAssembly(work, assembly, {
    instance: { kind: 'running', id, host, at: work.now },
    isConnected: true,
    since: work.now,
    reason,
  });
  const history = recordInstanceBack(work.durable.history, { assembly, host, at: work.now });
  work.durable = { ...work.durable, history };
  emit(work, {
    kind: 'assembly-back',
    assembly,
    instance: id,
    reason,
    evidence: { verdict: 'unknown', evidence: [`it was held: ${before}`, 'its agent has answered'] },
  });
  // One whose start was never answered has an address that only its launcher knows.
  work.effects.push({ kind: 'adopt-launcher', host });
  wantDecision(work, `assembly ${assembly} is back`);
}
