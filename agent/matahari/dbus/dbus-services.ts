import type { MessageBus } from '../../dbus/message-bus.js';
import { type Done, type Matahari, problem, type ServicesObject } from '../matahari.js';
import { checkWhole, quoted } from '../own/check-argument.js';
import { asInteger, asNames, asText, firstOf, readObjectProperties } from './bus-values.js';
import { remoteObject } from './remote-object.js';

/** enum lsb_exitcode in Matahari's services.h. */
const lsbTimeout = 198;
/** The service's own limit for enable and disable (TIMEOUT_MS in service-dbus.c), and a margin. */
const enableMs = 70_000;
const marginMs = 10_000;
export const maxTimeoutMs = 2 ** 32 - 1;
/** For a timeout of 0: one that was left out. */
const defaultTimeoutMs = 60_000;

/**
 * Services of Matahari's service on the system bus.
 *
 * @param fallback answers what the service does not implement
 */
export function dbusServices(bus: MessageBus, fallback?: () => Promise<Matahari>): ServicesObject {
  const remote = remoteObject(bus, 'Services');
  let last: Promise<unknown> = Promise.resolve();
  /** The service does one action at a time (services_action_sync); in a row here, each has its own time. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  const list = async () => firstOf(await remote.call('list', []), asNames);
  /** The service hands any name on to service(8), which takes paths. */
  const withService = async <T>(name: string, use: () => Promise<Done<T>>): Promise<Done<T>> => {
    const known = await list();
    if (known.kind === 'problem') return known;
    return known.value.includes(name) ? use() : problem('not-found', `there is no service ${quoted(name)}`, 'name');
  };
  const run = async (member: 'start' | 'stop' | 'status', name: string, asked: number): Promise<Done<number>> => {
    const objection = checkWhole('timeout', asked, 0, maxTimeoutMs);
    if (objection !== undefined) return objection;
    const timeoutMs = effectiveTimeout(asked);
    return withService(name, () =>
      inTurn(async () => {
        const began = performance.now();
        const rc = firstOf(await remote.call(member, [name, timeoutMs], timeoutMs + marginMs), asInteger, 'name');
        if (rc.kind === 'problem') return rc;
        const isLate = rc.value === 0 && performance.now() - began >= timeoutTellsAfterMs(timeoutMs);
        if (rc.value !== lsbTimeout && !isLate) return rc;
        return problem('timeout', `${member} of ${name} was not done within ${timeoutMs} ms`);
      }),
    );
  };
  const configure = (member: 'enable' | 'disable', name: string) =>
    withService(name, () =>
      inTurn(async () => firstOf(await remote.call(member, [name], enableMs), asInteger, 'name')),
    );
  return {
    get: () => readObjectProperties(remote),
    list,
    enable: (name) => configure('enable', name),
    disable: (name) => configure('disable', name),
    start: (name, timeoutMs) => run('start', name, timeoutMs),
    stop: (name, timeoutMs) => run('stop', name, timeoutMs),
    status: (name, timeoutMs) => run('status', name, timeoutMs),
    describe: (name) =>
      withService(name, async () => {
        const outcome = await remote.call('describe', [name]);
        if (outcome.kind === 'refused' && outcome.reason === 'not-implemented' && fallback !== undefined) {
          return (await fallback()).services.describe(name);
        }
        return firstOf(outcome, asText, 'name');
      }),
  };
}

export function effectiveTimeout(timeoutMs: number): number {
  return timeoutMs === 0 ? defaultTimeoutMs : timeoutMs;
}

/**
 * A service of release 0.6 looks once a second, and answers a timeout with 0 (services_os_action_execute leaves rc as it
 * was): an answer 0 that took as long is none.
 */
function timeoutTellsAfterMs(timeoutMs: number): number {
  return (1 + Math.floor(timeoutMs / 1000)) * 1000;
}
