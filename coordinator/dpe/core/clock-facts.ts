/** Agents' clocks, as their messages show them: what their times mean in ours. */
import { type AgentTime, clockOffsetMs, noteAgentTime } from '../../policy/agent-clock.js';
import { assemblyState, setAssembly, setVolatile, type Work } from './work.js';

/** An offset that is known better than this is not worth a commit. */
const noticeableMs = 250;

/** Takes a message's times into account; the offset of the current instance is kept for a successor. */
export function noteClock(
  work: Work,
  assembly: string,
  { instance, clock: time }: { readonly instance: string; readonly clock?: AgentTime },
): void {
  const agent = work.volatile.agents[instance];
  if (time === undefined || agent === undefined) return;
  const clock = noteAgentTime(agent.clock, time, work.now);
  if (clock === undefined) return;
  setVolatile(work, { agents: { ...work.volatile.agents, [instance]: { ...agent, clock } } });
  const offsetMs = clockOffsetMs(clock);
  const known = assemblyState(work, assembly).clockOffsetMs ?? 0;
  if (Math.abs(offsetMs - known) >= noticeableMs) setAssembly(work, assembly, { clockOffsetMs: offsetMs });
}
