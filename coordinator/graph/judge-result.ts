import type { ActionOutcome } from './transition.js';
import type { ResourceAction } from './transition-graph.js';

/** "Degraded" is as good as running for the policy: lib/common/results.c pcmk__effective_rc(). */
const EFFECTIVE_EXIT_CODE: ReadonlyMap<number, number> = new Map([
  [190, 0],
  [191, 8],
]);

/**
 * What an operation's OCF exit code means for its transition: it is compared with what the scheduler expected, and with
 * `on-fail=ignore` a wrong one holds nothing up (it is still shown, but not counted: `failure-ignored`).
 * Rule: daemons/controld/controld_te_events.c process_graph_event().
 */
export function judgeResult(action: ResourceAction, exitCode: number): ActionOutcome {
  const effective = EFFECTIVE_EXIT_CODE.get(exitCode) ?? exitCode;
  if (effective === action.expectedRc) return { kind: 'succeeded' };
  const reason = `exit code ${exitCode}, expected ${action.expectedRc}`;
  return action.onFail?.toLowerCase() === 'ignore' ? { kind: 'failure-ignored', reason } : { kind: 'failed', reason };
}
