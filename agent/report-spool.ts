import type { Outbox } from '../proto/outbox.js';
import { encodeReport } from './bus/report-messages.js';
import type { Report } from './core/state.js';
import type { Log } from './log.js';

const retryMs = 1000;

/**
 * Puts reports into the outbox, one after the other. A disk that takes none is asked again for ever; meanwhile the
 * reports are in the journal.
 */
export class ReportSpool {
  readonly #outbox: Outbox;
  readonly #onSpooled: (number: number) => void;
  readonly #log: Log;
  readonly #waiting: Report[] = [];
  #isBusy = false;
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
    while (!this.#isClosed && this.#waiting.length > 0) {
      // All that wait go to disk together.
      const batch = this.#waiting.slice();
      const outcomes = await Promise.all(batch.map((report) => this.#outbox.append(encodeReport(report))));
      const failed = outcomes.findIndex((outcome) => outcome.kind !== 'stored');
      const stored = failed < 0 ? batch.length : failed;
      this.#waiting.splice(0, stored);
      const last = batch[stored - 1];
      if (last !== undefined) this.#onSpooled(last.number);
      if (failed < 0) continue;
      this.#log('error', 'the outbox takes no report', { outcome: outcomes[failed] });
      await new Promise((resolve) => setTimeout(resolve, retryMs).unref());
    }
    this.#isBusy = false;
  }
}
