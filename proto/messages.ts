import type { cpe } from './generated/cpe.js';

/**
 * The messages of the bus as plain values: every scalar, list and map is present (proto3's default where the sender
 * left it out), 64-bit integers are numbers, a sub-message that was not sent is `undefined`. What the fields mean is
 * said in proto/cpe/v1/*.proto; this is the only place that names the generated types besides the codec.
 */
type Scalar = string | number | boolean | Uint8Array;
type FieldsOf<P> = Exclude<keyof P, '$unknowns'>;
type IsMap<T> = string extends keyof T ? true : false;
type Value<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? Value<Item>[]
    : IsMap<T> extends true
      ? T
      : Message<T>;
type IsMessage<T> = T extends Scalar | readonly unknown[] ? false : IsMap<T> extends true ? false : true;
type Message<P> = {
  [K in FieldsOf<P> as IsMessage<NonNullable<P[K]>> extends true ? never : K]-?: Value<NonNullable<P[K]>>;
} & {
  [K in FieldsOf<P> as IsMessage<NonNullable<P[K]>> extends true ? K : never]?: Value<NonNullable<P[K]>> | undefined;
};

/** A value to be sent: what is left out takes proto3's default (empty, 0, false). */
export type Draft<T> = T extends Scalar
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Draft<Item>[]
    : IsMap<T> extends true
      ? Readonly<T>
      : T extends AgentReportBody
        ? ReportDraft<T>
        : { readonly [K in keyof T]?: Draft<T[K]> | undefined };

type ReportDraft<T extends AgentReportBody> = T extends { readonly value: infer V }
  ? { readonly kind: T['kind']; readonly value: Draft<V> }
  : T;

// common.proto
export type ErrorMessage = Message<cpe.v1.Error.$Properties>;
export type Ack = Message<cpe.v1.Ack.$Properties>;
export type DocumentProblem = Message<cpe.v1.DocumentProblem.$Properties>;
export type Event = Message<cpe.v1.Event.$Properties>;

// control.proto
export type Document = Message<cpe.v1.Document.$Properties>;
export type CreateDeployable = Message<cpe.v1.CreateDeployable.$Properties>;
export type ReloadDeployable = Message<cpe.v1.ReloadDeployable.$Properties>;
export type StartDeployable = Message<cpe.v1.StartDeployable.$Properties>;
export type StopDeployable = Message<cpe.v1.StopDeployable.$Properties>;
export type DeleteDeployable = Message<cpe.v1.DeleteDeployable.$Properties>;
export type ListDeployables = Message<cpe.v1.ListDeployables.$Properties>;
export type GetDefinition = Message<cpe.v1.GetDefinition.$Properties>;
export type DeployableChanged = Message<cpe.v1.DeployableChanged.$Properties>;
export type DeployableSummary = Message<cpe.v1.DeployableSummary.$Properties>;
export type DeployableList = Message<cpe.v1.DeployableList.$Properties>;
export type Definition = Message<cpe.v1.Definition.$Properties>;
export type GetEvents = Message<cpe.v1.GetEvents.$Properties>;
export type EventList = Message<cpe.v1.EventList.$Properties>;
export type GetFailures = Message<cpe.v1.GetFailures.$Properties>;
export type Failure = Message<cpe.v1.Failure.$Properties>;
export type FailureList = Message<cpe.v1.FailureList.$Properties>;
export type GetInfo = Message<cpe.v1.GetInfo.$Properties>;
export type ProcessInfo = Message<cpe.v1.ProcessInfo.$Properties>;
export type MachineInfo = Message<cpe.v1.MachineInfo.$Properties>;
export type Info = Message<cpe.v1.Info.$Properties>;
export type GetStatus = Message<cpe.v1.GetStatus.$Properties>;
export type GetCib = Message<cpe.v1.GetCib.$Properties>;
export type ListTransitions = Message<cpe.v1.ListTransitions.$Properties>;
export type Poke = Message<cpe.v1.Poke.$Properties>;
export type DeployableStatus = Message<cpe.v1.DeployableStatus.$Properties>;
export type LocationStatus = Message<cpe.v1.LocationStatus.$Properties>;
export type AssemblyStatus = Message<cpe.v1.AssemblyStatus.$Properties>;
export type ResourceStatus = Message<cpe.v1.ResourceStatus.$Properties>;
export type Cib = Message<cpe.v1.Cib.$Properties>;
export type TransitionSummary = Message<cpe.v1.TransitionSummary.$Properties>;
export type TransitionList = Message<cpe.v1.TransitionList.$Properties>;
export type EventsCommitted = Message<cpe.v1.EventsCommitted.$Properties>;
export type SilenceCount = Message<cpe.v1.SilenceCount.$Properties>;
export type HostSilence = Message<cpe.v1.HostSilence.$Properties>;

