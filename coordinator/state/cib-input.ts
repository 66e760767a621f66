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
  /**
   * `unclean`: evidence says that it is dead, and a fencer is configured that can prove it: the graph orders its fencing.
   * `offline`: proven dead.
   */
  readonly state: 'online' | 'unclean' | 'offline';
  /** Silent launcher hosts stay online but take no new instance. */
  readonly isBarred: boolean;
  /** An operator empties it: what can run on another host goes there. */
  readonly isDrained: boolean;
  /** What it has in all for VMs, by its own word; the document's goes before it, name by name. Absent: it does not tell. */
  readonly capacity?: Readonly<Record<string, number>>;
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
  /** An operator wants nothing to run inside (`standby`), or not even its VM (`drained`: resources stop first). */
  readonly wish: 'none' | 'standby' | 'drained';
  /** Values of its running instance for references; undefined while never known. */
  readonly address: string | undefined;
  readonly hostname: string | undefined;
  /** Launcher hosts that have no room for it at present; absent: none. */
  readonly fullHosts?: readonly string[];
}

/** Absent: as the document says. */
export interface ResourceWish {
  readonly target?: 'started' | 'stopped';
  readonly isManaged?: boolean;
}

/** An operator's move (to: INFINITY) or ban (from: -INFINITY) of a VM or an instance of a clone. */
export interface LocationWish {
  /** CIB id of a VM resource or of a clone. */
  readonly resource: string;
  /** Launcher host of a VM; replica of a clone. */
  readonly node: string;
  readonly kind: 'move' | 'ban';
  /** Only this role of a promotable clone. */
  readonly role?: 'promoted';
  /** Unix ms; absent: until it is cleared. */
  readonly until?: number;
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
  /** Nothing is started, stopped or monitored, whatever happens (Pacemaker's `maintenance-mode`). */
  readonly isInMaintenance: boolean;
  /** What operators want of resources and VMs, by CIB id; it goes before what the document says. */
  readonly wishes: Readonly<Record<string, ResourceWish>>;
  readonly locationWishes: readonly LocationWish[];
  /** Resources removed from the definition are absent here and present in the history: Pacemaker's orphans, stopped by it. */
  readonly nowUnixMs: number;
}
