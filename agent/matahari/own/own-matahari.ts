import { hostname } from 'node:os';
import { lateNetwork, lateServices, lateSysconfig } from '../late-objects.js';
import { done, type Matahari, type ResourceOp, type ResourcesObject } from '../matahari.js';
import { ownHost } from './host.js';
import { listenersOf } from './listeners.js';
import { machineAt } from './machine.js';
import { machineUuids } from './machine-uuids.js';
import type { OwnMatahariOptions, OwnParts } from './own-options.js';
import type { OwnResources } from './resources.js';

export type { OwnMatahariOptions } from './own-options.js';

/**
 * All of Matahari's objects by our own means. Nothing runs before it is asked for, and of the code only what heartbeats
 * need is loaded: most agents live long without another call.
 */
export function ownMatahari(options: OwnMatahariOptions): Matahari {
  const machine = machineAt(options.machineRoot ?? '/');
  const uuids = machineUuids(machine, options.stateDirectory);
  const parts: OwnParts = {
    options,
    machine,
    uuids,
    properties: async () => {
      const uuid = await uuids.get('Filesystem');
      return uuid.kind === 'problem' ? uuid : done({ uuid: uuid.value, hostname: hostname() });
    },
  };
  const host = ownHost(parts);
  const resources = lateResources(parts);
  return {
    host,
    services: lateServices(once(async () => (await import('./services.js')).ownServices(parts))),
    resources,
    network: lateNetwork(once(async () => (await import('./network.js')).ownNetwork(parts))),
    sysconfig: lateSysconfig(once(async () => (await import('./sysconfig.js')).ownSysconfig(parts))),
    backends: () => ({ Host: 'own', Services: 'own', Resources: 'own', Network: 'own', Sysconfig: 'own' }),
    close: async () => {
      host.close();
      await resources.close();
    },
  };
}

function lateResources(parts: OwnParts): ResourcesObject & { close(): Promise<void> } {
  const listeners = listenersOf<ResourceOp>('resource_op', parts.options.log);
  let loaded: Promise<OwnResources> | undefined;
  let isClosed = false;
  const resources = (): Promise<OwnResources> => {
    loaded ??= import('./resources.js').then(({ ownResources }) => {
      const opened = ownResources(parts, (op) => listeners.tell(op));
      if (isClosed) opened.close();
      return opened;
    });
    return loaded;
  };
  return {
    get: parts.properties,
    listStandards: async () => (await resources()).listStandards(),
    listProviders: async (standard) => (await resources()).listProviders(standard),
    list: async (standard, provider) => (await resources()).list(standard, provider),
    describe: async (standard, provider, agent) => (await resources()).describe(standard, provider, agent),
    invoke: async (invocation) => (await resources()).invoke(invocation),
    cancel: async (name, action, intervalMs, timeoutMs) =>
      (await resources()).cancel(name, action, intervalMs, timeoutMs),
    fail: async (name, rc) => (await resources()).fail(name, rc),
    onResourceOp: (listener) => listeners.add(listener),
    close: async () => {
      isClosed = true;
      listeners.clear();
      (await loaded)?.close();
    },
  };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
