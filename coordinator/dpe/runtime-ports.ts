import type { DpeEvent } from './core/dpe-event.js';

/** What the processes of the coordinator log with (pino has it). */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** An event as its source knows it; the runtime adds the time, and chance where it is needed. */
export type EventDraft = DpeEvent extends infer E ? (E extends DpeEvent ? Omit<E, 'now' | 'chance'> : never) : never;
