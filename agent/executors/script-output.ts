import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type OutputTail, outputTail } from './output-tail.js';

/** What a script writes, read while it runs. */
export interface ScriptOutput {
  /** Standard output and standard error, as they came. */
  readonly all: OutputTail;
  /** Standard error alone. */
  readonly errors: OutputTail;
  /**
   * To be called when the script has ended: resolves when everything that it wrote is read. A daemon that keeps its
   * pipes is not waited for, and not read any more.
   */
  drain(): Promise<void>;
}

/** So much at once, then a pause: a script that writes without end waits, and the agent has better things to do. */
const burstBytes = 256 * 1024;
const pauseMs = 10;
const drainBytes = 4 * 1024 * 1024;
/** What was written before the end is in the pipe by now: two looks that find nothing have seen all of it. */
const quietLooks = 2;

/** @param limitBytes of each of the two tails. */
export function readScriptOutput({ stdout, stderr }: ChildProcess, limitBytes: number): ScriptOutput {
  const all = outputTail(limitBytes);
  const errors = outputTail(limitBytes);
  const streams = [stdout, stderr].filter((stream) => stream !== null);
  let burst = 0;
  let timer: NodeJS.Timeout | undefined;
  let total = 0;
  let isDraining = false;

  const resume = (): void => {
    clearTimeout(timer);
    timer = undefined;
    burst = 0;
    for (const stream of streams) stream.resume();
  };
  const follow = (stream: Readable | null, tails: readonly OutputTail[]): void => {
    stream?.on('data', (chunk: Uint8Array) => {
      for (const tail of tails) tail.push(chunk);
      burst += chunk.length;
      total += chunk.length;
      if (burst < burstBytes || isDraining || timer !== undefined) return;
      for (const paused of streams) paused.pause();
      timer = setTimeout(resume, pauseMs);
    });
    // A pipe that cannot be read ends a script's output, and nothing else.
    stream?.on('error', () => undefined);
  };
  follow(stdout, [all]);
  follow(stderr, [all, errors]);

  return {
    all,
    errors,
    async drain() {
      isDraining = true;
      resume();
      const limit = total + drainBytes;
      for (let quiet = 0; quiet < quietLooks && total < limit; ) {
        if (streams.every((stream) => stream.readableEnded || stream.destroyed)) break;
        const before = total;
        await new Promise((resolve) => setImmediate(resolve));
        quiet = total === before ? quiet + 1 : 0;
      }
      for (const stream of streams) stream.destroy();
    },
  };
}
