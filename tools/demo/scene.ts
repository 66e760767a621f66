import { setTimeout as delay } from 'node:timers/promises';
import type { EventJson } from '../cpectl/views/event-view.js';
import type { Cpectl } from './cpectl-child.js';
import { demoFailure, within } from './demo-failure.js';
import type { EventLog } from './event-log.js';
import { findProgram } from './instance-processes.js';
import type { Output } from './output.js';
import { type PageWatch, watchPage } from './page.js';
import {
  type Expected,
  firstOutOfOrder,
  isThis,
  type Moment,
  momentOfEvent,
  momentOfPage,
  renderTimeline,
} from './timeline.js';

/** A program in an assembly; without one, the instance as a whole. */
export interface Victim {
  readonly assembly: string;
  readonly program?: string;
}

/** A failure that the demo brings about, and what has to follow. */
export interface Scene {
  readonly title: string;
  readonly victim: Victim;
  /** What has to be in the event log: each of these lists in its order. Nothing else may have been stopped or started. */
  readonly inOrder: readonly (readonly Expected[])[];
  /** The event that ends the scene. */
  readonly end: Expected;
  /** What has to go on undisturbed: the same process before and after. */
  readonly untouched: readonly Required<Victim>[];
  /** Whether the failure reaches the page. */
  readonly pageFails: boolean;
}

export interface Stage {
  readonly cpectl: Cpectl;
  readonly events: EventLog;
  readonly output: Output;
  readonly interruption: AbortSignal;
  /** Fetched all the time while a recovery is under way. */
  readonly pageUrl: string;
}

/** Measured times in ms after the SIGKILL. */
export interface Recovery {
  readonly title: string;
  readonly detectedMs: number;
  readonly recoveredMs: number;
  /** Undefined: the page never failed. */
  readonly pageBackMs: number | undefined;
}

const deadlineMs = 40_000;
const processPollMs = 2;

/** Brings the failure about, shows what follows as a timeline, and throws when it is not what has to follow. */
export async function playScene(scene: Scene, stage: Stage): Promise<Recovery> {
  const { cpectl, events, output, interruption, pageUrl } = stage;
  output.heading(scene.title);
  const instances = await instancesOf(cpectl);
  const victim = processOf(instances, scene.victim);
  const bystanders = scene.untouched.map((bystander) => ({ ...bystander, pid: processOf(instances, bystander).pid }));
  const before = events.lastSeq();
  const watch = watchPage(pageUrl);
  const killedAt = Date.now();
  const own: Moment[] = [{ atMs: killedAt, subject: scene.victim.assembly, kind: 'SIGKILL', detail: victim.title }];
  let isShown = false;
  const showTimeline = () => {
    isShown = true;
    const moments = [...own, ...events.since(before).map(momentOfEvent), ...watch.changes.map(momentOfPage)];
    for (const line of renderTimeline(moments)) output.line(line);
  };
  try {
    process.kill(victim.pid, 'SIGKILL');
    const back = awaitReplacement(scene.victim, victim, interruption);
    const what = `after SIGKILL to ${victim.title}`;
    const wait = { deadlineMs, interruption };
    const ended = events.next(before, (event) => isThis(event, scene.end));
    const last = await within(ended, { ...wait, what: `${what}: ${scene.end.join(' ')}` });
    own.push(...(await within(back, { ...wait, what: `${what}: a new process` })));
    await within(watch.answersAfter(last.timeUnixMs ?? 0), { ...wait, what: `${what}: the page answers` });
    showTimeline();
    const happened = events.since(before);
    check(scene, happened, watch);
    for (const { pid, assembly, program } of bystanders) {
      if (processOf(await instancesOf(cpectl), { assembly, program }).pid === pid) continue;
      throw demoFailure(`${program} in ${assembly} was restarted, although the failure does not concern it`);
    }
    const failure = happened.find(({ kind }) => /-(failed|dead)$/.test(kind));
    return {
      title: scene.title,
      detectedMs: (failure?.timeUnixMs ?? 0) - killedAt,
      recoveredMs: (last.timeUnixMs ?? 0) - killedAt,
      pageBackMs: scene.pageFails ? (watch.changes.at(-1)?.atMs ?? 0) - killedAt : undefined,
    };
  } catch (error) {
    if (!interruption.aborted && !isShown) showTimeline();
    throw error;
  } finally {
    watch.end();
  }
}

function check({ inOrder, pageFails }: Scene, happened: readonly EventJson[], { changes }: PageWatch): void {
  for (const expected of inOrder) {
    const missing = firstOutOfOrder(happened, expected);
    if (missing !== undefined) throw demoFailure(`the event log lacks, at its place: ${missing.join(' ')}`);
  }
  const concerned = new Set(inOrder.flat().map(([, subject]) => subject));
  const stray = happened.map(momentOfEvent).find(({ kind, subject }) => isChange(kind) && !concerned.has(subject));
  if (stray !== undefined) throw demoFailure(`${stray.subject} is not concerned, but there is: ${stray.kind}`);
  if (pageFails && changes.length === 0) throw demoFailure('the page should have failed for a while');
  if (!pageFails && changes.length > 0) throw demoFailure('the page failed, although nothing it needs did');
}

/** Something was done to the subject; the rest of the events tells of decisions. */
function isChange(kind: string): boolean {
  return /^(resource|assembly)-(failed|stopped|started|recovered|dead)$/.test(kind);
}

/** When the program runs again, as seen from outside. */
async function awaitReplacement(
  { assembly, program }: Victim,
  killed: VictimProcess,
  interruption: AbortSignal,
): Promise<Moment[]> {
  if (program === undefined) return [];
  while (!interruption.aborted) {
    const pid = findProgram(killed.initPid, program);
    if (pid !== undefined && pid !== killed.pid) {
      return [{ atMs: Date.now(), subject: assembly, kind: 'new process', detail: `${program}, pid ${pid}` }];
    }
    await delay(processPollMs);
  }
  return [];
}

interface Instance {
  readonly assembly: string;
  readonly pid: number;
  readonly address: string;
}

interface VictimProcess {
  readonly pid: number;
  readonly initPid: number;
  readonly title: string;
}

/** The instances that run. */
export async function instancesOf(cpectl: Cpectl): Promise<readonly Instance[]> {
  const { instances } = (await cpectl.json('info')) as { instances: (Instance & { pid: number | null })[] };
  return instances.filter(({ pid }) => pid !== null);
}

function processOf(instances: readonly Instance[], { assembly, program }: Victim): VictimProcess {
  const initPid = instances.find((instance) => instance.assembly === assembly)?.pid;
  if (initPid === undefined) throw demoFailure(`cpectl info tells of no instance of ${assembly} that runs`);
  if (program === undefined) return { pid: initPid, initPid, title: `init of the instance, pid ${initPid}` };
  const pid = findProgram(initPid, program);
  if (pid === undefined) throw demoFailure(`${program} does not run in the instance of ${assembly}`);
  return { pid, initPid, title: `${program}, pid ${pid}` };
}
