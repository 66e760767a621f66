import type { AgentIdentity, InstanceCondition, InstanceSpec } from '../driver.js';
import type { Found, Platform } from './platform.js';

/** One life as the test wants it. */
export interface ScriptedLife {
  condition: InstanceCondition;
  /** Why the platform cannot tell; undefined: it can. */
  trouble: string | undefined;
  /** Undefined while it lives. */
  evidence: string | undefined;
}

/** A platform of nothing but words, for tests of what every driver shares: survives the drivers that are opened on it. */
export interface ScriptedPlatform extends Platform<string> {
  readonly lives: Map<string, ScriptedLife>;
  /** What `capacity` tells. */
  inAll: { readonly cpus: number; readonly memoryMiB: number } | undefined;
  /** Something is worth to be looked at. */
  hint(instance: string): void;
  capacity: NonNullable<Platform<string>['capacity']>;
}

export function scriptedPlatform(): ScriptedPlatform {
  const lives = new Map<string, ScriptedLife>();
  const watches = new Map<string, () => void>();
  const end = async (instance: string) => {
    const life = lives.get(instance);
    if (life !== undefined) life.evidence = 'ended';
    watches.get(instance)?.();
  };
  const platform: ScriptedPlatform = {
    lives,
    inAll: undefined,
    hint: (instance) => watches.get(instance)?.(),
    outlivesMachine: true,
    addresses: undefined,
    completeIdentity: ({ identity }, { directory }) => ({
      ...identity,
      address: '',
      hostname: identity.assembly,
      stateDirectory: directory,
    }),
    start: async ({ instance }) => {
      lives.set(instance, { condition: { kind: 'working' }, trouble: undefined, evidence: undefined });
      return 'it ended at once';
    },
    settle: async ({ record: { instance } }) =>
      lives.has(instance) ? { kind: 'life', life: instance } : { kind: 'never' },
    examine: async (instance) => {
      const life = lives.get(instance);
      if (life?.trouble !== undefined) return { kind: 'unknown', reason: life.trouble };
      if (life === undefined || life.evidence !== undefined) {
        return { kind: 'dead', evidence: life?.evidence ?? 'no such life' };
      }
      return { kind: 'alive', pid: 1, agentPid: undefined, condition: life.condition };
    },
    watch: (instance, _place, onHint) => {
      watches.set(instance, onHint);
      return { expect: () => undefined, close: () => watches.delete(instance) };
    },
    askToEnd: end,
    kill: end,
    cleanUp: async () => undefined,
    findAll: async () =>
      [...lives]
        .filter(([, { evidence }]) => evidence === undefined)
        .map(([instance]): Found<string> => ({ instance, life: instance, what: 'words' })),
    adopt: async () => undefined,
    capacity: async () => platform.inAll,
    close: async () => undefined,
  };
  return platform;
}

/** What a test starts; `shop.<assembly>.h1.1-1`. */
export function scriptedSpec(assembly: string, more: Partial<InstanceSpec> = {}): InstanceSpec {
  const instance = `shop.${assembly}.h1.1-1`;
  const identity: AgentIdentity = {
    ...{ deployable: 'shop', assembly, instance, launcherHost: 'h1', epoch: 1, heartbeatIntervalMs: 1_000 },
    busServers: ['nats://127.0.0.1:4222'],
    credentialsFile: '/nowhere',
  };
  return {
    ...{ instance, deployable: 'shop', assembly, image: undefined, cpus: undefined, memoryMiB: undefined },
    ...{ disks: [], networks: [], placement: {}, bootDeadlineMs: 10_000, identity },
    ...more,
  };
}
