/**
 * Several coordinator machines on one store: each tells that it is there, one of them leads, and the leader gives every
 * deployable to a machine. Leading is a lease like any other (coordinator/dpe/lease.ts); what a leader writes is fenced
 * by it, so that one that was succeeded without noticing changes nothing.
 */
import { randomBytes } from 'node:crypto';
import { type DeployableRecord, deployableKey, listDeployables, readDeployable } from '../dpe/deployable-record.js';
import {
  createLeaseSight,
  giveBackLease,
  type LeaseOutcome,
  type LeaseRecord,
  leaderKey,
  leaseKey,
  leaseTermMs,
  leaseWatchMs,
  renewLease,
  takeLease,
} from '../dpe/lease.js';
import { machineId } from '../dpe/machine-id.js';
import type { Logger } from '../dpe/runtime-ports.js';
import type { SteadyClock } from '../dpe/steady-clock.js';
import type { JsonValue } from '../state/json.js';
import type { KeyedRecord, LeaseFence, Store } from '../store/store.js';
import { assignMachines, type Move } from './assign-machines.js';
import { beatMachine, lookAtMachines, type MachineRecord, machineBeatMs, type SeenMachine } from './machine-record.js';

export interface CoordinationOptions {
  readonly machine: string;
  readonly version: string;
  readonly store: Store;
  readonly log: Logger;
  readonly steadyNow: SteadyClock;
  readonly maxDeployables: number;
  /** Something was given to this machine, or taken from it. */
  readonly onAssigned: () => void;
  /** Events were written. */
  readonly onEvent: () => void;
  /** The store answers again, or does so no more. */
  readonly onStore?: (isUsable: boolean) => void;
}

export interface Coordination {
  readonly machine: string;
  /** True only within the term of its lease, by this machine's own clock. */
  isLeading(): boolean;
  /** Whether the machine that leads has missed a renewal. */
  mayLeadSoon(): boolean;
  /** What the last look has seen: nobody who asks waits for a store that does not answer. */
  site(): SiteView;
  /** One look at the store, and what follows from it; the timer's, and tests'. Never rejects. */
  look(): Promise<void>;
  /** This machine goes: it leads no more, and what it decides for may go elsewhere at once. */
  leave(): Promise<void>;
}

export interface SiteView {
  readonly machines: readonly SeenMachine[];
  /** By the store's word. */
  readonly leader: string | undefined;
  readonly deployables: readonly DeployableRecord[];
  /** Milliseconds since then: more than a lease lasts, and this machine is cut off from the store. */
  readonly ageMs: number;
}

const renewMs = leaseTermMs / 5;
const missedMs = 2 * renewMs;
/** A machine that has just come back is not given anything for so long, unless it has to be. */
const evenOutAfterMs = 30_000;

interface Leading {
  readonly fence: LeaseFence;
  /** By the steady clock, from before the store was asked. */
  renewedAt: number;
}

