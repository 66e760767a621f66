import {
  type AgentAnswerDraft,
  type AgentCall,
  type AgentCallValue,
  agentCalls,
  defaultCallTimeoutMs,
} from '../../proto/agent-calls.js';
import { type BusError, type BusErrorCode, busError } from '../../proto/bus-error.js';
import type * as wire from '../../proto/messages.js';
import {
  type Done,
  done,
  type HostState,
  type Matahari,
  type MatahariBackend,
  type MatahariProblem,
  type ObjectProperties,
  problem,
} from '../matahari/matahari.js';

/** Calls that Matahari's objects answer: all but those about the agent itself. */
export type MatahariCall = Exclude<AgentCall, 'agentDescribe'>;
export type MatahariCallBody = Extract<wire.Body, { readonly kind: MatahariCall }>;

/** What a timer can wait. */
const maxTimeoutMs = 2 ** 31 - 1;

/** One call of the bus as a call of Matahari's objects, and its result as the answer's body. Never rejects. */
export async function callMatahari(matahari: Matahari, body: MatahariCallBody): Promise<wire.BodyDraft | BusError> {
  const wrong = wrongArgument(body.value);
  if (wrong !== undefined) return problemMessage(wrong);
  const answered = await perform(matahari, body);
  if (answered.kind === 'problem') return problemMessage(answered.problem);
  // The table relates a call to its answer; the compiler does not follow it through `body.kind`.
  return { kind: agentCalls[body.kind].answer, value: answered.value } as wire.BodyDraft;
}

export function problemMessage({ code, message, argument }: MatahariProblem): BusError {
  return busError(problemCodes[code], message, argument === undefined ? {} : { details: { argument } });
}

const problemCodes = {
  'invalid-argument': 'invalid-request',
  'not-found': 'not-found',
  'not-installed': 'not-installed',
  timeout: 'timeout',
  failed: 'operation-failed',
  unavailable: 'unavailable',
} as const satisfies Record<MatahariProblem['code'], BusErrorCode>;

type Perform<C extends MatahariCall> = (
  matahari: Matahari,
  value: AgentCallValue<C>,
) => Promise<Done<AgentAnswerDraft<C>>>;

function perform(matahari: Matahari, body: MatahariCallBody): Promise<Done<object>> {
  const call = calls[body.kind] as Perform<MatahariCall>;
  return call(matahari, body.value as never);
}

const calls: { readonly [C in MatahariCall]: Perform<C> } = {
  hostGet: async (matahari) => map(await matahari.host.get(), (state) => hostObject(state, matahari.backends().Host)),
  hostSetUpdateInterval: async ({ host }, { updateInterval }) => ack(await host.setUpdateInterval(updateInterval)),
  hostIdentify: async ({ host }) => ack(await host.identify()),
  hostShutdown: async ({ host }) => ack(await host.shutdown()),
  hostReboot: async ({ host }) => ack(await host.reboot()),
  hostGetUuid: async ({ host }, { lifetime }) => map(await host.getUuid(lifetime), (uuid) => ({ uuid })),
  hostSetUuid: async ({ host }, { lifetime, uuid }) => returnCode(await host.setUuid(lifetime, uuid)),
  hostSetPowerProfile: async ({ host }, { profile }) => returnCode(await host.setPowerProfile(profile)),
  hostGetPowerProfile: async ({ host }) => map(await host.getPowerProfile(), (profile) => ({ profile })),
  hostListPowerProfiles: async ({ host }) => nameList(await host.listPowerProfiles()),

  servicesGet: async (matahari) => object(await matahari.services.get(), matahari.backends().Services),
  servicesList: async ({ services }) => nameList(await services.list()),
  servicesEnable: async ({ services }, { name }) => returnCode(await services.enable(name)),
  servicesDisable: async ({ services }, { name }) => returnCode(await services.disable(name)),
  servicesStart: async ({ services }, { name, timeout }) => returnCode(await services.start(name, orDefault(timeout))),
  servicesStop: async ({ services }, { name, timeout }) => returnCode(await services.stop(name, orDefault(timeout))),
  servicesStatus: async ({ services }, { name, timeout }) =>
    returnCode(await services.status(name, orDefault(timeout))),
  servicesDescribe: async ({ services }, { name }) => description(await services.describe(name)),

  resourcesGet: async (matahari) => object(await matahari.resources.get(), matahari.backends().Resources),
  resourcesListStandards: async ({ resources }) => nameList(await resources.listStandards()),
  resourcesListProviders: async ({ resources }, { standard }) => nameList(await resources.listProviders(standard)),
  resourcesList: async ({ resources }, { standard, provider }) => nameList(await resources.list(standard, provider)),
  resourcesDescribe: async ({ resources }, { standard, provider, agent }) =>
    description(await resources.describe(standard, provider, agent)),
  resourcesInvoke: async ({ resources }, { interval, timeout, expectedRc, ...invocation }) =>
    resources.invoke({ ...invocation, intervalMs: interval, timeoutMs: orDefault(timeout), expectedRc }),
  resourcesCancel: async ({ resources }, { name, action, interval, timeout }) =>
    ack(await resources.cancel(name, action, interval, orDefault(timeout))),
  resourcesFail: async ({ resources }, { name, rc }) => ack(await resources.fail(name, rc)),

  networkGet: async (matahari) => object(await matahari.network.get(), matahari.backends().Network),
  networkList: async ({ network }) => nameList(await network.list()),
  networkStart: async ({ network }, { iface }) => interfaceStatus(await network.start(iface)),
  networkStop: async ({ network }, { iface }) => interfaceStatus(await network.stop(iface)),
  networkStatus: async ({ network }, { iface }) => interfaceStatus(await network.status(iface)),
  networkGetIpAddress: async ({ network }, { iface }) => map(await network.getIpAddress(iface), (ip) => ({ ip })),
  networkGetMacAddress: async ({ network }, { iface }) => map(await network.getMacAddress(iface), (mac) => ({ mac })),

  sysconfigGet: async (matahari) =>
    map(await matahari.sysconfig.get(), (properties) => ({ ...properties, backend: matahari.backends().Sysconfig })),
  sysconfigSetPostbootConfigured: async ({ sysconfig }, { isPostbootConfigured }) =>
    ack(await sysconfig.setPostbootConfigured(isPostbootConfigured)),
  sysconfigRunUri: async ({ sysconfig }, { uri, flags, scheme, key }) =>
    configured(await sysconfig.runUri(uri, flags, scheme, key)),
  sysconfigRunString: async ({ sysconfig }, { text, flags, scheme, key }) =>
    configured(await sysconfig.runString(text, flags, scheme, key)),
  sysconfigQuery: async ({ sysconfig }, { text, flags, scheme }) =>
    map(await sysconfig.query(text, flags, scheme), (data) => ({ data })),
  sysconfigIsConfigured: async ({ sysconfig }, { key }) => configured(await sysconfig.isConfigured(key)),
};

