import type { LifeWatch } from '../platform.js';
import { reasonOf } from './cloud-fault.js';
import type { Server } from './server.js';

/** Nova tells its projects of nothing: whoever wants to know has to ask. One listing asks for all servers at once. */
export interface ServerPoll {
  /**
   * The server as Nova lists it now, or showed it a moment ago; undefined when it is not listed. Rejects with the reason
   * why there is no listing.
   */
  find(id: string): Promise<Server | undefined>;
  /** Calls `onHint` when a listing shows the server in another state than the one before. */
  watch(id: string, onHint: () => void): LifeWatch;
  /** It will change soon: look more often for a while. */
  expect(id: string): void;
  close(): Promise<void>;
}

export interface ServerPollOptions {
  readonly list: () => Promise<readonly Server[]>;
  /** Between two listings as long as nothing is expected. */
  readonly intervalMs: number;
  /** Between two listings while something is. */
  readonly expectingMs: number;
}

/** A cloud that takes long to answer is asked less often: at most this part of the time it works for us. */
const SHARE = 1 / 10;
const LONGEST_MS = 60_000;
const EXPECTATION_MS = 120_000;

export function createServerPoll({ list, intervalMs, expectingMs }: ServerPollOptions): ServerPoll {
  let servers: ReadonlyMap<string, Server> | undefined;
  let listedAt = Number.NEGATIVE_INFINITY;
  let durationMs = 0;
  let failure: { readonly reason: string; readonly until: number } | undefined;
  let failures = 0;
  let listing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const watches = new Map<string, { readonly hints: Set<() => void>; readonly since: number }>();
  const expectations = new Map<string, number>();

  const isExpecting = (now: number) => {
    for (const [id, until] of expectations) if (until < now) expectations.delete(id);
    return expectations.size > 0;
  };
  const pauseMs = (now: number) => {
    if (failure !== undefined) return Math.max(failure.until - now, expectingMs);
    const wanted = isExpecting(now) ? expectingMs : intervalMs;
    return Math.min(Math.max(wanted, durationMs / SHARE), LONGEST_MS);
  };
  const listNow = async () => {
    const begin = performance.now();
    try {
      const fresh = new Map((await list()).map((server) => [server.id, server]));
      durationMs = performance.now() - begin;
      failure = undefined;
      failures = 0;
      const before = servers;
      servers = fresh;
      listedAt = begin;
      for (const [id, { hints }] of watches) {
        if (before !== undefined && stateOf(before.get(id)) === stateOf(fresh.get(id))) continue;
        for (const hint of hints) hint();
      }
    } catch (error) {
      failures += 1;
      const backOffMs = Math.min(expectingMs * 2 ** failures, LONGEST_MS);
      failure = { reason: reasonOf(error), until: performance.now() + backOffMs };
    }
  };
  const refresh = () => {
    listing ??= listNow().finally(() => {
      listing = undefined;
      schedule();
    });
    return listing;
  };
  const schedule = () => {
    clearTimeout(timer);
    if (!isClosed && watches.size > 0) timer = setTimeout(refresh, pauseMs(performance.now()));
  };

  return {
    find: async (id) => {
      // What was listed before it was watched may show it as it was before that.
      const since = watches.get(id)?.since ?? Number.NEGATIVE_INFINITY;
      const isFresh = () => {
        const now = performance.now();
        // What failed a moment ago is not tried again by everyone who asks.
        if (failure !== undefined) return now < failure.until;
        return now - listedAt <= pauseMs(now) * 1.5 && listedAt >= since;
      };
      if (!isFresh()) await refresh();
      // The listing that was waited for may have begun before.
      if (failure === undefined && listedAt < since) await refresh();
      if (failure !== undefined || servers === undefined) throw new Error(failure?.reason ?? 'not listed yet');
      return servers.get(id);
    },
    watch: (id, onHint) => {
      const hints = watches.get(id)?.hints ?? new Set();
      watches.set(id, { hints: hints.add(onHint), since: performance.now() });
      if (listing === undefined) schedule();
      return {
        expect: () => expect(id),
        close: () => {
          hints.delete(onHint);
          if (hints.size > 0) return;
          watches.delete(id);
          expectations.delete(id);
        },
      };
    },
    expect: (id) => expect(id),
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await listing;
    },
  };

  function expect(id: string): void {
    expectations.set(id, performance.now() + EXPECTATION_MS);
    // What was listed before this says nothing of what is expected.
    listedAt = Number.NEGATIVE_INFINITY;
    if (listing === undefined) schedule();
  }
}

function stateOf(server: Server | undefined): string {
  if (server === undefined) return 'not listed';
  const { status, task, power, hostStatus, addresses } = server;
  return [status, task, power, hostStatus, ...addresses.map(({ address }) => address)].join(' ');
}
