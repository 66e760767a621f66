/**
 * The one typed model of a deployable. Both document formats (XML and YAML) parse to it, and nothing behind the parser
 * looks at a document again: every value is checked, every default filled in, every reference resolved to a name.
 */

import type { Problem } from './problem.js';

/** Names of deployables, assemblies, resources and launcher hosts (design: they become bus tokens and CIB ids). */
export const namePattern = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;

/** A failure budget: the `failures`-th failure within `periodMs` escalates one level up instead of being repaired. */
export interface Budget {
  readonly failures: number;
  readonly periodMs: number;
}

export interface Deployable {
  readonly name: string;
  /** Launcher hosts it may use; empty means every launcher host that is known. */
  readonly hosts: readonly string[];
  /** By launcher host: what the document says of it. */
  readonly hostOptions: Readonly<Record<string, HostOptions>>;
  /** Replicas are assemblies of their own here: `web` with three replicas is `web-1`, `web-2`, `web-3`. */
  readonly assemblies: readonly Assembly[];
  readonly groups: readonly Group[];
  readonly constraints: readonly Constraint[];
  readonly escalation: Budget;
  readonly placement: PlacementStrategy;
  /** Nothing is started, stopped or monitored (the document's own wish; an operator's is an override). */
  readonly isInMaintenance: boolean;
  readonly pacemaker: PacemakerSection;
}

/** How VMs are placed on launcher hosts (Pacemaker Explained, "Utilization and Placement Strategy"). */
export type PlacementStrategy = 'default' | 'utilization' | 'minimal' | 'balanced';