/**
 * What no method can mean: C strings (D-Bus, argv, environments, paths) end at a NUL, and a timer ends at 2^31 ms.
 */
function wrongArgument(value: object): MatahariProblem | undefined {
  for (const [field, argument] of Object.entries(value)) {
    const name = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const texts = typeof argument === 'object' && argument !== null ? Object.entries(argument).flat() : [argument];
    if (texts.some((text) => typeof text === 'string' && text.includes('\0'))) {
      return { code: 'invalid-argument', message: `${name} contains a NUL character`, argument: name };
    }
    const isTime = field === 'timeout' || field === 'interval';
    if (isTime && typeof argument === 'number' && argument > maxTimeoutMs) {
      return { code: 'invalid-argument', message: `${name} is at most ${maxTimeoutMs} ms`, argument: name };
    }
  }
  return undefined;
}

function orDefault(timeoutMs: number): number {
  return timeoutMs === 0 ? defaultCallTimeoutMs : timeoutMs;
}

function map<T, R>(answered: Done<T>, to: (value: T) => R): Done<R> {
  return answered.kind === 'done' ? done(to(answered.value)) : answered;
}

function ack(answered: Done<void>): Done<wire.Draft<wire.Ack>> {
  return map(answered, () => ({}));
}

/** A number that is no return code is a failure of the backend, not of the bus. */
function whole<R>(answered: Done<number>, to: (value: number) => R): Done<R> {
  if (answered.kind === 'problem') return answered;
  const { value } = answered;
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return done(to(value));
  return problem('failed', `the result ${value} is no return code`);
}

function returnCode(answered: Done<number>): Done<wire.Draft<wire.ReturnCode>> {
  return whole(answered, (rc) => ({ rc }));
}

function interfaceStatus(answered: Done<number>): Done<wire.Draft<wire.NetworkInterfaceStatus>> {
  return whole(answered, (status) => ({ status }));
}

function nameList(answered: Done<readonly string[]>): Done<wire.Draft<wire.NameList>> {
  return map(answered, (names) => ({ names }));
}

function description(answered: Done<string>): Done<wire.Draft<wire.Description>> {
  return map(answered, (xml) => ({ xml }));
}

function configured(answered: Done<string>): Done<wire.Draft<wire.SysconfigStatus>> {
  return map(answered, (status) => ({ status }));
}

function object(answered: Done<ObjectProperties>, backend: MatahariBackend): Done<wire.Draft<wire.MatahariObject>> {
  return map(answered, ({ uuid, hostname }) => ({ uuid, hostname, backend }));
}

function hostObject(state: HostState, backend: MatahariBackend): wire.Draft<wire.HostObject> {
  return { ...state, backend };
}
