/**
 * `make bench`: measures the figures that README.md describes, on real processes. Figures on standard output, everything
 * else on standard error. Exit 0 when every figure was measured (peers may be missing), 1 when one was not, 2 for a bad
 * FIGURE, RUNS or ACCELERATOR, 128 + N after signal N. Whatever happens, no process and no file of it is left.
 */

import { setMaxListeners } from 'node:events';
import { watchInterruptions } from '../interruption.js';
import type { Bench } from './bench-context.js';
import { type BenchOptions, parseBenchOptions } from './bench-options.js';
import { type Coordinator, startCoordinator } from './coordinator.js';
import { type Figure, figureResult } from './figure.js';
import { agentMonitors } from './figures/agent-monitors.js';
import { agentStart } from './figures/agent-start.js';
import { agentIdleCpu, agentMemory } from './figures/agent-upkeep.js';
import { assemblyRecoveryOverhead } from './figures/assembly-recovery-overhead.js';
import { decision50, decision200, decision1000 } from './figures/decision-large.js';
import { decisionSmall } from './figures/decision-small.js';
import { localRecoveryExec, localRecoveryExec100 } from './figures/local-recovery-exec.js';
import { localRecoveryOcf } from './figures/local-recovery-ocf.js';
import { reportToOrder } from './figures/report-to-order.js';
import { startToRunning } from './figures/start-to-running.js';
import { vmCold } from './figures/vm-cold.js';
import { vmDetect } from './figures/vm-detect.js';
import { vmOverhead } from './figures/vm-overhead.js';
import { vmWarm } from './figures/vm-warm.js';
import { type Machines, openMachines } from './machines.js';
import { humanLine, jsonLine } from './render-figure.js';
import { openStamps, type Stamps } from './stamps.js';
import { clearWorkplace, findLeftProcesses, openWorkplace, type Workplace } from './workplace.js';

const figures: readonly Figure[] = [
  startToRunning,
  localRecoveryExec,
  localRecoveryExec100,
  localRecoveryOcf,
  assemblyRecoveryOverhead,
  agentMemory,
  agentIdleCpu,
  agentStart,
  agentMonitors,
  decisionSmall,
  decision50,
  decision200,
  decision1000,
  reportToOrder,
  vmDetect,
  vmCold,
  vmOverhead,
  vmWarm,
];
/** A process that was told to end may take a moment to do so. */
const endPatienceMs = 3_000;

const parsed = parseBenchOptions(
  process.env,
  figures.map(({ name }) => name),
);
if (parsed.kind === 'invalid') {
  note(parsed.message);
  process.exitCode = 2;
} else {
  process.exitCode = await runBench(parsed.options);
}

async function runBench(options: BenchOptions): Promise<number> {
  let workplace: Workplace | undefined;
  const { signal, exitCode } = watchInterruptions('bench', () => workplace && clearWorkplace(workplace));
  // Everything that is waited for listens, and a hundred programs are waited for at once.
  setMaxListeners(0, signal);
  workplace = openWorkplace();
  const { bench, end } = openBench(workplace, signal, options);
  let isGood = true;
  for (const figure of figures.filter(({ name }) => options.figure === undefined || name === options.figure)) {
    if (signal.aborted) break;
    isGood = (await printFigure(figure, bench, options)) && isGood;
  }
  if (signal.aborted) note(`${(signal.reason as Error).message}; taking everything down`);
  await end();
  const isClean = await cleanUp(workplace);
  return exitCode() ?? (isGood && isClean ? 0 : 1);
}

/** False when it could not be measured although nothing is missing for it. */
async function printFigure(figure: Figure, bench: Bench, { json, runs = figure.runs }: BenchOptions): Promise<boolean> {
  const missing = figure.missing?.();
  if (missing !== undefined) {
    note(`${figure.name}: SKIPPED: ${missing}`);
    return true;
  }
  note(`${figure.name}: ${runs} runs`);
  const from = performance.now();
  try {
    const measured = await figure.measure(bench, runs);
    const result = figureResult(figure.name, measured);
    const forPeople = humanLine(result, measured);
    process.stdout.write(`${json ? jsonLine(result) : forPeople}\n`);
    if (json) note(forPeople);
    note(`${figure.name}: took ${((performance.now() - from) / 1000).toFixed(0)} s`);
    return true;
  } catch (error) {
    if (!bench.signal.aborted) note(`${figure.name}: NOT MEASURED: ${error instanceof Error ? error.message : error}`);
    return false;
  }
}

function openBench(
  workplace: Workplace,
  signal: AbortSignal,
  { accelerator }: BenchOptions,
): { readonly bench: Bench; end(): Promise<void> } {
  let coordinator: Promise<Coordinator> | undefined;
  let stamps: Promise<Stamps> | undefined;
  let machines: Promise<Machines> | undefined;
  return {
    bench: {
      workplace,
      signal,
      note,
      coordinator() {
        coordinator ??= startCoordinator(workplace, signal);
        return coordinator;
      },
      stamps() {
        stamps ??= openStamps(workplace, signal);
        return stamps;
      },
      machines() {
        machines ??= openMachines({ workplace, signal, note }, accelerator);
        return machines;
      },
    },
    async end() {
      const [opened, ...sites] = await Promise.allSettled([stamps, coordinator, machines]);
      if (opened.status === 'fulfilled') opened.value?.close();
      for (const site of sites) {
        if (site.status === 'fulfilled') await site.value?.down().catch((error: Error) => note(error.message));
      }
    },
  };
}

/** Removes what is left. False when there was a process that should have ended. */
async function cleanUp(workplace: Workplace): Promise<boolean> {
  const until = Date.now() + endPatienceMs;
  while (findLeftProcesses(workplace).length > 0 && Date.now() < until) await new Promise((go) => setTimeout(go, 50));
  const left = findLeftProcesses(workplace);
  for (const { pid, command } of left) note(`had to kill what should have ended: ${pid} ${command}`);
  for (const { pid, command } of clearWorkplace(workplace)) note(`cannot be killed: ${pid} ${command}`);
  return left.length === 0;
}

function note(text: string): void {
  process.stderr.write(`bench: ${text}\n`);
}