export function openCoordination(options: CoordinationOptions): Coordination {
  const { machine, store, log, steadyNow } = options;
  const incarnation = randomBytes(8).toString('hex');
  const sight = createLeaseSight(steadyNow);
  const startedAt = Date.now();
  let leading: Leading | undefined;
  let beat: { readonly at: number; readonly revision: number | 'any'; readonly count: number } | undefined;
  let evenSince = steadyNow();
  let own = '';
  let leaderSilentMs = 0;
  let seen: Omit<SiteView, 'ageMs'> = { machines: [], leader: undefined, deployables: [] };
  let lookedAt = steadyNow();
  let isUsable: boolean | undefined;
  let isLeaving = false;
  let isLooking = false;

  const isLeading = () => leading !== undefined && steadyNow() - leading.renewedAt < leaseTermMs;

  return {
    machine,
    isLeading,
    mayLeadSoon: () => leaderSilentMs >= missedMs,
    site: () => ({ ...seen, ageMs: steadyNow() - lookedAt }),
    look: async () => {
      if (isLooking || isLeaving) return;
      isLooking = true;
      await lookOnce().then(
        () => noteStore(true, ''),
        (error: unknown) => noteStore(false, error instanceof Error ? error.message : String(error)),
      );
      isLooking = false;
    },
    leave: async () => {
      isLeaving = true;
      const { fence } = leading ?? {};
      leading = undefined;
      try {
        await tellOfSelf(true);
        if (fence !== undefined) await giveBackLease(store, fence);
      } catch (error) {
        log.warn({ reason: String(error) }, 'the other machines will notice later that this one has gone');
      }
    },
  };

  async function lookOnce(): Promise<void> {
    if (beat === undefined || steadyNow() - beat.at >= machineBeatMs) await tellOfSelf(false);
    await lead();
    const machines = await lookAtMachines(store, sight);
    const leases = await store.list(leaseKey(''), maxListed);
    const records = await store.list(deployableKey(''), maxListed);
    await noteSite(
      machines,
      records.map(({ value }) => value as unknown as DeployableRecord),
    );
    // Also by who does not lead: the next leader has then watched for long enough already.
    for (const { key, revision } of [...leases, ...records]) sight.see(key, revision);
    if (!isLeading()) return;
    if (machines.some(({ standing }) => standing !== 'in-service')) evenSince = steadyNow();
    await assign(records, machines, new Map(leases.map((each) => [each.key, each.revision])));
  }

  async function noteSite(machines: readonly SeenMachine[], deployables: readonly DeployableRecord[]): Promise<void> {
    const lease = (await store.get(leaderKey))?.value as unknown as LeaseRecord | undefined;
    const isFree = lease === undefined || lease.expiresAt === 0;
    const leader = isFree ? undefined : machines.find(({ place }) => place === lease.machine)?.name;
    seen = { machines, leader, deployables };
    lookedAt = steadyNow();
    noteOwn(deployables);
  }

  /** Whoever leads may be on another machine. */
  function noteOwn(records: readonly DeployableRecord[]): void {
    const now = records
      .filter((record) => record.machine === machine)
      .map(({ name, dpe }) => `${name} ${dpe}`)
      .join('\n');
    if (now !== own) options.onAssigned();
    own = now;
  }

  async function tellOfSelf(isGoing: boolean): Promise<void> {
    const at = steadyNow();
    const count = (beat?.count ?? 0) + 1;
    const record: MachineRecord = {
      ...{ name: machine, place: machineId(machine), incarnation, startedAt },
      ...{ version: options.version, isLeaving: isGoing, beat: count },
    };
    const told = await beatMachine(store, record, beat?.revision ?? 'any');
    if (told.kind === 'told') beat = { at, revision: told.revision, count };
    else if (told.kind === 'refused') throw new Error(told.reason);
    else {
      log.error({ machine }, 'another machine goes by this name: give each its own (cpectl up --machine NAME)');
      beat = { at, revision: 'any', count };
    }
  }

  async function lead(): Promise<void> {
    const askedAt = steadyNow();
    if (leading === undefined) {
      const watchedMs = await sinceSeen(leaderKey);
      leaderSilentMs = watchedMs;
      const taken = await takeLease(store, leaderKey, {
        holder: incarnation,
        now: Date.now(),
        shared: { machine, sight },
      });
      if (taken.kind !== 'held') return;
      leading = { fence: taken.fence, renewedAt: askedAt };
      evenSince = steadyNow();
      await tellLeading(taken, watchedMs);
      return;
    }
    if (askedAt - leading.renewedAt < renewMs) return;
    const outcome = await renewLease(store, leading.fence, Date.now());
    if (outcome.kind === 'renewed') leading.renewedAt = askedAt;
    else if (outcome.kind === 'lost') {
      log.warn({ machine, epoch: leading.fence.epoch }, 'another machine leads');
      leading = undefined;
    }
  }

  async function sinceSeen(key: string): Promise<number> {
    const found = await store.get(key);
    return found === undefined ? 0 : sight.see(key, found.revision);
  }

  async function tellLeading(taken: Extract<LeaseOutcome, { kind: 'held' }>, watchedMs: number): Promise<void> {
    const { epoch } = taken.lease;
    const why = whyLeading(taken.before, watchedMs);
    log.info({ machine, epoch, why, watchedMs: Math.round(watchedMs) }, 'this machine leads');
    const before = taken.before?.ended ?? 'none';
    await tell({
      kind: 'leader-changed',
      reason: `coordinator machine ${machine} leads: ${why}`,
      evidence: { machine, epoch, before, watchedMs: Math.round(watchedMs) },
    });
  }

  async function assign(
    found: readonly KeyedRecord[],
    machines: readonly SeenMachine[],
    leases: ReadonlyMap<string, number>,
  ): Promise<void> {
    const records = found.map(({ value }) => value as unknown as DeployableRecord);
    const placed = found.map(({ key, value, revision }) => {
      const { name, dpe, machine: at } = value as unknown as DeployableRecord;
      const lease = leases.get(leaseKey(name));
      const unrenewedMs = lease === undefined ? leaseWatchMs : sight.see(leaseKey(name), lease);
      // The second half: whoever was given it last has had its time.
      const isStalled = unrenewedMs >= leaseWatchMs && sight.see(key, revision) >= leaseWatchMs;
      return { name, dpe, machine: at, isStalled };
    });
    const mayEvenOut = steadyNow() - evenSince >= evenOutAfterMs;
    const moves = assignMachines(placed, machines, { maxDeployables: options.maxDeployables, mayEvenOut });
    for (const move of moves) await perform(move, machines, leases);
    if (moves.length > 0) {
      evenSince = steadyNow();
      noteOwn(await listDeployables(store));
    }
    const moved = new Set(moves.map(({ deployable }) => deployable));
    for (const record of records) if (!moved.has(record.name)) await noteRunOut(record, leases);
  }

  async function perform(
    { deployable, from, to, dpe, reason }: Move,
    machines: readonly SeenMachine[],
    leases: ReadonlyMap<string, number>,
  ): Promise<void> {
    const changed = await change(deployable, ({ runOutLease: _old, ...record }) => {
      const runOut = runOutRevision(deployable, leases);
      return { ...record, machine: to, dpe, ...(runOut === undefined ? {} : { runOutLease: runOut }) };
    });
    if (!changed) return;
    const silentMs = machines.find(({ name }) => name === from)?.unchangedMs ?? 0;
    const why = whyMoved(reason, from, silentMs);
    log.info({ deployable, from, to, why }, 'given to another machine');
    if (reason === 'new') return;
    await tell({
      deployable,
      kind: 'deployable-moved',
      reason: `coordinator machine ${to} decides for it: ${why}`,
      evidence: { from: from ?? '', to, why: reason, silentMs: Math.round(silentMs) },
    });
  }

  /** The DPE that was given a deployable waits for the end of its old lease: whoever has watched longer says so. */
  async function noteRunOut(record: DeployableRecord, leases: ReadonlyMap<string, number>): Promise<void> {
    const revision = runOutRevision(record.name, leases);
    if (revision === undefined || record.runOutLease === revision) return;
    await change(record.name, (present) => ({ ...present, runOutLease: revision }));
  }

  function runOutRevision(deployable: string, leases: ReadonlyMap<string, number>): number | undefined {
    const key = leaseKey(deployable);
    const revision = leases.get(key);
    return revision !== undefined && sight.see(key, revision) >= leaseWatchMs ? revision : undefined;
  }

  /** What somebody else changes at the same moment is looked at again in a second. */
  async function change(name: string, to: (record: DeployableRecord) => DeployableRecord): Promise<boolean> {
    const found = await readDeployable(store, name);
    if (found === undefined || leading === undefined || !isLeading()) return false;
    const value = to(found.record) as unknown as JsonValue;
    const { fence } = leading;
    return (await store.put(deployableKey(name), value, found.revision, { fence })).kind === 'stored';
  }

  async function tell(event: {
    readonly deployable?: string;
    readonly kind: string;
    readonly reason: string;
    readonly evidence: JsonValue;
  }): Promise<void> {
    if (leading === undefined) return;
    await store.appendEvents([{ time: Date.now(), deployable: '', ...event }], { fence: leading.fence });
    options.onEvent();
  }

  function noteStore(isNow: boolean, reason: string): void {
    if (isUsable === isNow) return;
    isUsable = isNow;
    if (isNow) log.info({ machine }, 'the store of the site answers');
    else log.error({ machine, reason }, 'the store of the site does not answer: others may take over');
    options.onStore?.(isNow);
  }
}

const maxListed = 100_000;

function whyLeading(before: Extract<LeaseOutcome, { kind: 'held' }>['before'], watchedMs: number): string {
  switch (before?.ended) {
    case undefined:
      return 'no other one did';
    case 'own':
      return 'it did before';
    case 'given-back':
      return 'the one that led has gone';
    case 'holder-dead':
      return 'its process that led before has ended';
    case 'run-out':
      return `the one that led has not renewed its lease for ${seconds(watchedMs)} s`;
  }
}

function whyMoved(reason: Move['reason'], from: string | undefined, silentMs: number): string {
  switch (reason) {
    case 'new':
      return 'it is new';
    case 'machine-silent':
      return `${from} has been silent for ${seconds(silentMs)} s`;
    case 'machine-leaving':
      return `${from} goes down`;
    case 'machine-unknown':
      return `there is no machine ${from} any more`;
    case 'decider-silent':
      return `nobody on ${from} has renewed its lease`;
    case 'uneven':
      return `${from} decides for more`;
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
