import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bus } from '../proto/bus.js';
import { parseInstanceId } from '../proto/instance-id.js';
import type { Draft, InstanceState } from '../proto/messages.js';
import { type Outbox, openOutbox } from '../proto/outbox.js';
import { launcherReport } from '../proto/subjects.js';
import type { InstanceDeath } from './driver.js';
import { deadState } from './instance-state.js';
import type { ResultMemory } from './result-memory.js';

/**
 * Deaths on their way to the DPEs: one outbox per deployable, so that a DPE that is away delays no other's news.
 *
 * A launcherd that is killed between writing a death to the outbox and acknowledging it to the driver is told of it
 * again. Therefore the instance is remembered before the outbox lets go of its report, and a second report of it is not
 * sent: a DPE can only get the same report, with the same sequence, again.
 */
export interface DeathReports {
  /** Resolves when the death is on disk; from then on it is delivered until its DPE acknowledges it. Rejects if not. */
  report(death: InstanceDeath): Promise<void>;
  /** Somebody may be listening again: the DPE of this deployable, or anybody. */
  kick(deployable?: string): void;
  close(): Promise<void>;
}

export interface DeathReportsOptions {
  /** One directory per deployable is made in it. */
  readonly directory: string;
  readonly launcherHost: string;
  readonly bus: Bus;
  /** Instances whose death was delivered, by instance id. */
  readonly delivered: ResultMemory;
  readonly epochOf: (deployable: string) => number;
  /** Called when the DPE has acknowledged a death. */
  readonly onDelivered: () => void;
  readonly onTrouble: (reason: string) => void;
}

const ACKNOWLEDGEMENT_MS = 5_000;
const RETRY_CAP_MS = 5_000;

/** Opens the reports of an earlier process too, and goes on delivering them. */
export async function openDeathReports(options: DeathReportsOptions): Promise<DeathReports> {
  const outboxes = new Map<string, Promise<Outbox>>();
  const outboxOf = (deployable: string): Promise<Outbox> => {
    const known = outboxes.get(deployable);
    if (known !== undefined) return known;
    const opening = openDelivering(deployable, options);
    outboxes.set(deployable, opening);
    // The next death tries again.
    opening.catch(() => outboxes.delete(deployable));
    return opening;
  };
  const withOutbox = (deployable: string, use: (outbox: Outbox) => void) =>
    void outboxes.get(deployable)?.then(use, () => undefined);

  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  for (const deployable of await readdir(options.directory)) await outboxOf(deployable);

  return {
    report: async (death) => {
      const deployable = parseInstanceId(death.instance)?.deployable;
      // Not one of ours to report: no decider can have ordered it.
      if (deployable === undefined || options.delivered.find(death.instance) !== undefined) return;
      const state = deadState(death, options.launcherHost);
      const outcome = await (await outboxOf(deployable)).append(Buffer.from(JSON.stringify(state)));
      if (outcome.kind === 'failed') throw new Error(outcome.reason);
      if (outcome.kind === 'full') throw new Error(`the outbox of ${deployable} is full`);
    },
    kick: (deployable) => {
      for (const name of deployable === undefined ? outboxes.keys() : [deployable]) {
        withOutbox(name, (outbox) => outbox.kick());
      }
    },
    close: async () => {
      const opened = await Promise.allSettled(outboxes.values());
      await Promise.all(opened.map((outbox) => (outbox.status === 'fulfilled' ? outbox.value.close() : undefined)));
    },
  };
}

async function openDelivering(deployable: string, options: DeathReportsOptions): Promise<Outbox> {
  const outbox = await openOutbox({
    directory: join(options.directory, deployable),
    maxRetryMs: RETRY_CAP_MS,
    onDiskTrouble: options.onTrouble,
  });
  outbox.deliver(async (sequence, payload) => {
    const death = JSON.parse(Buffer.from(payload).toString()) as Draft<InstanceState>;
    const { instance = '' } = death;
    if (options.delivered.find(instance) !== undefined) return 'acknowledged';
    const outcome = await options.bus.request(
      launcherReport(options.launcherHost, deployable),
      { deployable, epoch: options.epochOf(deployable), body: { kind: 'launcherReport', value: { sequence, death } } },
      { deadlineMs: ACKNOWLEDGEMENT_MS },
    );
    if (outcome.kind !== 'reply') return 'retry';
    const { body } = outcome.envelope;
    if (body.kind !== 'reportAck' || body.value.sequence !== sequence) return 'retry';
    const result = { operationId: instance, order: 'report death', state: death };
    await options.delivered.remember(result).catch((error) => options.onTrouble(String(error)));
    options.onDelivered();
    return 'acknowledged';
  });
  return outbox;
}
