import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { createFrameReader, encodeRequest, type RequestFrame } from './scheduler-frames.js';

const RESPONSE_FD = 3;
const STDERR_KEPT_CHARS = 8192;

export interface SchedulerProcessOptions {
  readonly binary: string;
  readonly timeZone: string;
  readonly maxCibBytes: number;
  readonly maxResponseBytes: number;
}

/** What became of one question. */
export type Exchange =
  | { readonly kind: 'response'; readonly meta: string; readonly graphXml: string }
  /** It answered nonsense and was killed. */
  | { readonly kind: 'broken'; readonly message: string }
  /** It ended by itself; `message` says how. */
  | { readonly kind: 'died'; readonly message: string }
  /** It could not be started: `code` is the system's error code. */
  | { readonly kind: 'not-started'; readonly code: string; readonly message: string }
  | { readonly kind: 'killed' };

/** One child process, from spawn to exit. */
export interface SchedulerProcess {
  readonly pid: number | undefined;
  /** Asks one question; must not be called before the last one is answered. Never rejects. */
  ask(request: RequestFrame): Promise<Exchange>;
  /** The end of what the process printed since the last question. */
  stderr(): string;
  /** SIGKILL. A question under way resolves as `killed` at once, however long the kernel takes. */
  kill(): void;
  /** Lets an idle process end by itself. */
  end(): void;
  /** Resolves when the process is gone and its output read; says how it ended. */
  readonly ended: Promise<string>;
}

/** Starts a `cpe-scheduler`. It dies with this process, whatever becomes of it. */
export function startSchedulerProcess(options: SchedulerProcessOptions): SchedulerProcess {
  let child: ChildProcess;
  try {
    child = spawn(options.binary, [String(options.maxCibBytes)], {
      cwd: '/',
      env: { TZ: options.timeZone },
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    // Most failures come as an 'error' event; what Node does not expect of the system (no memory) is thrown.
    return neverStarted(error instanceof Error ? error : new Error(String(error)));
  }
  const reader = createFrameReader(options.maxResponseBytes);
  let pending: ((exchange: Exchange) => void) | undefined;
  let over: Exchange | undefined;
  let stderr = '';
  let lastId = 0;

  function settle(exchange: Exchange): void {
    const resolve = pending;
    pending = undefined;
    resolve?.(exchange);
  }

  /** Nothing more will come from this process: answers the question under way and every later one. */
  function finish(exchange: Exchange): void {
    over ??= exchange;
    settle(over);
  }

  function fail(message: string): void {
    finish({ kind: 'broken', message });
    child.kill('SIGKILL');
  }

  function receive(chunk: Buffer): void {
    for (const event of reader.push(chunk)) {
      if (event.kind === 'broken') fail(event.message);
      else if (pending === undefined || event.frame.id !== lastId) fail('it answered what was not asked');
      else settle({ kind: 'response', meta: event.frame.meta, graphXml: event.frame.graphXml });
    }
  }

  const ended = new Promise<string>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return; // a signal that could not be sent; the process goes on
      finish(describeStartFailure(error));
      resolve(error.message);
    });
    // 'close', not 'exit': an answer written just before the end still counts, and stderr is complete.
    child.once('close', (code, signal) => {
      const message = signal === null ? `it exited with code ${code}` : `it was ended by ${signal}`;
      resolve(message); // first: whoever watches the process learns of its end before its question is asked again
      finish({ kind: 'died', message });
    });
  });
  // Without free descriptors there are no streams at all, whatever the types say; 'error' follows.
  const responses = child.stdio?.[RESPONSE_FD];
  if (responses instanceof Readable) responses.on('data', receive).on('error', () => {});
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_CHARS);
  });
  child.stdin?.on('error', () => {}); // EPIPE: 'close' follows and says why

  return {
    pid: child.pid,
    ended,
    stderr: () => stderr,
    ask: (request) =>
      new Promise((resolve) => {
        if (over !== undefined) return resolve(over);
        pending = resolve;
        stderr = '';
        lastId = (lastId + 1) >>> 0;
        child.stdin?.cork();
        for (const part of encodeRequest(lastId, request)) child.stdin?.write(part);
        child.stdin?.uncork();
      }),
    kill: () => {
      finish({ kind: 'killed' });
      child.kill('SIGKILL');
    },
    end: () => {
      child.stdin?.end();
    },
  };
}

function neverStarted(error: NodeJS.ErrnoException): SchedulerProcess {
  const exchange = describeStartFailure(error);
  return {
    pid: undefined,
    ended: Promise.resolve(error.message),
    stderr: () => '',
    ask: () => Promise.resolve(exchange),
    kill: () => {},
    end: () => {},
  };
}

function describeStartFailure(error: NodeJS.ErrnoException): Exchange {
  return { kind: 'not-started', code: error.code ?? 'unknown', message: error.message };
}
