/** Launcher hosts are fenced, and proofs of their death told to everybody: the two things a DPE does about hosts. */
import { runFencer } from '../effects/run-fencer.js';
import type { Store } from '../store/store.js';
import type { DpeEffect } from './core/dpe-effect.js';
import type { DpeEvent } from './core/dpe-event.js';
import { claimFencing, readHost, recordHostDeath, releaseFencing } from './host-record.js';
import type { Logger } from './runtime-ports.js';

export type FenceHost = Extract<DpeEffect, { kind: 'fence-host' }>;
export type TellHostDead = Extract<DpeEffect, { kind: 'tell-host-dead' }>;
type Outcome = Extract<DpeEvent, { kind: 'host-fenced' }>['outcome'];

export interface HostFencing {
  /** Answers, whatever happens, unless it is closed first. Of two for the same host the second waits for the first. */
  fence(order: FenceHost): void;
  /** What is under way for the host ends, and is not answered. */
  end(host: string): void;
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
/** How often a claim of another is looked at: a read of one record. */
const claimPollMs = 200;
/** Moments in which a fencer that is out of time is ended. */
const claimSlackMs = 2_000;

export function openHostFencing({ store, deployable, log, onFenced }: HostFencingOptions): HostFencing {
  const closing = new AbortController();
  const by = `the DPE of ${deployable}`;
  const underWay = new Map<string, { readonly job: Promise<void>; readonly ending: AbortController }>();
  return {
    fence: (order) => {
      const before = underWay.get(order.host)?.job ?? Promise.resolve();
      const ending = new AbortController();
      const job = before.then(() => fenceOne(order, AbortSignal.any([closing.signal, ending.signal])));
      underWay.set(order.host, { job, ending });
      void job.finally(() => {
        if (underWay.get(order.host)?.job === job) underWay.delete(order.host);
      });
    },
    end: (host) => underWay.get(host)?.ending.abort(),
    tellDead: (proof) => void tell(proof),
    close: () => closing.abort(),
  };

  async function fenceOne(order: FenceHost, signal: AbortSignal): Promise<void> {
    const outcome = await proven(order, signal).catch(failed);
    if (!signal.aborted) onFenced(order.host, outcome);
  }

  /**
   * What another DPE, or an operator, has proven meanwhile needs no second proof, and while another has the host fenced
   * its proof is waited for. Where that fails the host is left alone for a while, as after a failure of our own.
   */
  async function proven(order: FenceHost, signal: AbortSignal): Promise<Outcome> {
    const { host, heardAt, fencer } = order;
    let { expiresAt } = order;
    for (let other: string | undefined; !signal.aborted; await pause(claimPollMs)) {
      if (other !== undefined) {
        const { death, fencing } = await readHost(store, host);
        const isReleased = fencing === undefined && (death?.at ?? 0) <= heardAt;
        if (isReleased) return failed(`${other} had it fenced, without success`);
        // Nothing of it is spent by waiting.
        expiresAt = Date.now() + fencer.timeoutMs;
      }
      const wanted = { by, until: expiresAt + claimSlackMs };
      const claim = await claimFencing(store, host, wanted, { now: Date.now(), heardAt });
      switch (claim.kind) {
        case 'ours':
          return fenceClaimed({ ...order, expiresAt }, signal);
        case 'dead':
          return { kind: 'known', death: claim.death };
        case 'refused':
          // A store that takes no writes keeps nobody from recovering.
          return runFencer({ ...order, expiresAt }, signal);
        case 'theirs':
          other = claim.by;
      }
    }
    return failed('it is not wanted any more');
  }

  /** With success the claim stays until the proof is told: who waits for it must not begin in between. */
  async function fenceClaimed(order: FenceHost, signal: AbortSignal): Promise<Outcome> {
    const outcome = await runFencer(order, signal);
    if (outcome.kind === 'failed' || signal.aborted) await releaseFencing(store, order.host, by);
    return outcome;
  }

  async function tell({ host, at, evidence }: TellHostDead): Promise<void> {
    const death = { at, by, evidence };
    for (let isTold = false; !isTold && !closing.signal.aborted; ) {
      const outcome = await recordHostDeath(store, host, death).catch((error: unknown) => {
        return { kind: 'refused' as const, reason: String(error) };
      });
      isTold = outcome.kind === 'stored';
      if (outcome.kind === 'stored') continue;
      log.error({ host, reason: outcome.reason }, 'the proof that a launcher host is dead could not be stored yet');
      await pause(tellRetryMs);
    }
  }
}

function failed(error: unknown): Outcome {
  return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
