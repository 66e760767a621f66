import type { Done } from '../matahari.js';
import type { Objection } from './check-argument.js';

/** What runs the services of a machine: systemd, or init scripts. Names were checked for their form. */
export interface ServiceManager {
  list(): Promise<Done<readonly string[]>>;
  /** Undefined when there is such a service. */
  find(name: string): Promise<Objection>;
  /** LSB's return code of the action; `status` tells how the service is, all others change it. */
  run(name: string, action: ServiceAction, limits: ServiceLimits): Promise<Done<number>>;
  enable(name: string): Promise<Done<number>>;
  disable(name: string): Promise<Done<number>>;
  /** As XML. */
  describe(name: string): Promise<Done<string>>;
}

/** LSB Core 5.0, "Init Script Actions". */
export const serviceActions = ['start', 'stop', 'restart', 'reload', 'force-reload', 'status'] as const;
export type ServiceAction = (typeof serviceActions)[number];

export interface ServiceLimits {
  readonly timeoutMs: number;
  /** Aborted, the action ends as soon as it can, and has `failed`. */
  readonly signal?: AbortSignal | undefined;
}

/** Exit codes, in the same section: `running` and `stopped` of `status`, the others of all other actions. */
export const Lsb = { success: 0, failed: 1, unimplemented: 3, running: 0, stopped: 3 } as const;
