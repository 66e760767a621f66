import type { OperationOutcome } from './dpe-event.js';

/** OCF_NOT_RUNNING (resource-agents: ocf-returncodes). */
const notRunning = 7;

/** Why an operation failed: in its agent's words, else what its end means. */
export function failureWords({
  exitReason,
  status,
  rc,
}: Pick<OperationOutcome, 'exitReason' | 'status' | 'rc'>): string {
  if (exitReason !== '') return exitReason;
  if (status === 'timeout') return 'timed out';
  if (status !== 'done') return status;
  return rc === notRunning ? `not running (exit code ${rc})` : `exit code ${rc}`;
}
