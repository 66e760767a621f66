/**
 * A way to a plain bus server on which everything takes its time and much arrives twice. Usage:
 *
 *     slow-relay-main LISTEN-ADDRESS PORT TARGET-ADDRESS PORT
 *
 * Both ways, every part of the protocol is passed on in order and after up to DELAY_MS. Of every third message a second copy
 * arrives up to LATE_MS later, among those that were sent after it.
 */
import { connect, createServer, type Socket } from 'node:net';

const DELAY_MS = 100;
const LATE_MS = 3_000;
const SHARE_DOUBLED = 1 / 3;
/** The messages of the client protocol of NATS that have a payload; their last word is its size in bytes. */
const withPayload = /^(?:H?PUB|H?MSG) .*?(\d+)$/i;

const [listenAddress = '', listenPort = '', targetAddress = '', targetPort = ''] = process.argv.slice(2);

createServer((client) => {
  const server = connect(Number(targetPort), targetAddress);
  passOn(client, server);
  passOn(server, client);
}).listen(Number(listenPort), listenAddress, () => process.stdout.write('ready\n'));

function passOn(from: Socket, to: Socket): void {
  let kept: Buffer = Buffer.alloc(0);
  let lastAt = 0;
  const send = (frame: Buffer) => {
    if (to.writable) to.write(frame);
  };
  from.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]);
    for (let size = frameSize(kept); size !== undefined; size = frameSize(kept)) {
      const frame = kept.subarray(0, size.total);
      kept = kept.subarray(size.total);
      const now = performance.now();
      // Timers of one moment fire in the order in which they were set.
      lastAt = Math.max(lastAt, now + Math.random() * DELAY_MS);
      const delayMs = Math.ceil(lastAt - now);
      setTimeout(send, delayMs, frame);
      if (size.isMessage && Math.random() < SHARE_DOUBLED) setTimeout(send, delayMs + Math.random() * LATE_MS, frame);
    }
  });
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
}

/** Of the first frame, line and payload with their ends; undefined while it has not all come. */
function frameSize(bytes: Buffer): { readonly total: number; readonly isMessage: boolean } | undefined {
  const lineEnd = bytes.indexOf('\r\n');
  if (lineEnd < 0) return undefined;
  const [, size] = withPayload.exec(bytes.toString('latin1', 0, lineEnd)) ?? [];
  const total = lineEnd + 2 + (size === undefined ? 0 : Number(size) + 2);
  return bytes.length < total ? undefined : { total, isMessage: size !== undefined };
}
