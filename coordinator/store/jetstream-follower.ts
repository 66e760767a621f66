import type { NatsConnection } from 'nats';
import { type ApiAnswer, api, apiCodes, type StreamInfo, type Unavailable } from './jetstream-api.js';
import { frameChecksum } from './jetstream-frames.js';
import { applyMessage, createReplica, lastLink, type Observer, type Replica } from './jetstream-replica.js';
import { getMessage, readSnapshot } from './jetstream-snapshots.js';
import type { StoreSubjects } from './jetstream-subjects.js';
import { type StoreError, storeError } from './store-error.js';

export interface Following {
  readonly connection: NatsConnection;
  readonly subjects: StoreSubjects;
  /** Messages that this process wrote and need not be fetched, by their sequence. */
  readonly own: ReadonlyMap<number, Uint8Array>;
  readonly observe: (writer: string, batch: number) => Observer | undefined;
  readonly onProblem: (message: string) => void;
}

export type FollowOutcome = { readonly kind: 'followed'; readonly replica: Replica } | Unavailable;

/** Requests under way; each answer may have the largest size of a message. */
const window = 64;

/**
 * Applies the log up to `target`, or starts from a snapshot if the log has been purged beyond what the replica knows.
 * The messages are fetched by their sequence, not delivered by a consumer: a consumer lives on one server, and with a
 * server that stands still it would be silent for as long as nobody notices.
 * @throws StoreError `damaged` (with the message's place) or `newer-format`
 */
export async function follow(start: Replica, target: number, following: Following): Promise<FollowOutcome> {
  const { connection, subjects, own, observe } = following;
  let replica = start;
  while (replica.applied.sequence < target) {
    const from = replica.applied.sequence + 1;
    const seqs = Array.from({ length: Math.min(window, target - from + 1) }, (_, index) => from + index);
    const answers = await Promise.all(
      seqs.map(async (seq): Promise<ApiAnswer<Uint8Array>> => {
        const value = own.get(seq);
        return value ? { kind: 'ok', value } : getMessage(connection, subjects.logStream, seq);
      }),
    );
    for (const [index, answer] of answers.entries()) {
      const seq = from + index;
      if (answer.kind === 'unavailable') return answer;
      if (answer.kind === 'ok') {
        applyMessage(replica, answer.value, `message ${seq} of the stream ${subjects.logStream}`, observe);
        continue;
      }
      if (answer.code !== apiCodes.noMessageFound) return { kind: 'unavailable', message: answer.message };
      const jumped = await jumpOver(seq, following);
      if (jumped.kind === 'unavailable') return jumped;
      replica = jumped.replica;
      break;
    }
  }
  return { kind: 'followed', replica };
}

/** The state to begin with: the latest snapshot's, or the empty one. Throws as `follow` does. */
export async function startingReplica(
  following: Pick<Following, 'connection' | 'subjects' | 'onProblem'>,
): Promise<FollowOutcome> {
  const snapshot = await readSnapshot(following.connection, following.subjects, following.onProblem);
  return snapshot.kind === 'read' ? { kind: 'followed', replica: snapshot.replica ?? createReplica() } : snapshot;
}

/** The log has no message `seq`: it has been purged up to a snapshot, or something is wrong. */
async function jumpOver(seq: number, following: Following): Promise<FollowOutcome> {
  const { logStream } = following.subjects;
  const info = await api<StreamInfo>(following.connection, `STREAM.INFO.${logStream}`);
  if (info.kind !== 'ok') return { kind: 'unavailable', message: info.message };
  const { first_seq: first, last_seq: last } = info.value.state;
  if (seq >= first) {
    return missing(
      `the stream ${logStream} has no message ${seq}, although it was acknowledged (it has ${first} to ${last})`,
    );
  }
  const outcome = await startingReplica(following);
  if (outcome.kind === 'unavailable' || outcome.replica.applied.sequence >= first - 1) return outcome;
  return missing(
    `the stream ${logStream} begins at ${first}, and the latest snapshot ends at ${outcome.replica.applied.sequence}`,
  );
}

/** Whether the log still has the message up to which it was read: servers that have lost it may have got another in its place. */
export async function readBase(
  connection: NatsConnection,
  { logStream }: StoreSubjects,
  replica: Replica,
): Promise<{ readonly kind: 'same' | 'lost' } | Unavailable> {
  const { sequence } = replica.applied;
  const link = lastLink(replica);
  if (sequence === 0 || link === undefined) return { kind: 'same' };
  const found = await getMessage(connection, logStream, sequence);
  if (found.kind === 'unavailable') return found;
  // One that has been purged is in a snapshot, from which it goes on then.
  return { kind: found.kind === 'ok' && frameChecksum(found.value) !== link ? 'lost' : 'same' };
}

/** What the servers had acknowledged is gone, and this process has read it. */
export function lostWrites({ logStream }: StoreSubjects, how: string): StoreError {
  return storeError('damaged', `the stream ${logStream} has lost acknowledged writes: ${how}`);
}

function missing(message: string): Unavailable {
  return { kind: 'unavailable', message, isMissing: true };
}
