import type { LauncherDriver } from '../driver.js';
import type { DriverSettings } from './driver-settings.js';

type OpenDriver = (settings: DriverSettings) => Promise<LauncherDriver>;

/** Loaded when they are used: a launcher host has one. */
const drivers = {
  local: async () => (await import('./local/local-driver.js')).openLocalDriver,
  qemu: async () => (await import('./qemu/qemu-driver.js')).openQemuDriver,
  libvirt: async () => (await import('./libvirt/libvirt-driver.js')).openLibvirtDriver,
  nspawn: async () => (await import('./nspawn/nspawn-driver.js')).openNspawnDriver,
  openstack: async () => (await import('./openstack/openstack-driver.js')).openOpenStackDriver,
} as const satisfies Record<string, () => Promise<OpenDriver>>;

export type DriverName = keyof typeof drivers;

export const driverNames = Object.keys(drivers) as readonly DriverName[];

/** Which driver a launcher host has: `local`, `libvirt:qemu:///system`, `openstack:mycloud`. */
export interface DriverChoice {
  readonly name: DriverName;
  readonly address: string | undefined;
}

/** Reads DRIVER[:ADDRESS]; undefined when there is no such driver. */
export function parseDriverChoice(text: string): DriverChoice | undefined {
  const [, name = '', address] = /^([^:]*)(?::(.+))?$/.exec(text) ?? [];
  return isDriverName(name) ? { name, address } : undefined;
}

/** Opens the driver of a launcher host. Rejects when its journal cannot be read, or what it works with is not there. */
export async function openDriver(name: DriverName, settings: DriverSettings): Promise<LauncherDriver> {
  const open: OpenDriver = await drivers[name]();
  return open(settings);
}

function isDriverName(name: string): name is DriverName {
  return Object.hasOwn(drivers, name);
}
