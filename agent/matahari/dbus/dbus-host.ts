import type { MessageBus } from '../../dbus/message-bus.js';
import { type Done, done, type HostHeartbeat, type HostObject, type HostState, problem } from '../matahari.js';
import { checkWhole, quoted } from '../own/check-argument.js';
import { checkCustomUuid, parseLifetime, unknownLifetime, unsettableLifetime } from '../uuid-lifetime.js';
import { refusalProblem } from './bus-refusal.js';
import { asInteger, asNames, asText, firstOf, toNumber, toNumbers, toText, toUuid } from './bus-values.js';
import { remoteObject } from './remote-object.js';

/** What the service answers instead of failing (mh_host_get_uuid in host.c). */
const noUuid = 'not-available';
const badLifetime = 'invalid-lifetime';
/** What a timer of Node can wait. */
const maxIntervalSeconds = Math.floor((2 ** 31 - 1) / 1000);
/** The service's own default. */
const defaultIntervalSeconds = 5;

/**
 * Host of Matahari's service on the system bus. The service has no signals, and its last_updated and sequence stay 0
 * (host-dbus.c), so the heartbeats are kept here.
 */
export function dbusHost(bus: MessageBus): HostObject & { close(): void } {
  const remote = remoteObject(bus, 'Host');
  const listeners = new Set<(beat: HostHeartbeat) => void>();
  let interval: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sequence = 0;
  let lastUpdatedUnixMs = 0;
  let beatAtMs = 0;
  let statistics: (Statistics & { readonly sequence: number }) | undefined;

  const beat = (): void => {
    sequence += 1;
    lastUpdatedUnixMs = Date.now();
    beatAtMs = performance.now();
  };
  const read = async (): Promise<Done<HostState>> => {
    const all = await remote.properties();
    if (all.kind === 'refused') return refusalProblem(all);
    const { values } = all;
    interval ??= asInteger(values.update_interval) ?? defaultIntervalSeconds;
    if (statistics?.sequence !== sequence) statistics = { ...readStatistics(values), sequence };
    const { sequence: _of, ...known } = statistics;
    return done({ ...readProperties(values), updateInterval: interval, lastUpdatedUnixMs, sequence, ...known });
  };
  const tell = async (): Promise<void> => {
    beat();
    const event = { timestampUnixMs: lastUpdatedUnixMs, sequence };
    const state = await read();
    if (state.kind === 'problem') return;
    const { uuid, hostname } = state.value;
    for (const listener of [...listeners]) listener({ ...event, uuid, hostname });
  };
  const schedule = (): void => {
    clearInterval(timer);
    timer = undefined;
    if (listeners.size === 0 || interval === undefined || interval === 0) return;
    timer = setInterval(() => void tell(), interval * 1000);
    timer.unref();
  };
  /** Nobody may have asked the service for its interval yet. */
  const begin = async (): Promise<void> => {
    if (interval === undefined) await read();
    interval ??= defaultIntervalSeconds;
    if (listeners.size === 0 || timer !== undefined) return;
    schedule();
    if (interval > 0) await tell();
  };
  /** Without listeners there is no timer: the heartbeat that is due happens when somebody looks. */
  const catchUp = (): void => {
    const seconds = interval ?? defaultIntervalSeconds;
    const isDue = seconds > 0 && performance.now() - beatAtMs >= seconds * 1000;
    if (sequence === 0 || (timer === undefined && isDue)) beat();
  };
  const withProfiles = async <T>(use: (profiles: readonly string[]) => Promise<Done<T>>): Promise<Done<T>> => {
    const outcome = firstOf(await remote.call('list_power_profiles', []), asNames);
    if (outcome.kind === 'problem') return outcome;
    // The service lists at least `off` where there is tuned-adm (host_os_list_power_profiles).
    return outcome.value.length === 0 ? problem('not-installed', 'there is no tuned-adm') : use(outcome.value);
  };
  const order = async (member: 'identify' | 'shutdown' | 'reboot'): Promise<Done<void>> => {
    const outcome = await remote.call(member, []);
    return outcome.kind === 'reply' || isUnanswered(outcome.reason) ? done(undefined) : refusalProblem(outcome);
  };

  return {
    get: async () => {
      catchUp();
      return read();
    },
    async setUpdateInterval(seconds) {
      const objection = checkWhole('update_interval', seconds, 0, maxIntervalSeconds);
      if (objection !== undefined) return objection;
      const outcome = await remote.setProperty('update_interval', seconds);
      if (outcome.kind === 'refused') return refusalProblem(outcome, 'update_interval');
      interval = seconds;
      schedule();
      return done(undefined);
    },
    identify: () => order('identify'),
    shutdown: () => order('shutdown'),
    reboot: () => order('reboot'),
    async getUuid(text) {
      const lifetime = parseLifetime(text);
      if (lifetime === undefined) return unknownLifetime(text);
      const outcome = firstOf(await remote.call('get_uuid', [lifetime]), asText, 'lifetime');
      if (outcome.kind === 'problem') return outcome;
      if (outcome.value === badLifetime) return unknownLifetime(text);
      if (outcome.value === '' || outcome.value === noUuid) {
        return problem('not-found', `this machine has no ${lifetime} uuid`);
      }
      return done(lifetime === 'Custom' ? outcome.value : toUuid(outcome.value));
    },
    async setUuid(text, uuid) {
      const lifetime = parseLifetime(text);
      if (lifetime === undefined) return unknownLifetime(text);
      if (lifetime !== 'Custom') return unsettableLifetime(lifetime);
      const objection = checkCustomUuid(uuid);
      if (objection !== undefined) return objection;
      const rc = firstOf(await remote.call('set_uuid', [lifetime, uuid]), asInteger, 'uuid');
      if (rc.kind === 'problem' || rc.value === 0) return rc;
      return problem('failed', `Matahari's service could not write the Custom uuid: error ${rc.value} of GLib's files`);
    },
    setPowerProfile: (profile) =>
      withProfiles(async (profiles) => {
        if (!profiles.includes(profile)) {
          const message = `profile ${quoted(profile)} is none of ${profiles.join(', ')}`;
          return problem('invalid-argument', message, 'profile');
        }
        return firstOf(await remote.call('set_power_profile', [profile], slowMs), asInteger, 'profile');
      }),
    getPowerProfile: () => withProfiles(async () => firstOf(await remote.call('get_power_profile', []), asText)),
    listPowerProfiles: () => withProfiles(async (profiles) => done(profiles)),
    onHeartbeat(listener) {
      const own = (event: HostHeartbeat): void => listener(event);
      listeners.add(own);
      if (listeners.size === 1) void begin();
      return () => {
        if (listeners.delete(own) && listeners.size === 0) schedule();
      };
    },
    close() {
      listeners.clear();
      schedule();
    },
  };
}

