import { hostname } from 'node:os';
import { done, type Matahari } from '../matahari.js';
import { ownHost } from './host.js';
import { machineAt } from './machine.js';
import { machineUuids } from './machine-uuids.js';
import { ownNetwork } from './network.js';
import type { OwnMatahariOptions, OwnParts } from './own-options.js';
import { ownResources } from './resources.js';
import { ownServices } from './services.js';
import { ownSysconfig } from './sysconfig.js';

export type { OwnMatahariOptions } from './own-options.js';

/** All of Matahari's objects by our own means. Nothing runs, and nothing is read or loaded, before it is asked for. */
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
  const resources = ownResources(parts);
  return {
    host,
    services: ownServices(parts),
    resources,
    network: ownNetwork(parts),
    sysconfig: ownSysconfig(parts),
    backends: () => ({ Host: 'own', Services: 'own', Resources: 'own', Network: 'own', Sysconfig: 'own' }),
    close: async () => {
      host.close();
      await resources.close();
    },
  };
}
