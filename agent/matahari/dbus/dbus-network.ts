import { setTimeout as delay } from 'node:timers/promises';
import type { MessageBus } from '../../dbus/message-bus.js';
import { type Done, done, type NetworkObject, problem } from '../matahari.js';
import { quoted } from '../own/check-argument.js';
import { asInteger, asNames, asText, firstOf, readObjectProperties } from './bus-values.js';
import { remoteObject } from './remote-object.js';

const up = 0;
const changeMs = 30_000;
const pollMs = 200;

/** Network of Matahari's service on the system bus. */
export function dbusNetwork(bus: MessageBus): NetworkObject {
  const remote = remoteObject(bus, 'Network');
  const list = async () => firstOf(await remote.call('list', []), asNames);
  const status = async (iface: string) => firstOf(await remote.call('status', [iface]), asInteger, 'iface');
  /** The service answers for unknown interfaces as for those that are down, and with empty addresses. */
  const withInterface = async <T>(iface: string, use: () => Promise<Done<T>>): Promise<Done<T>> => {
    const known = await list();
    if (known.kind === 'problem') return known;
    return known.value.includes(iface)
      ? use()
      : problem('not-found', `there is no interface ${quoted(iface)}`, 'iface');
  };
  /** The service does not wait for ifup and ifdown (network_os_start in network_linux.c). */
  const change = (member: 'start' | 'stop', iface: string) =>
    withInterface(iface, async () => {
      const asked = firstOf(await remote.call(member, [iface], changeMs), asInteger, 'iface');
      if (asked.kind === 'problem') return asked;
      const deadline = performance.now() + changeMs;
      let now: Done<number> = asked;
      while (now.kind === 'done' && (now.value === up) !== (member === 'start') && performance.now() < deadline) {
        await delay(pollMs);
        now = await status(iface);
      }
      return now;
    });
  const address = (
    member: 'get_ip_address' | 'get_mac_address',
    iface: string,
    none: readonly string[],
    what: string,
  ) =>
    withInterface(iface, async () => {
      const text = firstOf(await remote.call(member, [iface]), asText, 'iface');
      if (text.kind === 'problem') return text;
      return none.includes(text.value)
        ? problem('not-found', `${iface} has no ${what}`)
        : done(text.value.toLowerCase());
    });
  return {
    get: () => readObjectProperties(remote),
    list,
    start: (iface) => change('start', iface),
    stop: (iface) => change('stop', iface),
    status: (iface) => withInterface(iface, () => status(iface)),
    getIpAddress: (iface) => address('get_ip_address', iface, ['', '0.0.0.0'], 'IP address'),
    getMacAddress: (iface) => address('get_mac_address', iface, [''], 'hardware address'),
  };
}
