/** Agents' clocks, as their messages show them: what their times mean in ours. */
import { type AgentClock, type AgentTime, clockOffsetMs, noteAgentTime } from '../../policy/agent-clock.js';
import type { DpeState } from './dpe-state.js';
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
  const offsetMs = betterOffset(work, assembly, clock);
  if (offsetMs === undefined || offsetMs === assemblyState(work, assembly).clockOffsetMs) return;
  setAssembly(work, assembly, { clockOffsetMs: offsetMs });
}

/** Agent's time minus ours, in ms, when a message with its times has just come: the clock may have been set before it. */
export function offsetOnArrival(
  state: DpeState,
  {
    assembly,
    instance,
    clock: time,
  }: { readonly assembly: string; readonly instance: string; readonly clock: AgentTime },
  now: number,
): number {
  const clock = noteAgentTime(state.volatile.agents[instance]?.clock, time, now);
  return betterOffset(state, assembly, clock) ?? 0;
}

/** What is kept, unless the clock says otherwise by much. */
function betterOffset({ durable }: DpeState, assembly: string, clock: AgentClock | undefined): number | undefined {
  const known = durable.assemblies[assembly]?.clockOffsetMs;
  if (clock === undefined) return known;
  const offsetMs = clockOffsetMs(clock);
  return Math.abs(offsetMs - (known ?? 0)) >= noticeableMs ? offsetMs : known;
}
