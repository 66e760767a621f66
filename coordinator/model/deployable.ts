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
  readonly assemblies: readonly Assembly[];
  readonly constraints: readonly Constraint[];
  readonly escalation: Budget;
  /** Raw constraint XML, already checked to be well-formed constraint elements; empty where there is none. */
  readonly pacemaker: string;
}

export interface Assembly {
  readonly name: string;
  readonly image: string | undefined;
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
  readonly escalation: Budget;
  readonly resources: readonly Resource[];
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
  readonly escalation: Budget;
  /** What a failed monitor means. Anything but `restart` keeps recovery away from the agent. */
  readonly onFail: OnFail;
  /** Only when the document asks for it (with a warning): see design section 3. */
  readonly migrationThreshold: number | undefined;
  /** Runs before the first start, and again whenever a parameter changes; undefined where there is none. */
  readonly configure: ConfigureStep | undefined;
}

export type OnFail = 'restart' | 'ignore' | 'block' | 'stop' | 'fence';

export interface OperationTiming {
  readonly timeoutMs: number;
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
  readonly health: readonly HealthCheck[];
}

export interface HealthTiming {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Consecutive failures that make the check fail. */
  readonly failures: number;
  readonly initialDelayMs: number;
}

/** The process check (it runs at all) is always there; these come on top. */
export type HealthCheck = HealthTiming &
  (
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

export type Constraint =
  | {
      readonly kind: 'order';
      readonly id: string;
      /** Started from first to last, stopped from last to first. Two or more. */
      readonly sequence: readonly ResourceReference[];
    }
  | {
      readonly kind: 'colocation';
      readonly id: string;
      readonly resource: ResourceReference;
      readonly with: ResourceReference;
      readonly score: number | 'INFINITY' | '-INFINITY';
    };

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
