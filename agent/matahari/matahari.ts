/**
 * Matahari's object model (package org.matahariproject, schemas of release 0.6) as the agent offers it: the port behind
 * which there is our own implementation (own/) or the Matahari services on the system bus (dbus/). Names, arguments and
 * meanings are the schemas'. One contract suite holds both to it: test/contract/matahari-suite.ts.
 *
 * No method throws or rejects: what goes wrong is a `problem`. Times are milliseconds, memory is kB, as in the schemas.
 */
export interface Matahari {
  readonly host: HostObject;
  readonly services: ServicesObject;
  readonly resources: ResourcesObject;
  readonly network: NetworkObject;
  readonly sysconfig: SysconfigObject;
  /** Which backend each object has. */
  backends(): Readonly<Record<MatahariObjectName, MatahariBackend>>;
  /** What runs because of it (recurring operations, heartbeats) ends. */
  close(): Promise<void>;
}

export type MatahariObjectName = 'Host' | 'Services' | 'Resources' | 'Network' | 'Sysconfig';
export type MatahariBackend = 'own' | 'dbus';

export type Done<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: MatahariProblem };

export interface MatahariProblem {
  readonly code: /** `argument` names the one that is wrong; the message says what is allowed. */
    | 'invalid-argument'
    /** No such service, resource agent, interface, profile, key or operation. */
    | 'not-found'
    /** A program that this needs is missing. */
    | 'not-installed'
    | 'timeout'
    /** It was tried, and failed. */
    | 'failed'
    /** Not now: the service behind it does not answer. */
    | 'unavailable';
  readonly message: string;
  readonly argument?: string | undefined;
}

export interface ObjectProperties {
  /** Filesystem uuid of the machine. */
  readonly uuid: string;
  /** What `hostname` prints. */
  readonly hostname: string;
}

export interface HostObject {
  /** Properties, and the statistics as of the last heartbeat. */
  get(): Promise<Done<HostState>>;
  /** Seconds; 0 ends the heartbeats. Lasts until the agent ends. */
  setUpdateInterval(seconds: number): Promise<Done<void>>;
  identify(): Promise<Done<void>>;
  shutdown(): Promise<Done<void>>;
  reboot(): Promise<Done<void>>;
  /** Lifetimes Filesystem (also for an empty one), Hardware, Reboot, Agent and Custom, in any case. */
  getUuid(lifetime: string): Promise<Done<string>>;
  /** Custom only; persistent; an empty one takes it away. Resolves to rc 0. */
  setUuid(lifetime: string, uuid: string): Promise<Done<number>>;
  setPowerProfile(profile: string): Promise<Done<number>>;
  getPowerProfile(): Promise<Done<string>>;
  listPowerProfiles(): Promise<Done<readonly string[]>>;
  /** Called at every heartbeat; returns its own removal. */
  onHeartbeat(listener: (beat: HostHeartbeat) => void): () => void;
}

export interface HostState extends ObjectProperties {
  readonly customUuid: string;
  readonly os: string;
  readonly arch: string;
  /** Bits. */
  readonly wordsize: number;
  readonly memory: number;
  readonly swap: number;
  /** Logical CPUs. */
  readonly cpuCount: number;
  readonly cpuCores: number;
  readonly cpuModel: string;
  readonly cpuFlags: string;
  /** Seconds. */
  readonly updateInterval: number;
  readonly lastUpdatedUnixMs: number;
  readonly sequence: number;
  readonly freeMem: number;
  readonly freeSwap: number;
  /** Keys 1, 5 and 15 (minutes). */
  readonly load: Readonly<Record<string, number>>;
  readonly processStatistics: Readonly<Record<string, number>>;
}

export interface HostHeartbeat extends ObjectProperties {
  readonly timestampUnixMs: number;
  readonly sequence: number;
}

/** Numbers that are resolved to are LSB's: 0 done or running, for status 3 stopped. */
export interface ServicesObject {
  get(): Promise<Done<ObjectProperties>>;
  list(): Promise<Done<readonly string[]>>;
  enable(name: string): Promise<Done<number>>;
  disable(name: string): Promise<Done<number>>;
  start(name: string, timeoutMs: number): Promise<Done<number>>;
  stop(name: string, timeoutMs: number): Promise<Done<number>>;
  status(name: string, timeoutMs: number): Promise<Done<number>>;
  /** XML in the form of a resource agent's meta-data. */
  describe(name: string): Promise<Done<string>>;
}

export interface ResourcesObject {
  get(): Promise<Done<ObjectProperties>>;
  listStandards(): Promise<Done<readonly string[]>>;
  /** Empty for a standard without providers. */
  listProviders(standard: string): Promise<Done<readonly string[]>>;
  list(standard: string, provider: string): Promise<Done<readonly string[]>>;
  /** The agent's meta-data. */
  describe(standard: string, provider: string, agent: string): Promise<Done<string>>;
  /** Resolves when the action has run (a recurring one: for the first time). `rc` is the standard's own. */
  invoke(invocation: Invocation): Promise<Done<Invoked>>;
  /** Ends a recurring action, or kills one that is under way. */
  cancel(name: string, action: string, intervalMs: number, timeoutMs: number): Promise<Done<void>>;
  /** Declares a resource failed: known by an invocation, or managed by this agent (`<assembly>.<resource>`). `rc` from 1 on. */
  fail(name: string, rc: number): Promise<Done<void>>;
  /** Called after every run of a recurring action whose result changed, and for `fail`; returns its own removal. */
  onResourceOp(listener: (op: ResourceOp) => void): () => void;
}

export interface Invocation {
  /** With action and interval it identifies the operation. */
  readonly name: string;
  readonly standard: string;
  readonly provider: string;
  readonly agent: string;
  readonly action: string;
  readonly intervalMs: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly expectedRc: number;
  readonly userdata: string;
}

export interface Invoked {
  readonly rc: number;
  /** Grows with every invocation. */
  readonly sequence: number;
  readonly userdata: string;
}

export interface ResourceOp extends Omit<Invocation, 'parameters' | 'timeoutMs'> {
  readonly timestampUnixMs: number;
  readonly sequence: number;
  readonly rc: number;
}

/** Numbers that are resolved to: 0 is up and running. */
export interface NetworkObject {
  get(): Promise<Done<ObjectProperties>>;
  list(): Promise<Done<readonly string[]>>;
  start(iface: string): Promise<Done<number>>;
  stop(iface: string): Promise<Done<number>>;
  status(iface: string): Promise<Done<number>>;
  getIpAddress(iface: string): Promise<Done<string>>;
  getMacAddress(iface: string): Promise<Done<string>>;
}

/** A status is newline separated: `OK`, or `FAILED` and the return code; then data of the scheme. */
export interface SysconfigObject {
  get(): Promise<Done<ObjectProperties & { readonly isPostbootConfigured: number }>>;
  setPostbootConfigured(value: number): Promise<Done<void>>;
  runUri(uri: string, flags: number, scheme: string, key: string): Promise<Done<string>>;
  runString(text: string, flags: number, scheme: string, key: string): Promise<Done<string>>;
  query(text: string, flags: number, scheme: string): Promise<Done<string>>;
  isConfigured(key: string): Promise<Done<string>>;
}

export function done<T>(value: T): Done<T> {
  return { kind: 'done', value };
}

export function problem(code: MatahariProblem['code'], message: string, argument?: string): Done<never> {
  return { kind: 'problem', problem: { code, message, ...(argument === undefined ? {} : { argument }) } };
}
