/**
 * The right to decide: a keyed record with an epoch that only rises. Whoever holds it renews it; a successor takes it
 * when it was given back, when its holder is proven dead (same machine: the process is gone), or when it must have ended.
 *
 * Clocks. A holder counts its term from before it asked the store for it, and acts no more once the term is over. Where
 * one machine has the store to itself the record's own time tells the end. Between machines no two clocks are compared:
 * a successor waits for a whole term and `leaseDriftMs` from when it first saw the record as it is (`LeaseSight`), so
 * that only the rates of their clocks have to agree, to one part in ten.
 */
import type { LeaseFence, Store } from '../store/store.js';
import { machineId, startTicks } from './machine-id.js';

export interface LeaseRecord {
  readonly epoch: number;
  /** Incarnation of the holder. */
  readonly holder: string;
  /** See `machineId`. */
  readonly machine: string;
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: tells a process from a later one with its pid. */
  readonly startTicks: number;
  /** By the holder's clock. 0: given back. */
  readonly expiresAt: number;
}

export type LeaseOutcome =
  | {
      readonly kind: 'held';
      readonly lease: LeaseRecord;
      readonly fence: LeaseFence;
      /** What the lease was before, and why it could be taken; undefined where there was none. */
      readonly before: { readonly lease: LeaseRecord; readonly ended: LeaseEnd } | undefined;
    }
  /** Another process decides for the deployable. */
  | { readonly kind: 'taken'; readonly lease: LeaseRecord }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Why a lease that was held is free: by its own holder, by proof, or by time. */
export type LeaseEnd = 'own' | 'given-back' | 'holder-dead' | 'run-out';

export const leaseTermMs = 10_000;
/** What two steady clocks may differ by in a term, and what a renewal needs on its way. */
export const leaseDriftMs = 1_000;

export function leaseKey(deployable: string): string {
  return `lease/${deployable}`;
}

/** Of the coordinator that leads the site. */
export const leaderKey = 'leader';
/** More than a site has. */
const maxLeases = 100_000;

/** The lease of the leader, where there is one, and those of all deployables. */
export async function leasesOf(store: Store) {
  const leader = await store.get(leaderKey);
  const leases = await store.list(leaseKey(''), maxLeases);
  return leader === undefined ? leases : [{ key: leaderKey, ...leader }, ...leases];
}

/** More takeovers than a store can have seen since its last backup, or have lost. */
export const epochsForgotten = 1_000_000;

/** How several coordinator machines tell that the lease of another one has ended. */
export interface SharedStore {
  /** Name of this machine in its site. */
  readonly machine: string;
  readonly sight: LeaseSight;
  /** Revision at which somebody else, who watched for long enough, saw the lease run out. */
  readonly runOutRevision?: number | undefined;
}

/** For how long records have been seen unchanged. Old sightings of what nobody asks for any more are forgotten. */
export interface LeaseSight {
  /** Milliseconds since `key` was first seen at `revision`; 0 now. */
  see(key: string, revision: number): number;
}

/** @param steadyNow milliseconds of a clock that never jumps */
export function createLeaseSight(steadyNow: () => number): LeaseSight {
  const seen = new Map<string, { readonly revision: number; readonly at: number }>();
  return {
    see: (key, revision) => {
      const now = steadyNow();
      const before = seen.get(key);
      if (before?.revision === revision) return now - before.at;
      seen.delete(key);
      seen.set(key, { revision, at: now });
      const [oldest] = seen.keys();
      if (seen.size > maxSeen && oldest !== undefined) seen.delete(oldest);
      return 0;
    },
  };
}

/** More than a site has deployables: what is dropped costs its successor a term. */
const maxSeen = 100_000;

/** How long an unchanged record has to be watched before its holder has certainly stopped. */
export const leaseWatchMs = leaseTermMs + leaseDriftMs;

/** Takes the lease of a deployable with the next epoch, unless another living process holds it. */
export function acquireLease(
  store: Store,
  deployable: string,
  holder: string,
  now: number,
  shared?: SharedStore,
): Promise<LeaseOutcome> {
  return takeLease(store, leaseKey(deployable), { holder, now, shared });
}

export interface Taker {
  readonly holder: string;
  readonly now: number;
  /** Undefined where one machine has the store to itself. */
  readonly shared?: SharedStore | undefined;
}

/** The same for a lease of any other kind, by its key. */
export async function takeLease(store: Store, key: string, { holder, now, shared }: Taker): Promise<LeaseOutcome> {
  const current = await store.get(key);
  const before = current?.value as unknown as LeaseRecord | undefined;
  const machine = machineId(shared?.machine);
  const ended =
    before === undefined || current === undefined
      ? undefined
      : endOf(before, { key, revision: current.revision, holder, now, machine, shared });
  if (before !== undefined && ended === undefined) return { kind: 'taken', lease: before };
  const lease: LeaseRecord = {
    epoch: (before?.epoch ?? 0) + 1,
    holder,
    machine,
    pid: process.pid,
    startTicks: startTicks(process.pid) ?? 0,
    expiresAt: now + leaseTermMs,
  };
  const stored = await store.put(key, { ...lease }, current?.revision ?? 'absent');
  switch (stored.kind) {
    case 'stored': {
      const fence = { leaseKey: key, epoch: lease.epoch, holder };
      const told = before === undefined || ended === undefined ? undefined : { lease: before, ended };
      return { kind: 'held', lease, fence, before: told };
    }
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

/** For the next holder to take at once: this one does nothing any more. What fails runs out by itself. */
export async function giveBackLease(store: Store, fence: LeaseFence): Promise<void> {
  for (;;) {
    const current = await store.get(fence.leaseKey);
    const lease = current?.value as unknown as LeaseRecord | undefined;
    if (current === undefined || lease?.holder !== fence.holder || lease.epoch !== fence.epoch) return;
    const stored = await store.put(fence.leaseKey, { ...lease, expiresAt: 0 }, current.revision);
    // A renewal of its own may have been under way.
    if (stored.kind !== 'conflict') return;
  }
}

interface Look extends Taker {
  readonly key: string;
  readonly revision: number;
  readonly machine: string;
}

function endOf(lease: LeaseRecord, look: Look): LeaseEnd | undefined {
  if (lease.holder === look.holder) return 'own';
  if (lease.expiresAt === 0) return 'given-back';
  if (lease.machine === look.machine && startTicks(lease.pid) !== lease.startTicks) return 'holder-dead';
  return hasRunOut(lease, look) ? 'run-out' : undefined;
}

function hasRunOut(lease: LeaseRecord, { key, revision, now, shared }: Look): boolean {
  if (shared === undefined) return lease.expiresAt <= now;
  return shared.runOutRevision === revision || shared.sight.see(key, revision) >= leaseWatchMs;
}
