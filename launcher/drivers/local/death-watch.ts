import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { hasErrorCode } from '../../error-code.js';
import { type PidScope, type ProcessIdentity, proveProcess } from './process-proof.js';

export interface DeathWatch {
  /** Looks now; the listener is called before this returns if the process is dead. */
  check(): void;
  /** Looks now and, until the process is dead, again at short intervals: for when it is about to die. */
  expect(): void;
  close(): void;
}

/** Between looks at a process that is about to die. A longer death is found by the driver's regular sweep. */
const POLL_FIRST_MS = 1;
const POLL_CAP_MS = 250;
const POLL_LIMIT_MS = 15_000;

/**
 * Watches an init and calls `onDead` once, with the evidence, when it is proven dead.
 *
 * The hint comes from the FIFO whose write end init holds: its end-of-file is seen as soon as the kernel closes init's
 * files, by every watcher, also one that came later. The proof is read from /proc. No thread waits: the descriptor is
 * non-blocking and belongs to the event loop.
 */
export function watchDeath(
  target: { readonly process: ProcessIdentity; readonly fifo: string; readonly here: PidScope },
  onDead: (evidence: string) => void,
): DeathWatch {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let closeFifo = () => {};

  const close = () => {
    isOver = true;
    clearTimeout(timer);
    closeFifo();
  };
  const check = () => {
    if (isOver) return;
    const state = proveProcess(target.process, target.here);
    if (state.kind !== 'dead') return;
    close();
    onDead(state.evidence);
  };
  const poll = (delayMs: number, until: number) => {
    check();
    if (isOver || performance.now() > until) return;
    clearTimeout(timer);
    timer = setTimeout(() => poll(Math.min(delayMs * 2, POLL_CAP_MS), until), delayMs);
  };
  const expect = () => poll(POLL_FIRST_MS, performance.now() + POLL_LIMIT_MS);

  closeFifo = onEndOfFifo(target.fifo, expect);
  return { check, expect, close };
}

/**
 * Calls `onEnd` (never synchronously) when no writer is left, or when the FIFO cannot be used: then one look is due.
 * A FIFO that lost its writer before it was opened reports no hang-up to poll(2), only an immediate end-of-file to
 * read(2) (fifo(7); fs/pipe.c, fifo_open); hence the read.
 */
function onEndOfFifo(path: string, onEnd: () => void): () => void {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    readSync(fd, Buffer.alloc(1));
  } catch (error) {
    if (fd !== undefined && hasErrorCode(error, 'EAGAIN')) {
      return onEndOfSocket(new Socket({ fd, readable: true, writable: false }), onEnd);
    }
  }
  if (fd !== undefined) closeSync(fd);
  const soon = setImmediate(onEnd);
  return () => clearImmediate(soon);
}

function onEndOfSocket(socket: Socket, onEnd: () => void): () => void {
  const end = () => {
    socket.removeAllListeners('end');
    socket.destroy();
    onEnd();
  };
  socket.once('end', end);
  socket.on('error', end);
  socket.resume();
  return () => {
    socket.removeAllListeners('end');
    socket.destroy();
  };
}
