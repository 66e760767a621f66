import type { Done } from '../matahari.js';
import type { Objection } from './check-argument.js';

/** What runs the services of a machine: systemd, or init scripts. Names were checked for their form. */
export interface ServiceManager {
  list(): Promise<Done<readonly string[]>>;
  /** Undefined when there is such a service. */
  find(name: string): Promise<Objection>;
  /** LSB's return code of the action. */
  run(name: string, action: ServiceAction, timeoutMs: number): Promise<Done<number>>;
  enable(name: string): Promise<Done<number>>;
  disable(name: string): Promise<Done<number>>;
  /** As XML. */
  describe(name: string): Promise<Done<string>>;
}

export type ServiceAction = 'start' | 'stop' | 'status';

/** LSB Core 5.0, "Init Script Actions": of `status`, and of all others. */
export const Lsb = { success: 0, running: 0, stopped: 3, failed: 1, unknown: 4 } as const;
