/** systemd as this agent needs it (org.freedesktop.systemd1(5)), over the system bus. Units by full name: `nginx.service`. */
export interface SystemdManager {
  /** Loads the unit as far as it is there; `loadState` not-found says that it is not. Default timeout 25 s. */
  unit(name: string, timeoutMs?: number): Promise<SystemdReply<UnitState>>;
  /**
   * Queues a job and waits for its end. A job that does not end in time is cancelled (result `timeout`), and so is one
   * whose `signal` is aborted (result `canceled`); what it has already started of the unit goes on.
   */
  runJob(name: string, job: UnitJob, timeoutMs: number, signal?: AbortSignal): Promise<SystemdReply<JobResult>>;
  /** Forgets that the unit has failed, and how often it was started (systemctl(1), reset-failed). */
  resetFailed(name: string): Promise<SystemdReply<void>>;
  /** Every installed unit file of type service, sorted. */
  listServices(): Promise<SystemdReply<readonly UnitFile[]>>;
  /** Has systemd read its unit files anew (systemctl(1), daemon-reload). Those who ask at the same time share one. */
  reload(): Promise<SystemdReply<void>>;
  enable(name: string): Promise<SystemdReply<void>>;
  disable(name: string): Promise<SystemdReply<void>>;
  /** Called at every change of the unit's state (ActiveState, SubState), also after a reconnect; returns its removal. */
  onUnitChange(name: string, listener: (state: UnitState) => void): () => void;
}

export type UnitJob = 'start' | 'stop' | 'restart' | 'reload';

export type SystemdReply<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** No system bus, or no systemd on it. */
  | { readonly kind: 'unavailable'; readonly message: string }
  | { readonly kind: 'refused'; readonly name: string; readonly message: string };

export interface UnitState {
  /** After aliases were followed. */
  readonly name: string;
  readonly description: string;
  /** loaded | not-found | bad-setting | error | masked */
  readonly loadState: string;
  /** active | reloading | inactive | failed | activating | deactivating | maintenance */
  readonly activeState: string;
  readonly subState: string;
  /** Of a service: success | exit-code | signal | timeout | watchdog ...; empty for other units. */
  readonly result: string;
  readonly mainPid: number;
  /** Of the main process, when it has ended: its exit status, or the signal that ended it. */
  readonly exitStatus: number;
  readonly fragmentPath: string;
  /** A job for it is queued or runs; left out where that is not known. */
  readonly hasJob?: boolean;
  /** Of a service: `Restart=`, when systemd starts it again by itself (systemd.service(5)); empty for other units. */
  readonly restart?: string;
}

/** done | canceled | timeout | failed | dependency | skipped */
export type JobResult = string;

export interface UnitFile {
  readonly name: string;
  /** enabled | disabled | static | masked | ... */
  readonly state: string;
}
