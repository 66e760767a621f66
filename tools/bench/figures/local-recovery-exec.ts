import type { Figure } from '../figure.js';
import { measureRecoveries } from '../recoveries.js';

export const localRecoveryExec: Figure = {
  name: 'local-recovery-exec',
  runs: 25,
  measure: (bench, runs) => measureRecoveries(bench, runs, { name: 'bench-exec', programs: 1 }),
};

/** A hundred at once, until the last of them is back. */
export const localRecoveryExec100: Figure = {
  name: 'local-recovery-exec-100',
  runs: 8,
  measure: (bench, runs) => measureRecoveries(bench, runs, { name: 'bench-exec-100', programs: 100 }),
};
