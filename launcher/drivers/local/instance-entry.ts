import type { InstanceView } from '../../driver.js';
import { findAgentPid } from './agent-process.js';
import type { DeathWatch } from './death-watch.js';
import type { DeathRecord, InstanceRecord } from './journal.js';
import { type PidScope, type ProcessIdentity, proveProcess } from './process-proof.js';

export type Phase =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly process: ProcessIdentity; readonly watch: DeathWatch }
  | { readonly kind: 'dead'; readonly death: DeathRecord };

/** What the driver knows of one instance of its journal. */
export interface Entry {
  readonly record: InstanceRecord;
  readonly directory: string;
  phase: Phase;
  readonly deathWaiters: Set<() => void>;
  isDeathSaved: boolean;
}

/** Looks at the instance; a death that nobody has noticed yet is told to its watch before this returns. */
export function viewOf(entry: Entry, here: PidScope): InstanceView {
  const { instance, address, hostname, startedAt } = entry.record;
  if (entry.phase.kind === 'starting') return { kind: 'unknown', instance, reason: 'it is being started' };
  if (entry.phase.kind === 'running') {
    const { process: init, watch } = entry.phase;
    const state = proveProcess(init, here);
    if (state.kind === 'unknown') return { kind: 'unknown', instance, reason: state.reason };
    if (state.kind === 'alive') {
      const stateDirectory = entry.directory;
      const agentPid = findAgentPid(stateDirectory, init.pid);
      return { kind: 'running', instance, pid: init.pid, agentPid, address, hostname, stateDirectory, startedAt };
    }
    // The proof is final: what is dead stays dead, so the watch finds the same and the phase changes.
    watch.check();
  }
  const at = entry.phase.kind === 'dead' ? entry.phase.death.at : Date.now();
  return { kind: 'dead', instance, evidence: evidenceOf(entry), at };
}

/** The evidence of a dead instance. */
export function evidenceOf({ phase }: Entry): string {
  return phase.kind === 'dead' ? phase.death.evidence : '';
}