// launcher.proto
export type AdoptLauncher = Message<cpe.v1.AdoptLauncher.$Properties>;
export type LauncherInventory = Message<cpe.v1.LauncherInventory.$Properties>;
export type InFlight = Message<cpe.v1.InFlight.$Properties>;
export type StartInstance = Message<cpe.v1.StartInstance.$Properties>;
export type StopInstance = Message<cpe.v1.StopInstance.$Properties>;
export type DestroyInstance = Message<cpe.v1.DestroyInstance.$Properties>;
export type InspectInstance = Message<cpe.v1.InspectInstance.$Properties>;
export type ListInstances = Message<cpe.v1.ListInstances.$Properties>;
export type RebootInstance = Message<cpe.v1.RebootInstance.$Properties>;
export type ReadConsole = Message<cpe.v1.ReadConsole.$Properties>;
export type AdoptOrphan = Message<cpe.v1.AdoptOrphan.$Properties>;
export type Orphan = Message<cpe.v1.Orphan.$Properties>;
export type OrphanList = Message<cpe.v1.OrphanList.$Properties>;
export type ForgetInstance = Message<cpe.v1.ForgetInstance.$Properties>;
export type InstanceState = Message<cpe.v1.InstanceState.$Properties>;
export type LauncherBeat = Message<cpe.v1.LauncherBeat.$Properties>;
export type LauncherReport = Message<cpe.v1.LauncherReport.$Properties>;

// agent.proto
export type Register = Message<cpe.v1.Register.$Properties>;
export type Registered = Message<cpe.v1.Registered.$Properties>;
export type Heartbeat = Message<cpe.v1.Heartbeat.$Properties>;
export type AdoptAgent = Message<cpe.v1.AdoptAgent.$Properties>;
export type AgentInventory = Message<cpe.v1.AgentInventory.$Properties>;
export type ResourceRecord = Message<cpe.v1.ResourceRecord.$Properties>;
export type InFlightOperation = Message<cpe.v1.InFlightOperation.$Properties>;
export type ExecuteOperation = Message<cpe.v1.ExecuteOperation.$Properties>;
export type ExecDefinition = Message<cpe.v1.ExecDefinition.$Properties>;
export type HealthCheck = Message<cpe.v1.HealthCheck.$Properties>;
export type CancelOperation = Message<cpe.v1.CancelOperation.$Properties>;
export type OperationAccepted = Message<cpe.v1.OperationAccepted.$Properties>;
export type SetDelegation = Message<cpe.v1.SetDelegation.$Properties>;
export type Delegation = Message<cpe.v1.Delegation.$Properties>;
export type OperationResult = Message<cpe.v1.OperationResult.$Properties>;
export type OrderResult = Message<cpe.v1.OrderResult.$Properties>;
export type LocalRecovery = Message<cpe.v1.LocalRecovery.$Properties>;
export type CondensedRecoveries = Message<cpe.v1.CondensedRecoveries.$Properties>;
export type RenewLease = Message<cpe.v1.RenewLease.$Properties>;
export type ReportAck = Message<cpe.v1.ReportAck.$Properties>;
export type RenewCredentials = Message<cpe.v1.RenewCredentials.$Properties>;
export type Credentials = Message<cpe.v1.Credentials.$Properties>;

