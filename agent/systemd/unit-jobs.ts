import type { BusTarget, MessageBus } from '../dbus/message-bus.js';
import {
  manager,
  managerInterface,
  propertiesInterface,
  type SystemdCalls,
  systemdName,
  systemdPath,
} from './systemd-calls.js';
import type { JobResult, SystemdReply, UnitJob } from './systemd-manager.js';
import { readUnit } from './unit-properties.js';

export interface JobOptions {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Queues jobs and waits for their ends. */
export interface UnitJobs {
  run(name: string, job: UnitJob, options: JobOptions): Promise<SystemdReply<JobResult>>;
  /** systemd or the bus was away: ends of jobs may have been missed. */
  lookAgain(): void;
  close(): void;
}

const members = { start: 'StartUnit', stop: 'StopUnit', restart: 'RestartUnit', reload: 'ReloadUnit' } as const;
const jobInterface = 'org.freedesktop.systemd1.Job';
const cancelMs = 5000;

interface PendingJob {
  readonly unit: string;
  readonly job: UnitJob;
  /** Of the job's object, once systemd has told it. */
  path: string | undefined;
  /** Jobs that ended before this one's path was known. */
  readonly early: Map<string, JobResult>;
  readonly settle: (reply: SystemdReply<JobResult>) => void;
}

/** JobRemoved is listened to from before the first job is queued until the last has ended; nothing is polled. */
export function unitJobs(bus: MessageBus, calls: SystemdCalls): UnitJobs {
  const pending = new Set<PendingJob>();
  let removeListener: (() => void) | undefined;

  function listen(): void {
    const match = { service: systemdName, path: systemdPath, interface: managerInterface, member: 'JobRemoved' };
    removeListener ??= bus.onSignal(match, ({ values: [, path, , result] }) => {
      if (typeof path !== 'string' || typeof result !== 'string') return;
      for (const job of [...pending]) {
        if (job.path === path) job.settle({ kind: 'done', value: result });
        else if (job.path === undefined) job.early.set(path, result);
      }
    });
  }

  function unlisten(): void {
    if (pending.size > 0) return;
    removeListener?.();
    removeListener = undefined;
  }

  async function run(unit: string, job: UnitJob, options: JobOptions): Promise<SystemdReply<JobResult>> {
    const { timeoutMs, signal } = options;
    if (signal?.aborted === true) return { kind: 'done', value: 'canceled' };
    return new Promise((resolve) => {
      const settle = (reply: SystemdReply<JobResult>): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        pending.delete(own);
        unlisten();
        resolve(reply);
      };
      const own: PendingJob = { unit, job, path: undefined, early: new Map(), settle };
      const timer = setTimeout(() => cancel(calls, own, 'timeout'), Math.min(timeoutMs, 2 ** 31 - 1));
      const onAbort = (): void => cancel(calls, own, 'canceled');
      signal?.addEventListener('abort', onAbort);
      pending.add(own);
      listen();
      void queue(own, timeoutMs);
    });
  }

  async function queue(own: PendingJob, timeoutMs: number): Promise<void> {
    // Signals are sent while at least one client has asked for them; asking twice is an error that changes nothing.
    void calls.call(manager, { member: 'Subscribe' }, { timeoutMs });
    const method = { member: members[own.job], signature: 'ss', arguments: [own.unit, 'replace'] };
    // Queued twice a start is one job, and so is a stop; a restart would be two.
    const isRepeatable = own.job === 'start' || own.job === 'stop';
    const reply = await calls.call(manager, method, { timeoutMs, isRepeatable });
    if (reply.kind !== 'done') {
      own.settle(reply);
      return;
    }
    const [path] = reply.value;
    own.path = typeof path === 'string' ? path : '';
    const result = own.early.get(own.path);
    if (result !== undefined) own.settle({ kind: 'done', value: result });
    own.early.clear();
    // It was given up before systemd had answered: nobody waits for the job any more.
    if (!pending.has(own)) await cancelJob(calls, own.path);
  }

  return {
    run,
    lookAgain() {
      for (const own of pending) void findOut(calls, own);
    },
    close() {
      for (const own of [...pending]) own.settle({ kind: 'unavailable', message: 'closed' });
    },
  };
}

/** The waiting ends in any case, with what made it end. */
function cancel(calls: SystemdCalls, own: PendingJob, result: 'timeout' | 'canceled'): void {
  const { path } = own;
  own.path = undefined;
  own.settle({ kind: 'done', value: result });
  if (path !== undefined) void cancelJob(calls, path);
}

async function cancelJob(calls: SystemdCalls, path: string): Promise<void> {
  const target: BusTarget = { service: systemdName, path, interface: jobInterface };
  // A job that has ended meanwhile has no object any more.
  await calls.call(target, { member: 'Cancel' }, { timeoutMs: cancelMs });
}

/** Whether a job whose end may have been missed is still there; if not, its unit's state says how it ended. */
async function findOut(calls: SystemdCalls, own: PendingJob): Promise<void> {
  const { path } = own;
  if (path === undefined) return;
  void calls.call(manager, { member: 'Subscribe' });
  const target: BusTarget = { service: systemdName, path, interface: propertiesInterface };
  const method = { member: 'Get', signature: 'ss', arguments: [jobInterface, 'Unit'] };
  const there = await calls.call(target, method, { isRepeatable: true });
  if (there.kind !== 'refused') return;
  const unit = await readUnit(calls, own.unit);
  if (unit.kind !== 'done') return;
  const isDown = unit.value.activeState === 'inactive' || unit.value.activeState === 'failed';
  const isAsAsked = own.job === 'stop' ? isDown : unit.value.activeState !== 'failed';
  own.settle({ kind: 'done', value: isAsAsked ? 'done' : 'failed' });
}
