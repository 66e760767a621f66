/** Performs what a step decided: the one switch in which a DPE touches the outside. */
import type { Bus, RequestOutcome } from '../../proto/bus.js';
import { busError } from '../../proto/bus-error.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import type { BodyDraft } from '../../proto/messages.js';
import { agentOrder, launcherOrder, type Subject, silenceCount } from '../../proto/subjects.js';
import { OrderDelivery } from '../effects/order-delivery.js';
import { agentBody, delegationBody, launcherBody } from '../effects/order-messages.js';
import type { Scheduler } from '../scheduler/scheduler.js';
import type { Store } from '../store/store.js';
import type { DpeEffect } from './core/dpe-effect.js';
import type { DpeOptions } from './core/dpe-state.js';
import type { VerbReply } from './core/operator-verb.js';
import { createDecider, type Decider } from './decide.js';
import type { DecisionArchive } from './decision-archive.js';
import { type HostFencing, openHostFencing } from './host-fencing.js';
import { agentAdopted, instanceReport, launcherAdopted } from './inbound.js';
import type { EventDraft, Logger } from './runtime-ports.js';

const adoptDeadlineMs = 2_000;
/** An agent accepts an order at once. */
const agentOrderDeadlineMs = 2_000;
/** A launcher answers when the platform has done it; one that was restarted meanwhile has to be asked again. */
const launcherOrderDeadlineMs = 5_000;
const orderRetryMs = 100;
/** After a pause of this process its own lease is renewed within moments, or lost. */
const leaseWaitMs = 100;

export interface PerformerOptions {
  readonly bus: Bus;
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly archive: DecisionArchive;
  readonly log: Logger;
  readonly options: DpeOptions;
  readonly deployable: string;
  /** Makes the credentials of an instance's agent. */
  readonly mintForAgent: (instance: string) => string;
  readonly epoch: number;
  readonly post: (event: EventDraft) => void;
  readonly acknowledge: (token: number, sequence: number) => void;
  readonly reply: (token: number, reply: VerbReply) => void;
  readonly onLost: (reason: string) => void;
  /** The lease on the deployable has been renewed within its term. */
  readonly isLeaseHeld: () => boolean;
}

export class EffectPerformer {
  readonly #deps: PerformerOptions;
  readonly #delivery = new OrderDelivery();
  readonly #decider: Decider;
  readonly #adopting = new Set<string>();
  readonly #hosts: HostFencing;

