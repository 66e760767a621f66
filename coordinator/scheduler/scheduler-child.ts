import { type Answer, parseAnswer } from './parse-answer.js';
import type { DecideRequest, Decision, FailureReason, LibraryVersion, Scheduler } from './scheduler.js';
import { SCHEDULER_BUILD_COMMAND, schedulerBinary } from './scheduler-binary.js';
import type { RequestFrame } from './scheduler-frames.js';
import { type Exchange, type SchedulerProcess, startSchedulerProcess } from './scheduler-process.js';

const MEBIBYTE = 2 ** 20;
/** setTimeout takes no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const END_OF_YEAR_9999_UNIX_S = 253_402_300_799;
const EXIT_GRACE_MS = 2000;

export interface SchedulerChildOptions {
  /** Default: the one that SCHEDULER_BUILD_COMMAND builds. */
  readonly binary?: string;
  /** In which rules with hours and weekdays are evaluated. Default UTC: two coordinators then decide alike. */
  readonly timeZone?: string;
  /** For requests that give none. Default 60 s. */
  readonly deadlineMs?: number;
  /** How often one request is asked, at most, when the process dies of it. Default 2. */
  readonly maxAttempts?: number;
  /** Requests that may wait behind the one under way. Default 64. */
  readonly maxWaiting?: number;
  /** Default 64 MiB. */
  readonly maxCibBytes?: number;
  /** Graph and status together. Default 256 MiB. */
  readonly maxResponseBytes?: number;
  /** Told of every start and end of a scheduler process; must not throw. */
  readonly onEvent?: (event: SchedulerProcessEvent) => void;
}

export type SchedulerProcessEvent =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'ended'; readonly pid: number; readonly message: string; readonly stderr: string };

type Failure = Extract<Decision, { kind: 'failed' }>;
type Result =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly graphXml: string; readonly elapsedMs: number }
  | Failure;

interface Job {
  readonly request: RequestFrame;
  readonly timer: NodeJS.Timeout;
  attempts: number;
  readonly settle: (result: Result) => void;
}

/**
 * Opens the scheduler as a child process that is started with the first request, asked one thing at a time, and
 * replaced when it dies. A request that it dies of is asked again; one that misses its deadline costs it its life.
 */
export function openSchedulerChild(options: SchedulerChildOptions = {}): Scheduler {
  const child = new SchedulerChild(options);
  return {
    async decide(request) {
      return toDecision(await child.submit(decideFrame(request), request.deadlineMs));
    },
    async hello() {
      return toLibraryVersion(await child.submit({ kind: 'hello' }, undefined));
    },
    close: () => child.close(),
  };
}

/** Owns the process, the queue in front of it and their timers. */
class SchedulerChild {
  readonly #options: Required<Omit<SchedulerChildOptions, 'onEvent'>> & Pick<SchedulerChildOptions, 'onEvent'>;
  readonly #waiting: Job[] = [];
  readonly #ending = new Set<Promise<unknown>>();
  #current: Job | undefined;
  #process: SchedulerProcess | undefined;
  #isClosed = false;

