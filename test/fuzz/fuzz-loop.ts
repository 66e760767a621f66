import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { Chance } from '../sim/chance.js';
import { answerShape } from './answer-shape.js';
import { defaultMaxBytes, type Finding, type FuzzTarget } from './fuzz-target.js';
import { type Breed, mutateBytes } from './mutate-bytes.js';

export interface LoopOptions {
  readonly seed: number;
  readonly maxMs: number;
  readonly maxExecutions: number;
  /** By how much the limits of processor time are exceeded before it counts: other programs take caches and memory. */
  readonly slack: number;
  /** Told before every execution: a crash or a hang leaves its input behind. */
  readonly onInput: (bytes: Uint8Array) => void;
}

export interface LoopResult {
  readonly executions: number;
  readonly findings: readonly Finding[];
}

/** Findings of one target are alike: after this many it is left alone. */
const maxFindings = 5;
const maxCorpus = 400;
const compareEvery = 8;
const madeBatch = 64;
/** Heap that may be kept after many executions: caches fill, code is compiled. */
const maxGrowthBytes = 24 * 1024 * 1024;

/** Feeds one target mutated and made inputs until a limit is reached. Nothing in it depends on time but when it ends. */
export async function fuzzLoop(target: FuzzTarget, options: LoopOptions): Promise<LoopResult> {
  const chance = new Chance(options.seed);
  const corpus: Uint8Array[] = target.corpus.map((item) => Buffer.from(item as string));
  const breed: Breed = { corpus, words: target.words ?? [], maxBytes: target.maxBytes ?? defaultMaxBytes };
  const shapes = new Set<string>();
  const details = new Set<string>();
  const findings: Finding[] = [];
  const endAt = performance.now() + options.maxMs;
  const heap = heapWatch();
  let made: Uint8Array[] = [];
  let executions = 0;
  const first = [...corpus];

  function nextInput(): Uint8Array {
    const plain = first.shift();
    if (plain !== undefined) return plain;
    if (target.made === undefined || chance.happens(0.5)) return mutateBytes(chance, breed);
    if (made.length === 0) {
      made = fc.sample(target.made, { seed: options.seed + executions, numRuns: madeBatch });
    }
    const input = made.pop() ?? Buffer.alloc(0);
    return chance.happens(0.7) ? input : mutateBytes(chance, { ...breed, corpus: [input] });
  }

  while (executions < options.maxExecutions && findings.length < maxFindings && performance.now() < endAt) {
    const input = nextInput();
    options.onInput(input);
    const isCompared = target.isUnsteady !== true && executions % compareEvery === 0;
    const trial = await tryInput(target, input, { isCompared, slack: options.slack });
    executions += 1;
    if (trial.finding !== undefined && !details.has(detailKey(trial.finding))) {
      details.add(detailKey(trial.finding));
      findings.push(trial.finding);
    }
    const shape = answerShape(trial.answer);
    if (!shapes.has(shape) && shapes.size < 20_000) {
      shapes.add(shape);
      if (input.length <= 4096) {
        if (corpus.length < maxCorpus) corpus.push(input);
        else corpus[chance.between(target.corpus.length, maxCorpus - 1)] = input;
      }
    }
    const grown = heap.growth(executions);
    if (grown > maxGrowthBytes) {
      const detail = `the heap has grown by ${Math.round(grown / 1024)} KiB in ${executions} executions`;
      findings.push({ target: target.name, kind: 'growth', detail, input });
      break;
    }
    // Timers and sockets of the target have their turn too.
    if (executions % 256 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { executions, findings };
}

export interface Trial {
  readonly answer: unknown;
  readonly finding: Finding | undefined;
}

/** Feeds one input, by every rule but that of the heap. */
export async function tryInput(
  target: FuzzTarget,
  input: Uint8Array,
  { isCompared, slack }: { readonly isCompared: boolean; readonly slack: number },
): Promise<Trial> {
  const found = (kind: Finding['kind'], detail: string): Finding => ({ target: target.name, kind, detail, input });
  const one = await feed(target, input);
  if (one.kind === 'finding') return { answer: one.detail, finding: found('thrown', one.detail) };
  const limitMs = slack * ((target.baseMs ?? 100) + ((target.msPerKiB ?? 1) * input.length) / 1024);
  if (one.cpuMs > limitMs) {
    // The compiler and the collector take processor time too: only what is slow every time is the target's.
    const again = [one.cpuMs];
    for (let run = 0; run < 2; run += 1) again.push((await feed(target, input)).cpuMs);
    const least = Math.min(...again);
    if (least > limitMs) {
      const detail = `${Math.round(least)} ms of processor time for ${input.length} bytes (limit ${Math.round(limitMs)})`;
      return { answer: one.answer, finding: found('slow', detail) };
    }
  }
  if (isCompared) {
    const other = await feed(target, input);
    if (other.kind === 'finding' || !isDeepStrictEqual(one.answer, other.answer)) {
      return { answer: one.answer, finding: found('unsteady', 'two runs with this input answer differently') };
    }
  }
  return { answer: one.answer, finding: undefined };
}

type Fed = { readonly cpuMs: number } & (
  | { readonly kind: 'answer'; readonly answer: unknown }
  | { readonly kind: 'finding'; readonly detail: string; readonly answer?: undefined }
);

async function feed(target: FuzzTarget, input: Uint8Array): Promise<Fed> {
  const before = process.cpuUsage();
  const cpuMs = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  try {
    const pending = target.feed(Buffer.from(input));
    const answer = pending instanceof Promise ? await pending : pending;
    return { kind: 'answer', answer, cpuMs: cpuMs() };
  } catch (error) {
    const took = cpuMs();
    if (target.mayThrow?.(error) === true) {
      return { kind: 'answer', answer: { thrown: error instanceof Error ? error.message : error }, cpuMs: took };
    }
    return { kind: 'finding', detail: inspect(error).slice(0, 2000), cpuMs: took };
  }
}

/** Two findings with the same stack, or of the same kind without one, are one. */
function detailKey({ kind, detail }: Finding): string {
  const frames = detail.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length > 0 ? frames.slice(0, 3).join('\n') : kind;
}

/** Looks at the heap ever more rarely; the first look is when the target has warmed up. */
function heapWatch(): { growth: (executions: number) => number } {
  const collect = globalThis.gc;
  const warm = 2000;
  let first: number | undefined;
  let nextAt = warm;
  return {
    growth: (executions) => {
      if (collect === undefined || executions < nextAt) return 0;
      nextAt = executions * 2;
      // Buffers that the first collection has found are given back by the second.
      collect();
      collect();
      const { heapUsed, external } = process.memoryUsage();
      first ??= heapUsed + external;
      return heapUsed + external - first;
    },
  };
}
