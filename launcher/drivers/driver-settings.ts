/** What every driver is opened with; each takes of it what it needs. */
export interface DriverSettings {
  /** The state directory of the whole system, a real path. */
  readonly home: string;
  readonly launcherHost: string;
  /** What stands behind the colon of `--driver DRIVER:ADDRESS`: a libvirt URI, a cloud's name, `tcg`. */
  readonly address: string | undefined;
  /** Path of cpe-instance-init. */
  readonly initBinary: string;
  /** Of the local driver: the agent's program and arguments; `--identity FILE` is appended. */
  readonly agentCommand: readonly string[];
  /** The whole environment of what is started. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of images (images/image.ts). */
  readonly imagesDirectory: string;
  /** Where this launcherd reaches the bus; guests may need another way. */
  readonly busServers: readonly string[];
  /** False when instances are only to be looked at and ended: nothing that starts need be there, nothing is set up. */
  readonly canStart: boolean;
  readonly log: DriverLog;
}

export type DriverLog = (level: 'info' | 'warn', message: string, details?: Readonly<Record<string, unknown>>) => void;
