import { setTimeout as delay } from 'node:timers/promises';
import type { Coordinator } from '../coordinator.js';
import { timeOf } from '../event-log.js';
import type { Figure } from '../figure.js';
import { startUnixMs } from '../process-start.js';
import { millisecondsBetween, type Stamps } from '../stamps.js';

const name = 'bench-assembly';
const ours = 'in-assembly';
/** Between two failures, so that each is the first one in its budget's window and no back-off is measured. */
const paceMs = 1_150;

export const assemblyRecoveryOverhead: Figure = {
  name: 'assembly-recovery-overhead',
  runs: 10,
  async measure(bench, runs) {
    const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
    const totals: number[] = [];
    const boots: number[] = [];
    await coordinator.withDeployable(name, document(stamps), async () => {
      let { pid } = await coordinator.instance(name, 'one');
      for (let run = 0; run < runs; run++) {
        const from = performance.now();
        const recovery = await killInit(pid, { coordinator, stamps });
        totals.push(recovery.totalMs);
        boots.push(recovery.bootMs);
        pid = recovery.nextPid;
        await delay(paceMs - (performance.now() - from), undefined, { signal: bench.signal });
      }
    });
    const samples = totals.map((totalMs, run) => totalMs - (boots[run] ?? 0));
    return { samples, parts: { 'init killed to resource running': totals, 'boot to registered': boots } };
  },
};

function document(stamps: Stamps): string {
  return `
deployable: ${name}
assemblies:
  one:
    escalation: { failures: 10000, period: 1s }
    resources:
      stamp: { exec: { command: ${JSON.stringify(stamps.command(ours))} } }
`;
}

interface Recovery {
  readonly totalMs: number;
  readonly bootMs: number;
  /** Of the init of the instance that took over. */
  readonly nextPid: number;
}

async function killInit(
  pid: number,
  { coordinator, stamps }: { readonly coordinator: Coordinator; readonly stamps: Stamps },
): Promise<Recovery> {
  const seq = coordinator.lastSeq();
  const killedAt = process.hrtime.bigint();
  process.kill(pid, 'SIGKILL');
  const runningAt = await stamps.started(ours, killedAt);
  await coordinator.event(name, 'deployable-running', seq);
  const registered = timeOf(await coordinator.event(name, 'assembly-running', seq));
  const { pid: nextPid } = await coordinator.instance(name, 'one');
  const bootMs = registered - startUnixMs(nextPid);
  return { totalMs: millisecondsBetween(killedAt, runningAt), bootMs, nextPid };
}
