import type { Answer } from '../../proto/bus.js';
import { isBusError } from '../../proto/bus-error.js';
import { renderInstanceId } from '../../proto/instance-id.js';
import { parseSubject } from '../../proto/subjects.js';
import type { DurableEvents } from './durable-events.js';
import type { Ledger } from './ledger.js';
import type { ReceivedRequest } from './sim-bus.js';
import type { SimInstance } from './sim-instance.js';
import type { VirtualTime } from './virtual-time.js';

/** A lease, a stop that times out, and an agent that is frozen, or away, for as long as it may be. */
const leaseBoundMs = 15_000 + 5_000 + 30_000;

/** Orders on their way: every receiver obeys the newest decider that it has heard of, and none after too long a silence. */
export class OrderWatch {
  readonly #time: VirtualTime;
  readonly #ledger: Ledger;
  readonly #events: DurableEvents;
  /** By receiver and deployable: the epoch that it has acknowledged. */
  readonly #epochs = new Map<string, number>();
  /** By instance: when its agent last had a word of its decider. */
  readonly #words = new Map<string, number>();
  readonly #sent = new Map<string, number>();

  constructor(time: VirtualTime, ledger: Ledger, events: DurableEvents) {
    this.#time = time;
    this.#ledger = ledger;
    this.#events = events;
  }

  /** An order is sent, perhaps not for the first time. */
  onSend(operationId: string): void {
    if (operationId !== '' && !this.#sent.has(operationId)) this.#sent.set(operationId, this.#events.latest());
  }

  /** The newest event that was durable when the order was sent first. */
  sentAfter(operationId: string): number {
    return this.#sent.get(operationId) ?? 0;
  }

  /** An order is about to be taken by its receiver; what is returned hears of the answer. */
  onRequest({ subject, request }: ReceivedRequest): ((answer: NonNullable<Answer>) => void) | undefined {
    const to = parseSubject(subject);
    if (to?.kind !== 'agent-order' && to?.kind !== 'launcher-order') return undefined;
    const { deployable, epoch, body } = request;
    if (body.kind === 'inspectInstance' || body.kind === 'listInstances') return undefined;
    const key = `${subject} ${deployable}`;
    const inForce = this.#epochs.get(key) ?? 0;
    return (answer) => {
      if (isBusError(answer)) return;
      if (to.kind === 'agent-order') this.#words.set(renderInstanceId(to.instance), this.#time.now);
      if (epoch < inForce) {
        this.#ledger.violate(`${subject} took ${body.kind} of epoch ${epoch} after epoch ${inForce}`);
      }
      this.#epochs.set(key, Math.max(epoch, this.#epochs.get(key) ?? 0));
    };
  }

  /** Nothing exclusive runs on where nobody has had a word of a decider for too long. */
  checkLease(instance: SimInstance, exclusive: ReadonlySet<string>): void {
    const silentMs = this.#time.now - (this.#words.get(instance.id) ?? instance.bootedAt);
    if (silentMs < leaseBoundMs) return;
    for (const resource of instance.resources.running()) {
      if (!exclusive.has(resource) || instance.resources.get(resource)?.isGhost === true) continue;
      this.#ledger.violate(`${resource} runs in ${instance.id} after ${silentMs} ms without a word of its decider`);
    }
  }
}
