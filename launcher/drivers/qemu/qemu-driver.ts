import { join } from 'node:path';
import type { LauncherDriver } from '../../driver.js';
import { openImageStore } from '../../images/image-store.js';
import { openGuestNetwork } from '../../network/guest-network.js';
import type { DriverSettings } from '../driver-settings.js';
import { openInstanceDriver } from '../instance-driver.js';
import { type Accelerator, chooseAccelerator, describeAccelerator, readQemuVersion } from './accelerator.js';
import { bridgeWiring, type GuestWiring, userWiring } from './guest-wiring.js';
import { qemuPlatform } from './qemu-platform.js';
import { qemuBinary } from './start-machine.js';

const RESERVED_MEMORY_MIB = 512;

/**
 * The driver of virtual machines of QEMU on this machine. Its address, `qemu:tcg` or `qemu:kvm`, says what executes the
 * guests' instructions; without one, what works is found out.
 *
 * Rejects when the journal cannot be read at all, or when QEMU is not there.
 */
export async function openQemuDriver(settings: DriverSettings): Promise<LauncherDriver> {
  const { home, launcherHost, initBinary, imagesDirectory, environment, canStart, log } = settings;
  const version = canStart ? await readQemuVersion(qemuBinary) : '';
  const wiring = await openWiring(settings);
  const platform = qemuPlatform({
    ...{ home, launcherHost, initBinary, environment, wiring, version, log },
    images: openImageStore(imagesDirectory),
    accelerator: canStart ? findAccelerator(settings, version) : Promise.resolve(notNeeded),
    reservedMemoryMiB: RESERVED_MEMORY_MIB,
  });
  return openInstanceDriver({ name: 'qemu', home, launcherHost, platform });
}

const notNeeded: Accelerator = { kind: 'tcg', reason: 'nothing is to be started' };

/** Never rejects. What runs already is found and watched before this is known. */
async function findAccelerator(settings: DriverSettings, version: string): Promise<Accelerator> {
  const { address, home, launcherHost, log } = settings;
  const memory = join(home, 'launcher', launcherHost, 'accelerator.json');
  const accelerator = await decide();
  const machines = `QEMU ${version} with ${describeAccelerator(accelerator)}`;
  log(accelerator.kind === 'kvm' ? 'info' : 'warn', 'what instances run on', { machines });
  return accelerator;

  async function decide(): Promise<Accelerator> {
    if (address === 'kvm') return { kind: 'kvm' };
    if (address === 'tcg') return { kind: 'tcg', reason: 'as it was told' };
    if (address !== undefined) log('warn', 'an address of this driver is tcg or kvm', { address });
    return chooseAccelerator(qemuBinary, version, memory).catch((error: unknown) => ({
      kind: 'tcg',
      reason: `whether KVM works cannot be found out: ${String(error)}`,
    }));
  }
}

/** A bridge needs root; where it cannot be had, guests get what QEMU gives them. */
async function openWiring({ home, launcherHost, busServers, canStart, log }: DriverSettings): Promise<GuestWiring> {
  if (!canStart) return userWiring(home, launcherHost);
  try {
    const onTrouble = (trouble: string) => log('warn', 'network of the guests', { trouble });
    return bridgeWiring(await openGuestNetwork({ home, launcherHost, busServers, onTrouble }));
  } catch (error) {
    log('warn', 'guests reach the network through QEMU, and nobody reaches them', { reason: String(error) });
    return userWiring(home, launcherHost);
  }
}
