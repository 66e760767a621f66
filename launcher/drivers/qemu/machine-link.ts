import type { InstanceCondition } from '../../driver.js';
import { guestFiles } from './guest-directory.js';
import { connectQmp, type QmpAnswer, type QmpConnection } from './qmp-connection.js';
import { isObject, type QmpEvent } from './qmp-message.js';

/** Owns the connection to the control socket of one machine, and renews it whenever that is lost. */
export interface MachineLink {
  /** As QmpConnection.execute; also connects, within the same deadline. */
  execute(command: string, given: Readonly<Record<string, unknown>>, deadlineMs: number): Promise<QmpAnswer>;
  /** How the guest is, by its run state. One question at a time is asked, however many want to know. */
  condition(deadlineMs: number): Promise<InstanceCondition>;
  close(): void;
}

export interface LinkTarget {
  /** Of the guest. */
  readonly directory: string;
  /** Something that may have changed the machine's condition, or its end. */
  readonly onHint: () => void;
}

const CONNECT_MS = 2_000;
const RETRY_MS = 250;
/** Those after which the guest's condition is another one, or is about to be. */
const EVENTS = new Set([
  'STOP',
  'RESUME',
  'SUSPEND',
  'WAKEUP',
  'RESET',
  'SHUTDOWN',
  'GUEST_PANICKED',
  'BLOCK_IO_ERROR',
]);

export function openMachineLink(target: LinkTarget): MachineLink {
  let connection: Asked<QmpConnection | string> | undefined;
  let question: Asked<QmpAnswer> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let isClosed = false;

  const onEvent = ({ name }: QmpEvent) => {
    if (EVENTS.has(name)) target.onHint();
  };
  const onEnd = () => {
    connection = undefined;
    if (isClosed) return;
    target.onHint();
    retry = setTimeout(connect, RETRY_MS);
  };
  const connect = () => {
    clearTimeout(retry);
    const name = guestFiles.control;
    const attempt = askNow(
      connectQmp({ directory: target.directory, name, deadlineMs: CONNECT_MS, onEvent, onEnd }).then((connected) => {
        if (connected.kind === 'connected') {
          if (isClosed) connected.connection.close();
          return connected.connection;
        }
        // Repeated by whoever asks next: nothing hints that a machine which was silent is so still.
        if (connection === attempt) connection = undefined;
        return connected.reason;
      }),
    );
    connection = attempt;
    return attempt;
  };
  const connected = (deadlineMs: number) => answerOf(connection ?? connect(), deadlineMs, 'no greeting');

  return {
    async execute(command, given, deadlineMs) {
      const link = await connected(deadlineMs);
      if (typeof link === 'string') return { kind: 'silent', reason: link };
      return link.execute(command, given, deadlineMs);
    },
    async condition(deadlineMs) {
      const link = await connected(deadlineMs);
      if (typeof link === 'string') return notAnswering(link);
      question ??= askNow(
        link.execute('query-status').finally(() => {
          question = undefined;
        }),
      );
      const answer = await answerOf(question, deadlineMs, 'no answer to query-status');
      if (typeof answer === 'string') return notAnswering(answer);
      return answer.kind === 'returned' ? conditionOf(answer.value) : notAnswering(answer.reason);
    },
    close() {
      isClosed = true;
      clearTimeout(retry);
      void connection?.answer.then((link) => typeof link === 'string' || link.close());
    },
  };
}

/** Something under way that several may wait for. */
interface Asked<T> {
  readonly answer: Promise<T>;
  /** performance.now() */
  readonly at: number;
}

function askNow<T>(answer: Promise<T>): Asked<T> {
  return { answer, at: performance.now() };
}

/** A deadline is that of the question, not of who waits: what has been silent for so long is not waited for again. */
function answerOf<T>({ answer, at }: Asked<T>, deadlineMs: number, silence: string): Promise<T | string> {
  const leftMs = Math.max(0, at + deadlineMs - performance.now());
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(`${silence} in ${deadlineMs} ms`), leftMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What QEMU's run state (qapi/run-state.json, RunState) means for the guest. Total. */
export function conditionOf(answer: unknown): InstanceCondition {
  const status = isObject(answer) ? answer.status : undefined;
  switch (status) {
    case 'running':
      return { kind: 'working' };
    case 'guest-panicked':
      return { kind: 'panicked', evidence: 'QEMU says that the guest has panicked' };
    case 'internal-error':
      return { kind: 'panicked', evidence: 'QEMU cannot go on with this guest (internal-error)' };
    case 'io-error':
      return {
        kind: 'paused',
        evidence: 'QEMU has stopped the guest because of an error of one of its disks (io-error)',
      };
    default:
      if (typeof status !== 'string') return notAnswering('what it says of its status cannot be understood');
      return { kind: 'paused', evidence: `QEMU says that the guest does not run (${status})` };
  }
}

function notAnswering(reason: string): InstanceCondition {
  return { kind: 'not-answering', evidence: `QEMU does not answer on its control socket: ${reason}` };
}
