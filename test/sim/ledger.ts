import type { VirtualTime } from './virtual-time.js';

/** What happened in a simulation, and what of it must not have. */
export class Ledger {
  readonly violations: string[] = [];
  readonly #notes: { readonly at: number; readonly text: string }[] = [];
  readonly #time: VirtualTime;
  readonly #startedAt: number;

  constructor(time: VirtualTime) {
    this.#time = time;
    this.#startedAt = time.now;
  }

  get isViolated(): boolean {
    return this.violations.length > 0;
  }

  get trace(): readonly string[] {
    return this.#notes.map(({ at, text }) => `${((at - this.#startedAt) / 1000).toFixed(3)} ${text}`);
  }

  note(text: string): void {
    this.#notes.push({ at: this.#time.now, text });
  }

  violate(text: string): void {
    this.note(`VIOLATED: ${text}`);
    this.violations.push(text);
  }
}
