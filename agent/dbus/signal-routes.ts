import { busName, isMatching, isUnique, matchRule } from './match-rules.js';
import type { BusSignal, SignalMatch } from './message-bus.js';
import type { WireMessage } from './wire-message.js';

/** Who wants which signals, whatever becomes of the connection. */
export interface SignalRoutes {
  add(match: SignalMatch, listener: (signal: BusSignal) => void): () => void;
  dispatch(signal: WireMessage): void;
  /** A new connection knows no matches and no owners yet. */
  connected(): void;
  disconnected(): void;
  clear(): void;
}

/** What the routes need of the bus itself; both do nothing while there is no connection. */
export interface RouteRequests {
  changeMatch(member: 'AddMatch' | 'RemoveMatch', rule: string): void;
  /** Tells the unique name of who has the service's name; nothing when nobody has. */
  askOwner(service: string, tell: (owner: string) => void): void;
}

interface Subscription {
  readonly match: SignalMatch;
  readonly listener: (signal: BusSignal) => void;
}

interface ServiceUse {
  uses: number;
  owner: string | undefined;
}

/**
 * Signals by who sends them: of each service that is listened to, the owner of its name is followed, so that nobody else
 * can send in its name.
 */
export function signalRoutes({ changeMatch, askOwner }: RouteRequests): SignalRoutes {
  const subscriptions = new Set<Subscription>();
  const services = new Map<string, ServiceUse>();

  /** Whoever asks for the owner after the match is in place misses no change of it. */
  function followOwner(service: string): void {
    changeMatch('AddMatch', matchRule(ownerMatch(service)));
    askOwner(service, (owner) => {
      const use = services.get(service);
      if (use !== undefined) use.owner = owner;
    });
  }

  function addUse(service: string): void {
    if (isUnique(service)) return;
    const use = services.get(service);
    if (use !== undefined) {
      use.uses += 1;
      return;
    }
    services.set(service, { uses: 1, owner: undefined });
    followOwner(service);
  }

  function removeUse(service: string): void {
    const use = services.get(service);
    if (use === undefined) return;
    use.uses -= 1;
    if (use.uses > 0) return;
    services.delete(service);
    changeMatch('RemoveMatch', matchRule(ownerMatch(service)));
  }

  return {
    add(match, listener) {
      const subscription = { match, listener };
      subscriptions.add(subscription);
      addUse(match.service);
      changeMatch('AddMatch', matchRule(match));
      return () => {
        if (!subscriptions.delete(subscription)) return;
        changeMatch('RemoveMatch', matchRule(match));
        removeUse(match.service);
      };
    },
    dispatch(signal) {
      if (signal.sender === busName && signal.member === 'NameOwnerChanged') {
        const [name, , owner] = signal.values;
        const use = typeof name === 'string' ? services.get(name) : undefined;
        if (use !== undefined) use.owner = typeof owner === 'string' && owner !== '' ? owner : undefined;
      }
      for (const subscription of [...subscriptions]) {
        const { match, listener } = subscription;
        if (!isMatching(match, services.get(match.service)?.owner, signal)) continue;
        // An earlier listener may have removed a later one.
        if (subscriptions.has(subscription)) listener({ path: signal.path ?? '', values: signal.values });
      }
    },
    connected() {
      for (const service of services.keys()) followOwner(service);
      for (const { match } of subscriptions) changeMatch('AddMatch', matchRule(match));
    },
    disconnected() {
      for (const use of services.values()) use.owner = undefined;
    },
    clear() {
      subscriptions.clear();
      services.clear();
    },
  };
}

function ownerMatch(service: string): SignalMatch {
  return { service: busName, interface: busName, member: 'NameOwnerChanged', argument0: service };
}
