import { closeSync, constants, openSync, readSync } from 'node:fs';
import { Socket } from 'node:net';
import { hasErrorCode } from '../error-code.js';
import type { LifeWatch } from './platform.js';

/** Between looks at a process that is about to die. A longer death is found by the driver's regular sweep. */
const POLL_FIRST_MS = 1;
const POLL_CAP_MS = 250;
const POLL_LIMIT_MS = 15_000;

/**
 * Hints at the end of a process, until it is closed.
 *
 * The hint comes from the FIFO whose write end the process holds: its end-of-file is seen as soon as the kernel closes
 * its files, by every watcher, also one that came later. No thread waits: the descriptor is non-blocking and belongs to
 * the event loop. The kernel closes files before it makes a zombie: hints go on for a while.
 */
export function watchFifo(fifo: string, onHint: () => void): LifeWatch {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const poll = (delayMs: number, until: number) => {
    onHint();
    clearTimeout(timer);
    if (isOver || performance.now() > until) return;
    timer = setTimeout(() => poll(Math.min(delayMs * 2, POLL_CAP_MS), until), delayMs);
  };
  const expect = () => poll(POLL_FIRST_MS, performance.now() + POLL_LIMIT_MS);
  const closeFifo = onEndOfFifo(fifo, expect);
  return {
    expect,
    close: () => {
      isOver = true;
      clearTimeout(timer);
      closeFifo();
    },
  };
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
