/**
 * The right to decide for a deployable: a keyed record with an epoch that only rises. Whoever holds it renews it; a
 * successor takes it when it has ended, or when its holder is proven dead (same machine: the process is gone).
 */
import { readFileSync } from 'node:fs';
import type { LeaseFence, Store } from '../store/store.js';

export interface LeaseRecord {
  readonly epoch: number;
  /** Incarnation of the holder. */
  readonly holder: string;
  readonly machine: string;
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: tells a process from a later one with its pid. */
  readonly startTicks: number;
  readonly expiresAt: number;
}

export type LeaseOutcome =
  | { readonly kind: 'held'; readonly lease: LeaseRecord; readonly fence: LeaseFence }
  /** Another process decides for the deployable. */
  | { readonly kind: 'taken'; readonly lease: LeaseRecord }
  | { readonly kind: 'unavailable'; readonly reason: string };

export const leaseTermMs = 10_000;

export function leaseKey(deployable: string): string {
  return `lease/${deployable}`;
}

/** Takes the lease with the next epoch, unless another living process holds it. */
export async function acquireLease(
  store: Store,
  deployable: string,
  holder: string,
  now: number,
): Promise<LeaseOutcome> {
  const key = leaseKey(deployable);
  const current = await store.get(key);
  const before = current?.value as unknown as LeaseRecord | undefined;
  if (before !== undefined && before.holder !== holder && before.expiresAt > now && !isProvenDead(before)) {
    return { kind: 'taken', lease: before };
  }
  const lease: LeaseRecord = {
    epoch: (before?.epoch ?? 0) + 1,
    holder,
    machine: machineId(),
    pid: process.pid,
    startTicks: startTicks(process.pid) ?? 0,
    expiresAt: now + leaseTermMs,
  };
  const stored = await store.put(key, { ...lease }, current?.revision ?? 'absent');
  switch (stored.kind) {
    case 'stored':
      return { kind: 'held', lease, fence: { leaseKey: key, epoch: lease.epoch, holder } };
    case 'conflict':
      return { kind: 'unavailable', reason: 'another process took the lease at the same moment' };
    case 'fenced':
      return { kind: 'unavailable', reason: 'fenced' };
    case 'refused':
      return { kind: 'unavailable', reason: stored.message };
  }
}

/** Extends the lease; `lost` means that another decider has it, and nothing may be ordered any more. */
export async function renewLease(
  store: Store,
  fence: LeaseFence,
  now: number,
): Promise<{ readonly kind: 'renewed' | 'lost' } | { readonly kind: 'failed'; readonly reason: string }> {
  const current = await store.get(fence.leaseKey);
  const lease = current?.value as unknown as LeaseRecord | undefined;
  if (current === undefined || lease?.holder !== fence.holder || lease.epoch !== fence.epoch) return { kind: 'lost' };
  const stored = await store.put(fence.leaseKey, { ...lease, expiresAt: now + leaseTermMs }, current.revision);
  if (stored.kind === 'stored') return { kind: 'renewed' };
  return stored.kind === 'refused' ? { kind: 'failed', reason: stored.message } : { kind: 'lost' };
}

function isProvenDead(lease: LeaseRecord): boolean {
  if (lease.machine !== machineId()) return false;
  return startTicks(lease.pid) !== lease.startTicks;
}

/** The boot of this machine: pids of another boot, or of another machine, say nothing here. */
function machineId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Start time of a living process in clock ticks since boot; undefined when it is gone or a zombie. */
function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
  } catch {
    return undefined;
  }
}
