import type { MessageBus } from '../../dbus/message-bus.js';
import { isSettledIn } from '../is-settled-in.js';
import {
  type Done,
  done,
  type Invocation,
  type Invoked,
  type Matahari,
  problem,
  type ResourceOp,
  type ResourcesObject,
} from '../matahari.js';
import { operationKey } from '../operation-key.js';
import { checkWhole, type Objection, quoted } from '../own/check-argument.js';
import { refusalProblem } from './bus-refusal.js';
import { asInteger, asText, firstOf, readObjectProperties, toNumber } from './bus-values.js';
import { agentLists } from './check-agent.js';
import { effectiveTimeout, maxTimeoutMs } from './dbus-services.js';
import { recurringInvocations, toRunResult } from './recurring-invocations.js';
import { remoteObject } from './remote-object.js';

/** The service kills after the timeout and looks again 5 s later (child_timeout_callback in mainloop.c). */
const marginMs = 10_000;
const probeMs = 10_000;
const maxRemembered = 4096;
const longestName = 1024;

/** enum ocf_exitcode in Matahari's services.h: not the agent's, but of the service that ran it. */
const ranByService: Readonly<Record<number, { readonly code: 'timeout' | 'failed'; readonly what: string }>> = {
  194: { code: 'failed', what: 'was ended by a signal' },
  197: { code: 'failed', what: 'was cancelled' },
  198: { code: 'timeout', what: 'was not done in time' },
};

/**
 * Resources of Matahari's service on the system bus. The service runs an action once, whatever its interval, has no signals,
 * does not cancel what runs and implements neither fail nor describe (service-dbus.c), so what repeats is repeated here.
 *
 * @param fallback answers what the service does not implement
 */
