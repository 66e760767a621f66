import { createConnection, type NetConnectOpts, type Socket } from 'node:net';
import { decodeMessage, encodeMessage, messageLength, type WireMessage } from './wire-message.js';

export interface BusLinkEvents {
  /** The bus has accepted this client; messages may be sent now. */
  onOpen(): void;
  onMessage(message: WireMessage): void;
  /** Once, and last: never opened, lost, or what came was no D-Bus. */
  onClosed(reason: string): void;
}

/** One connection to a bus, from its socket to the end of it. It holds no process open. */
export interface BusLink {
  /** Throws RangeError on a message that is not allowed. */
  send(message: WireMessage): void;
  close(): void;
}

const openMs = 10_000;
const maxLineBytes = 4096;

/**
 * Connects and authenticates as the user of this process (D-Bus specification, "Authentication Protocol", EXTERNAL: the
 * kernel tells the bus who is at the other end of the socket). No event comes before this has returned.
 */
export function openBusLink(endpoint: NetConnectOpts, events: BusLinkEvents): BusLink {
  const socket = createConnection(endpoint);
  const incoming = incomingBytes();
  let isOpen = false;
  let isClosed = false;
  const timer = setTimeout(() => end('the bus does not answer'), openMs);
  timer.unref();
  socket.unref();
  socket.on('connect', () => socket.write('\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n'));
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  socket.on('close', () => end('the bus has closed the connection'));
  socket.on('data', (chunk: Buffer) => {
    incoming.push(chunk);
    if (!isOpen && acceptance() !== 'accepted') return;
    for (let message = next(); message !== undefined; message = next()) events.onMessage(message);
  });

  function end(reason: string): void {
    if (isClosed) return;
    isClosed = true;
    clearTimeout(timer);
    socket.destroy();
    events.onClosed(reason);
  }

  function acceptance(): 'accepted' | 'not yet' {
    for (let line = incoming.line(); line !== undefined; line = incoming.line()) {
      if (/^OK\b/.test(line)) {
        isOpen = true;
        clearTimeout(timer);
        events.onOpen();
        return 'accepted';
      }
      if (!/^DATA\b/.test(line)) end(`the bus does not accept this user: ${JSON.stringify(line.slice(0, 80))}`);
    }
    if (incoming.size() > maxLineBytes) end('what answers is no D-Bus');
    return 'not yet';
  }

  /** The next whole message; after one that is not well-formed nothing that follows can be trusted. */
  function next(): WireMessage | undefined {
    try {
      while (!isClosed) {
        const frame = incoming.frame();
        if (frame === undefined) return undefined;
        const message = decodeMessage(frame);
        if (message !== undefined) return message;
      }
    } catch (error) {
      end(`no valid D-Bus message: ${(error as Error).message}`);
    }
    return undefined;
  }

  return {
    send(message) {
      const bytes = encodeMessage(message);
      if (isWritable(socket)) socket.write(bytes);
    },
    close: () => end('closed'),
  };
}

function isWritable(socket: Socket): boolean {
  return socket.writable && !socket.destroyed;
}

/** Bytes as they come, taken out as lines during authentication and as messages afterwards. */
function incomingBytes() {
  let chunks: Buffer[] = [];
  let size = 0;
  /** What has to be there before another look is worth it: a long message is not copied for each of its pieces. */
  let needed = 0;

  function whole(): Buffer {
    const [first] = chunks;
    const all = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    chunks = [all];
    return all;
  }

  function keepFrom(all: Buffer, at: number): void {
    chunks = at < all.length ? [all.subarray(at)] : [];
    size = all.length - at;
    needed = 0;
  }

  return {
    push(chunk: Buffer): void {
      chunks.push(chunk);
      size += chunk.length;
    },
    size: () => size,
    line(): string | undefined {
      const all = whole();
      const at = all.indexOf('\r\n');
      if (at < 0) return undefined;
      keepFrom(all, at + 2);
      return all.toString('latin1', 0, at);
    },
    frame(): Buffer | undefined {
      if (size === 0 || size < needed) return undefined;
      const all = whole();
      needed = messageLength(all) ?? 16;
      if (size < needed) return undefined;
      const frame = all.subarray(0, needed);
      keepFrom(all, needed);
      return frame;
    },
  };
}
