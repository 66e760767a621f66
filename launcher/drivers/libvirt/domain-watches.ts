import type { LifeWatch } from '../platform.js';
import { type Departure, departureOf } from './domain-state.js';
import type { LifecycleEvent } from './libvirt-calls.js';

/** Owns the watches on domains, by UUID, and remembers how a watched one has left libvirt. */
export interface DomainWatches {
  watch(uuid: string, onHint: () => void, onLook: () => void): LifeWatch;
  /** Undefined: libvirt has not said, or not to us. */
  departureOf(uuid: string): Departure | undefined;
  /** Does something again and again for as long as the domain is watched. */
  repeat(uuid: string, intervalMs: number, act: () => void): void;
  onEvent(event: LifecycleEvent): void;
  /** Whatever has been missed: all are worth to be looked at. */
  onChange(): void;
  close(): void;
}

interface Watched {
  readonly onHint: () => void;
  readonly look: NodeJS.Timeout;
  departure: Departure | undefined;
  repetition: NodeJS.Timeout | undefined;
  /** More frequent hints. */
  expectation: NodeJS.Timeout | undefined;
}

/** virDomainEventType: it runs, perhaps again. */
const STARTED = 2;
const LOOK_MS = 5_000;
/** libvirt tells of an end a moment before the kernel has reaped what has ended. */
const EXPECT_MS = 50;
const EXPECT_FOR_MS = 15_000;

export function createDomainWatches(): DomainWatches {
  const watched = new Map<string, Watched>();

  const expect = (entry: Watched) => {
    const until = performance.now() + EXPECT_FOR_MS;
    entry.expectation ??= setInterval(() => {
      if (performance.now() < until) return entry.onHint();
      clearInterval(entry.expectation);
      entry.expectation = undefined;
    }, EXPECT_MS);
  };
  const end = (entry: Watched) => {
    clearInterval(entry.look);
    clearInterval(entry.repetition);
    clearInterval(entry.expectation);
  };

  return {
    watch: (uuid, onHint, onLook) => {
      const entry: Watched = {
        onHint,
        look: setInterval(onLook, LOOK_MS),
        departure: undefined,
        repetition: undefined,
        expectation: undefined,
      };
      watched.set(uuid, entry);
      return {
        expect: () => expect(entry),
        close: () => {
          end(entry);
          if (watched.get(uuid) === entry) watched.delete(uuid);
        },
      };
    },
    departureOf: (uuid) => watched.get(uuid)?.departure,
    repeat: (uuid, intervalMs, act) => {
      const entry = watched.get(uuid);
      if (entry !== undefined) entry.repetition ??= setInterval(act, intervalMs);
    },
    onEvent: (event) => {
      const entry = watched.get(event.domain.uuid);
      if (entry === undefined) return;
      const departure = departureOf(event);
      if (event.event === STARTED) entry.departure = undefined;
      // The first one says why: after a panic libvirt destroys the domain, and says that too.
      else entry.departure ??= departure;
      if (departure !== undefined) expect(entry);
      entry.onHint();
    },
    onChange: () => {
      for (const { onHint } of watched.values()) onHint();
    },
    close: () => {
      for (const entry of watched.values()) end(entry);
      watched.clear();
    },
  };
}
