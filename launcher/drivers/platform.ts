/**
 * The port between a driver's engine (instance-driver.ts), which keeps the journal, takes turns, reports deaths and
 * adopts after a restart, and what is different from one kind of launcher host to another: local processes, nspawn,
 * QEMU, libvirt, a cloud.
 *
 * A platform remembers nothing that is not in the instance's directory or on the platform itself: it is opened anew by
 * every launcherd. Where it cannot tell, it says so by rejecting; it never guesses.
 */
import type { AgentIdentity, InstanceCondition, InstanceSpec } from '../driver.js';
import type { InstanceRecord } from './journal.js';

/** One instance of the journal. */
export interface Place {
  readonly record: InstanceRecord;
  /** Its own directory on the launcher host, 0700: the journal's files, and those of the platform. */
  readonly directory: string;
}

/** @typeParam Life what identifies one life of an instance for ever: a pid with its start time, a UUID. */
export interface Platform<Life> {
  /**
   * Whether instances go on when this machine loses its power. Then the intent is on disk before anything is started,
   * otherwise while.
   */
  readonly outlivesMachine: boolean;
  /** Of instances, in order of preference; undefined where they find their addresses by themselves. */
  readonly addresses: readonly string[] | undefined;
  /** What the agent is told beyond what the order says: where it is reached, and where it keeps its state. */
  completeIdentity(spec: InstanceSpec, place: Place): CompleteIdentity;
  /**
   * Starts what the intent in the journal says. Resolves when the start is over, one way or the other, or out of time;
   * what has become of it is `settle`'s to say. Returns why it failed, for the case that it did. Never rejects for
   * what the platform says.
   */
  start(spec: InstanceSpec, place: Place): Promise<string>;
  /**
   * What has become of a start, now or in an earlier launcherd. After `never` nothing of it runs, nor ever will, also
   * when its start is still on its way: the platform has made sure. Rejects when that cannot be told yet.
   */
  settle(place: Place): Promise<Settled<Life>>;
  /** How a life is now. Rejects as little as `start`: what cannot be told is `unknown`. */
  examine(life: Life, place: Place): Promise<Examined>;
  /** Calls `onHint` whenever it may be worth to examine it: its process has closed its files, an event has come. */
  watch(life: Life, place: Place, onHint: () => void): LifeWatch;
  /** Asks the instance to end by itself. Rejects when it cannot be asked. */
  askToEnd(life: Life, place: Place): Promise<void>;
  /** Ends it at once; `examine` tells whether that helped. Rejects when it may not. */
  kill(life: Life, place: Place): Promise<void>;
  /** Restarts the guest without a new life. Undefined where that is not possible. */
  readonly reboot?: (life: Life, place: Place) => Promise<void>;
  /** Removes what a dead instance has left outside of its directory. Rejects to be called again by a later driver. */
  cleanUp(place: Place): Promise<void>;
  /** The end of what it has written to its console. */
  readonly consoleLog?: (place: Place, maxBytes: number) => Promise<string>;
  /** What runs here under the name of this launcher host. Those that are not in the journal are orphans. */
  readonly findAll?: () => Promise<readonly Found<Life>[]>;
  /** Writes into a new place whatever `settle` needs to find this life from then on. */
  readonly adopt?: (found: Found<Life>, place: Place) => Promise<void>;
  /** What the launcher host has in all for instances; undefined when it does not tell. */
  readonly capacity?: () => Promise<{ readonly cpus: number; readonly memoryMiB: number } | undefined>;
  /** Lets go of everything that it holds in this process. Instances go on. */
  close(): Promise<void>;
}

export type CompleteIdentity = AgentIdentity & {
  readonly address: string;
  readonly hostname: string;
  readonly stateDirectory: string;
};

export type Settled<Life> =
  | { readonly kind: 'life'; readonly life: Life }
  /** Nothing of it has run, or what did is gone without a trace of success. */
  | { readonly kind: 'never' };

export type Examined =
  | {
      readonly kind: 'alive';
      /** As in RunningInstance. */
      readonly pid: number;
      readonly agentPid: number | undefined;
      /** Where the platform knows better than the journal. */
      readonly address?: string;
      readonly condition: InstanceCondition;
    }
  | { readonly kind: 'dead'; readonly evidence: string }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface LifeWatch {
  /** It is about to die: hints may come more often for a while. */
  expect(): void;
  close(): void;
}

export interface Found<Life> {
  readonly instance: string;
  readonly life: Life;
  /** For people: "QEMU, pid 4711". */
  readonly what: string;
}
