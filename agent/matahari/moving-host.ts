import { continuedSequence } from './continued-sequence.js';
import { done, type HostHeartbeat, type HostObject, type Matahari } from './matahari.js';
import { listenersOf } from './own/listeners.js';
import type { OwnLog } from './own/own-options.js';

/** A Host whose backend may change: listeners, update interval and sequence stay. */
export interface MovingHost extends HostObject {
  /** The backend is another one from now on. */
  moved(): Promise<void>;
}

/** @param current the backend that is to be asked now */
export function movingHost(current: () => Promise<Matahari>, log: OwnLog): MovingHost {
  const listeners = listenersOf<HostHeartbeat>('heartbeat', log);
  const sequence = continuedSequence<HostObject>();
  let interval: number | undefined;
  let following: { readonly host: HostObject; readonly remove: () => void } | undefined;
  let last: Promise<void> = Promise.resolve();

  const follow = async (): Promise<void> => {
    const host = listeners.size() === 0 ? undefined : (await current()).host;
    if (host === following?.host) return;
    following?.remove();
    following = undefined;
    if (host === undefined || listeners.size() === 0) return;
    const remove = host.onHeartbeat((beat) => {
      listeners.tell({ ...beat, sequence: sequence.tell(host, beat.sequence) });
    });
    following = { host, remove };
  };
  /** One after the other, so that no two of them listen to the same backend. */
  const followInTurn = (): Promise<void> => {
    last = last.then(follow, follow);
    return last;
  };
  return {
    async get() {
      const { host } = await current();
      const state = await host.get();
      if (state.kind === 'problem') return state;
      return done({ ...state.value, sequence: sequence.tell(host, state.value.sequence) });
    },
    async setUpdateInterval(seconds) {
      const outcome = await (await current()).host.setUpdateInterval(seconds);
      if (outcome.kind === 'done') interval = seconds;
      return outcome;
    },
    identify: async () => (await current()).host.identify(),
    shutdown: async () => (await current()).host.shutdown(),
    reboot: async () => (await current()).host.reboot(),
    getUuid: async (lifetime) => (await current()).host.getUuid(lifetime),
    setUuid: async (lifetime, uuid) => (await current()).host.setUuid(lifetime, uuid),
    setPowerProfile: async (profile) => (await current()).host.setPowerProfile(profile),
    getPowerProfile: async () => (await current()).host.getPowerProfile(),
    listPowerProfiles: async () => (await current()).host.listPowerProfiles(),
    onHeartbeat(listener) {
      const remove = listeners.add(listener);
      void followInTurn();
      return () => {
        remove();
        if (listeners.size() === 0) void followInTurn();
      };
    },
    async moved() {
      const { host } = await current();
      sequence.continueWith(host);
      if (interval !== undefined) await host.setUpdateInterval(interval);
      await followInTurn();
    },
  };
}
