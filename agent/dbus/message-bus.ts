/** A D-Bus connection as this agent needs it: calls with a deadline, signals, and no introspection. */
export interface MessageBus {
  /**
   * Calls a method. Resolves to its output arguments (integers of 64 bits as bigint, `v` unwrapped), or to what went
   * wrong; never rejects.
   */
  call(target: BusTarget, method: BusMethod, timeoutMs?: number): Promise<BusReply>;
  /** Hears a signal for as long as it is wanted, also after a reconnect; returns its own removal. */
  onSignal(match: SignalMatch, listener: (signal: BusSignal) => void): () => void;
  /** Called when the connection was lost, and when it was made again; returns its own removal. */
  onConnection(listener: (isConnected: boolean) => void): () => void;
  close(): void;
}

export interface BusTarget {
  /** Bus name. */
  readonly service: string;
  readonly path: string;
  readonly interface: string;
}

export interface BusMethod {
  readonly member: string;
  /** Of the input arguments; empty when there are none. */
  readonly signature?: string;
  readonly arguments?: readonly unknown[];
}

export type BusReply =
  | { readonly kind: 'reply'; readonly values: readonly unknown[] }
  /** `name`: org.freedesktop.DBus.Error.ServiceUnknown ...; `timeout` and `disconnected` are ours. */
  | { readonly kind: 'error'; readonly name: string; readonly message: string };

export interface SignalMatch {
  readonly service: string;
  /** Any, when left out. */
  readonly path?: string;
  readonly interface: string;
  readonly member: string;
  /** Only signals whose first argument is this string. */
  readonly argument0?: string;
}

export interface BusSignal {
  readonly path: string;
  readonly values: readonly unknown[];
}
