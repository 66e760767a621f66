import type { InstanceView, RebootOutcome, StopOutcome } from '../driver.js';
import { messageOf } from '../error-code.js';
import { type Entry, evidenceOf } from './instance-entry.js';
import type { Platform } from './platform.js';

/** Of the driver's engine: how instances are looked at, and what they run on. */
export interface Ends<Life> {
  readonly platform: Platform<Life>;
  /** Looks at the instance; a death that nobody has noticed yet is recorded before this resolves. */
  readonly view: (entry: Entry<Life>) => Promise<InstanceView>;
  /** How long after killing the proof of death may take. */
  readonly proofDeadlineMs: number;
}

/** Ends an instance: it is asked to, where there is a grace, then killed; what comes out is a proof or none. */
export async function endInstance<Life>(entry: Entry<Life>, graceMs: number, ends: Ends<Life>): Promise<StopOutcome> {
  const before = await ends.view(entry);
  if (before.kind === 'dead') return { kind: 'dead', evidence: before.evidence, wasForced: false };
  if (before.kind === 'unknown') return { kind: 'unproven', reason: before.reason };
  try {
    const isGone = graceMs > 0 && (await bring(entry, 'askToEnd', graceMs, ends));
    const wasForced = !isGone;
    if (isGone || (await bring(entry, 'kill', ends.proofDeadlineMs, ends))) {
      return { kind: 'dead', evidence: evidenceOf(entry), wasForced };
    }
    const now = await ends.view(entry);
    const reason = now.kind === 'unknown' ? now.reason : `${describe(now)} has not ended yet`;
    return { kind: 'unproven', reason: `it was killed, but there is no proof of its end: ${reason}` };
  } catch (error) {
    return { kind: 'unproven', reason: `it cannot be ended: ${messageOf(error)}` };
  }
}

/** Restarts the guest, where the platform can. */
export async function rebootInstance<Life>(
  entry: Entry<Life>,
  { platform, view }: Pick<Ends<Life>, 'platform' | 'view'>,
): Promise<RebootOutcome> {
  if (platform.reboot === undefined) {
    return { kind: 'refused', reason: `instances of the driver ${entry.record.driver} cannot be rebooted` };
  }
  const seen = await view(entry);
  if (seen.kind !== 'running' || entry.phase.kind !== 'running') {
    return { kind: 'refused', reason: seen.kind === 'unknown' ? seen.reason : 'the instance has ended' };
  }
  try {
    await platform.reboot(entry.phase.life, entry);
    entry.rebootedAt = Date.now();
    return { kind: 'rebooting' };
  } catch (error) {
    return { kind: 'refused', reason: messageOf(error) };
  }
}

/** Returns whether the instance was dead within the time. Rejects when the platform may or can not do it. */
async function bring<Life>(
  entry: Entry<Life>,
  how: 'askToEnd' | 'kill',
  waitMs: number,
  { platform, view }: Ends<Life>,
): Promise<boolean> {
  // Looked at right before: what has taken its place meanwhile is not ours to end.
  if ((await view(entry)).kind !== 'running' || entry.phase.kind !== 'running') {
    return isDead(entry);
  }
  const { life, watch } = entry.phase;
  const death = new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), waitMs);
    entry.deathWaiters.add(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
  try {
    await platform[how](life, entry);
  } catch (error) {
    // A guest that cannot even be asked is not waited for.
    if (how === 'kill') throw error;
    return isDead(entry);
  }
  if (how === 'kill') watch.expect();
  return death;
}

function isDead({ phase }: Entry<unknown>): boolean {
  return phase.kind === 'dead';
}

function describe(view: InstanceView): string {
  return view.kind === 'running' && view.pid !== 0 ? `${view.instance}, pid ${view.pid},` : view.instance;
}
