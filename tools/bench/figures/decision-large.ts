import { createDecider, type Decided, type DecisionRecord, decideWhole } from '../../../coordinator/dpe/decide.js';
import { renderCib } from '../../../coordinator/policy/cib.js';
import { partition } from '../../../coordinator/policy/partition.js';
import type { Scheduler } from '../../../coordinator/scheduler/scheduler.js';
import { openSchedulerChild } from '../../../coordinator/scheduler/scheduler-child.js';
import type { CibInput } from '../../../coordinator/state/cib-input.js';
import type { Bench } from '../bench-context.js';
import { startDecideTimer } from '../decide-timer.js';
import type { Figure, Measured } from '../figure.js';
import { watchLoop } from '../loop-watch.js';
import { settle } from '../settle.js';
import { assembliesOfStack, newStacks, repeated, withFailedMonitor } from '../stacks.js';
import { timeDecisions } from '../time-decisions.js';

/** All is well in all stacks but the last, where one monitor has just failed. */
interface LargeInput {
  readonly atRest: CibInput;
  readonly failed: CibInput;
}

export const decision50: Figure = {
  name: 'decision-50',
  runs: 20,
  measure: (bench, runs) =>
    withScheduler(async (scheduler) => {
      const { failed } = await largeInput(50, scheduler);
      return timeDecisions(timed(failed), { scheduler, bench, runs, hasPeer: true });
    }),
};

/** Besides: for how long the event loop was kept from other work by everything that a DPE does for such a decision. */
export const decision200: Figure = {
  name: 'decision-200',
  runs: 8,
  measure: (bench, runs) =>
    withScheduler(async (scheduler) => {
      const { atRest, failed } = await largeInput(200, scheduler);
      const measured = await timeDecisions(timed(failed), { scheduler, bench, runs, hasPeer: false });
      const nothingRuns = newStacks(200 / assembliesOfStack, await scheduler.hello());
      const decider = createDecider(scheduler);
      await decider.decide(atRest);
      const parts = {
        ...(await blocked(runs, 'the whole', () => decideWhole(failed, scheduler))),
        ...(await blocked(runs, 'start of everything', () => decideWhole(nothingRuns, scheduler))),
        ...(await blocked(runs, 'parts', () => decider.decide(failed))),
      };
      return { ...measured, parts };
    }),
};

export const decision1000: Figure = {
  name: 'decision-1000',
  runs: 20,
  measure: (bench, runs) =>
    withScheduler(async (scheduler) => {
      const { atRest, failed } = await largeInput(1000, scheduler);
      return timeParts({ atRest, failed }, { scheduler, bench, runs });
    }),
};

/** The parts of a large deployable, against the bare library deciding the one part in which something has failed. */
async function timeParts(
  { atRest, failed }: LargeInput,
  { scheduler, bench, runs }: { readonly scheduler: Scheduler; readonly bench: Bench; readonly runs: number },
): Promise<Measured> {
  const changed = partition(failed).at(-1);
  if (changed === undefined || changed === failed) throw new Error('it is not decided in parts');
  const { cib, nowUnixS } = timed(changed);
  const timer = await startDecideTimer(cib, nowUnixS, bench);
  const decider = createDecider(scheduler);
  const first = await took(() => decider.decide(atRest));
  const [samples, floor, records]: [number[], number[], number[]] = [[], [], []];
  try {
    for (let run = 0; run < runs; run++) {
      bench.signal.throwIfAborted();
      const { ms, result } = await took(() => decider.decide(failed));
      const { outcome, record } = result;
      if (outcome.kind !== 'graph' || outcome.graph.synapses.length === 0) throw new Error('nothing is decided');
      samples.push(ms);
      floor.push(await timer.decide());
      records.push((await took<DecisionRecord>(record)).ms);
      await decider.decide(atRest);
    }
  } finally {
    timer.end();
  }
  return { samples, floor, parts: { 'all parts, the first time': [first.ms], 'for the archive': records } };
}

async function withScheduler(work: (scheduler: Scheduler) => Promise<Measured>): Promise<Measured> {
  const scheduler = openSchedulerChild();
  try {
    return await work(scheduler);
  } finally {
    await scheduler.close();
  }
}

async function largeInput(assemblies: number, scheduler: Scheduler): Promise<LargeInput> {
  const stacks = assemblies / assembliesOfStack;
  const first = await settle(scheduler, newStacks(1, await scheduler.hello()));
  const atRest = repeated(first, stacks);
  return { atRest, failed: withFailedMonitor(atRest, stacks - 1) };
}

function timed(input: CibInput) {
  return { cib: renderCib(input), nowUnixS: Math.floor(input.nowUnixMs / 1000) };
}

/** For how long the event loop was kept at most, in each run, from the rendering of the CIB to the archive's record. */
async function blocked(
  runs: number,
  what: string,
  decide: () => Promise<Decided>,
): Promise<Readonly<Record<string, readonly number[]>>> {
  const [wall, work]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    const watch = watchLoop();
    try {
      const { outcome, record } = await decide();
      if (outcome.kind === 'failed') throw new Error(outcome.reason);
      await record();
      const { wallMs, workMs } = watch.longest();
      wall.push(wallMs);
      work.push(workMs);
    } finally {
      watch.stop();
    }
  }
  return {
    [`${what}: loop kept for`]: wall,
    [`${what}: by its own work`]: work,
    [`${what}: at most`]: [Math.max(...work)],
  };
}

async function took<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly result: T }> {
  const from = performance.now();
  const result = await work();
  return { ms: performance.now() - from, result };
}
