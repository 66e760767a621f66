/**
 * The port between launcherd and what really runs instances on one launcher host.
 *
 * A driver knows nothing of the bus, of deployables or of policy. It never throws for an expected failure: every
 * outcome is a value. An instance outlives the launcherd that started it; a driver opened again finds it.
 */

/** What a driver needs to start one instance. */
export interface InstanceSpec {
  /** `<deployable>.<assembly>.<launcher host>.<incarnation>`; unique for ever, also after deletes. */
  readonly instance: string;
  readonly deployable: string;
  readonly assembly: string;
  /** Image name; undefined for drivers that need none (local). */
  readonly image: string | undefined;
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
  /** Disks beyond the image's own, empty at the first start and gone with the instance. */
  readonly disks: readonly { readonly name: string; readonly sizeMiB: number }[];
  /** By the names that the launcher host has for them; none: its default one. */
  readonly networks: readonly string[];
  /** Words for the platform's own scheduler: availability zone, server group, host CPU model ... */
  readonly placement: Readonly<Record<string, string>>;
  /** How long it may take until the guest runs (not: until its agent answers). */
  readonly bootDeadlineMs: number;
  /** What the agent of this instance must know: written for it alone (mode 0600) before it starts. */
  readonly identity: AgentIdentity;
}

/**
 * The identity that reaches the agent inside the instance, as JSON. The driver fills in what only it knows
 * (`address`, `hostname`, `stateDirectory`).
 */
export interface AgentIdentity {
  readonly deployable: string;
  readonly assembly: string;
  readonly instance: string;
  readonly launcherHost: string;
  /** Epoch of the decider that ordered the start; the agent refuses older ones. */
  readonly epoch: number;
  readonly busServers: readonly string[];
  readonly credentialsFile: string;
  readonly heartbeatIntervalMs: number;
}

/** Where an instance is, as the launcher host itself can tell. `unknown` is neither running nor dead. */
export type InstanceView =
  | {
      readonly kind: 'running';
      readonly instance: string;
      /** Pid of the instance's init (or hypervisor process) in the launcher host's PID namespace; 0 where there is none. */
      readonly pid: number;
      /** Pid of the agent as the launcher host sees it, where it can be seen. */
      readonly agentPid: number | undefined;
      readonly address: string;
      readonly hostname: string;
      readonly stateDirectory: string;
      readonly startedAt: number;
      readonly condition: InstanceCondition;
    }
  | { readonly kind: 'dead'; readonly instance: string; readonly evidence: string; readonly at: number }
  | { readonly kind: 'unknown'; readonly instance: string; readonly reason: string };

/** How an instance that is not dead is, as its platform sees it. What hangs is not dead. */
export type InstanceCondition =
  | { readonly kind: 'working' }
  /** Its processors are stopped: by an operator, a migration, a full disk. */
  | { readonly kind: 'paused'; readonly evidence: string }
  /** Its kernel has given up; nothing in it runs any more, though it is still there. */
  | { readonly kind: 'panicked'; readonly evidence: string }
  /** What runs it (QEMU, a cloud's host) does not answer. */
  | { readonly kind: 'not-answering'; readonly evidence: string };

/**
 * An instance that runs and is not known to work. `unknown`: not looked at yet; what was known before still holds.
 * `rebooting`: for some seconds after its guest was restarted by `reboot`.
 */
export interface AilingInstance {
  readonly instance: string;
  readonly condition:
    | Exclude<InstanceCondition, { kind: 'working' }>
    | { readonly kind: 'unknown' | 'rebooting'; readonly evidence: string };
}

export type RunningInstance = Extract<InstanceView, { kind: 'running' }>;

/** `failed` is a proof too: nothing of the instance runs, nor will. Where there is none, the outcome is `unproven`. */
export type StartOutcome =
  | { readonly kind: 'started'; readonly view: RunningInstance }
  | {
      readonly kind: 'failed';
      readonly reason: string;
      /** Nothing has failed: the launcher host has no room, and another may have. */
      readonly isForRoom?: boolean;
    }
  | { readonly kind: 'unproven'; readonly reason: string };

/** `dead` is a proof (nothing of the instance runs any more); `unproven` must never be taken for one. */
export type StopOutcome =
  | { readonly kind: 'dead'; readonly evidence: string; readonly wasForced: boolean }
  | { readonly kind: 'unproven'; readonly reason: string };

export type RebootOutcome = { readonly kind: 'rebooting' } | { readonly kind: 'refused'; readonly reason: string };

export interface InstanceDeath {
  readonly instance: string;
  readonly evidence: string;
  readonly at: number;
}

export interface LauncherDriver {
  /**
   * Starts an instance, or returns the one that already runs under this id (starting twice is starting once). An id
   * lives once: the start of an instance that has died fails.
   */
  start(spec: InstanceSpec): Promise<StartOutcome>;
  /** Asks the instance to end, waits up to `graceMs`, then destroys it. */
  stop(instance: string, graceMs: number): Promise<StopOutcome>;
  /** Ends the instance at once. Resolves only with proof of death, or with the reason why there is none. */
  destroy(instance: string): Promise<StopOutcome>;
  inspect(instance: string): Promise<InstanceView>;
  /** Ids of the instances that run as far as the driver has noticed: no proof, but cheap enough for every beat. */
  running(): readonly string[];
  /** Those of `running` that did not work when they were last looked at; as cheap. */
  conditions(): readonly AilingInstance[];
  /** Every instance of the driver's journal, dead ones too until they are forgotten. */
  list(): Promise<readonly InstanceView[]>;
  /**
   * Removes a dead instance from the journal, with its state directory. True when it is not in the journal (any more);
   * false when it is not proven dead.
   */
  forget(instance: string): Promise<boolean>;
  /**
   * Sets the one listener for deaths, of any cause: called at once for each instance that dies, and for those that
   * died while no launcherd ran. A death is acknowledged, durably, when the listener's promise resolves or the instance
   * is forgotten; until then it is reported again by every driver that is opened, and after a rejection. Hence: at
   * least once, and once for a listener that never fails.
   */
  onDeath(listener: (death: InstanceDeath) => Promise<void> | void): void;
  /** Restarts the guest without a new life: what runs in it ends, what is on its disks stays. */
  reboot(instance: string): Promise<RebootOutcome>;
  /** The end of what the guest has written to its console; undefined where there is none. */
  consoleLog(instance: string, maxBytes: number): Promise<string | undefined>;
  /** What runs under the name of this launcher host and is not in the journal: `what` is for people. */
  orphans(): Promise<readonly { readonly instance: string; readonly what: string }[]>;
  /** Takes an orphan into the journal, from where it is ended like any other. */
  adoptOrphan(instance: string): Promise<StartOutcome>;
  /** What the launcher host has in all for its instances; undefined when it does not tell. */
  capacity(): Promise<{ readonly cpus: number; readonly memoryMiB: number } | undefined>;
  /** Lets go of every watch. Instances go on. */
  close(): Promise<void>;
}
