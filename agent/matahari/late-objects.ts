import type { NetworkObject, ServicesObject, SysconfigObject } from './matahari.js';

/**
 * Objects that are found at each call: what is behind them is loaded at the first one, or may be another one by now.
 * `current` is asked once for every call; when it rejects, the call does.
 */
export function lateServices(current: () => Promise<ServicesObject>): ServicesObject {
  return {
    get: async () => (await current()).get(),
    list: async () => (await current()).list(),
    enable: async (name) => (await current()).enable(name),
    disable: async (name) => (await current()).disable(name),
    start: async (name, timeoutMs) => (await current()).start(name, timeoutMs),
    stop: async (name, timeoutMs) => (await current()).stop(name, timeoutMs),
    status: async (name, timeoutMs) => (await current()).status(name, timeoutMs),
    describe: async (name) => (await current()).describe(name),
  };
}

export function lateNetwork(current: () => Promise<NetworkObject>): NetworkObject {
  return {
    get: async () => (await current()).get(),
    list: async () => (await current()).list(),
    start: async (iface) => (await current()).start(iface),
    stop: async (iface) => (await current()).stop(iface),
    status: async (iface) => (await current()).status(iface),
    getIpAddress: async (iface) => (await current()).getIpAddress(iface),
    getMacAddress: async (iface) => (await current()).getMacAddress(iface),
  };
}

export function lateSysconfig(current: () => Promise<SysconfigObject>): SysconfigObject {
  return {
    get: async () => (await current()).get(),
    setPostbootConfigured: async (value) => (await current()).setPostbootConfigured(value),
    runUri: async (uri, flags, scheme, key) => (await current()).runUri(uri, flags, scheme, key),
    runString: async (text, flags, scheme, key) => (await current()).runString(text, flags, scheme, key),
    query: async (text, flags, scheme) => (await current()).query(text, flags, scheme),
    isConfigured: async (key) => (await current()).isConfigured(key),
  };
}