const slowMs = 60_000;

type Statistics = Pick<HostState, 'freeMem' | 'freeSwap' | 'load' | 'processStatistics'>;

function readStatistics(values: Readonly<Record<string, unknown>>): Statistics {
  return {
    freeMem: toNumber(values.free_mem),
    freeSwap: toNumber(values.free_swap),
    load: toNumbers(values.load),
    processStatistics: toNumbers(values.process_statistics),
  };
}

function readProperties(values: Readonly<Record<string, unknown>>) {
  const customUuid = toText(values.custom_uuid);
  return {
    uuid: toUuid(toText(values.uuid)),
    hostname: toText(values.hostname),
    customUuid: customUuid === noUuid ? '' : customUuid,
    os: toText(values.os),
    arch: toText(values.arch),
    wordsize: toNumber(values.wordsize),
    memory: toNumber(values.memory),
    swap: toNumber(values.swap),
    cpuCount: toNumber(values.cpu_count),
    cpuCores: toNumber(values.cpu_cores),
    cpuModel: toText(values.cpu_model),
    cpuFlags: toText(values.cpu_flags),
  };
}

/** These methods are published as NoReply: a service that is silent, or goes down with its machine, has done its part. */
function isUnanswered(reason: string): boolean {
  return reason === 'timeout';
}
