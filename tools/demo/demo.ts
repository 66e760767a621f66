/**
 * `make demo`: a shop of three assemblies with real software is started, loses a process, a database and a whole
 * instance, recovers each time, and is stopped. Asserts what it shows: exit 0 when all of it happened, 1 when not,
 * 128 + N after signal N. Whatever happens, nothing of it is left: no process, no file.
 */
import { readFileSync } from 'node:fs';
import { type Interruption, watchInterruptions } from '../interruption.js';
import { type Cpectl, cpectlIn } from './cpectl-child.js';
import { createDemoDirectory, type DemoDirectory, removeDemoDirectory } from './demo-directory.js';
import { demoFailure } from './demo-failure.js';
import { type EventLog, followEvents } from './event-log.js';
import { findLeftProcesses, killLeftProcesses } from './left-processes.js';
import { logTails } from './log-tails.js';
import { output } from './output.js';
import { fetchPage } from './page.js';
import { instancesOf, playScene, type Recovery } from './scene.js';
import { scenes } from './scenes.js';

const killDeadlineMs = 10_000;
/** A process that was told to end may take a moment to do so. */
const endPatienceMs = 3_000;
const downGraceS = '20';

const startedAt = performance.now();
let directory: DemoDirectory | undefined;
const interruption = watchInterruptions('demo', () => {
  if (directory === undefined) return;
  output.line('demo: killing everything');
  removeEverything(directory);
});
directory = createDemoDirectory();
process.exitCode = await runDemo(directory, interruption);

async function runDemo(place: DemoDirectory, { signal, exitCode }: Interruption): Promise<number> {
  let isGood = false;
  try {
    await play(place, cpectlIn(place, output, signal), signal);
    isGood = true;
  } catch (error) {
    if (!signal.aborted) explain(error, place);
  }
  if (signal.aborted) output.line(`\ndemo: ${(signal.reason as Error).message}; taking everything down`);
  // What has begun goes on to its end when a signal comes now; a second one forces it.
  if (!isGood) await takeDown(place);
  const isClean = await cleanUp(place);
  if (isGood && isClean && !signal.aborted) {
    output.line(`\nDone in ${((performance.now() - startedAt) / 1000).toFixed(0)} s. Nothing of it is left.`);
  }
  return exitCode() ?? (isGood && isClean ? 0 : 1);
}

async function play(place: DemoDirectory, cpectl: Cpectl, signal: AbortSignal): Promise<void> {
  output.heading(`A coordinator of its own, in ${place.home}`);
  await cpectl.show('up');

  output.heading('Three assemblies: redis, an application of our own, nginx through its OCF agent');
  output.line(`$ cat ${place.document}`);
  for (const line of readFileSync(place.document, 'utf8').trimEnd().split('\n')) output.line(`  ${line}`);
  await cpectl.show('deployable', 'create', '-f', place.document);
  await cpectl.show('deployable', 'start', 'shop');
  await cpectl.show('deployable', 'status', 'shop');

  const front = (await instancesOf(cpectl)).find(({ assembly }) => assembly === 'front');
  if (front === undefined) throw demoFailure('cpectl info tells of no instance of front');
  const url = `http://${front.address}:8080`;
  const events = followEvents(cpectl, 'shop');
  try {
    await playScenes({ cpectl, events, url, signal });
  } finally {
    events.close();
  }

  output.heading('The end');
  await cpectl.show('deployable', 'stop', 'shop');
  await cpectl.show('down');
}

async function playScenes(stage: {
  readonly cpectl: Cpectl;
  readonly events: EventLog;
  readonly url: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { cpectl, events, url, signal } = stage;
  await visit(url, 1);
  await events.next(0, ({ kind }) => kind === 'deployable-running');
  const recoveries: Recovery[] = [];
  for (const [index, scene] of scenes.entries()) {
    const pageUrl = `${url}/visits`;
    recoveries.push(await playScene(scene, { cpectl, events, output, interruption: signal, pageUrl }));
    await visit(url, index + 2);
  }
  output.heading('Measured, in ms after each SIGKILL');
  for (const line of renderRecoveries(recoveries)) output.line(line);
}

/** Fetches the page through the front; the count shows that redis lost nothing. */
async function visit(url: string, expected: number): Promise<void> {
  output.line(`$ curl ${url}/`);
  const page = await fetchPage(`${url}/`);
  if (page.kind === 'failure') throw demoFailure(`${url}/ does not answer: ${page.reason}`);
  output.line(`  ${page.text}`);
  if (!page.text.includes(`Visit ${expected},`)) throw demoFailure(`this should have been visit ${expected}`);
}

function renderRecoveries(recoveries: readonly Recovery[]): string[] {
  const row = (cells: readonly string[]) => `  ${cells.map((cell) => cell.padStart(14)).join('')}`;
  const rows = recoveries.map(({ title, detectedMs, recoveredMs, pageBackMs }) => {
    const [what = ''] = title.replace('SIGKILL to ', '').split(/[:,]/);
    return row([what, `${detectedMs}`, `${recoveredMs}`, pageBackMs === undefined ? 'never failed' : `${pageBackMs}`]);
  });
  return [row(['', 'detected', 'recovered', 'page back']), ...rows];
}

function explain(error: unknown, place: DemoDirectory): void {
  const known = error instanceof Error && error.name === 'DemoFailure';
  output.line(`\ndemo: FAILED: ${known ? error.message : error instanceof Error ? error.stack : String(error)}`);
  output.line('The ends of the logs:');
  for (const line of logTails(place)) output.line(line);
}

async function takeDown(place: DemoDirectory): Promise<void> {
  const down = cpectlIn(place, output, new AbortController().signal).show('down', '--grace', downGraceS);
  await down.catch((error: Error) => output.line(`demo: ${error.message}`));
}

/** Removes what is left. False when there was a process that should have ended. */
async function cleanUp(place: DemoDirectory): Promise<boolean> {
  const until = Date.now() + endPatienceMs;
  while (findLeftProcesses(place).length > 0 && Date.now() < until) await new Promise((go) => setTimeout(go, 50));
  const left = findLeftProcesses(place);
  for (const { pid, command } of left) output.line(`demo: had to kill what should have ended: ${pid} ${command}`);
  removeEverything(place);
  return left.length === 0;
}

function removeEverything(place: DemoDirectory): void {
  const survivors = killLeftProcesses(place, killDeadlineMs);
  for (const { pid, command } of survivors) output.line(`demo: cannot be killed: ${pid} ${command}`);
  removeDemoDirectory(place);
}
