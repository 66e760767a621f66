import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench-context.js';
import type { Figure, Measured } from '../figure.js';
import type { Stamps } from '../stamps.js';
import { evenPhases } from '../statistics.js';
import { nodeFloor, peerSupervisors, type RunningSupervisor, type Supervisor } from '../supervisors.js';

const name = 'bench-exec';
const ours = 'cpe';
/** Between two failures of one program, so that each is the first one in its budget's window, and in every peer's. */
const paceMs = 1_150;
/** A slow peer is not measured as often as the others. */
const peerShareMs = 15_000;

export const localRecoveryExec: Figure = {
  name: 'local-recovery-exec',
  runs: 25,
  async measure(bench, runs) {
    const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
    return coordinator.withDeployable(name, document(stamps), async () => {
      const started: { readonly supervisor: Supervisor; readonly running: RunningSupervisor }[] = [];
      try {
        for (const supervisor of [nodeFloor, ...peerSupervisors]) {
          const running = await tryToStart(supervisor, stamps, bench);
          if (running !== undefined) started.push({ supervisor, running });
        }
        return await measureAlternating(
          started.map(({ supervisor }) => supervisor),
          { stamps, bench, runs },
        );
      } finally {
        await Promise.all(started.map(({ running }) => running.end()));
      }
    });
  },
};

function document(stamps: Stamps): string {
  return `
deployable: ${name}
assemblies:
  one:
    resources:
      stamp:
        exec: { command: ${JSON.stringify(stamps.command(ours))} }
        monitor: { interval: 10s }
        escalation: { failures: 10000, period: 1s }
`;
}

async function tryToStart(
  supervisor: Supervisor,
  stamps: Stamps,
  { workplace, note }: Bench,
): Promise<RunningSupervisor | undefined> {
  const missing = supervisor.missing();
  if (missing !== undefined) {
    note(`peer ${supervisor.name} is left out: ${missing}`);
    return undefined;
  }
  const since = process.hrtime.bigint();
  let running: RunningSupervisor | undefined;
  try {
    running = await supervisor.start(stamps.command(supervisor.name), workplace.directory(`peer-${supervisor.name}`));
    await stamps.started(supervisor.name, since);
    return running;
  } catch (error) {
    await running?.end();
    if (supervisor === nodeFloor) throw error;
    note(`peer ${supervisor.name} is left out: ${(error as Error).message}`);
    return undefined;
  }
}

interface Course {
  readonly stamps: Stamps;
  readonly bench: Bench;
  readonly runs: number;
}

/** Ours, the floor and the peers in turn, so that what else the machine does meets all of them alike. */
async function measureAlternating(supervisors: readonly Supervisor[], course: Course): Promise<Measured> {
  const rows = new Map<string, number[]>([
    [ours, []],
    ...supervisors.map(({ name }) => [name, []] as [string, number[]]),
  ]);
  const prompt = [ours, ...supervisors.filter(({ cycleMs }) => cycleMs === undefined).map(({ name }) => name)];
  const polling = supervisors.filter(({ cycleMs }) => cycleMs !== undefined);
  await Promise.all([
    measurePrompt(prompt, rows, course),
    ...polling.map((supervisor) => measurePolling(supervisor, rows, course)),
  ]);
  const { [ours]: samples = [], [nodeFloor.name]: floor = [], ...peers } = Object.fromEntries(rows);
  return { samples, floor, peers: Object.fromEntries(Object.entries(peers).filter(([, row]) => row.length > 0)) };
}

async function measurePrompt(
  subjects: readonly string[],
  rows: ReadonlyMap<string, number[]>,
  { stamps, bench, runs }: Course,
): Promise<void> {
  const spentMs = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const from = performance.now();
    for (const subject of subjects) {
      const isPeer = subject !== ours && subject !== nodeFloor.name;
      const spent = spentMs.get(subject) ?? 0;
      if (isPeer && spent > peerShareMs) continue;
      try {
        const ms = await stamps.killToStart(subject);
        rows.get(subject)?.push(ms);
        spentMs.set(subject, spent + ms);
      } catch (error) {
        if (!isPeer || bench.signal.aborted) throw error;
        bench.note(`peer ${subject} is measured no further: ${(error as Error).message}`);
        spentMs.set(subject, Number.POSITIVE_INFINITY);
      }
    }
    await delay(paceMs - (performance.now() - from), undefined, { signal: bench.signal });
  }
}

/** Beside the others, which do not notice: it sleeps nearly all the time. */
async function measurePolling(
  { name: subject, cycleMs = 0 }: Supervisor,
  rows: ReadonlyMap<string, number[]>,
  { stamps, bench, runs }: Course,
): Promise<void> {
  const until = Date.now() + runs * paceMs;
  for (const phaseMs of evenPhases(runs, cycleMs)) {
    if (Date.now() > until) return;
    try {
      await delay(phaseMs, undefined, { signal: bench.signal });
      rows.get(subject)?.push(await stamps.killToStart(subject));
    } catch (error) {
      if (bench.signal.aborted) throw error;
      bench.note(`peer ${subject} is measured no further: ${(error as Error).message}`);
      return;
    }
  }
}