  constructor(options: SchedulerChildOptions) {
    this.#options = {
      binary: schedulerBinary(),
      timeZone: 'UTC',
      deadlineMs: 60_000,
      maxAttempts: 2,
      maxWaiting: 64,
      maxCibBytes: 64 * MEBIBYTE,
      maxResponseBytes: 256 * MEBIBYTE,
      ...options,
    };
  }

  async submit(request: RequestFrame, deadlineMs: number | undefined): Promise<Result> {
    if (this.#isClosed) return failure('closed', 'the scheduler was closed', 0);
    const oversize = this.#describeOversize(request);
    if (oversize !== undefined) return oversize;
    if (this.#waiting.length >= this.#options.maxWaiting) {
      return failure('overloaded', `${this.#waiting.length} requests are waiting already`, 0);
    }
    return new Promise((resolve) => {
      const limitMs = Math.min(deadlineMs ?? this.#options.deadlineMs, LONGEST_TIMER_MS);
      const job: Job = {
        request,
        attempts: 0,
        timer: setTimeout(() => this.#expire(job, limitMs), limitMs),
        settle: (result) => {
          clearTimeout(job.timer);
          resolve(result);
        },
      };
      this.#waiting.push(job);
      this.#startNext();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) job.settle(failure('closed', 'the scheduler was closed', 0));
    const last = this.#process;
    if (this.#current !== undefined) last?.kill();
    else last?.end();
    const grace = setTimeout(() => last?.kill(), EXIT_GRACE_MS);
    await Promise.all(this.#ending);
    clearTimeout(grace);
  }

  /** What the process would refuse is refused here, without sending it. */
  #describeOversize(request: RequestFrame): Result | undefined {
    if (request.kind !== 'decide') return undefined;
    const bytes = Buffer.byteLength(request.cib);
    if (bytes <= this.#options.maxCibBytes) return undefined;
    const message = `the CIB has ${bytes} bytes, ${this.#options.maxCibBytes} are allowed`;
    const answer = { kind: 'refused', reason: 'oversize', message, warnings: [] } as const;
    return { kind: 'answered', answer, graphXml: '', elapsedMs: 0 };
  }

  #startNext(): void {
    if (this.#current !== undefined) return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    this.#current = job;
    void this.#run(job).then((result) => {
      this.#current = undefined;
      job.settle(result);
      this.#startNext();
    });
  }

  async #run(job: Job): Promise<Result> {
    for (;;) {
      job.attempts += 1;
      const process = this.#ensureProcess();
      const startedAt = performance.now();
      const exchange = await process.ask(job.request);
      const elapsedMs = performance.now() - startedAt;
      if (exchange.kind === 'response') {
        const answer = tryParseAnswer(exchange.meta);
        if (!(answer instanceof Error)) return { kind: 'answered', answer, graphXml: exchange.graphXml, elapsedMs };
        process.kill();
        this.#forget(process);
        return failure('protocol', answer.message, job.attempts, process.stderr());
      }
      this.#forget(process);
      const failed = this.#describeFailure(exchange, job.attempts, process.stderr());
      const isWorthAnother = failed.reason === 'crashed' || failed.reason === 'protocol';
      if (!isWorthAnother || this.#isClosed || job.attempts >= this.#options.maxAttempts) return failed;
    }
  }

  #describeFailure(exchange: Exclude<Exchange, { kind: 'response' }>, attempts: number, stderr: string): Failure {
    switch (exchange.kind) {
      case 'died':
        return failure('crashed', `the scheduler died while deciding: ${exchange.message}`, attempts, stderr);
      case 'broken':
        return failure('protocol', exchange.message, attempts, stderr);
      case 'killed':
        return this.#isClosed
          ? failure('closed', 'the scheduler was closed', attempts, stderr)
          : failure('timeout', 'the scheduler did not answer before the deadline and was killed', attempts, stderr);
      case 'not-started':
        return exchange.code === 'ENOENT'
          ? failure('not-built', describeMissing(this.#options.binary), attempts)
          : failure('not-started', `cannot start ${this.#options.binary}: ${exchange.message}`, attempts);
    }
  }

  #expire(job: Job, limitMs: number): void {
    if (job === this.#current) {
      this.#process?.kill();
      return;
    }
    const index = this.#waiting.indexOf(job);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    job.settle(failure('timeout', `still waiting for earlier requests after ${limitMs} ms`, 0));
  }

  #ensureProcess(): SchedulerProcess {
    if (this.#process !== undefined) return this.#process;
    const { onEvent, ...processOptions } = this.#options;
    const process = startSchedulerProcess(processOptions);
    this.#process = process;
    const { pid } = process;
    if (pid !== undefined) onEvent?.({ kind: 'started', pid });
    const ending = process.ended.then((message) => {
      this.#ending.delete(ending);
      this.#forget(process);
      if (pid !== undefined) onEvent?.({ kind: 'ended', pid, message, stderr: process.stderr() });
    });
    this.#ending.add(ending);
    return process;
  }

  #forget(process: SchedulerProcess): void {
    if (this.#process === process) this.#process = undefined;
  }
}

function decideFrame(request: DecideRequest): RequestFrame {
  const { cib, nowUnixS, isSanitized = false, wantsStatus = false } = request;
  if (!Number.isInteger(nowUnixS) || nowUnixS < 0 || nowUnixS > END_OF_YEAR_9999_UNIX_S) {
    throw new RangeError(`nowUnixS must be whole seconds from 0 to ${END_OF_YEAR_9999_UNIX_S}: ${nowUnixS}`);
  }
  return { kind: 'decide', cib, nowUnixS, isSanitized, wantsStatus };
}

function toDecision(result: Result): Decision {
  if (result.kind === 'failed') return result;
  const { answer, graphXml, elapsedMs } = result;
  switch (answer.kind) {
    case 'graph':
      return { ...answer, graphXml, elapsedMs };
    case 'refused':
      return answer;
    case 'hello':
      return failure('protocol', 'the scheduler answered a question for its version', 1);
  }
}

function toLibraryVersion(result: Result): LibraryVersion {
  if (result.kind === 'failed')
    throw new Error(`no scheduler (${result.reason}): ${result.message}\n${result.stderr}`.trim());
  const { answer } = result;
  if (answer.kind !== 'hello') throw new Error('the scheduler answered a question for a decision');
  return { library: answer.library, featureSet: answer.featureSet, schema: answer.schema };
}

function tryParseAnswer(meta: string): Answer | SyntaxError {
  try {
    return parseAnswer(meta);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

function describeMissing(binary: string): string {
  return `${binary} is missing; build it with "${SCHEDULER_BUILD_COMMAND}" in the package's root (needs gcc, pkg-config and pacemaker-dev)`;
}

function failure(reason: FailureReason, message: string, attempts: number, stderr = ''): Failure {
  return { kind: 'failed', reason, message, attempts, stderr };
}
