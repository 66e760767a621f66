/** Runs one deployable in this process: takes its lease, loads its state, follows its definition. */
import { join } from 'node:path';
import { parseDeployable } from '../model/parse-deployable.js';
import { renderProblem } from '../model/problem.js';
import { DecisionArchive } from './decision-archive.js';
import { readDeployable } from './deployable-record.js';
import { DpeRuntime, type DpeRuntimeOptions } from './dpe-runtime.js';
import { serveDpe } from './dpe-service.js';
import { readHosts } from './host-record.js';
import { acquireLease, giveBackLease, type LeaseSight, leaseTermMs, renewLease } from './lease.js';
import { loadState } from './persisted-state.js';
import type { SteadyClock } from './steady-clock.js';

const renewMs = leaseTermMs / 5;

export type HostOptions = Pick<
  DpeRuntimeOptions,
  'bus' | 'store' | 'scheduler' | 'log' | 'dialect' | 'options' | 'mintForAgent' | 'onEnded'
> & {
  readonly home: string;
  readonly incarnation: string;
  /** Where several coordinator machines share the store: this one's name, and what it has seen of leases. */
  readonly shared?: { readonly machine: string; readonly sight: LeaseSight };
  /** What the lease is counted by; default: `performance.now`. */
  readonly steadyNow?: SteadyClock;
  /** An agent says far more than it may. */
  readonly onFlood?: (instance: string) => void;
  /** The deployable is no longer this process's; it may be taken up again. */
  readonly onLost: (deployable: string, reason: string) => void;
};

export interface HostedDeployable {
  readonly deployable: string;
  refresh(): Promise<void>;
  close(): Promise<void>;
}

export type HostOutcome =
  | { readonly kind: 'hosted'; readonly hosted: HostedDeployable }
  /** Its lease is another's, or the store does not give it: to be tried again. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** @param runOutRevision of the deployable's lease, when another machine has seen it run out */
export async function hostDeployable(
  deployable: string,
  options: HostOptions,
  runOutRevision?: number,
): Promise<HostOutcome> {
  const { store, log, bus, steadyNow = () => performance.now() } = options;
  const shared = options.shared && { ...options.shared, runOutRevision };
  let renewedAt = steadyNow();
  const leased = await acquireLease(store, deployable, options.incarnation, Date.now(), shared);
  if (leased.kind === 'taken') {
    const { pid, epoch } = leased.lease;
    return { kind: 'unavailable', reason: `process ${pid} decides for it (epoch ${epoch})` };
  }
  if (leased.kind === 'unavailable') return leased;
  const { fence } = leased;
  const persisted = await loadState(store, deployable);
  const archive = new DecisionArchive(join(options.home, 'transitions', deployable), (reason) =>
    log.warn({ deployable, reason }, 'a decision could not be archived'),
  );
  let isClosed = false;
  const lose = (reason: string) => {
    if (isClosed) return;
    void close();
    options.onLost(deployable, reason);
  };
  const isInTerm = () => steadyNow() - renewedAt < leaseTermMs;
  const isLeaseHeld = () => !isClosed && isInTerm();
  const runtime = new DpeRuntime({ ...options, archive, fence, persisted, onLost: lose, isLeaseHeld });
  let knownFacts = '';
  const refresh = async () => {
    await follow(deployable, options, runtime);
    const facts = await readHosts(store);
    const text = JSON.stringify(facts);
    if (text === knownFacts) return;
    knownFacts = text;
    runtime.post({ kind: 'host-facts', facts });
  };
  const stopServing = serveDpe({
    bus,
    deployable,
    epoch: fence.epoch,
    heartbeatIntervalMs: options.options.heartbeatIntervalMs,
    runtime,
    archive,
    store,
    scheduler: options.scheduler,
    log,
    mintForAgent: options.mintForAgent,
    onFlood: options.onFlood ?? (() => undefined),
    refresh,
  });
  let isRenewing = false;
  const renew = async () => {
    isRenewing = true;
    const askedAt = steadyNow();
    const outcome = await renewLease(store, fence, Date.now()).catch((error: unknown) => ({
      kind: 'failed' as const,
      reason: String(error),
    }));
    // One that had run out meanwhile (this process stood still) was nobody else's: its epoch is the same.
    if (outcome.kind === 'renewed') renewedAt = askedAt;
    if (outcome.kind === 'lost') lose('the lease was taken over');
    if (outcome.kind === 'failed' && !isInTerm()) lose(`the lease ran out: ${outcome.reason}`);
    await refresh().catch((error: unknown) => log.warn({ deployable, reason: String(error) }, 'the store'));
    isRenewing = false;
  };
  const timer = setInterval(() => {
    if (!isRenewing) void renew();
    else if (!isInTerm()) lose('the lease ran out: the store does not answer');
  }, renewMs);
  runtime.start();
  await refresh();
  const { sequence } = persisted;
  log.info({ deployable, epoch: fence.epoch, sequence, before: leased.before?.ended }, 'deciding for the deployable');
  return { kind: 'hosted', hosted: { deployable, refresh, close } };

  async function close(): Promise<void> {
    if (isClosed) return;
    isClosed = true;
    clearInterval(timer);
    stopServing();
    runtime.stop();
    await archive.close();
    // Only what this process has let go of altogether may be another's at once.
    if (isInTerm()) await giveBackLease(store, fence).catch(() => undefined);
  }
}

/** Level-driven: whatever poke was lost, the next look at the store makes up for it. */
async function follow(deployable: string, { store, log }: HostOptions, runtime: DpeRuntime): Promise<void> {
  const found = await readDeployable(store, deployable);
  if (found === undefined) return;
  const { definition, desired } = found.record;
  const { durable } = runtime.state;
  if (definition.revision > durable.definition.revision) {
    const parsed = parseDeployable(definition.text, definition.format);
    if (parsed.kind === 'deployable') {
      const { revision } = definition;
      runtime.post({ kind: 'definition-changed', revision, deployable: parsed.deployable });
    } else {
      // cped checked it; only a change of the parser can lead here.
      const problems = parsed.problems.map(renderProblem);
      log.error({ deployable, revision: definition.revision, problems }, 'the stored definition cannot be read');
    }
  }
  if (desired.revision > durable.desired.revision) {
    const state = desired.isSuspended ? 'stopped' : desired.state;
    runtime.post({ kind: 'desired-changed', revision: desired.revision, state });
  }
}
