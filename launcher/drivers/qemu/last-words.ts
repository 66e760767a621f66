import { join } from 'node:path';
import { guestDirectory, guestFiles, readTail } from './guest-directory.js';
import { type QmpEvent, readQmpEvents } from './qmp-message.js';

/** What has been left behind by a QEMU process that has ended. */
export interface LastWords {
  readonly events: readonly QmpEvent[];
  /** The ends of QEMU's log and of the guest's console. */
  readonly log: string;
  readonly console: string;
}

/** Where cpe-instance-init lets QEMU write what it has to say (process-life.ts). */
const LOG_FILE = 'machine.log';
const RECORD_BYTES = 16 * 1024;
const LOG_BYTES = 4 * 1024;
const QUOTED_LENGTH = 200;

/**
 * Reads what tells how a machine has ended, as far as it can be read. Never rejects.
 *
 * @param processDirectory where its init's files are
 */
export async function readLastWords(instanceDirectory: string, processDirectory: string): Promise<LastWords> {
  const guest = guestDirectory(instanceDirectory);
  const read = (path: string, bytes: number) => readTail(path, bytes).catch(() => '');
  const [record, log, console] = await Promise.all([
    read(join(guest, guestFiles.recordOutput), RECORD_BYTES),
    read(join(processDirectory, LOG_FILE), LOG_BYTES),
    read(join(guest, guestFiles.console), LOG_BYTES),
  ]);
  return { events: readQmpEvents(record), log, console };
}

/**
 * Why a QEMU process has ended, for people, from the reason of its last SHUTDOWN event (QEMU's qapi/run-state.json,
 * ShutdownCause) and what else it has left. Without that event it had no time for one: a signal that cannot be caught,
 * or a failure of its own, which its log tells.
 */
export function describeEnd(words: LastWords): string {
  const shutdown = words.events.findLast(({ name }) => name === 'SHUTDOWN');
  if (shutdown === undefined) return `QEMU ended without a word${quote(', its log with ', lastLine(words.log))}`;
  const at = new Date(shutdown.at);
  // The record is QEMU's, and a guest may have ended QEMU: its time may be none.
  const when = Number.isNaN(at.getTime()) ? '' : ` (at ${at.toISOString()})`;
  return `${explain(shutdown.data.reason, words)}${when}`;
}

function explain(reason: unknown, { console, log }: LastWords): string {
  switch (reason) {
    case 'guest-panic':
      return `guest panic${quote(': ', lastLine(console, /kernel panic/i))}`;
    case 'guest-shutdown':
      return 'the guest was powered off from inside';
    case 'host-signal':
      return `QEMU was ended by a signal${quote(': ', lastLine(log))}`;
    case 'host-qmp-quit':
      return 'QEMU was told to quit on a control socket';
    case 'host-error':
      return `QEMU gave up${quote(': ', lastLine(log))}`;
    default:
      return `QEMU ended (${typeof reason === 'string' ? reason : 'no reason given'})${quote(': ', lastLine(log))}`;
  }
}

function quote(before: string, text: string | undefined): string {
  return text === undefined ? '' : `${before}"${text}"`;
}

/** The last line that matches, in printable characters and bounded. */
function lastLine(text: string, pattern = /\S/): string | undefined {
  const line = text.split(/[\r\n]+/).findLast((candidate) => pattern.test(candidate));
  return line
    ?.replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, QUOTED_LENGTH);
}
