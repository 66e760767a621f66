import type { MessageBus } from '../../dbus/message-bus.js';
import type { Matahari } from '../matahari.js';
import { dbusHost } from './dbus-host.js';
import { dbusNetwork } from './dbus-network.js';
import { carriesParameters, dbusResources } from './dbus-resources.js';
import { dbusServices } from './dbus-services.js';
import { dbusSysconfig } from './dbus-sysconfig.js';

export { carriesParameters };

export interface DbusMatahariOptions {
  /** Answers what the services do not implement: descriptions, the scheme `script`, is_postboot_configured. */
  readonly fallback?: () => Promise<Matahari>;
}

/**
 * Matahari's objects as its services on a message bus have them (release 0.6: interfaces from schema-to-dbus.xsl, behaviour
 * from the files NAME-dbus.c). What those services leave to others (heartbeats, recurring actions, resource_op, unknown names) is
 * made up for here, so that the contract of matahari.ts holds. The bus stays the caller's.
 */
export function dbusMatahari(bus: MessageBus, { fallback }: DbusMatahariOptions = {}): Matahari {
  const host = dbusHost(bus);
  const resources = dbusResources(bus, fallback);
  return {
    host,
    services: dbusServices(bus, fallback),
    resources,
    network: dbusNetwork(bus),
    sysconfig: dbusSysconfig(bus, fallback),
    backends: () => ({ Host: 'dbus', Services: 'dbus', Resources: 'dbus', Network: 'dbus', Sysconfig: 'dbus' }),
    close: async () => {
      host.close();
      resources.close();
    },
  };
}
