import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench-context.js';
import type { Measured } from './figure.js';
import type { Stamps } from './stamps.js';
import { evenPhases } from './statistics.js';
import { nodeFloor, peerSupervisors, type RunningSupervisor, type Supervisor } from './supervisors.js';

/** So many programs of one supervisor are killed at once; how long until all of them are back? */
export interface RecoveryCourse {
  /** Of the deployable. */
  readonly name: string;
  readonly programs: number;
}

const ours = 'cpe';
/**
 * Between a restart of a program and its next failure, so that each is the first one in its budget's window, and in every
 * peer's: runsv waits for a second with what has not run for one.
 */
const paceMs = 1_150;
/** A slow peer is not measured as often as the others. */
const peerShareMs = 15_000;

/** SIGKILL to the first instruction of the (last) replacement: ours, the floor and the peers, in turn. */
export async function measureRecoveries(bench: Bench, runs: number, course: RecoveryCourse): Promise<Measured> {
  const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
  return coordinator.withDeployable(course.name, document(stamps, course), async () => {
    const started: { readonly supervisor: Supervisor; readonly running: RunningSupervisor }[] = [];
    try {
      for (const supervisor of [nodeFloor, ...peerSupervisors]) {
        const running = await tryToStart(supervisor, { stamps, bench, course });
        if (running !== undefined) started.push({ supervisor, running });
      }
      return await measureAlternating(
        started.map(({ supervisor }) => supervisor),
        { stamps, bench, course },
        runs,
      );
    } finally {
      await Promise.all(started.map(({ running }) => running.end()));
      // monit leaves what it has started.
      for (const { supervisor } of started) stamps.end(namesOf(supervisor.name, course));
    }
  });
}

interface Context {
  readonly stamps: Stamps;
  readonly bench: Bench;
  readonly course: RecoveryCourse;
}

function namesOf(subject: string, { name, programs }: RecoveryCourse): readonly string[] {
  return Array.from({ length: programs }, (_, index) => `${name}-${subject}-${index}`);
}

function document(stamps: Stamps, course: RecoveryCourse): string {
  const resources = namesOf(ours, course).map(
    (name, index) => `
      stamp${index}:
        exec: { command: ${JSON.stringify(stamps.command(name))} }
        monitor: { interval: 10s }
        escalation: { failures: 10000, period: 1s }`,
  );
  return `
deployable: ${course.name}
assemblies:
  one:
    resources:${resources.join('')}
`;
}

async function tryToStart(
  supervisor: Supervisor,
  { stamps, bench: { workplace, note }, course }: Context,
): Promise<RunningSupervisor | undefined> {
  const missing = supervisor.missing();
  if (missing !== undefined) {
    note(`peer ${supervisor.name} is left out: ${missing}`);
    return undefined;
  }
  const since = process.hrtime.bigint();
  const names = namesOf(supervisor.name, course);
  let running: RunningSupervisor | undefined;
  try {
    const directory = workplace.directory(`${course.name}-${supervisor.name}`);
    running = await supervisor.start(
      names.map((name) => stamps.command(name)),
      directory,
    );
    await Promise.all(names.map((name) => stamps.started(name, since)));
    return running;
  } catch (error) {
    await running?.end();
    if (supervisor === nodeFloor) throw error;
    note(`peer ${supervisor.name} is left out: ${(error as Error).message}`);
    return undefined;
  }
}

/** Ours, the floor and the peers in turn, so that what else the machine does meets all of them alike. */
async function measureAlternating(
  supervisors: readonly Supervisor[],
  context: Context,
  runs: number,
): Promise<Measured> {
  const rows = new Map<string, number[]>([ours, ...supervisors.map(({ name }) => name)].map((name) => [name, []]));
  const prompt = [ours, ...supervisors.filter(({ cycleMs }) => cycleMs === undefined).map(({ name }) => name)];
  const polling = supervisors.filter(({ cycleMs }) => cycleMs !== undefined);
  const polled = () => Promise.all(polling.map((supervisor) => measurePolling(supervisor, rows, context, runs)));
  if (context.course.programs === 1) {
    // Beside the others, which do not notice: it sleeps nearly all the time.
    await Promise.all([measurePrompt(prompt, rows, context, runs), polled()]);
  } else {
    await measurePrompt(prompt, rows, context, runs);
    await polled();
  }
  const { [ours]: samples = [], [nodeFloor.name]: floor = [], ...peers } = Object.fromEntries(rows);
  return { samples, floor, peers: Object.fromEntries(Object.entries(peers).filter(([, row]) => row.length > 0)) };
}

async function measurePrompt(
  subjects: readonly string[],
  rows: ReadonlyMap<string, number[]>,
  { stamps, bench, course }: Context,
  runs: number,
): Promise<void> {
  const spentMs = new Map<string, number>();
  const restartedAt = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    for (const subject of subjects) {
      const isPeer = subject !== ours && subject !== nodeFloor.name;
      const spent = spentMs.get(subject) ?? 0;
      if (isPeer && spent > peerShareMs) continue;
      await delay((restartedAt.get(subject) ?? 0) + paceMs - performance.now(), undefined, { signal: bench.signal });
      try {
        const ms = await stamps.killToStart(namesOf(subject, course));
        rows.get(subject)?.push(ms);
        spentMs.set(subject, spent + ms);
        restartedAt.set(subject, performance.now());
      } catch (error) {
        if (!isPeer || bench.signal.aborted) throw error;
        bench.note(`peer ${subject} is measured no further: ${(error as Error).message}`);
        spentMs.set(subject, Number.POSITIVE_INFINITY);
      }
    }
  }
}

async function measurePolling(
  { name: subject, cycleMs = 0 }: Supervisor,
  rows: ReadonlyMap<string, number[]>,
  { stamps, bench, course }: Context,
  runs: number,
): Promise<void> {
  const until = Date.now() + runs * paceMs;
  for (const phaseMs of evenPhases(runs, cycleMs)) {
    if (Date.now() > until) return;
    try {
      await delay(phaseMs, undefined, { signal: bench.signal });
      rows.get(subject)?.push(await stamps.killToStart(namesOf(subject, course)));
    } catch (error) {
      if (bench.signal.aborted) throw error;
      bench.note(`peer ${subject} is measured no further: ${(error as Error).message}`);
      return;
    }
  }
}
