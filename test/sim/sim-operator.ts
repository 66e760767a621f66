import type { BodyDraft, DeployableStatus } from '../../proto/messages.js';
import { cpeRequest } from '../../proto/subjects.js';
import type { SimEndpoint } from './sim-bus.js';
import type { SimDocument } from './sim-document.js';

/** What an operator has been told is so. */
export interface Acknowledged {
  readonly deployable: string;
  readonly revision: number;
  readonly desiredRevision: number;
}

export interface OperatorOptions {
  readonly name: string;
  readonly documents: readonly SimDocument[];
  readonly endpoint: SimEndpoint;
  /** Told before the document may come into force. */
  readonly onDocument: (name: string, document: SimDocument) => void;
  readonly onAcknowledged: (acknowledged: Acknowledged) => void;
  readonly note: (text: string) => void;
}

type Answered = { readonly kind: 'done' } | { readonly kind: 'refused' | 'unknown'; readonly reason: string };

const deadlineMs = 6_000;
const retryMs = 500;

/** The operator of one deployable: does one thing after the other, and asks again when nobody answers. */
export class SimOperator {
  readonly name: string;
  readonly #options: OperatorOptions;
  #revision = 0;
  #isBusy = false;
  #noted = '';
  isCreated = false;
  wants: 'running' | 'stopped' = 'stopped';

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get document(): SimDocument | undefined {
    return this.#options.documents[this.#revision];
  }

  get isBusy(): boolean {
    return this.#isBusy;
  }

  get hasMoreDocuments(): boolean {
    return this.#revision + 1 < this.#options.documents.length;
  }

  /** Does all of it, unless something else is being done. */
  attempt(job: () => Promise<unknown>): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    void job().finally(() => {
      this.#isBusy = false;
    });
  }

  async create(): Promise<void> {
    this.#revision = 0;
    this.#announce();
    await this.#insist({ kind: 'createDeployable', value: { document: this.#wire() } }, ['already-exists']);
    this.isCreated = true;
  }

  async reload(): Promise<void> {
    if (!this.hasMoreDocuments) return;
    this.#revision += 1;
    this.#announce();
    await this.#insist({ kind: 'reloadDeployable', value: { name: this.name, document: this.#wire() } });
  }

  async start(): Promise<void> {
    this.wants = 'running';
    await this.#insist({ kind: 'startDeployable', value: { name: this.name } });
  }

  async stop(): Promise<void> {
    this.wants = 'stopped';
    await this.#insist({ kind: 'stopDeployable', value: { name: this.name } });
  }

  /** Stops, waits for the end, deletes; with `again` it is created once more, at once, and started. */
  async remove(again: boolean): Promise<void> {
    await this.stop();
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#ask({ kind: 'deleteDeployable', value: { name: this.name } });
      if (outcome.kind === 'done' || outcome.reason.includes('unknown-deployable')) break;
      if (attempt > 600) return;
      await pause(outcome.reason.includes('conflict') ? 1_000 : retryMs);
    }
    this.#options.note(`operator: ${this.name} is deleted`);
    this.isCreated = false;
    if (!again) return;
    await this.create();
    await this.start();
  }

  async status(): Promise<DeployableStatus | undefined> {
    const body = { kind: 'getStatus', value: { deployable: this.name } } as const;
    const outcome = await this.#options.endpoint.request(cpeRequest, { body }, { deadlineMs: 1_000 });
    const answer = outcome.kind === 'reply' ? outcome.envelope.body : undefined;
    return answer?.kind === 'deployableStatus' ? answer.value : undefined;
  }

  async cib(): Promise<string | undefined> {
    const body = { kind: 'getCib', value: { deployable: this.name } } as const;
    const outcome = await this.#options.endpoint.request(cpeRequest, { body }, { deadlineMs: 1_000 });
    const answer = outcome.kind === 'reply' ? outcome.envelope.body : undefined;
    return answer?.kind === 'cib' ? answer.value.xml : undefined;
  }

  /** What is answered again and again is told once. */
  #note(text: string): void {
    if (text !== this.#noted) this.#options.note(`operator: ${text}`);
    this.#noted = text;
  }

  #announce(): void {
    const { document } = this;
    if (document !== undefined) this.#options.onDocument(this.name, document);
    this.#options.note(`operator: ${this.name} gets document ${this.#revision + 1}`);
  }

  #wire() {
    return { format: 'yaml', text: this.document?.text ?? '', fileName: `${this.name}.yaml` };
  }

  async #insist(body: BodyDraft, alsoDone: readonly string[] = []): Promise<void> {
    for (;;) {
      const outcome = await this.#ask(body);
      if (outcome.kind === 'done') return;
      if (outcome.kind === 'refused' && alsoDone.some((code) => outcome.reason.includes(code))) return;
      await pause(retryMs);
    }
  }

  async #ask(body: BodyDraft): Promise<Answered> {
    const { endpoint, onAcknowledged } = this.#options;
    const outcome = await endpoint.request(cpeRequest, { body }, { deadlineMs });
    if (outcome.kind === 'error') {
      const { code, message } = outcome.error;
      const isUnknown = ['deadline', 'no-responder', 'disconnected'].includes(code);
      this.#note(`${body.kind} ${this.name}: ${code}: ${message}`);
      return { kind: isUnknown ? 'unknown' : 'refused', reason: `${code}: ${message}` };
    }
    this.#note(`${body.kind} ${this.name}: done`);
    const { body: answer } = outcome.envelope;
    if (answer.kind === 'deployableChanged') {
      const { name, revision, desiredRevision } = answer.value;
      onAcknowledged({ deployable: name, revision, desiredRevision });
    }
    return { kind: 'done' };
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
