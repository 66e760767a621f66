import type { MessageBus } from './dbus/message-bus.js';
import { busOfBoot } from './systemd/bus-of-boot.js';
import type { SystemdConnection } from './systemd/systemd-over-dbus.js';

/** The agent's one connection to the machine's system bus: loaded and made when somebody first asks for it. */
export interface MachineBus {
  bus(): Promise<MessageBus>;
  systemd(): Promise<SystemdConnection>;
  close(): void;
}

export function machineBus(): MachineBus {
  let opened: Promise<MessageBus> | undefined;
  let systemd: Promise<SystemdConnection> | undefined;
  let isClosed = false;

  const bus = (): Promise<MessageBus> => {
    opened ??= Promise.all([import('./dbus/system-bus.js'), busOfBoot()]).then(([{ connectMessageBus }]) => {
      const made = connectMessageBus();
      if (isClosed) made.close();
      return made;
    });
    return opened;
  };
  return {
    bus,
    systemd() {
      systemd ??= Promise.all([bus(), import('./systemd/systemd-over-dbus.js')]).then(([made, { systemdOverDbus }]) =>
        systemdOverDbus(made),
      );
      return systemd;
    },
    close() {
      isClosed = true;
      const nothing = (): void => undefined;
      systemd?.then((connection) => connection.close(), nothing);
      opened?.then((made) => made.close(), nothing);
    },
  };
}
