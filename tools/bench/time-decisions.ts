import { inSlices } from '../../coordinator/dpe/in-slices.js';
import { parseGraph, parseGraphInSteps } from '../../coordinator/graph/parse-graph.js';
import type { Scheduler } from '../../coordinator/scheduler/scheduler.js';
import type { Bench } from './bench-context.js';
import { crmSimulate } from './crm-simulate.js';
import { startDecideTimer } from './decide-timer.js';
import type { Measured } from './figure.js';

export interface TimedCib {
  readonly cib: string;
  readonly nowUnixS: number;
}

/**
 * From the text of a CIB to its parsed graph: by the scheduler child and the reader, as a DPE asks; by the bare library;
 * and with crm_simulate, each `runs` times in turn. Rejects where one of them has another number of actions, or none.
 */
export async function timeDecisions(
  { cib, nowUnixS }: TimedCib,
  { scheduler, bench, runs, hasPeer }: TimingOptions,
): Promise<Measured> {
  const timer = await startDecideTimer(cib, nowUnixS, bench);
  const simulate = hasPeer ? crmSimulate(bench) : undefined;
  const [samples, floor, peer]: [number[], number[], number[]] = [[], [], []];
  let known: number | undefined;
  const check = (actions: number) => {
    if (actions === 0 || actions !== (known ?? actions)) throw new Error(`a decision of ${actions} actions`);
    known = actions;
  };
  try {
    for (let run = 0; run < runs; run++) {
      bench.signal.throwIfAborted();
      const from = performance.now();
      const decision = await scheduler.decide({ cib, nowUnixS });
      if (decision.kind !== 'graph') throw new Error(`no decision: ${decision.kind}, ${decision.message}`);
      const parsed = await inSlices(parseGraphInSteps(decision.graphXml));
      samples.push(performance.now() - from);
      if (parsed.kind === 'malformed') throw new Error(parsed.message);
      check(parsed.graph.synapses.length);
      floor.push(await timer.decide());
      if (simulate === undefined) continue;
      const simulatedFrom = performance.now();
      const simulated = parseGraph(await simulate(cib));
      peer.push(performance.now() - simulatedFrom);
      check(simulated.kind === 'graph' ? simulated.graph.synapses.length : 0);
    }
  } finally {
    timer.end();
  }
  return { samples, floor, ...(simulate === undefined ? {} : { peers: { crm_simulate: peer } }) };
}

export interface TimingOptions {
  readonly scheduler: Scheduler;
  readonly bench: Bench;
  readonly runs: number;
  /** Also crm_simulate, which takes long for large ones. */
  readonly hasPeer: boolean;
}
