/**
 * Our engine against the library's own, under whatever may happen to a transition: results that come one by one in any
 * order, failures, results that never come, lost nodes, aborts, limits. Both are told the same, and must fire the same.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseGraph } from '../../coordinator/graph/parse-graph.js';
import {
  abort,
  actionsInFlight,
  beginTransition,
  confirm,
  fire,
  loseNode,
  progress,
  type Transition,
} from '../../coordinator/graph/transition.js';
import {
  INFINITE_SCORE,
  isConfirmedWhenFired,
  type TransitionGraph,
} from '../../coordinator/graph/transition-graph.js';
import { openSchedulerChild } from '../../coordinator/scheduler/scheduler-child.js';
import { generatedCase } from './generated-case.js';
import { type Chance, chanceOf } from './generated-chance.js';
import { sourceFile } from './golden-source-file.js';

const FIRST = Number(process.env.SEED ?? 1);
const COUNT = 60;
const RUNS_PER_GRAPH = 4;

const scratch = mkdtempSync(join(tmpdir(), 'golden-consumer-'));
const scheduler = openSchedulerChild();
after(async () => {
  await scheduler.close();
  rmSync(scratch, { recursive: true });
});

test(`${COUNT} graphs, ${RUNS_PER_GRAPH} times each, are executed as the library executes them`, async (t) => {
  const consumer = buildConsumer();
  let passes = 0;
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const graphXml = await graphOf(seed);
    if (graphXml === undefined) continue;
    const file = join(scratch, 'graph.xml');
    writeFileSync(file, graphXml);
    const parsed = parseGraph(graphXml);
    assert.ok(parsed.kind === 'graph');
    for (let run = 0; run < RUNS_PER_GRAPH; run++) {
      const chance = chanceOf(`${seed}/run ${run}`);
      const jobLimit = chance.pick([1, 2, 1000]);
      const { script, ours } = execute(chance, parsed.graph, jobLimit);
      const { stdout, status, stderr } = spawnSync(consumer, [file, String(jobLimit)], {
        input: script.join('\n'),
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      assert.deepEqual(ours, stdout.trimEnd().split('\n'), `seed ${seed}, run ${run}:\n${script.join('\n')}`);
      passes += ours.length;
    }
  }
  t.diagnostic(`${passes} passes`);
});

/** Executes a graph to its end, with what chance lets happen; the commands for the library, and what each pass gave. */
function execute(chance: Chance, graph: TransitionGraph, jobLimit: number): { script: string[]; ours: string[] } {
  const script: string[] = [];
  const ours: string[] = [];
  const troubles = chance.pick([0, 0.05, 0.3]);
  let batchLimit = 0;
  const transition = beginTransition(graph, { jobLimit: () => jobLimit, batchLimit: () => batchLimit });
  for (;;) {
    batchLimit = chance.pick([0, 0, 1, 2, 5]);
    script.push(`pass ${batchLimit}`);
    const line = pass(transition);
    ours.push(line);
    const [status] = line.split(' ');
    if (status === 'complete' || status === 'terminated') return { script, ours };
    // As long as something fires the library goes on; then it waits for results.
    if (status === 'pending') script.push(...happen(chance, transition, troubles));
  }
}

function pass(transition: Transition): string {
  const fired: number[] = [];
  for (const action of fire(transition)) {
    fired.push(action.id);
    if (isConfirmedWhenFired(action)) confirm(transition, action.id, { kind: 'succeeded' });
  }
  if (fired.length > 0) return ['active', ...fired].join(' ');
  const state = progress(transition);
  return state.kind === 'running' ? 'pending' : state.kind;
}

/** At least one result comes, well or not; now and then something else happens, too. */
function happen(chance: Chance, transition: Transition, troubles: number): string[] {
  const script: string[] = [];
  const inFlight = actionsInFlight(transition);
  for (const { id } of chance.some(inFlight, chance.integer(1, 3))) {
    const kind = chance.happens(troubles) ? chance.pick(['fail', 'lost']) : 'ok';
    if (kind === 'ok') confirm(transition, id, { kind: 'succeeded' });
    else if (kind === 'lost') confirm(transition, id, { kind: 'timed-out' });
    else confirm(transition, id, { kind: 'failed', reason: 'test' });
    script.push(`${kind} ${id}`);
  }
  if (chance.happens(troubles / 5)) {
    const priority = chance.pick([1, 10, INFINITE_SCORE]);
    abort(transition, { priority, completion: 'restart', reason: 'test' });
    script.push(`abort ${priority}`);
  }
  const [action] = chance.happens(troubles / 5)
    ? chance.some(transition.graph.synapses, 1).flatMap((s) => s.actions)
    : [];
  if (action?.node !== undefined) {
    loseNode(transition, action.node);
    script.push(`node ${action.node.uuid} ${action.node.name}`);
  }
  return script;
}

async function graphOf(seed: number): Promise<string | undefined> {
  const { cib, nowUnixS } = generatedCase(seed);
  const decision = await scheduler.decide({ cib, nowUnixS });
  // The library dies of some; golden-cases.test.ts is about that.
  return decision.kind === 'graph' ? decision.graphXml : undefined;
}

function buildConsumer(): string {
  const packages = ['libpacemaker', 'pacemaker-cib', 'libqb', 'libxml-2.0', 'glib-2.0'];
  const flags = (kind: string) =>
    execFileSync('pkg-config', [kind, ...packages], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
  const binary = join(scratch, 'golden-consumer');
  const headers = flags('--cflags').map((flag) => flag.replace(/^-I/, '-isystem'));
  const source = sourceFile('test/golden/golden-consumer.c');
  execFileSync('gcc', ['-std=gnu11', '-O1', '-Wall', '-Werror', ...headers, '-o', binary, source, ...flags('--libs')]);
  return binary;
}
