import type { Deployable } from '../model/deployable.js';
import type { History } from './history.js';

/** How the scheduler library that is installed names things; read from it at start (scheduler hello). */
export interface SchedulerDialect {
  /** `crm_feature_set` of the library: never a higher one than its own. */
  readonly featureSet: string;
  /** `validate-with`: the newest schema it knows, for example `pacemaker-3.9`. */
  readonly schema: string;
}

/** A launcher host as the policy sees it. Offline only on proof (design section 3). */
export interface HostInput {
  readonly name: string;
  readonly isOnline: boolean;
  /** Silent launcher hosts stay online but take no new instance. */
  readonly isBarred: boolean;
}

/** What the policy must know of an assembly besides its history. */
export interface AssemblyInput {
  /** Host on which its current instance runs (or ran last); undefined before the first start. */
  readonly host: string | undefined;
  /** True while its agent has registered and counts as alive: its guest node's node_state is then a member. */
  readonly isConnected: boolean;
  /** VM stop that cannot be proven: VM unmanaged, last good VM record kept, connection monitor failed. */
  readonly isHeld: boolean;
  /** Must not be booted yet (back-off) or any more (attempts exhausted, operator's turn): VM target-role=Stopped. */
  readonly mayStart: boolean;
  /** Values of its running instance for references; undefined while never known. */
  readonly address: string | undefined;
  readonly hostname: string | undefined;
}

/** Everything a decision depends on; rendering it is pure and total. */
export interface CibInput {
  readonly deployable: Deployable;
  readonly revision: number;
  readonly dialect: SchedulerDialect;
  readonly hosts: readonly HostInput[];
  readonly assemblies: Readonly<Record<string, AssemblyInput>>;
  readonly history: History;
  /** True: everything stops in order (resources, connection, VM). */
  readonly stopAll: boolean;
  /** Resources removed from the definition are absent here and present in the history: Pacemaker's orphans, stopped by it. */
  readonly nowUnixMs: number;
}
