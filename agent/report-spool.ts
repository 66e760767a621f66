import type { Outbox } from '../proto/outbox.js';
import { encodeReport } from './bus/report-messages.js';
import type { Report } from './core/state.js';
import type { Log } from './log.js';

const retryMs = 250;

/**
 * Puts reports into the outbox in their order, none before those that came earlier. A disk that takes none is asked again
 * for ever; meanwhile the reports are in the journal, and those that come are kept by the core (core/report-queue.ts).
 */
export class ReportSpool {
  readonly #outbox: Outbox;
  readonly #onSpooled: (number: number) => void;
  readonly #log: Log;
  readonly #waiting: Report[] = [];
  #isBusy = false;
  #isInTrouble = false;
  #isClosed = false;

  constructor(outbox: Outbox, onSpooled: (number: number) => void, log: Log) {
    this.#outbox = outbox;
    this.#onSpooled = onSpooled;
    this.#log = log;
  }

  add(report: Report): void {
    this.#waiting.push(report);
    if (!this.#isBusy) void this.#work();
  }

  close(): void {
    this.#isClosed = true;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    // All that come in the same instant go to disk together.
    await Promise.resolve();
    while (!this.#isClosed && this.#waiting.length > 0) {
      const outcome = await this.#outbox.appendAll(this.#waiting.map(encodeReport));
      const stored = outcome.kind === 'stored' ? outcome.count : 0;
      const last = this.#waiting[stored - 1];
      if (last === undefined) {
        this.#tellTrouble(outcome.kind === 'failed' ? outcome.reason : 'it is full; further reports are condensed');
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
        continue;
      }
      this.#isInTrouble = false;
      this.#waiting.splice(0, stored);
      this.#onSpooled(last.number);
    }
    this.#isBusy = false;
  }

  /** Once for as long as it lasts. */
  #tellTrouble(reason: string): void {
    if (!this.#isInTrouble) this.#log('error', 'the outbox takes no report', { reason });
    this.#isInTrouble = true;
  }
}
