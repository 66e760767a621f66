import type { Body, BodyDraft, BodyKind } from './messages.js';

/**
 * Every call that an agent answers on the call subject of its instance (subjects.ts, agentCall; matahari.proto), and the
 * body of its answer. `reads`: nothing is changed by it, so that it may be sent twice, and be answered late.
 */
export const agentCalls = {
  hostGet: { answer: 'hostObject', reads: true },
  hostSetUpdateInterval: { answer: 'ack', reads: false },
  hostIdentify: { answer: 'ack', reads: false },
  hostShutdown: { answer: 'ack', reads: false },
  hostReboot: { answer: 'ack', reads: false },
  hostGetUuid: { answer: 'hostUuid', reads: true },
  hostSetUuid: { answer: 'returnCode', reads: false },
  hostSetPowerProfile: { answer: 'returnCode', reads: false },
  hostGetPowerProfile: { answer: 'hostPowerProfile', reads: true },
  hostListPowerProfiles: { answer: 'nameList', reads: true },
  servicesGet: { answer: 'matahariObject', reads: true },
  servicesList: { answer: 'nameList', reads: true },
  servicesEnable: { answer: 'returnCode', reads: false },
  servicesDisable: { answer: 'returnCode', reads: false },
  servicesStart: { answer: 'returnCode', reads: false },
  servicesStop: { answer: 'returnCode', reads: false },
  servicesStatus: { answer: 'returnCode', reads: true },
  servicesDescribe: { answer: 'description', reads: true },
  resourcesGet: { answer: 'matahariObject', reads: true },
  resourcesListStandards: { answer: 'nameList', reads: true },
  resourcesListProviders: { answer: 'nameList', reads: true },
  resourcesList: { answer: 'nameList', reads: true },
  resourcesDescribe: { answer: 'description', reads: true },
  resourcesInvoke: { answer: 'resourcesInvoked', reads: false },
  resourcesCancel: { answer: 'ack', reads: false },
  resourcesFail: { answer: 'ack', reads: false },
  networkGet: { answer: 'matahariObject', reads: true },
  networkList: { answer: 'nameList', reads: true },
  networkStart: { answer: 'networkInterfaceStatus', reads: false },
  networkStop: { answer: 'networkInterfaceStatus', reads: false },
  networkStatus: { answer: 'networkInterfaceStatus', reads: true },
  networkGetIpAddress: { answer: 'networkIpAddress', reads: true },
  networkGetMacAddress: { answer: 'networkMacAddress', reads: true },
  sysconfigGet: { answer: 'sysconfigObject', reads: true },
  sysconfigSetPostbootConfigured: { answer: 'ack', reads: false },
  sysconfigRunUri: { answer: 'sysconfigStatus', reads: false },
  sysconfigRunString: { answer: 'sysconfigStatus', reads: false },
  sysconfigQuery: { answer: 'sysconfigData', reads: true },
  sysconfigIsConfigured: { answer: 'sysconfigStatus', reads: true },
  agentDescribe: { answer: 'agentDescription', reads: true },
} as const satisfies Partial<Record<BodyKind, { readonly answer: BodyKind; readonly reads: boolean }>>;

export type AgentCall = keyof typeof agentCalls;

/** How long a method with a timeout has where the caller gives none (0), in milliseconds. */
export const defaultCallTimeoutMs = 20_000;

/** What an agent publishes on the event subject of its instance. */
export const agentEvents = ['hostHeartbeat', 'resourceOp'] as const satisfies readonly BodyKind[];
export type AgentEventKind = (typeof agentEvents)[number];

export type AgentCallValue<C extends AgentCall> = Extract<Body, { readonly kind: C }>['value'];
export type AgentCallDraft<C extends AgentCall> = Extract<BodyDraft, { readonly kind: C }>['value'];
type AnswerOf<C extends AgentCall> = (typeof agentCalls)[C]['answer'];
export type AgentAnswer<C extends AgentCall> = Extract<Body, { readonly kind: AnswerOf<C> }>['value'];
export type AgentAnswerDraft<C extends AgentCall> = Extract<BodyDraft, { readonly kind: AnswerOf<C> }>['value'];

export function isAgentCall(kind: BodyKind): kind is AgentCall {
  return Object.hasOwn(agentCalls, kind);
}

export function isAgentEvent(kind: BodyKind): kind is AgentEventKind {
  return agentEvents.some((each) => each === kind);
}