  constructor(deps: PerformerOptions) {
    this.#deps = deps;
    this.#decider = createDecider(deps.scheduler);
    this.#hosts = openHostFencing({
      ...deps,
      onFenced: (host, outcome) => deps.post({ kind: 'host-fenced', host, outcome }),
    });
  }

  close(): void {
    this.#delivery.close();
    this.#hosts.close();
  }

  perform(effect: DpeEffect): void {
    switch (effect.kind) {
      case 'decide':
        void this.#decide(effect);
        return;
      case 'adopt-launcher':
        void this.#once(`launcher ${effect.host}`, () => this.#adoptLauncher(effect.host));
        return;
      case 'adopt-agent':
        void this.#once(`agent ${effect.instance}`, () => this.#adoptAgent(effect.instance));
        return;
      case 'delegate':
        void this.#delegate(effect);
        return;
      case 'order-launcher':
        void this.#orderLauncher(effect);
        return;
      case 'order-agent':
        void this.#orderAgent(effect);
        return;
      case 'withdraw':
        this.#delivery.withdraw(effect.operationId);
        return;
      case 'acknowledge':
        this.#deps.acknowledge(effect.token, effect.sequence);
        return;
      case 'reply':
        this.#deps.reply(effect.token, effect.reply);
        return;
      case 'fence-host':
        this.#hosts.fence(effect);
        return;
      case 'end-fencing':
        this.#hosts.end(effect.host);
        return;
      case 'tell-host-dead':
        this.#hosts.tellDead(effect);
        return;
      case 'archive':
        this.#deps.archive.ended(effect.summary);
        return;
      case 'tell-silence':
        this.#tellSilence(effect);
        return;
      case 'renew-lease':
        void this.#renewLease(effect);
        return;
    }
  }

  async #decide({ number, input }: Extract<DpeEffect, { kind: 'decide' }>): Promise<void> {
    const { archive, post, log } = this.#deps;
    const askedAt = performance.now();
    const { outcome, record } = await this.#decider.decide(input);
    const elapsedMs = performance.now() - askedAt;
    archive.decided(number, { record, decideMs: Math.round(elapsedMs) });
    if (outcome.kind === 'failed') log.error({ number, reason: outcome.reason }, 'no decision');
    post({ kind: 'decided', number, elapsedMs, outcome });
  }

  async #adoptLauncher(host: string): Promise<void> {
    const body: BodyDraft = { kind: 'adoptLauncher', value: {} };
    const outcome = await this.#request(launcherOrder(host), body, adoptDeadlineMs);
    if (outcome.kind === 'reply' && outcome.envelope.body.kind === 'launcherInventory') {
      this.#deps.post(launcherAdopted(outcome.envelope.body.value));
    }
  }

  async #adoptAgent(instance: string): Promise<void> {
    const subject = subjectOf(instance);
    if (subject === undefined) return;
    const outcome = await this.#request(subject, { kind: 'adoptAgent', value: {} }, adoptDeadlineMs);
    if (outcome.kind === 'reply' && outcome.envelope.body.kind === 'agentInventory') {
      const { body, sender } = outcome.envelope;
      this.#deps.post(agentAdopted(body.value, sender.incarnation));
    }
  }

  async #delegate({ instance, delegations }: Extract<DpeEffect, { kind: 'delegate' }>): Promise<void> {
    const subject = subjectOf(instance);
    if (subject === undefined) return;
    const outcome = await this.#request(subject, delegationBody(delegations), adoptDeadlineMs);
    // The next adoption sends it again; until then the agent keeps what it was told before.
    if (outcome.kind === 'error') this.#deps.log.warn({ instance, error: outcome.error }, 'delegation not delivered');
  }

  #tellSilence({ hosts }: Extract<DpeEffect, { kind: 'tell-silence' }>): void {
    const { bus, deployable } = this.#deps;
    const value = { hosts: Object.entries(hosts).map(([host, count]) => ({ host, ...count })) };
    bus.publish(silenceCount(deployable), { body: { kind: 'silenceCount', value }, deployable });
  }

  /** Only by who holds the lease on the deployable: one that has lost touch with the store may be succeeded already. */
  async #renewLease({ instance, leaseMs }: Extract<DpeEffect, { kind: 'renew-lease' }>): Promise<void> {
    const subject = subjectOf(instance);
    if (subject === undefined) return;
    for (let waitedMs = 0; !this.#deps.isLeaseHeld(); waitedMs += leaseWaitMs) {
      if (waitedMs >= leaseMs / 3) return;
      await new Promise((resolve) => setTimeout(resolve, leaseWaitMs));
    }
    const outcome = await this.#request(subject, { kind: 'renewLease', value: { leaseMs } }, adoptDeadlineMs);
    // The next third of the lease renews it.
    if (outcome.kind === 'error') this.#deps.log.warn({ instance, error: outcome.error }, 'lease not renewed');
  }

  async #orderLauncher(effect: Extract<DpeEffect, { kind: 'order-launcher' }>): Promise<void> {
    const { operationId, host, order, expiresAt } = effect;
    const { options, mintForAgent } = this.#deps;
    const body = launcherBody(order, {
      bootDeadlineMs: Math.max(1, expiresAt - Date.now()),
      heartbeatIntervalMs: options.heartbeatIntervalMs,
      mint: mintForAgent,
    });
    const delivered = await this.#delivery.deliver(operationId, { expiresAt, retryMs: orderRetryMs }, () =>
      this.#request(launcherOrder(host), body, launcherOrderDeadlineMs, operationId),
    );
    if (delivered.kind === 'given-up') return;
    if (delivered.kind === 'reply') {
      const { body: answer } = delivered.envelope;
      if (answer.kind !== 'instanceState') return;
      const outcome = { kind: 'state', state: instanceReport(answer.value) } as const;
      this.#deps.post({ kind: 'launcher-result', operationId, outcome });
      return;
    }
    const { code, message } = delivered.error;
    this.#deps.post({ kind: 'launcher-result', operationId, outcome: { kind: 'refused', code, message } });
  }

  async #orderAgent(effect: Extract<DpeEffect, { kind: 'order-agent' }>): Promise<void> {
    const { operationId, instance, order, expiresAt } = effect;
    const subject = subjectOf(instance);
    if (subject === undefined) return;
    const body = agentBody(order);
    const delivered = await this.#delivery.deliver(operationId, { expiresAt, retryMs: orderRetryMs }, () =>
      this.#request(subject, body, agentOrderDeadlineMs, operationId),
    );
    if (delivered.kind !== 'refused') return;
    const { code, message } = delivered.error;
    this.#deps.post({ kind: 'order-refused', operationId, code, message });
  }

  /**
   * Nothing is asked of anyone by a decider whose lease is not held: orders wait (OrderDelivery) for its renewal or its loss.
   * Whoever was stopped between this line and the next is refused by the epoch.
   */
  async #request(subject: Subject, body: BodyDraft, deadlineMs: number, operationId?: string): Promise<RequestOutcome> {
    const { bus, deployable, epoch, onLost, isLeaseHeld } = this.#deps;
    if (!isLeaseHeld()) return { kind: 'error', error: busError('unavailable', 'the lease has to be renewed first') };
    const outcome = await bus.request(subject, { body, deployable, epoch, operationId }, { deadlineMs });
    if (outcome.kind === 'error' && outcome.error.code === 'stale-epoch') onLost(outcome.error.message);
    return outcome;
  }

  async #once(key: string, job: () => Promise<void>): Promise<void> {
    if (this.#adopting.has(key)) return;
    this.#adopting.add(key);
    await job();
    this.#adopting.delete(key);
  }
}

function subjectOf(instance: string): Subject | undefined {
  const id = parseInstanceId(instance);
  return id === undefined ? undefined : agentOrder(id);
}
