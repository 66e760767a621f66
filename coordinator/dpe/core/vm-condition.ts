/** What hangs is not dead: VMs that are there and do not work, by the word of their launchers. */
import type { ConditionReport, DpeEvent } from './dpe-event.js';
import type { InstanceRecord, VmCondition } from './dpe-state.js';
import { emit, setAssembly, type Work } from './work.js';

/**
 * Tells once that a VM has stopped working, and once that it works again. What is done about it follows from the silence
 * of its agent, which this explains; a host that pauses a VM for a moment loses nothing.
 */
export function noteConditions(
  work: Work,
  { host, running, conditions = [] }: Extract<DpeEvent, { kind: 'launcher-beat' }>,
): void {
  for (const [assembly, { instance }] of Object.entries(work.durable.assemblies)) {
    if (instance.kind !== 'running' || instance.host !== host || !running.includes(instance.id)) continue;
    noteCondition(
      work,
      assembly,
      instance,
      conditions.find((report) => report.instance === instance.id),
    );
  }
}

/** `its VM is paused (by QMP stop)`; undefined while nothing is known against it. */
export function conditionWords(instance: InstanceRecord): string | undefined {
  if (instance.kind !== 'running' || instance.condition === undefined) return undefined;
  const { kind, evidence } = instance.condition;
  return evidence === '' ? words[kind] : `${words[kind]} (${evidence})`;
}

const words = {
  paused: 'its VM is paused',
  panicked: 'the kernel of its VM has panicked',
  'not-answering': 'what runs its VM does not answer',
} as const satisfies Record<VmCondition['kind'], string>;

function noteCondition(
  work: Work,
  assembly: string,
  instance: Extract<InstanceRecord, { kind: 'running' }>,
  report: ConditionReport | undefined,
): void {
  if (report?.condition === 'rebooting') {
    noteReboot(work, assembly, instance);
    return;
  }
  const { condition: before, ...plain } = instance;
  if (report?.condition === 'unknown' || report?.condition === before?.kind) return;
  if (report === undefined) {
    if (before === undefined) return;
    setAssembly(work, assembly, { instance: plain });
    const forS = Math.round((work.now - before.since) / 1000);
    emit(work, {
      kind: 'assembly-working',
      assembly,
      instance: instance.id,
      reason: `its VM works again after ${forS} s: ${ended[before.kind]}`,
      evidence: { before: before.kind, forMs: work.now - before.since },
    });
    return;
  }
  const condition = { kind: report.condition, evidence: report.evidence, since: work.now };
  const changed = { ...plain, condition };
  setAssembly(work, assembly, { instance: changed });
  const said = `launcher host ${instance.host} says that the instance runs and ${conditionWords(changed)}`;
  emit(work, {
    kind: `assembly-${condition.kind}`,
    assembly,
    instance: instance.id,
    reason: conditionWords(changed) ?? '',
    evidence: { verdict: 'vm', evidence: [said] },
  });
}

/** Told once, however many beats tell of it. A guest that reboots is no longer paused or dead. */
function noteReboot(work: Work, assembly: string, instance: Extract<InstanceRecord, { kind: 'running' }>): void {
  const { condition: _over, rebootedAt, ...plain } = instance;
  if (rebootedAt !== undefined && work.now - rebootedAt < toldForMs) return;
  setAssembly(work, assembly, { instance: { ...plain, rebootedAt: work.now } });
  const reason = 'its guest is being restarted in the same instance, as ordered; its agent is waited for';
  emit(work, { kind: 'assembly-rebooting', assembly, instance: instance.id, reason });
}

/** Longer than a launcher tells of one reboot (launcher/drivers/instance-entry.ts). */
const toldForMs = 10_000;

/**
 * Whether its agent is silent because its guest boots: until it registers, or the time of a boot is over.
 *
 * @param bootTimeoutMs from the start of a VM to the registration of its agent
 */
export function isRebooting(instance: InstanceRecord, now: number, bootTimeoutMs: number): boolean {
  return instance.kind === 'running' && instance.rebootedAt !== undefined && now - instance.rebootedAt < bootTimeoutMs;
}

/** Its agent has registered: the guest is back. */
export function endReboot(work: Work, assembly: string): boolean {
  const { instance } = work.durable.assemblies[assembly] ?? { instance: { kind: 'none' } };
  if (instance.kind !== 'running' || instance.rebootedAt === undefined) return false;
  const { rebootedAt, ...plain } = instance;
  setAssembly(work, assembly, { instance: plain });
  const afterS = Math.round((work.now - rebootedAt) / 1000);
  const reason = `its guest is back after ${afterS} s: its agent has registered`;
  emit(work, { kind: 'assembly-rebooted', assembly, instance: instance.id, reason });
  return true;
}

const ended = {
  paused: 'it is no longer paused',
  panicked: 'it was booted again after its kernel had panicked',
  'not-answering': 'what runs it answers',
} as const satisfies Record<VmCondition['kind'], string>;
