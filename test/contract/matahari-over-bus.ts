import {
  type Done,
  done,
  type HostHeartbeat,
  type Matahari,
  type MatahariBackend,
  type MatahariProblem,
  problem,
  type ResourceOp,
} from '../../agent/matahari/matahari.js';
import type { AgentAnswer, AgentCall, AgentCallDraft } from '../../proto/agent-calls.js';
import type { Bus } from '../../proto/bus.js';
import type { BusError } from '../../proto/bus-error.js';
import type { InstanceId } from '../../proto/instance-id.js';
import { agentsOn } from '../../tools/cpectl/agents.js';

/** Beyond a method's own timeout. */
const marginMs = 60_000;

/**
 * Matahari's objects as an operator reaches them: every method is a call to the agent of an instance, and comes back as
 * what the agent's own object said. So the contract of the objects can be held to what is on the bus.
 */
export async function matahariOverBus(bus: Bus, instance: InstanceId): Promise<Matahari> {
  const agents = agentsOn(bus);
  const ask = async <C extends AgentCall>(call: C, value: AgentCallDraft<C>): Promise<Done<AgentAnswer<C>>> => {
    const wrong = wrongNumber(value);
    if (wrong !== undefined) return problem('invalid-argument', `${wrong} is no number of the bus`, wrong);
    const timeoutMs = 'timeout' in value && typeof value.timeout === 'number' ? value.timeout : 0;
    const answered = await agents.call(instance, call, { value, deadlineMs: timeoutMs + marginMs });
    return answered.kind === 'answer' ? done(answered.value) : toProblem(answered.error);
  };
  const described = await ask('agentDescribe', {});
  if (described.kind === 'problem') throw new Error(described.problem.message);
  const backends = described.value.backends as Record<'Host', MatahariBackend> as ReturnType<Matahari['backends']>;

  const beats = new Set<(beat: HostHeartbeat) => void>();
  const ops = new Set<(op: ResourceOp) => void>();
  const stop = agents.listen(instance.deployable, (of, event) => {
    if (of.incarnation !== instance.incarnation) return;
    if (event.kind === 'hostHeartbeat') for (const listener of [...beats]) listener(event.value);
    else {
      const { interval: intervalMs, ...op } = event.value;
      for (const listener of [...ops]) listener({ ...op, intervalMs });
    }
  });
  await bus.flush();
  const none = async (asked: Promise<Done<unknown>>): Promise<Done<void>> => map(await asked, () => undefined);
  const rc = async (asked: Promise<Done<{ readonly rc: number }>>) => map(await asked, (answer) => answer.rc);
  const names = async (asked: Promise<Done<{ readonly names: readonly string[] }>>) =>
    map(await asked, (answer) => answer.names);
  const object = async (asked: Promise<Done<{ readonly uuid: string; readonly hostname: string }>>) =>
    map(await asked, ({ uuid, hostname }) => ({ uuid, hostname }));
  const status = async (asked: Promise<Done<{ readonly status: number }>>) =>
    map(await asked, (answer) => answer.status);
  const text = async (asked: Promise<Done<{ readonly status: string }>>) => map(await asked, (answer) => answer.status);

  return {
    backends: () => backends,
    close: async () => stop(),
    host: {
      get: async () => map(await ask('hostGet', {}), ({ backend: _backend, ...state }) => state),
      setUpdateInterval: (updateInterval) => none(ask('hostSetUpdateInterval', { updateInterval })),
      identify: () => none(ask('hostIdentify', {})),
      shutdown: () => none(ask('hostShutdown', {})),
      reboot: () => none(ask('hostReboot', {})),
      getUuid: async (lifetime) => map(await ask('hostGetUuid', { lifetime }), ({ uuid }) => uuid),
      setUuid: (lifetime, uuid) => rc(ask('hostSetUuid', { lifetime, uuid })),
      setPowerProfile: (profile) => rc(ask('hostSetPowerProfile', { profile })),
      getPowerProfile: async () => map(await ask('hostGetPowerProfile', {}), ({ profile }) => profile),
      listPowerProfiles: () => names(ask('hostListPowerProfiles', {})),
      onHeartbeat: (listener) => listenTo(beats, listener),
    },
    services: {
      get: () => object(ask('servicesGet', {})),
      list: () => names(ask('servicesList', {})),
      enable: (name) => rc(ask('servicesEnable', { name })),
      disable: (name) => rc(ask('servicesDisable', { name })),
      start: (name, timeout) => rc(ask('servicesStart', { name, timeout })),
      stop: (name, timeout) => rc(ask('servicesStop', { name, timeout })),
      status: (name, timeout) => rc(ask('servicesStatus', { name, timeout })),
      describe: async (name) => map(await ask('servicesDescribe', { name }), ({ xml }) => xml),
    },
    resources: {
      get: () => object(ask('resourcesGet', {})),
      listStandards: () => names(ask('resourcesListStandards', {})),
      listProviders: (standard) => names(ask('resourcesListProviders', { standard })),
      list: (standard, provider) => names(ask('resourcesList', { standard, provider })),
      describe: async (standard, provider, agent) =>
        map(await ask('resourcesDescribe', { standard, provider, agent }), ({ xml }) => xml),
      invoke: ({ intervalMs, timeoutMs, ...invocation }) =>
        ask('resourcesInvoke', { ...invocation, interval: intervalMs, timeout: timeoutMs }),
      cancel: (name, action, interval, timeout) => none(ask('resourcesCancel', { name, action, interval, timeout })),
      fail: (name, code) => none(ask('resourcesFail', { name, rc: code })),
      onResourceOp: (listener) => listenTo(ops, listener),
    },
    network: {
      get: () => object(ask('networkGet', {})),
      list: () => names(ask('networkList', {})),
      start: (iface) => status(ask('networkStart', { iface })),
      stop: (iface) => status(ask('networkStop', { iface })),
      status: (iface) => status(ask('networkStatus', { iface })),
      getIpAddress: async (iface) => map(await ask('networkGetIpAddress', { iface }), ({ ip }) => ip),
      getMacAddress: async (iface) => map(await ask('networkGetMacAddress', { iface }), ({ mac }) => mac),
    },
    sysconfig: {
      get: async () => map(await ask('sysconfigGet', {}), ({ backend: _backend, ...properties }) => properties),
      setPostbootConfigured: (isPostbootConfigured) =>
        none(ask('sysconfigSetPostbootConfigured', { isPostbootConfigured })),
      runUri: (uri, flags, scheme, key) => text(ask('sysconfigRunUri', { uri, flags, scheme, key })),
      runString: (configuration, flags, scheme, key) =>
        text(ask('sysconfigRunString', { text: configuration, flags, scheme, key })),
      query: async (path, flags, scheme) =>
        map(await ask('sysconfigQuery', { text: path, flags, scheme }), ({ data }) => data),
      isConfigured: (key) => text(ask('sysconfigIsConfigured', { key })),
    },
  };
}

/** What no uint32 holds never leaves the caller; named as the schemas name it. */
function wrongNumber(value: object): string | undefined {
  const [name] =
    Object.entries(value).find(
      ([, each]) => typeof each === 'number' && !(Number.isInteger(each) && each >= 0 && each < 2 ** 32),
    ) ?? [];
  if (name === 'expectedRc') return 'expected-rc';
  return name?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function toProblem({ code, message, details }: BusError): Done<never> {
  const codes: Readonly<Record<string, MatahariProblem['code']>> = {
    'invalid-request': 'invalid-argument',
    'not-found': 'not-found',
    'not-installed': 'not-installed',
    timeout: 'timeout',
    'operation-failed': 'failed',
    unavailable: 'unavailable',
  };
  const known = codes[code];
  if (known === undefined) throw new Error(`${code}: ${message}`);
  return problem(known, message, details.argument);
}

function map<T, R>(answered: Done<T>, to: (value: T) => R): Done<R> {
  return answered.kind === 'done' ? done(to(answered.value)) : answered;
}

function listenTo<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