export interface HostOptions {
  /** Capacity, by name: `cpus`, `memory` (MiB), or any other. */
  readonly utilization: Readonly<Record<string, number>>;
  /** Node attributes, for rules. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Raw XML, already checked to be well-formed elements of its section of the CIB; empty where there is none. */
export interface PacemakerSection {
  /** `rsc_location`, `rsc_order`, `rsc_colocation`. */
  readonly constraints: string;
  /** `tag`. */
  readonly tags: string;
}

export interface Assembly {
  readonly name: string;
  /** Which of the replicas of what this is; `index` from 1. */
  readonly replica: { readonly of: string; readonly index: number; readonly count: number } | undefined;
  readonly image: string | undefined;
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
  /** Beyond the image's own: empty at the start of each instance, and gone with it. */
  readonly disks: readonly ExtraDisk[];
  /** By the launcher hosts' names, in the order of its interfaces; empty: their default one. */
  readonly networks: readonly string[];
  /** Words for the scheduler of the platform itself: availability zone, server group ... */
  readonly platformPlacement: Readonly<Record<string, string>>;
  /** `passive`: its image has no agent, and only its launcher watches it. Then it has no resources. */
  readonly monitoring: 'agent' | 'passive';
  /** What it takes of a launcher host's capacity, by name; cpus and memory (MiB) of its size included. */
  readonly utilization: Readonly<Record<string, number>>;
  /** Attributes of its guest node, for rules. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly escalation: Budget;
  /** Of its VM, where capacity or a conflict makes Pacemaker choose: the highest stays. */
  readonly priority: number;
  /** Of its VM towards the launcher host it is on; undefined: the project's own, always above 0. */
  readonly stickiness: number | undefined;
  /** Failures on one launcher host after which the next is tried; undefined: the project's own. */
  readonly migrationThreshold: number | undefined;
  readonly targetRole: 'started' | 'stopped';
  /** False: nothing is done about its VM. It does not protect the resources inside. */
  readonly isManaged: boolean;
  /** No resource runs inside; the VM does. */
  readonly isStandby: boolean;
  /** From the start of its VM to the registration of its agent; undefined: the project's own. */
  readonly bootTimeoutMs: number | undefined;
  readonly resources: readonly Resource[];
}

export interface ExtraDisk {
  readonly name: string;
  readonly sizeMiB: number;
}

/** Resources of one assembly that start in order, stop in reverse, and run together. */
export interface Group {
  /** CIB id; no assembly and no resource has it. */
  readonly name: string;
  readonly assembly: string;
  /** Names within the assembly. One or more. */
  readonly members: readonly string[];
}

export interface Resource {
  /** Unique within its assembly; the CIB id is `<assembly>.<name>`. */
  readonly name: string;
  readonly agent: ResourceAgent;
  /** Parameters of the resource agent (OCF_RESKEY_*), in document order; for `exec` empty: they join its environment. */
  readonly parameters: Readonly<Record<string, Template>>;
  readonly start: OperationTiming;
  readonly stop: OperationTiming;
  readonly monitor: OperationTiming & { readonly intervalMs: number };
  /** Operations besides start, stop and the monitor above: promote, demote, notify, and monitors of a role or a depth. */
  readonly operations: readonly ExtraOperation[];
  readonly escalation: Budget;
  /** What a failed monitor means. Anything but `restart` keeps recovery away from the agent. */
  readonly onFail: OnFail;
  readonly priority: number;
  /** After so long without a failure its failures are forgotten (Pacemaker's `failure-timeout`); undefined: never. */
  readonly failureTimeoutMs: number | undefined;
  readonly targetRole: 'started' | 'stopped' | 'promoted' | 'unpromoted';
  readonly isManaged: boolean;
  /** Its operations are neither ordered nor monitored. */
  readonly isInMaintenance: boolean;
  /** Never active twice, even where death cannot be proven: its agent stops it when it loses touch for too long. */
  readonly isExclusive: boolean;
  /** One clone over all replicas of its assembly; undefined: a resource of its own in each replica. */
  readonly clone: CloneOptions | undefined;
  /** Only when the document asks for it (with a warning): see design section 3. */
  readonly migrationThreshold: number | undefined;
  /** Runs before the first start, and again whenever a parameter changes; undefined where there is none. */
  readonly configure: ConfigureStep | undefined;
}

export type OnFail = 'restart' | 'ignore' | 'block' | 'stop' | 'fence' | 'demote' | 'standby';

export interface OperationTiming {
  readonly timeoutMs: number;
  /** Only where the document asks for another meaning of its failure than the usual one. */
  readonly onFail?: OnFail;
}

export interface ExtraOperation extends OperationTiming {
  readonly name: 'promote' | 'demote' | 'notify' | 'monitor' | 'reload';
  /** 0 for what does not recur. */
  readonly intervalMs: number;
  readonly role: 'started' | 'promoted' | 'unpromoted' | undefined;
  /** `OCF_CHECK_LEVEL`. */
  readonly depth: number | undefined;
}

/** A clone over the replicas of an assembly: one instance in each, never more. */
export interface CloneOptions {
  /** Roles, where it is promotable. */
  readonly promotable:
    | {
        readonly promotedMax: number;
        /** Replicas (assembly names) in the order in which they are preferred for promotion. */
        readonly prefer: readonly string[];
      }
    | undefined;
  /** Instances; undefined: one per replica. */
  readonly max: number | undefined;
  readonly notify: boolean;
  readonly interleave: boolean;
  readonly ordered: boolean;
}

export interface ConfigureStep {
  /** Path or URL of the executable (XML: configure_executable/@url). `file:` URLs and absolute paths are run in place. */
  readonly url: string;
  readonly timeoutMs: number;
}

/** Which executor runs a resource, and what it needs to know. */
export type ResourceAgent =
  | { readonly class: 'ocf'; readonly provider: string; readonly type: string }
  | { readonly class: 'systemd' | 'lsb' | 'service'; readonly type: string }
  | { readonly class: 'exec'; readonly exec: ExecDefinition };

export interface ExecDefinition {
  /** argv; the first is looked up in PATH. */
  readonly command: readonly Template[];
  readonly environment: Readonly<Record<string, Template>>;
  readonly directory: string | undefined;
  readonly user: string | undefined;
  /** Absent: as the agent's own. */
  readonly limits?: ResourceLimits;
  readonly health: readonly HealthCheck[];
}

/** What a command may use (setrlimit(2)): counts, bytes, and seconds of CPU time. What is absent stays as the agent's own. */
export type ResourceLimits = Readonly<Partial<Record<LimitName, number>>>;
export type LimitName = 'open-files' | 'processes' | 'memory' | 'stack' | 'core' | 'file-size' | 'cpu-time';

export interface HealthTiming {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Consecutive failures that make the check fail. */
  readonly failures: number;
  /** Consecutive successes that make a failed check good again; absent: one. */
  readonly successes?: number;
  readonly initialDelayMs: number;
}

/** That the command's own process runs is always checked; these come on top. */
export type HealthCheck = HealthTiming &
  /** One of the resource's processes has this name. */
  (
    | { readonly kind: 'process'; readonly process: string }
    | { readonly kind: 'tcp'; readonly host: Template; readonly port: number }
    | { readonly kind: 'http'; readonly url: Template; readonly status: readonly number[] }
    | { readonly kind: 'command'; readonly command: readonly Template[] }
  );

/** Text with references: literal parts and values of an assembly that are known only while it runs. */
export type Template = readonly TemplatePart[];
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly assembly: string; readonly attribute: 'ipaddress' | 'hostname' };

