import { type Done, type HostHeartbeat, type Matahari, problem, type ResourceOp } from './matahari.js';

/** Objects that answer what they are told to and keep what they were asked, for tests of what is in front of the port. */
export interface ScriptedMatahari extends Matahari {
  /** `host.getUuid` and its arguments, in order. */
  readonly asked: (readonly [method: string, args: readonly unknown[]])[];
  /** By method (`host.getUuid`); a method without one has failed. */
  readonly replies: Map<string, (...args: readonly unknown[]) => Done<unknown> | Promise<Done<unknown>>>;
  beat(beat: HostHeartbeat): void;
  raise(op: ResourceOp): void;
  readonly isClosed: () => boolean;
}

export function scriptedMatahari(): ScriptedMatahari {
  const asked: ScriptedMatahari['asked'] = [];
  const replies: ScriptedMatahari['replies'] = new Map();
  const beats = new Set<(beat: HostHeartbeat) => void>();
  const ops = new Set<(op: ResourceOp) => void>();
  let isClosed = false;
  const listenTo =
    <T>(listeners: Set<(value: T) => void>) =>
    (listener: (value: T) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
  const listening: Readonly<Record<string, unknown>> = {
    'host.onHeartbeat': listenTo(beats),
    'resources.onResourceOp': listenTo(ops),
  };
  const object = (name: string): unknown =>
    new Proxy(
      {},
      {
        get: (_target, method) => {
          // Awaited, it is itself.
          if (method === 'then') return undefined;
          const called = `${name}.${String(method)}`;
          if (called in listening) return listening[called];
          return async (...args: readonly unknown[]) => {
            asked.push([called, args]);
            return replies.get(called)?.(...args) ?? problem('failed', `${called} has no reply`);
          };
        },
      },
    );
  const objects = Object.fromEntries(
    ['host', 'services', 'resources', 'network', 'sysconfig'].map((name) => [name, object(name)]),
  ) as unknown as Pick<Matahari, 'host' | 'services' | 'resources' | 'network' | 'sysconfig'>;
  return {
    ...objects,
    asked,
    replies,
    backends: () => ({ Host: 'own', Services: 'own', Resources: 'dbus', Network: 'dbus', Sysconfig: 'own' }),
    close: async () => {
      isClosed = true;
    },
    beat: (beat) => {
      for (const listener of beats) listener(beat);
    },
    raise: (op) => {
      for (const listener of ops) listener(op);
    },
    isClosed: () => isClosed,
  };
}