// operator.proto
export type ResourceStart = Message<cpe.v1.ResourceStart.$Properties>;
export type ResourceStop = Message<cpe.v1.ResourceStop.$Properties>;
export type ResourceRestart = Message<cpe.v1.ResourceRestart.$Properties>;
export type ResourceMove = Message<cpe.v1.ResourceMove.$Properties>;
export type ResourceBan = Message<cpe.v1.ResourceBan.$Properties>;
export type ResourceClear = Message<cpe.v1.ResourceClear.$Properties>;
export type ResourceCleanup = Message<cpe.v1.ResourceCleanup.$Properties>;
export type ResourceManage = Message<cpe.v1.ResourceManage.$Properties>;
export type ResourceUnmanage = Message<cpe.v1.ResourceUnmanage.$Properties>;
export type ResourceFail = Message<cpe.v1.ResourceFail.$Properties>;
export type ResourceFailcount = Message<cpe.v1.ResourceFailcount.$Properties>;
export type FailCountList = Message<cpe.v1.FailCountList.$Properties>;
export type AssemblyStandby = Message<cpe.v1.AssemblyStandby.$Properties>;
export type AssemblyUnstandby = Message<cpe.v1.AssemblyUnstandby.$Properties>;
export type AssemblyRestart = Message<cpe.v1.AssemblyRestart.$Properties>;
export type AssemblyDestroy = Message<cpe.v1.AssemblyDestroy.$Properties>;
export type AssemblyDrain = Message<cpe.v1.AssemblyDrain.$Properties>;
export type DeployableMaintenance = Message<cpe.v1.DeployableMaintenance.$Properties>;
export type DeployableHold = Message<cpe.v1.DeployableHold.$Properties>;
export type DeployableResume = Message<cpe.v1.DeployableResume.$Properties>;
export type VerbDone = Message<cpe.v1.VerbDone.$Properties>;
export type HostList = Message<cpe.v1.HostList.$Properties>;
export type HostStatus = Message<cpe.v1.HostStatus.$Properties>;
export type HostDrain = Message<cpe.v1.HostDrain.$Properties>;
export type HostConfirmDead = Message<cpe.v1.HostConfirmDead.$Properties>;
export type HostAdoptOrphan = Message<cpe.v1.HostAdoptOrphan.$Properties>;
export type HostFencer = Message<cpe.v1.HostFencer.$Properties>;
export type HostSummaries = Message<cpe.v1.HostSummaries.$Properties>;
export type Simulate = Message<cpe.v1.Simulate.$Properties>;
export type PlanDeployable = Message<cpe.v1.PlanDeployable.$Properties>;
export type Plan = Message<cpe.v1.Plan.$Properties>;
export type DeployableHistory = Message<cpe.v1.DeployableHistory.$Properties>;
export type DeployableVersions = Message<cpe.v1.DeployableVersions.$Properties>;
export type RollbackDeployable = Message<cpe.v1.RollbackDeployable.$Properties>;
export type GetVersion = Message<cpe.v1.GetVersion.$Properties>;
export type Explain = Message<cpe.v1.Explain.$Properties>;
export type Explanation = Message<cpe.v1.Explanation.$Properties>;
export type GetTransition = Message<cpe.v1.GetTransition.$Properties>;
export type Transition = Message<cpe.v1.Transition.$Properties>;
export type ReplayTransition = Message<cpe.v1.ReplayTransition.$Properties>;
export type Replay = Message<cpe.v1.Replay.$Properties>;
export type FailCount = Message<cpe.v1.FailCount.$Properties>;
export type HostSummary = Message<cpe.v1.HostSummary.$Properties>;
export type HostInstance = Message<cpe.v1.HostInstance.$Properties>;
export type PlannedTransition = Message<cpe.v1.PlannedTransition.$Properties>;
export type PlannedAction = Message<cpe.v1.PlannedAction.$Properties>;
export type PlannedChange = Message<cpe.v1.PlannedChange.$Properties>;
export type DeployableVersion = Message<cpe.v1.DeployableVersion.$Properties>;
export type CausalChain = Message<cpe.v1.CausalChain.$Properties>;
export type CausalLink = Message<cpe.v1.CausalLink.$Properties>;
export type Phase = Message<cpe.v1.Phase.$Properties>;
export type ExecutedAction = Message<cpe.v1.ExecutedAction.$Properties>;

// security.proto
export type AuthCreate = Message<cpe.v1.AuthCreate.$Properties>;
export type AuthCreated = Message<cpe.v1.AuthCreated.$Properties>;
export type AuthIdentity = Message<cpe.v1.AuthIdentity.$Properties>;
export type AuthList = Message<cpe.v1.AuthList.$Properties>;
export type AuthIdentities = Message<cpe.v1.AuthIdentities.$Properties>;
export type AuthRevoke = Message<cpe.v1.AuthRevoke.$Properties>;
export type AuthRotate = Message<cpe.v1.AuthRotate.$Properties>;
export type GetAudit = Message<cpe.v1.GetAudit.$Properties>;
export type AuditEntry = Message<cpe.v1.AuditEntry.$Properties>;
export type AuditList = Message<cpe.v1.AuditList.$Properties>;