/** A resource as constraints name it. */
export interface ResourceReference {
  readonly assembly: string;
  readonly resource: string;
}

/** What a constraint is about. */
export type Subject =
  | ({ readonly kind: 'resource' } & ResourceReference)
  /** A clone over the replicas of `assembly`, which is the name before the replicas' numbers. */
  | ({ readonly kind: 'clone' } & ResourceReference)
  | { readonly kind: 'group'; readonly group: string }
  /** The VM. */
  | { readonly kind: 'assembly'; readonly assembly: string };

export type Score = number | 'INFINITY' | '-INFINITY';
export type Role = 'started' | 'stopped' | 'promoted' | 'unpromoted';

export type Constraint = OrderConstraint | ColocationConstraint | ColocatedSet | LocationConstraint;

export interface OrderConstraint {
  readonly kind: 'order';
  readonly id: string;
  /** Each step begins when the one before has ended; stopped from last to first. Two or more. */
  readonly steps: readonly OrderStep[];
  /** `mandatory`: a stop of one stops what follows. `optional`: only if both act. `serialize`: never at once. */
  readonly strength: 'mandatory' | 'optional' | 'serialize';
  /** The reverse holds for stopping. */
  readonly isSymmetrical: boolean;
}

/** The members of one step are in no order among themselves. */
export interface OrderStep {
  readonly members: readonly Subject[];
  readonly action: 'start' | 'stop' | 'promote' | 'demote';
  /** False: one of the members is enough for the next step. */
  readonly needsAll: boolean;
}

export interface ColocationConstraint {
  readonly kind: 'colocation';
  readonly id: string;
  readonly resource: Subject;
  readonly with: Subject;
  readonly score: Score;
  readonly role: Role | undefined;
  readonly withRole: Role | undefined;
  /** Same value of this node attribute instead of same node. */
  readonly nodeAttribute: string | undefined;
}

/** All of them with each other: together (`score` above 0), or each on a launcher host of its own (below 0). */
export interface ColocatedSet {
  readonly kind: 'colocated-set';
  readonly id: string;
  readonly members: readonly Subject[];
  readonly score: Score;
  readonly nodeAttribute: string | undefined;
}

export interface LocationConstraint {
  readonly kind: 'location';
  readonly id: string;
  readonly subject: Subject;
  readonly role: Role | undefined;
  readonly preference:
    | { readonly kind: 'node'; readonly node: string; readonly score: Score }
    | { readonly kind: 'rule'; readonly rule: LocationRule };
}

export interface LocationRule {
  readonly score: Score;
  readonly combine: 'and' | 'or';
  /** One or more. */
  readonly expressions: readonly RuleExpression[];
}

export type RuleExpression =
  | {
      readonly kind: 'attribute';
      readonly attribute: string;
      readonly operation: 'lt' | 'gt' | 'lte' | 'gte' | 'eq' | 'ne' | 'defined' | 'not_defined';
      readonly value: string | undefined;
      readonly type: 'string' | 'integer' | 'number' | 'version' | undefined;
    }
  /** ISO 8601 times; `in_range` has both. */
  | {
      readonly kind: 'date';
      readonly operation: 'lt' | 'gt' | 'in_range';
      readonly start: string | undefined;
      readonly end: string | undefined;
    }
  /** `hours: 9-16`, `weekdays: 1-5` ... (Pacemaker Explained, "Date Specifications"). */
  | { readonly kind: 'date-spec'; readonly fields: Readonly<Record<string, string>> };

export type DocumentFormat = 'xml' | 'yaml';

/** A parse of a document: the model with its warnings, or every problem it has. */
export type ParsedDeployable =
  | { readonly kind: 'deployable'; readonly deployable: Deployable; readonly warnings: readonly Problem[] }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** CIB id of a resource. */
export function resourceId(reference: ResourceReference): string {
  return `${reference.assembly}.${reference.resource}`;
}

/** CIB id of the VM resource of an assembly. */
export function vmId(assembly: string): string {
  return `${assembly}.vm`;
}

/** CIB id of what a constraint is about. */
export function subjectId(subject: Subject): string {
  switch (subject.kind) {
    case 'resource':
      return resourceId(subject);
    case 'clone':
      return cloneId(resourceId(subject));
    case 'group':
      return subject.group;
    case 'assembly':
      return vmId(subject.assembly);
  }
}

/** CIB id of the clone around a resource of replicated assemblies (`<replicated assembly>.<resource>`). */
export function cloneId(resource: string): string {
  return `${resource}-clone`;
}
