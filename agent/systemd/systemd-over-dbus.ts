import { busName } from '../dbus/match-rules.js';
import type { MessageBus } from '../dbus/message-bus.js';
import {
  manager,
  managerInterface,
  type SystemdCalls,
  systemdCalls,
  systemdName,
  systemdPath,
} from './systemd-calls.js';
import type { SystemdManager, SystemdReply, UnitFile, UnitState } from './systemd-manager.js';
import { unitChanges } from './unit-changes.js';
import { unitJobs } from './unit-jobs.js';
import { readActiveState, readUnit } from './unit-properties.js';

export interface SystemdConnection extends SystemdManager {
  /** Stops listening. The bus is closed by whoever opened it. */
  close(): void;
}

/** A machine with many unit files takes its time to read them all. */
const reloadMs = 90_000;

/**
 * systemd over a message bus (org.freedesktop.systemd1(5)). It is told of changes and ends of jobs, and asks only where
 * something may have been missed: the bus was away, systemd has executed itself anew, or unit files were read again.
 */
export function systemdOverDbus(bus: MessageBus): SystemdConnection {
  const calls = systemdCalls(bus);
  const jobs = unitJobs(bus, calls);
  const changes = unitChanges(bus, calls);
  const lookAgain = (): void => {
    void calls.call(manager, { member: 'Subscribe' });
    jobs.lookAgain();
    changes.lookAgain();
  };
  let removals: readonly (() => void)[] = [];

  /** Nothing is listened to before somebody waits for something. */
  function attend(): void {
    if (removals.length > 0) return;
    removals = [
      bus.onConnection((isConnected) => {
        if (isConnected) lookAgain();
      }),
      bus.onSignal(
        { service: busName, interface: busName, member: 'NameOwnerChanged', argument0: systemdName },
        ({ values: [, , owner] }) => {
          if (owner !== '') lookAgain();
        },
      ),
      bus.onSignal(
        { service: systemdName, path: systemdPath, interface: managerInterface, member: 'Reloading' },
        ({ values: [isBegin] }) => {
          if (isBegin === false) lookAgain();
        },
      ),
    ];
  }

  const reload = sharedReload(calls);

  /** Links change at once; systemd knows of them when it has read its unit files again, as after systemctl(1) enable. */
  async function changeUnitFiles(
    member: string,
    signature: string,
    values: readonly unknown[],
  ): Promise<SystemdReply<void>> {
    const changed = await calls.call(manager, { member, signature, arguments: values });
    return changed.kind === 'done' ? reload() : changed;
  }

  /** Of a unit that is followed everything is known; that it is so still takes one small question. */
  async function unit(name: string, timeoutMs?: number): Promise<SystemdReply<UnitState>> {
    const known = changes.known(name);
    if (known !== undefined) {
      const active = await readActiveState(calls, name, timeoutMs);
      if (active.kind !== 'done') return active;
      const now = changes.known(name);
      if (now?.activeState === active.value) return { kind: 'done', value: now };
    }
    return readUnit(calls, name, timeoutMs);
  }

  return {
    unit,
    runJob(name, job, timeoutMs, signal) {
      attend();
      return jobs.run(name, job, { timeoutMs, signal });
    },
    async resetFailed(name) {
      const reply = await calls.call(manager, { member: 'ResetFailedUnit', signature: 's', arguments: [name] });
      return reply.kind === 'done' ? { kind: 'done', value: undefined } : reply;
    },
    listServices: () => listServices(calls),
    reload,
    enable: (name) => changeUnitFiles('EnableUnitFiles', 'asbb', [[name], false, false]),
    disable: (name) => changeUnitFiles('DisableUnitFiles', 'asb', [[name], false]),
    onUnitChange(name, listener) {
      attend();
      return changes.follow(name, listener);
    },
    close() {
      for (const remove of removals) remove();
      removals = [];
      jobs.close();
      changes.close();
    },
  };
}

async function listServices(calls: SystemdCalls): Promise<SystemdReply<readonly UnitFile[]>> {
  const reply = await calls.call(manager, { member: 'ListUnitFiles' }, { isRepeatable: true });
  if (reply.kind !== 'done') return reply;
  const states = new Map<string, string>();
  for (const [path, state] of (reply.value[0] ?? []) as readonly (readonly [string, string])[]) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (name.endsWith('.service')) states.set(name, state);
  }
  const names = [...states.keys()].sort();
  return { kind: 'done', value: names.map((name) => ({ name, state: states.get(name) ?? '' })) };
}

/** One that is under way may have read the files already: who comes then waits for the next one, with all who do. */
function sharedReload(calls: SystemdCalls): () => Promise<SystemdReply<void>> {
  let current: Promise<unknown> | undefined;
  let next: Promise<SystemdReply<void>> | undefined;
  return () => {
    next ??= (async () => {
      await current;
      next = undefined;
      const call = calls.call(manager, { member: 'Reload' }, { timeoutMs: reloadMs });
      current = call;
      const reply = await call;
      return reply.kind === 'done' ? { kind: 'done', value: undefined } : reply;
    })();
    return next;
  };
}
