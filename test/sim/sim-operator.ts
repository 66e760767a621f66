import type { BodyDraft, DeployableStatus } from '../../proto/messages.js';
import { cpeRequest, type Subject } from '../../proto/subjects.js';
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
  readonly onDeleted: (name: string) => void;
  readonly note: (text: string) => void;
}

type Answered = { readonly kind: 'done' } | { readonly kind: 'refused' | 'unknown'; readonly reason: string };

const deadlineMs = 6_000;
const retryMs = 500;

/** The operator of one deployable: does one thing after the other, and asks again when nobody answers. */
export class SimOperator {
  readonly name: string;
  readonly #options: OperatorOptions;
  readonly #subject: Subject;
  #revision = 0;
  #isBusy = false;
  #noted = '';
  /** What takes back what was wished, each once. */
  readonly #undo = new Map<string, BodyDraft>();
  readonly #leftAlone = new Set<string>();
  isCreated = false;
  wants: 'running' | 'stopped' = 'stopped';

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.name = options.name;
    this.#subject = cpeRequest('operator', options.name);
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
    await this.#insist({ kind: 'stopDeployable', value: { name: this.name, force: true } });
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
    this.#options.onDeleted(this.name);
    // What else was wished of it is gone with it.
    for (const [key, { kind }] of this.#undo) if (kind !== 'hostDrain') this.#undo.delete(key);
    this.isCreated = false;
    if (!again) return;
    await this.create();
    await this.start();
  }

  /**
   * Whether it was ever wished that nothing is done about the resource, or said that it, or what it runs after, has
   * failed when it has not: then what is done may pass it by.
   */
  wasLeftAlone(resource: string): boolean {
    return this.#leftAlone.has(resource) || this.#leftAlone.has('');
  }

  /** Asks for something once; `undo` takes it back when everything heals. */
  async verb(body: BodyDraft, undo?: BodyDraft): Promise<'done' | 'refused' | 'unknown'> {
    if (undo !== undefined) this.#undo.set(JSON.stringify(undo), undo);
    if (body.kind === 'resourceUnmanage') this.#leftAlone.add(body.value.resource ?? '');
    if (body.kind === 'deployableMaintenance') this.#leftAlone.add('');
    if (body.kind === 'resourceFail') {
      const { resource = '' } = body.value;
      this.#leftAlone.add(resource);
      for (const [id, firsts] of this.document?.before ?? []) if (firsts.includes(resource)) this.#leftAlone.add(id);
    }
    return (await this.#ask(body)).kind;
  }

  async undoAll(): Promise<void> {
    for (const [key, body] of this.#undo) {
      await this.#insist(body, ['conflict', 'invalid-request', 'unknown-']);
      this.#undo.delete(key);
    }
  }

  async status(): Promise<DeployableStatus | undefined> {
    const body = { kind: 'getStatus', value: { deployable: this.name } } as const;
    const outcome = await this.#options.endpoint.request(this.#subject, { body }, { deadlineMs: 1_000 });
    const answer = outcome.kind === 'reply' ? outcome.envelope.body : undefined;
    return answer?.kind === 'deployableStatus' ? answer.value : undefined;
  }

  async cib(): Promise<string | undefined> {
    const body = { kind: 'getCib', value: { deployable: this.name } } as const;
    const outcome = await this.#options.endpoint.request(this.#subject, { body }, { deadlineMs: 1_000 });
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
    const outcome = await endpoint.request(this.#subject, { body }, { deadlineMs });
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