// matahari.proto
export type HostGet = Message<cpe.v1.HostGet.$Properties>;
export type HostObject = Message<cpe.v1.HostObject.$Properties>;
export type HostSetUpdateInterval = Message<cpe.v1.HostSetUpdateInterval.$Properties>;
export type HostIdentify = Message<cpe.v1.HostIdentify.$Properties>;
export type HostShutdown = Message<cpe.v1.HostShutdown.$Properties>;
export type HostReboot = Message<cpe.v1.HostReboot.$Properties>;
export type HostGetUuid = Message<cpe.v1.HostGetUuid.$Properties>;
export type HostUuid = Message<cpe.v1.HostUuid.$Properties>;
export type HostSetUuid = Message<cpe.v1.HostSetUuid.$Properties>;
export type HostSetPowerProfile = Message<cpe.v1.HostSetPowerProfile.$Properties>;
export type HostGetPowerProfile = Message<cpe.v1.HostGetPowerProfile.$Properties>;
export type HostPowerProfile = Message<cpe.v1.HostPowerProfile.$Properties>;
export type HostListPowerProfiles = Message<cpe.v1.HostListPowerProfiles.$Properties>;
export type ServicesGet = Message<cpe.v1.ServicesGet.$Properties>;
export type ServicesList = Message<cpe.v1.ServicesList.$Properties>;
export type ServicesEnable = Message<cpe.v1.ServicesEnable.$Properties>;
export type ServicesDisable = Message<cpe.v1.ServicesDisable.$Properties>;
export type ServicesStart = Message<cpe.v1.ServicesStart.$Properties>;
export type ServicesStop = Message<cpe.v1.ServicesStop.$Properties>;
export type ServicesStatus = Message<cpe.v1.ServicesStatus.$Properties>;
export type ServicesDescribe = Message<cpe.v1.ServicesDescribe.$Properties>;
export type ResourcesGet = Message<cpe.v1.ResourcesGet.$Properties>;
export type ResourcesListStandards = Message<cpe.v1.ResourcesListStandards.$Properties>;
export type ResourcesListProviders = Message<cpe.v1.ResourcesListProviders.$Properties>;
export type ResourcesList = Message<cpe.v1.ResourcesList.$Properties>;
export type ResourcesDescribe = Message<cpe.v1.ResourcesDescribe.$Properties>;
export type ResourcesInvoke = Message<cpe.v1.ResourcesInvoke.$Properties>;
export type ResourcesInvoked = Message<cpe.v1.ResourcesInvoked.$Properties>;
export type ResourcesCancel = Message<cpe.v1.ResourcesCancel.$Properties>;
export type ResourcesFail = Message<cpe.v1.ResourcesFail.$Properties>;
export type NetworkGet = Message<cpe.v1.NetworkGet.$Properties>;
export type NetworkList = Message<cpe.v1.NetworkList.$Properties>;
export type NetworkStart = Message<cpe.v1.NetworkStart.$Properties>;
export type NetworkStop = Message<cpe.v1.NetworkStop.$Properties>;
export type NetworkStatus = Message<cpe.v1.NetworkStatus.$Properties>;
export type NetworkGetIpAddress = Message<cpe.v1.NetworkGetIpAddress.$Properties>;
export type NetworkGetMacAddress = Message<cpe.v1.NetworkGetMacAddress.$Properties>;
export type NetworkInterfaceStatus = Message<cpe.v1.NetworkInterfaceStatus.$Properties>;
export type NetworkIpAddress = Message<cpe.v1.NetworkIpAddress.$Properties>;
export type NetworkMacAddress = Message<cpe.v1.NetworkMacAddress.$Properties>;
export type SysconfigGet = Message<cpe.v1.SysconfigGet.$Properties>;
export type SysconfigObject = Message<cpe.v1.SysconfigObject.$Properties>;
export type SysconfigSetPostbootConfigured = Message<cpe.v1.SysconfigSetPostbootConfigured.$Properties>;
export type SysconfigRunUri = Message<cpe.v1.SysconfigRunUri.$Properties>;
export type SysconfigRunString = Message<cpe.v1.SysconfigRunString.$Properties>;
export type SysconfigQuery = Message<cpe.v1.SysconfigQuery.$Properties>;
export type SysconfigIsConfigured = Message<cpe.v1.SysconfigIsConfigured.$Properties>;
export type SysconfigStatus = Message<cpe.v1.SysconfigStatus.$Properties>;
export type SysconfigData = Message<cpe.v1.SysconfigData.$Properties>;
export type MatahariObject = Message<cpe.v1.MatahariObject.$Properties>;
export type ReturnCode = Message<cpe.v1.ReturnCode.$Properties>;
export type NameList = Message<cpe.v1.NameList.$Properties>;
export type Description = Message<cpe.v1.Description.$Properties>;
export type HostHeartbeat = Message<cpe.v1.HostHeartbeat.$Properties>;
export type ResourceOp = Message<cpe.v1.ResourceOp.$Properties>;
export type AgentDescribe = Message<cpe.v1.AgentDescribe.$Properties>;
export type AgentDescription = Message<cpe.v1.AgentDescription.$Properties>;
export type ManagedResource = Message<cpe.v1.ManagedResource.$Properties>;
export type RecurringMonitorState = Message<cpe.v1.RecurringMonitorState.$Properties>;

