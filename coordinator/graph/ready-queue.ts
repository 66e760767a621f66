import { createHeap, insert, type PositionHeap, peek, take } from './position-heap.js';

/**
 * What is ready, handed out the way a walk over the whole document would find it (lib/pacemaker/pcmk_graph_consumer.c
 * pcmk__execute_graph()), at a cost that depends only on what is handed out:
 *
 * - A pass goes forward. What becomes ready ahead of it is still found; what becomes ready behind it waits for the next.
 * - Items with the same claim on the same nodes share a lane. A lane that is refused is passed over, with all that waits
 *   in it, until a node that refused it has room again; so a long backlog is not looked at again at every pass.
 */
export interface ReadyQueue<T extends Queued> {
  readonly lanes: Map<string, Lane<T>>;
  /** At least the first item of every lane that is not parked; leftovers of former firsts are passed over. */
  readonly firsts: PositionHeap<{ readonly position: number; readonly lane: Lane<T> }>;
  readonly parkedAt: Map<string, Lane<T>[]>;
  /** Ready behind the current pass, and lanes with room again: both for the next pass. */
  late: T[];
  returning: Lane<T>[];
  /** How far the current pass has come. */
  floor: number;
}

export interface Queued {
  readonly position: number;
  readonly claim: Claim;
}

/** What an item needs before it may go: a free slot at each of these nodes. */
export interface Claim {
  /** Equal claims have equal keys. */
  readonly key: string;
  readonly nodes: readonly string[];
  /** Migrations have a limit of their own. */
  readonly migrates: boolean;
}

interface Lane<T extends Queued> {
  readonly claim: Claim;
  readonly waiting: PositionHeap<T>;
  isParked: boolean;
}

export function createReadyQueue<T extends Queued>(): ReadyQueue<T> {
  return { lanes: new Map(), firsts: createHeap(), parkedAt: new Map(), late: [], returning: [], floor: -1 };
}

export function enqueue<T extends Queued>(queue: ReadyQueue<T>, item: T): void {
  if (item.position <= queue.floor) queue.late.push(item);
  else putInLane(queue, item);
}

/** Start from the top of the document again. */
export function beginPass<T extends Queued>(queue: ReadyQueue<T>): void {
  const { late, returning } = queue;
  queue.late = [];
  queue.returning = [];
  queue.floor = -1;
  for (const lane of returning) {
    lane.isParked = false;
    announceFirst(queue, lane);
  }
  for (const item of late) putInLane(queue, item);
}

/**
 * The next item of this pass, or undefined at its end.
 * `refusingNode` names a node that has no room for a claim; such lanes rest until `roomAt` that node.
 */
export function takeNext<T extends Queued>(
  queue: ReadyQueue<T>,
  refusingNode: (claim: Claim) => string | undefined,
): T | undefined {
  for (let first = take(queue.firsts); first !== undefined; first = take(queue.firsts)) {
    const { lane, position } = first;
    if (lane.isParked || peek(lane.waiting)?.position !== position) continue;
    const node = refusingNode(lane.claim);
    if (node !== undefined) {
      park(queue, lane, node);
      continue;
    }
    const item = take(lane.waiting);
    announceFirst(queue, lane);
    queue.floor = position;
    return item;
  }
  return undefined;
}

/** A slot at this node has become free: what it refused is looked at again in the next pass. */
export function roomAt<T extends Queued>(queue: ReadyQueue<T>, node: string): void {
  const lanes = queue.parkedAt.get(node);
  if (lanes === undefined) return;
  queue.parkedAt.delete(node);
  queue.returning.push(...lanes);
}

function putInLane<T extends Queued>(queue: ReadyQueue<T>, item: T): void {
  const lane = laneFor(queue, item.claim);
  insert(lane.waiting, item);
  if (!lane.isParked && peek(lane.waiting) === item) announceFirst(queue, lane);
}

function announceFirst<T extends Queued>(queue: ReadyQueue<T>, lane: Lane<T>): void {
  const first = peek(lane.waiting);
  if (first !== undefined) insert(queue.firsts, { position: first.position, lane });
}

function park<T extends Queued>(queue: ReadyQueue<T>, lane: Lane<T>, node: string): void {
  lane.isParked = true;
  const parked = queue.parkedAt.get(node);
  if (parked === undefined) queue.parkedAt.set(node, [lane]);
  else parked.push(lane);
}

function laneFor<T extends Queued>(queue: ReadyQueue<T>, claim: Claim): Lane<T> {
  const known = queue.lanes.get(claim.key);
  if (known !== undefined) return known;
  const lane: Lane<T> = { claim, waiting: createHeap(), isParked: false };
  queue.lanes.set(claim.key, lane);
  return lane;
}
