import { ErrorCode, type NatsConnection, NatsError } from 'nats';

/**
 * The few calls of JetStream's API that the store makes, each one request with a deadline of its own. Server reference:
 * nats-server 2.9, server/jetstream_api.go (subjects, request and response types) and server/errors.json (codes).
 */
export type ApiFailure =
  | Unavailable
  /** The server's own word that it was not done. */
  | { readonly kind: 'refused'; readonly code: number; readonly message: string };

/** No answer, no leader, no quorum, no connection: whether it was done is not known. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly message: string;
  /**
   * Something that must be there is said not to be. A server that was the leader, and has not noticed that it is not,
   * says so too, and so does one that has just become it: only when it stays so is it damage.
   */
  readonly isMissing?: true;
}

export type ApiAnswer<T> = { readonly kind: 'ok'; readonly value: T } | ApiFailure;

export interface PublishAck {
  readonly stream: string;
  readonly seq: number;
}

export interface StreamConfig {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly retention: string;
  readonly max_consumers: number;
  readonly max_msgs: number;
  readonly max_msgs_per_subject: number;
  readonly max_bytes: number;
  /** Nanoseconds. */
  readonly max_age: number;
  readonly max_msg_size: number;
  readonly storage: string;
  readonly discard: string;
  readonly num_replicas: number;
  readonly deny_delete: boolean;
  readonly deny_purge: boolean;
}

export interface StreamInfo {
  readonly config: StreamConfig;
  readonly state: {
    readonly messages: number;
    readonly bytes: number;
    readonly first_seq: number;
    readonly last_seq: number;
    /** How many messages by subject, where the request asked for it. */
    readonly subjects?: Readonly<Record<string, number>>;
  };
  readonly cluster?: {
    readonly leader?: string;
    readonly replicas?: readonly { readonly name: string; readonly current: boolean; readonly offline?: boolean }[];
  };
}

export interface StoredMessage {
  readonly seq: number;
  readonly data: Uint8Array;
}

/** server/errors.json */
export const apiCodes = {
  resourcesExceeded: 10002,
  noSuitablePeers: 10005,
  insufficientResources: 10023,
  noMessageFound: 10037,
  notEnabledForAccount: 10039,
  storageExceeded: 10047,
  streamNameInUse: 10058,
  streamNotFound: 10059,
  replicasNotSupported: 10074,
  notEnabled: 10076,
  storeFailed: 10077,
} as const;

/** The cluster's own changes: incomplete, not assigned, temporarily unavailable, not leader. */
const transientCodes: readonly number[] = [10004, 10007, 10008, 10009];
const answerMs = 2000;

export function publish(connection: NatsConnection, subject: string, data: Uint8Array): Promise<ApiAnswer<PublishAck>> {
  return call(connection, subject, data);
}

export function api<T>(connection: NatsConnection, method: string, request?: object): Promise<ApiAnswer<T>> {
  return call(connection, `$JS.API.${method}`, request ? Buffer.from(JSON.stringify(request)) : new Uint8Array());
}

/** From the stream's leader. */
export async function getFromLeader(
  connection: NatsConnection,
  stream: string,
  which: { readonly seq: number } | { readonly last_by_subj: string },
): Promise<ApiAnswer<StoredMessage>> {
  const answer = await api<{ message: { seq: number; data?: string } }>(connection, `STREAM.MSG.GET.${stream}`, which);
  if (answer.kind !== 'ok') return answer;
  const { seq, data = '' } = answer.value.message;
  return { kind: 'ok', value: { seq, data: Buffer.from(data, 'base64') } };
}

async function call<T>(connection: NatsConnection, subject: string, data: Uint8Array): Promise<ApiAnswer<T>> {
  let text: string;
  try {
    const reply = await connection.request(subject, data, { timeout: answerMs });
    text = reply.string();
  } catch (error) {
    return { kind: 'unavailable', message: describe(error, subject) };
  }
  const value = JSON.parse(text) as T & { error?: { code: number; err_code: number; description: string } };
  if (value.error === undefined) return { kind: 'ok', value };
  const { err_code: code, description: message } = value.error;
  return transientCodes.includes(code) ? { kind: 'unavailable', message } : { kind: 'refused', code, message };
}

function describe(error: unknown, subject: string): string {
  if (error instanceof NatsError) {
    if (error.code === ErrorCode.NoResponders) return `nobody answers to ${subject}: the stream has no leader`;
    if (error.code === ErrorCode.Timeout) return `no answer to ${subject} within ${answerMs} ms`;
  }
  return `${subject}: ${error instanceof Error ? error.message : String(error)}`;
}
