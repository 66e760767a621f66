/** Operations of VM and connection resources: what documents do not name. All in milliseconds. */
export interface InstanceTiming {
  /** Until the launcher has the instance running. */
  readonly vmStartTimeoutMs: number;
  /** Until the launcher has proven that it is gone: graceful stop, then destroy. */
  readonly vmStopTimeoutMs: number;
  readonly vmMonitorIntervalMs: number;
  readonly vmMonitorTimeoutMs: number;
  /** From a running instance to its agent's registration: the boot. */
  readonly connectTimeoutMs: number;
  /** For resources that left the definition, and their stop timeout with it. */
  readonly retiredStopTimeoutMs: number;
}

export const defaultInstanceTiming: InstanceTiming = {
  vmStartTimeoutMs: 120_000,
  vmStopTimeoutMs: 120_000,
  vmMonitorIntervalMs: 10_000,
  vmMonitorTimeoutMs: 30_000,
  connectTimeoutMs: 300_000,
  retiredStopTimeoutMs: 60_000,
};

/**
 * The monitor of a connection resource; the scheduler creates it with these values and no configuration changes them
 * (lib/pengine/remote.c pe_create_remote_xml).
 */
export const connectionMonitor = { intervalMs: 30_000, timeoutMs: 30_000 } as const;
