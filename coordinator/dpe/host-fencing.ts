/** Launcher hosts are fenced, and proofs of their death told to everybody: the two things a DPE does about hosts. */
import { runFencer } from '../effects/run-fencer.js';
import type { Store } from '../store/store.js';
import type { DpeEffect } from './core/dpe-effect.js';
import type { DpeEvent } from './core/dpe-event.js';
import { readHost, recordHostDeath } from './host-record.js';
import type { Logger } from './runtime-ports.js';

export type FenceHost = Extract<DpeEffect, { kind: 'fence-host' }>;
export type TellHostDead = Extract<DpeEffect, { kind: 'tell-host-dead' }>;
type Outcome = Extract<DpeEvent, { kind: 'host-fenced' }>['outcome'];

export interface HostFencing {
  /** Answers, whatever happens, unless it is closed first. Of two for the same host the second waits for the first. */
  fence(order: FenceHost): void;
  tellDead(proof: TellHostDead): void;
  /** Ends fencers that are at work. */
  close(): void;
}

export interface HostFencingOptions {
  readonly store: Store;
  readonly deployable: string;
  readonly log: Logger;
  readonly onFenced: (host: string, outcome: Outcome) => void;
}

const tellRetryMs = 1_000;

export function openHostFencing({ store, deployable, log, onFenced }: HostFencingOptions): HostFencing {
  const closing = new AbortController();
  const { signal } = closing;
  const underWay = new Map<string, Promise<void>>();
  return {
    fence: (order) => {
      const before = underWay.get(order.host) ?? Promise.resolve();
      const job = before.then(() => fenceOne(order));
      underWay.set(order.host, job);
      void job.finally(() => {
        if (underWay.get(order.host) === job) underWay.delete(order.host);
      });
    },
    tellDead: (proof) => void tell(proof),
    close: () => closing.abort(),
  };

  async function fenceOne(order: FenceHost): Promise<void> {
    const outcome = await proven(order).catch((error: unknown): Outcome => {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    });
    if (!signal.aborted) onFenced(order.host, outcome);
  }

  /** What another DPE, or an operator, has proven meanwhile needs no second proof. */
  async function proven(order: FenceHost): Promise<Outcome> {
    const { death } = await readHost(store, order.host);
    if (death !== undefined && death.at > order.heardAt) return { kind: 'known', death };
    return runFencer(order, signal);
  }

  async function tell({ host, at, evidence }: TellHostDead): Promise<void> {
    const death = { at, by: `the DPE of ${deployable}`, evidence };
    for (let isTold = false; !isTold && !signal.aborted; ) {
      const outcome = await recordHostDeath(store, host, death).catch((error: unknown) => {
        return { kind: 'refused' as const, reason: String(error) };
      });
      isTold = outcome.kind === 'stored';
      if (outcome.kind === 'stored') continue;
      log.error({ host, reason: outcome.reason }, 'the proof that a launcher host is dead could not be stored yet');
      await new Promise((resolve) => setTimeout(resolve, tellRetryMs));
    }
  }
}