/** `unknown`: a kind of report that a newer agent knows and we do not. */
export type AgentReportBody =
  | { readonly kind: 'orderResult'; readonly value: OrderResult }
  | { readonly kind: 'monitorChanged'; readonly value: OperationResult }
  | { readonly kind: 'localRecovery'; readonly value: LocalRecovery }
  | { readonly kind: 'condensedRecoveries'; readonly value: CondensedRecoveries }
  | { readonly kind: 'unknown' };
export interface AgentReport {
  readonly sequence: number;
  /** By the agent's two clocks, when it was sent; 0 when it does not say. */
  readonly agentTimeUnixMs: number;
  readonly bootTimeMs: number;
  readonly report: AgentReportBody;
}

type EnvelopeProperties = cpe.v1.Envelope.$Properties;
/** Name of every message that an envelope can carry: `startDeployable`, `heartbeat`, ... */
export type BodyKind = NonNullable<EnvelopeProperties['body']>;
type BodyValue<K extends BodyKind> = K extends 'agentReport'
  ? AgentReport
  : Message<NonNullable<EnvelopeProperties[K]>>;

/** What an envelope carries, e.g. `{ kind: 'startDeployable', value: { name: 'shop' } }`. */
export type Body = { [K in BodyKind]: { readonly kind: K; readonly value: BodyValue<K> } }[BodyKind];
/** A body to be sent; fields that are left out take proto3's default. */
export type BodyDraft = { [K in BodyKind]: { readonly kind: K; readonly value: Draft<BodyValue<K>> } }[BodyKind];

export type Role = 'cpe' | 'dpe' | 'launcher' | 'agent' | 'operator' | 'viewer';

export interface Sender {
  readonly role: Role;
  /** Name within the role: deployable of a DPE, launcher host, instance id, user of cpectl. */
  readonly id: string;
  /** New at every start of the process. */
  readonly incarnation: string;
}

/** What a caller says about a message; the bus adds ids, sender and deadline. */
export interface MessageDraft {
  readonly body: BodyDraft;
  readonly operationId?: string | undefined;
  readonly deployable?: string | undefined;
  readonly epoch?: number | undefined;
  /** Who asked, where the sender only passes it on. */
  readonly onBehalfOf?: string | undefined;
}

/** A whole envelope to be encoded. */
export interface EnvelopeDraft extends MessageDraft {
  readonly messageId: string;
  readonly sender: Sender;
  readonly inReplyTo?: string | undefined;
  readonly deadlineUnixMs?: number | undefined;
}

/** A received envelope; strings are empty and numbers 0 where the sender said nothing. */
export interface Envelope {
  readonly messageId: string;
  readonly inReplyTo: string;
  readonly operationId: string;
  readonly protocolMajor: number;
  readonly protocolMinor: number;
  readonly sender: Sender;
  readonly deployable: string;
  readonly epoch: number;
  readonly deadlineUnixMs: number;
  readonly onBehalfOf: string;
  readonly body: Body;
}
