import type { Coordinator } from './coordinator.js';
import type { Machines } from './machines.js';
import type { Stamps } from './stamps.js';
import type { Workplace } from './workplace.js';

/** What figures are measured with. The expensive parts are made when they are asked for first, and shared. */
export interface Bench {
  readonly workplace: Workplace;
  /** Aborted when the bench is interrupted. */
  readonly signal: AbortSignal;
  coordinator(): Promise<Coordinator>;
  stamps(): Promise<Stamps>;
  /** Virtual machines, with a coordinator of their own. */
  machines(): Promise<Machines>;
  /** Tells people something, on standard error. */
  note(text: string): void;
}
