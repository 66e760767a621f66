import type { BusMethod, BusReply, BusTarget, MessageBus } from '../dbus/message-bus.js';
import type { SystemdReply } from './systemd-manager.js';

export const systemdName = 'org.freedesktop.systemd1';
export const systemdPath = '/org/freedesktop/systemd1';
export const managerInterface = 'org.freedesktop.systemd1.Manager';
export const propertiesInterface = 'org.freedesktop.DBus.Properties';

export const manager: BusTarget = { service: systemdName, path: systemdPath, interface: managerInterface };

export interface CallOptions {
  readonly timeoutMs?: number;
  /** Asked again when systemd or the bus goes away meanwhile (daemon-reexec, a restart of the bus) and comes back. */
  readonly isRepeatable?: boolean;
}

/** Calls to systemd. */
export interface SystemdCalls {
  call(target: BusTarget, method: BusMethod, options?: CallOptions): Promise<SystemdReply<readonly unknown[]>>;
}

/** Waits between attempts: a bus or a systemd that is started anew is back within that, or it is not. */
const pausesMs = [50, 100, 200, 400, 800, 1600] as const;
const defaultTimeoutMs = 25_000;

export function systemdCalls(bus: MessageBus): SystemdCalls {
  /** Only what was there before is waited for. */
  let wasThere = false;
  return {
    async call(target, method, { timeoutMs = defaultTimeoutMs, isRepeatable = false } = {}) {
      const deadline = performance.now() + timeoutMs;
      for (let attempt = 0; ; attempt += 1) {
        const reply = await bus.call(target, method, Math.max(1, deadline - performance.now()));
        const pauseMs = pausesMs[attempt];
        if (reply.kind === 'reply') wasThere = true;
        const isOver = !isRepeatable || !wasThere || pauseMs === undefined || performance.now() + pauseMs > deadline;
        if (isOver || !isAway(reply)) return interpret(reply);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    },
  };
}

/** Errors of the bus about systemd, not of systemd itself. */
function isAway(reply: BusReply): boolean {
  if (reply.kind === 'reply') return false;
  return (
    reply.name === 'disconnected' ||
    reply.name === 'org.freedesktop.DBus.Error.ServiceUnknown' ||
    reply.name === 'org.freedesktop.DBus.Error.NameHasNoOwner' ||
    // What the bus answers for who went away before it did.
    reply.name === 'org.freedesktop.DBus.Error.NoReply' ||
    reply.name.startsWith('org.freedesktop.DBus.Error.Spawn.')
  );
}

function interpret(reply: BusReply): SystemdReply<readonly unknown[]> {
  if (reply.kind === 'reply') return { kind: 'done', value: reply.values };
  const { name, message } = reply;
  if (name === 'timeout') return { kind: 'unavailable', message: `systemd does not answer: ${message}` };
  if (name === 'disconnected') return { kind: 'unavailable', message };
  if (isAway(reply)) return { kind: 'unavailable', message: `no systemd on the message bus: ${message}` };
  return { kind: 'refused', name, message };
}
