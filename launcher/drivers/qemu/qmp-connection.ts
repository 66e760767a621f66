import { closeSync, constants, openSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { parseQmpLine, type QmpEvent, type QmpMessage, type QmpRefusal, type QmpSuccess } from './qmp-message.js';

/** `silent`: nothing was said in time, or what was said is no QMP. It says nothing about the guest. */
export type QmpAnswer = QmpSuccess | QmpRefusal | QmpSilence;

export interface QmpSilence {
  readonly kind: 'silent';
  readonly reason: string;
}

/** Owns one connection to the control socket of a QEMU process. */
export interface QmpConnection {
  /** Of QEMU: "7.2.22". */
  readonly version: string;
  /**
   * Has QEMU do something. Never rejects. After `silent` it may still be done, and its answer is dropped.
   *
   * @param deadlineMs undefined: until the answer comes or the connection ends
   */
  execute(command: string, given?: Readonly<Record<string, unknown>>, deadlineMs?: number): Promise<QmpAnswer>;
  close(): void;
}

export interface QmpTarget {
  /** Directory and name of the socket: together they may be longer than the 107 bytes that a socket's address holds. */
  readonly directory: string;
  readonly name: string;
  /** For the greeting and the negotiation of capabilities. */
  readonly deadlineMs: number;
  readonly onEvent?: (event: QmpEvent) => void;
  /** Called once after it was connected: the connection has ended, and not because of `close`. */
  readonly onEnd?: (reason: string) => void;
}

export type QmpConnected = { readonly kind: 'connected'; readonly connection: QmpConnection } | QmpSilence;

/** Longest line that is read. QEMU's longest answers are those to query-qmp-schema, some 200 KiB. */
const LINE_LIMIT = 1024 * 1024;

/**
 * Connects to a QEMU monitor in control mode and leaves its negotiation mode (qmp_capabilities). Never rejects. A
 * monitor has one client at a time: a second one is connected by the kernel, but hears nothing until the first is gone.
 */
export function connectQmp(target: QmpTarget): Promise<QmpConnected> {
  return new Promise((resolve) => {
    const waiting = new Map<number, (answer: QmpAnswer) => void>();
    let count = 0;
    let version: string | undefined;
    let isSettled = false;
    let isClosed = false;
    let isOurEnd = false;
    let socket: Socket | undefined;

    const end = (reason: string) => {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(timer);
      socket?.destroy();
      for (const tell of waiting.values()) tell({ kind: 'silent', reason });
      waiting.clear();
      if (!isSettled) resolve({ kind: 'silent', reason });
      else if (!isOurEnd) target.onEnd?.(reason);
    };
    const close = () => {
      isOurEnd = true;
      end('the connection was closed');
    };
    const execute: QmpConnection['execute'] = (command, given, deadlineMs) => {
      if (isClosed) return Promise.resolve({ kind: 'silent', reason: 'the connection has ended' });
      count += 1;
      const id = count;
      socket?.write(`${JSON.stringify({ execute: command, arguments: given, id })}\n`);
      return withDeadline(waiting, id, deadlineMs, `no answer to ${command}`);
    };
    const negotiate = async (greeted: string) => {
      version = greeted;
      const answer = await execute('qmp_capabilities');
      if (answer.kind === 'refused') end(answer.reason);
      if (answer.kind !== 'returned' || isClosed) return;
      clearTimeout(timer);
      isSettled = true;
      resolve({ kind: 'connected', connection: { version: greeted, execute, close } });
    };
    const take = (message: QmpMessage) => {
      switch (message.kind) {
        case 'greeting':
          if (version === undefined) void negotiate(message.version);
          return;
        case 'event':
          if (!isClosed) target.onEvent?.(message.event);
          return;
        case 'answer': {
          const tell = message.id === undefined ? undefined : waiting.get(message.id);
          return tell?.(message.answer);
        }
        case 'garbage':
          return end(message.reason);
      }
    };

    const timer = setTimeout(() => end(`no greeting in ${target.deadlineMs} ms`), target.deadlineMs);
    try {
      socket = connectSocket(target.directory, target.name);
    } catch (error) {
      return end(String(error));
    }
    socket.on(
      'data',
      splitLines(LINE_LIMIT, (line) => take(parseQmpLine(line)), end),
    );
    socket.on('error', (error) => end(error.message));
    socket.on('close', () => end('QEMU has closed its control socket'));
  });
}

/** By way of the directory's descriptor, because of the length of paths. */
function connectSocket(directory: string, name: string): Socket {
  const fd = openSync(directory, constants.O_DIRECTORY | constants.O_RDONLY);
  try {
    // For a path connect() calls connect(2) before it returns: the descriptor is needed no longer.
    return connect(`/proc/self/fd/${fd}/${name}`);
  } finally {
    closeSync(fd);
  }
}

function withDeadline(
  waiting: Map<number, (answer: QmpAnswer) => void>,
  id: number,
  deadlineMs: number | undefined,
  what: string,
): Promise<QmpAnswer> {
  return new Promise((resolve) => {
    const silent = () => tell({ kind: 'silent', reason: `${what} in ${deadlineMs} ms` });
    const timer = deadlineMs === undefined ? undefined : setTimeout(silent, deadlineMs);
    const tell = (answer: QmpAnswer) => {
      clearTimeout(timer);
      waiting.delete(id);
      resolve(answer);
    };
    waiting.set(id, tell);
  });
}

/** Hands on whole lines without their ends; `onOverflow` is called instead of what would be longer than the limit. */
function splitLines(limit: number, onLine: (line: string) => void, onOverflow: (reason: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line);
    if (rest.length <= limit) return;
    rest = '';
    onOverflow(`it said a line of more than ${limit} characters, which is no QMP`);
  };
}
