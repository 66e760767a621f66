import { connect } from 'node:net';
import { type Call, type LifecycleEvent, lifecycleEvent } from './libvirt-calls.js';
import {
  createMessageDecoder,
  decodeError,
  encodeMessage,
  type LibvirtError,
  messageStatus,
  messageTypes,
  programs,
  type RpcMessage,
} from './rpc-message.js';
import { createXdrReader, createXdrWriter } from './xdr.js';

export interface RpcConnection {
  /**
   * Rejects with a LibvirtError where libvirtd refuses; with a ConnectionError where it cannot be told whether the call
   * was carried out: no answer within the deadline, or the connection has ended.
   */
  call<A, R>(call: Call<A, R>, args: A, deadlineMs: number): Promise<R>;
  /** Calls that wait are rejected for this reason; nothing is heard afterwards, and `onClose` is not called. */
  close(reason: string): void;
}

export interface RpcListeners {
  onEvent(event: LifecycleEvent): void;
  /** Once, when the connection has ended by itself. */
  onClose(reason: string): void;
}

/** Nobody knows what has become of the call. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

interface Waiting {
  resolve(payload: Buffer): void;
  reject(error: LibvirtError | ConnectionError): void;
}

const KEEPALIVE_PING = 1;
const KEEPALIVE_PONG = 2;
/** More than there are instances, by far. */
const WAITING_LIMIT = 512;
const SERIAL_LIMIT = 0x7fffffff;

/** Connects to libvirtd's unix socket; rejects with a ConnectionError. */
export function connectRpc(socketPath: string, listeners: RpcListeners, deadlineMs: number): Promise<RpcConnection> {
  const socket = connect(socketPath);
  const waiting = new Map<number, Waiting>();
  let serial = 0;
  let end: string | undefined;

  const finish = (reason: string) => {
    if (end !== undefined) return;
    end = reason;
    socket.destroy();
    for (const { reject } of waiting.values()) reject(new ConnectionError(reason));
    waiting.clear();
  };
  const send = (message: RpcMessage) => socket.write(encodeMessage(message));
  const decode = createMessageDecoder((message) => {
    if (message.program === programs.keepalive && message.procedure === KEEPALIVE_PING) {
      send({ ...message, procedure: KEEPALIVE_PONG });
    } else if (message.program === programs.remote && message.type === messageTypes.reply) {
      settle(waiting, message);
    } else if (message.program === programs.remote && message.procedure === lifecycleEvent.number) {
      listeners.onEvent(lifecycleEvent.decode(createXdrReader(message.payload)));
    }
  });
  const call = async <A, R>(called: Call<A, R>, args: A, callDeadlineMs: number): Promise<R> => {
    if (end !== undefined) throw new ConnectionError(end);
    if (waiting.size >= WAITING_LIMIT) throw new ConnectionError(`${WAITING_LIMIT} calls wait for libvirtd`);
    serial = serial === SERIAL_LIMIT ? 1 : serial + 1;
    const own = serial;
    const writer = createXdrWriter();
    called.encode(writer, args);
    const payload = await new Promise<Buffer>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.delete(own);
        reject(new ConnectionError(`libvirtd has not answered "${called.name}" within ${callDeadlineMs} ms`));
      }, callDeadlineMs);
      const settled =
        <T>(next: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          next(value);
        };
      waiting.set(own, { resolve: settled(resolve), reject: settled(reject) });
      send({
        program: programs.remote,
        procedure: called.number,
        type: messageTypes.call,
        serial: own,
        status: messageStatus.ok,
        payload: writer.result(),
      });
    });
    return called.decode(createXdrReader(payload));
  };

  return new Promise((resolve, reject) => {
    let isConnected = false;
    const timer = setTimeout(() => fail('it takes no connection'), deadlineMs);
    const fail = (reason: string) => {
      clearTimeout(timer);
      const isFirst = end === undefined;
      finish(`libvirtd at ${socketPath}: ${reason}`);
      // After a connection this is nobody's any more.
      reject(new ConnectionError(end ?? reason));
      if (isFirst && isConnected) listeners.onClose(end ?? reason);
    };
    socket.once('connect', () => {
      clearTimeout(timer);
      isConnected = true;
      resolve({ call, close: finish });
    });
    socket.once('error', (error) => fail(error.message));
    socket.once('close', () => fail('the connection has ended'));
    socket.on('data', (chunk: Buffer) => {
      try {
        decode(chunk);
      } catch (error) {
        fail(`what it says cannot be understood: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
  });
}

/** An answer that came after its deadline has nobody waiting for it. */
function settle(waiting: Map<number, Waiting>, { serial, status, payload }: RpcMessage): void {
  const waiter = waiting.get(serial);
  if (waiter === undefined) return;
  waiting.delete(serial);
  if (status === messageStatus.ok) waiter.resolve(payload);
  else waiter.reject(decodeError(payload));
}
