/**
 * The clock of an agent, seen from the DPE: how far it is from ours, and what its times mean in ours. Clocks of VMs are
 * wrong, step (NTP, an operator), and stand still (a paused VM); none of that may look like a failure, or hide one.
 */
export interface AgentClock {
  /**
   * Agent's time minus ours on arrival, of the latest messages, newest last. A message takes time, so each is a lower
   * bound of the true offset, and the greatest is the closest to it.
   */
  readonly samples: readonly number[];
  /** The newest pair of its two clocks. */
  readonly last: AgentTime;
}

/** One instant by the agent's two clocks: what people read, and CLOCK_BOOTTIME, which does not step. */
export interface AgentTime {
  readonly unixMs: number;
  readonly bootMs: number;
}

/** A clock that lost time while its VM was paused is believed after as many messages. */
const maxSamples = 8;

/** Both clocks are read one after the other, and rounded; NTP slews by 0.5 ms in a second at most (adjtimex(2)). */
const stepMs = 100;

/** Takes one more message into account. Times that are none (0, before 1990) say nothing. */
export function noteAgentTime(clock: AgentClock | undefined, time: AgentTime, now: number): AgentClock | undefined {
  if (!Number.isFinite(time.unixMs) || time.unixMs < 631_152_000_000) return clock;
  const sample = time.unixMs - now;
  if (clock === undefined || hasStepped(clock.last, time)) return { samples: [sample], last: time };
  // Overtaken on its way by a later one.
  if (time.bootMs < clock.last.bootMs) return clock;
  return { samples: [...clock.samples, sample].slice(-maxSamples), last: time };
}

/** Agent's time minus ours, in ms. */
export function clockOffsetMs({ samples }: AgentClock): number {
  return Math.max(...samples);
}

/**
 * A time of the agent's in ours. Never after `now` (it has happened), and never before `notBefore` (what was told
 * earlier happened earlier), so that a clock that steps between two reports moves neither out of its place.
 */
export function toOwnTime(
  at: number,
  offsetMs: number,
  { now, notBefore }: { readonly now: number; readonly notBefore: number },
): number {
  return Math.min(now, Math.max(notBefore, Math.round(at - offsetMs)));
}

/** Between two messages both clocks advance alike, unless one was set. A rebooted VM starts anew. */
function hasStepped(before: AgentTime, after: AgentTime): boolean {
  return Math.abs(after.unixMs - before.unixMs - (after.bootMs - before.bootMs)) > stepMs;
}
