import { connectMessageBus } from '../dbus/system-bus.js';
import { type SystemdConnection, systemdOverDbus } from './systemd-over-dbus.js';

/** systemd over a connection of its own to the system bus (or the bus at `address`), which `close` ends too. */
export function connectSystemd(address?: string): SystemdConnection {
  const bus = connectMessageBus(address);
  const systemd = systemdOverDbus(bus);
  return {
    ...systemd,
    close() {
      systemd.close();
      bus.close();
    },
  };
}
