import type { Moment, ResourceDefinition } from '../../core/operation.js';
import type { ResourceExecutor } from '../../executors/resource-executor.js';
import type { SystemdManager } from '../../systemd/systemd-manager.js';
import type { Done, ObjectProperties } from '../matahari.js';
import type { Machine } from './machine.js';
import type { MachineUuids } from './machine-uuids.js';

export interface OwnMatahariOptions {
  /** Absolute, this backend's own: custom uuid, results of configurations, sequence numbers. Made when needed. */
  readonly stateDirectory: string;
  /** OCF_ROOT. */
  readonly ocfRoot: string;
  /** Usually /etc/init.d. */
  readonly initScripts: string;
  /** Stands for `/` in tests: where /proc, /etc, /sys and installed programs are looked for. Default `/`. */
  readonly machineRoot?: string;
  /** Of all resource classes; runs what is invoked. */
  readonly executor: ResourceExecutor;
  /** Asked at the first use of systemd, and only on a machine that it has booted. */
  readonly systemd: () => Promise<SystemdManager>;
  /** Whether a resource belongs to the deployable's decider (`<assembly>.<resource>`). */
  isManaged(name: string): boolean;
  /** What a managed resource is run as; undefined while that is not known. */
  readonly definitionOf?: (name: string) => ResourceDefinition | undefined;
  /** Declares a managed resource failed; false when there is none of that name. */
  failManaged(name: string, rc: number): boolean;
  readonly clock: { now(): Moment };
  readonly log: OwnLog;
}

export type OwnLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  details?: Readonly<Record<string, unknown>>,
) => void;

/** What every object is made of. */
export interface OwnParts {
  readonly options: OwnMatahariOptions;
  readonly machine: Machine;
  readonly uuids: MachineUuids;
  properties(): Promise<Done<ObjectProperties>>;
}
