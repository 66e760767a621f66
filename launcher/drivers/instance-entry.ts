import type { AilingInstance, InstanceCondition, RunningInstance } from '../driver.js';
import type { DeathRecord } from './journal.js';
import type { Examined, LifeWatch, Place } from './platform.js';

export type Phase<Life> =
  | { readonly kind: 'starting' }
  /** Its start was cut short, and the platform cannot tell yet what has become of it. */
  | { readonly kind: 'unsettled'; readonly reason: string }
  | { readonly kind: 'running'; readonly life: Life; readonly watch: LifeWatch }
  | { readonly kind: 'dead'; readonly death: DeathRecord };

/** What the driver knows of one instance of its journal. */
export interface Entry<Life> extends Place {
  phase: Phase<Life>;
  /** As last examined by this driver; undefined before that. */
  condition: InstanceCondition | undefined;
  /** When its guest was restarted last (ms since 1970). */
  rebootedAt?: number;
  readonly deathWaiters: Set<() => void>;
  isDeathSaved: boolean;
}

/** The evidence of a dead instance. */
export function evidenceOf({ phase }: Entry<unknown>): string {
  return phase.kind === 'dead' ? phase.death.evidence : '';
}

/** So long that some beat is sure to tell of it. */
const REBOOT_TOLD_MS = 5_000;

/** None for an instance that works, or does not run. */
export function ailmentOf(entry: Entry<unknown>): AilingInstance | undefined {
  const { phase, condition, rebootedAt, record } = entry;
  const { instance } = record;
  if (phase.kind !== 'running') return undefined;
  if (rebootedAt !== undefined && Date.now() - rebootedAt < REBOOT_TOLD_MS) {
    return { instance, condition: { kind: 'rebooting', evidence: 'its guest was restarted as ordered' } };
  }
  if (condition?.kind === 'working') return undefined;
  return { instance, condition: condition ?? { kind: 'unknown', evidence: 'its platform has not told yet' } };
}

export function runningView(
  { record, directory }: Entry<unknown>,
  examined: Extract<Examined, { kind: 'alive' }>,
): RunningInstance {
  const { instance, hostname, startedAt } = record;
  const { pid, agentPid, condition, address = record.address } = examined;
  const stateDirectory = directory;
  return { kind: 'running', instance, pid, agentPid, address, hostname, stateDirectory, startedAt, condition };
}