export function dbusResources(
  bus: MessageBus,
  fallback?: () => Promise<Matahari>,
): ResourcesObject & { close(): void } {
  const remote = remoteObject(bus, 'Resources');
  const agents = agentLists(remote);
  const listeners = new Set<(op: ResourceOp) => void>();
  const remembered = new Map<string, Invocation>();
  /** Ends of what is under way, by operation. */
  const running = new Map<string, Promise<unknown>>();
  let sequence = 0;

  const runOnce = async (invocation: Invocation): Promise<Done<number>> => {
    const { name, standard, provider, action, parameters, expectedRc, userdata } = invocation;
    const timeoutMs = effectiveTimeout(invocation.timeoutMs);
    const agent = standard === 'systemd' ? invocation.agent.replace(/\.service$/, '') : invocation.agent;
    const args = [name, standard, provider, agent, action, 0, parameters, timeoutMs, expectedRc, userdata];
    const outcome = await remote.call('invoke', args, timeoutMs + marginMs);
    const code = firstOf(outcome, asInteger);
    if (outcome.kind === 'refused' || code.kind === 'problem') return code;
    const rc = code.value;
    // The service counts from 1 whenever it is started.
    sequence = Math.max(sequence + 1, toNumber(outcome.values[1]));
    const byService = ranByService[rc];
    if (byService === undefined) return done(rc);
    return problem(byService.code, `${action} of ${quoted(name)} ${byService.what} (${rc})`);
  };
  const raise = (invocation: Invocation, rc: number): void => {
    const { parameters: _parameters, timeoutMs: _timeoutMs, ...told } = invocation;
    const op = { ...told, timestampUnixMs: Date.now(), sequence, rc };
    for (const listener of [...listeners]) listener(op);
  };
  const recurring = recurringInvocations(
    async (invocation) => toRunResult(await underWay(invocation, () => runOnce(invocation))),
    raise,
  );
  const underWay = async <T>({ name, action, intervalMs }: Invocation, run: () => Promise<T>): Promise<T> => {
    const key = operationKey(name, action, intervalMs);
    const end = run();
    running.set(key, end);
    try {
      return await end;
    } finally {
      if (running.get(key) === end) running.delete(key);
    }
  };
  const remember = (invocation: Invocation): void => {
    remembered.delete(invocation.name);
    remembered.set(invocation.name, invocation);
    const [oldest] = remembered.keys();
    if (remembered.size > maxRemembered && oldest !== undefined) remembered.delete(oldest);
  };

  return {
    get: () => readObjectProperties(remote),
    listStandards: agents.listStandards,
    listProviders: (standard) => agents.listProviders(standard.toLowerCase()),
    list: (standard, provider) => agents.list(standard.toLowerCase(), provider),
    async describe(asked, provider, agent) {
      const standard = asked.toLowerCase();
      const known = await agents.checkAgent(standard, provider, agent);
      if (known.kind === 'problem') return known;
      const outcome = await remote.call('describe', [standard, provider, agent]);
      if (outcome.kind === 'refused' && outcome.reason === 'not-implemented' && fallback !== undefined) {
        return (await fallback()).resources.describe(standard, provider, agent);
      }
      return firstOf(outcome, asText);
    },
    async invoke(asked): Promise<Done<Invoked>> {
      const invocation = { ...asked, standard: asked.standard.toLowerCase() };
      const objection = checkInvocation(invocation);
      if (objection !== undefined) return objection;
      const { standard, provider, agent, action } = invocation;
      const known = await agents.checkAgent(standard, provider, agent);
      if (known.kind === 'problem') return known;
      remember(invocation);
      const rc = await underWay(invocation, () => runOnce(invocation));
      if (rc.kind === 'problem') return rc;
      if (standard === 'systemd' && isMissingUnit(action, rc.value)) {
        return problem('not-found', `there is no unit ${quoted(agent)}`, 'agent');
      }
      if (invocation.intervalMs > 0) recurring.start(invocation, rc.value);
      return done({ rc: rc.value, sequence, userdata: invocation.userdata });
    },
    async cancel(name, action, intervalMs, timeoutMs) {
      const objection =
        checkName('name', name) ??
        checkName('action', action) ??
        checkWhole('interval', intervalMs, 0, maxTimeoutMs) ??
        checkWhole('timeout', timeoutMs, 0, maxTimeoutMs);
      if (objection !== undefined) return objection;
      const run = running.get(operationKey(name, action, intervalMs));
      const isRecurring = recurring.stop(name, action, intervalMs);
      if (run === undefined) return isRecurring ? done(undefined) : unknownOperation(name, action, intervalMs);
      const asked = await remote.call('cancel', [name, action, 0, timeoutMs], timeoutMs + marginMs);
      if (asked.kind === 'refused') return refusalProblem(asked);
      if (await isSettledIn(effectiveTimeout(timeoutMs), run)) return done(undefined);
      return problem('failed', `Matahari's service does not end ${action} of ${quoted(name)}; its own timeout will`);
    },
    async fail(name, rc) {
      const objection = checkName('name', name) ?? checkWhole('rc', rc, 1, 255);
      if (objection !== undefined) return objection;
      const invocation = remembered.get(name);
      if (invocation === undefined)
        return problem('not-found', `nothing is known of a resource ${quoted(name)}`, 'name');
      const outcome = await remote.call('fail', [name, rc]);
      if (outcome.kind === 'refused' && outcome.reason !== 'not-implemented') return refusalProblem(outcome);
      recurring.setResult(name, rc);
      raise(invocation, rc);
      return done(undefined);
    },
    onResourceOp(listener) {
      const own = (op: ResourceOp): void => listener(op);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    close() {
      recurring.close();
      listeners.clear();
    },
  };
}

/**
 * Whether the service behind Resources answers, and is none of Matahari's own releases. Those take parameters as variants and hand each
 * on as if it were a text (invoke in service-dbus.c, set_ocf_env in services_linux.c): an agent would get the names of its
 * parameters with values that are none. They are known by the errors of their describe, which none of them implements.
 */
export async function carriesParameters(bus: MessageBus): Promise<boolean> {
  const outcome = await remoteObject(bus, 'Resources').call('describe', ['ocf', 'heartbeat', 'Dummy'], probeMs);
  if (outcome.kind === 'reply') return true;
  return !outcome.isMatahariError && outcome.reason !== 'timeout' && outcome.reason !== 'unavailable';
}

function checkInvocation(invocation: Invocation): Objection {
  return (
    checkName('name', invocation.name) ??
    checkName('action', invocation.action) ??
    (invocation.intervalMs === 0 ? undefined : checkWhole('interval', invocation.intervalMs, 100, 2 ** 31 - 1)) ??
    checkWhole('timeout', invocation.timeoutMs, 0, maxTimeoutMs) ??
    checkWhole('expected-rc', invocation.expectedRc, 0, 255)
  );
}

/** Without these the service ends (resources_action_create returns NULL, which nobody expects). */
function checkName(argument: 'name' | 'action', text: string): Objection {
  if (text !== '' && text.length <= longestName && !text.includes('\0')) return undefined;
  return problem('invalid-argument', `${argument} has to have 1 to ${longestName} characters`, argument);
}

function unknownOperation(name: string, action: string, intervalMs: number): Done<never> {
  return problem('not-found', `no operation ${action} of ${quoted(name)} with interval ${intervalMs} is known`);
}

/** Exit codes of systemctl(1): 4 for status, 5 otherwise. */
function isMissingUnit(action: string, rc: number): boolean {
  return rc === (action === 'status' ? 4 : 5);
}
