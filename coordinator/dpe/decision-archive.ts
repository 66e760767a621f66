/**
 * Every decision on disk, bounded: the CIB that went in, the graph that came out, what was executed and how it ended.
 * `crm_simulate -S -x <directory>/cib.xml` makes a decision again.
 */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TransitionSummary } from './core/dpe-effect.js';
import type { DecisionRecord } from './decide.js';

/** What is kept: oldest decisions beyond either are removed, but never the newest. A thousand assemblies take 12 MB each. */
const defaultLimits = { decisions: 200, bytes: 512 * 1024 * 1024 };

export interface ArchivedTransition extends TransitionSummary {
  readonly directory: string;
  readonly decideMs: number;
}

export interface ArchivedDecisionFiles {
  readonly number: number;
  readonly directory: string;
  readonly cib: string;
  readonly graph: string;
  /** Undefined while it has not ended, or where it was cut off. */
  readonly outcome: (TransitionSummary & { readonly decideMs: number }) | undefined;
}

export class DecisionArchive {
  readonly #directory: string;
  readonly #decideMs = new Map<number, number>();
  readonly #onTrouble: (reason: string) => void;
  readonly #limits: typeof defaultLimits;
  /** Of the decisions on disk, by the names of their directories; what is not in here has not been looked at. */
  readonly #bytes = new Map<string, number>();
  #work: Promise<void> = Promise.resolve();

  /** `onTrouble` hears of a disk that refuses: the archive explains decisions, it must not stop them. */
  constructor(directory: string, onTrouble: (reason: string) => void, limits: typeof defaultLimits = defaultLimits) {
    this.#directory = directory;
    this.#onTrouble = onTrouble;
    this.#limits = limits;
  }

  /** `record` is asked for when it is to be written. */
  decided(
    number: number,
    decision: { readonly record: () => Promise<DecisionRecord>; readonly decideMs: number },
  ): void {
    this.#decideMs.set(number, decision.decideMs);
    this.#later(async () => {
      const directory = this.#pathOf(number);
      await mkdir(directory, { recursive: true });
      const { cib, graph } = await decision.record();
      await writeFile(join(directory, 'cib.xml'), cib);
      await writeFile(join(directory, 'graph.xml'), graph);
      await this.#removeOld();
    });
  }

  ended(summary: TransitionSummary): void {
    const decideMs = this.#decideMs.get(summary.number) ?? 0;
    this.#decideMs.delete(summary.number);
    this.#later(async () => {
      const directory = this.#pathOf(summary.number);
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'outcome.json'), `${JSON.stringify({ ...summary, decideMs }, undefined, 1)}\n`);
    });
  }

  /** The newest `limit` transitions that have ended, newest first. */
  async list(limit: number): Promise<readonly ArchivedTransition[]> {
    await this.#work;
    const names = (await this.#names()).reverse();
    const found: ArchivedTransition[] = [];
    for (const name of names) {
      if (found.length >= limit) break;
      const directory = join(this.#directory, name);
      const text = await readFile(join(directory, 'outcome.json'), 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      const outcome = readOutcome(text);
      if (outcome !== undefined) found.push({ ...outcome, directory });
    }
    return found;
  }

  /** One decision with everything that is kept of it; `newest` is the last that has ended. Undefined: not (any more) there. */
  async find(number: number | 'newest'): Promise<ArchivedDecisionFiles | undefined> {
    await this.#work;
    const wanted = number === 'newest' ? (await this.list(1))[0]?.number : number;
    if (wanted === undefined) return undefined;
    const directory = this.#pathOf(wanted);
    const read = (name: string) => readFile(join(directory, name), 'utf8').catch(() => undefined);
    const [cib, graph, text] = await Promise.all([read('cib.xml'), read('graph.xml'), read('outcome.json')]);
    if (cib === undefined || graph === undefined) return undefined;
    return { number: wanted, cib, graph, directory, outcome: text === undefined ? undefined : readOutcome(text) };
  }

  async close(): Promise<void> {
    await this.#work;
  }

  #later(job: () => Promise<void>): void {
    this.#work = this.#work.then(job).catch((error: unknown) => this.#onTrouble(String(error)));
  }

  async #removeOld(): Promise<void> {
    const names = (await this.#names()).reverse();
    let bytes = 0;
    for (const [index, name] of names.entries()) {
      bytes += await this.#bytesOf(name);
      if (index === 0 || (index < this.#limits.decisions && bytes <= this.#limits.bytes)) continue;
      await rm(join(this.#directory, name), { recursive: true, force: true });
      this.#bytes.delete(name);
    }
  }

  async #bytesOf(name: string): Promise<number> {
    const known = this.#bytes.get(name);
    if (known !== undefined) return known;
    const sizeOf = async (file: string) =>
      (await stat(join(this.#directory, name, file)).catch(() => undefined))?.size ?? 0;
    const bytes = (await sizeOf('cib.xml')) + (await sizeOf('graph.xml'));
    this.#bytes.set(name, bytes);
    return bytes;
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.#directory).catch(() => []);
    return names.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
  }

  #pathOf(number: number): string {
    return join(this.#directory, String(number));
  }
}

/** Undefined when it was torn by a crash while it was written: as good as not there. */
function readOutcome(text: string): (TransitionSummary & { decideMs: number }) | undefined {
  try {
    const outcome = JSON.parse(text) as Partial<TransitionSummary & { decideMs: number }> | null;
    const isWhole = typeof outcome?.number === 'number' && Array.isArray(outcome.executed);
    return isWhole ? (outcome as TransitionSummary & { decideMs: number }) : undefined;
  } catch {
    return undefined;
  }
}
