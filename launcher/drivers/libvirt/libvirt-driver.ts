import { join } from 'node:path';
import type { LauncherDriver } from '../../driver.js';
import { openImageStore } from '../../images/image-store.js';
import { openGuestNetwork } from '../../network/guest-network.js';
import type { DriverSettings } from '../driver-settings.js';
import { openInstanceDriver } from '../instance-driver.js';
import { type Accelerator, chooseAccelerator, describeAccelerator, readQemuVersion } from '../qemu/accelerator.js';
import type { Capabilities } from './capabilities.js';
import { bridgedNetwork, type DomainNetwork, unprivilegedNetwork } from './domain-network.js';
import { libvirtPlatform } from './libvirt-platform.js';
import { defaultUri, type LibvirtAddress, parseLibvirtUri } from './libvirt-uri.js';
import type { DomainLife } from './own-domains.js';

const RESERVED_MEMORY_MIB = 512;
/** libvirt itself may need 20 s until it knows that a QEMU has ended, where that one hangs. */
const PROOF_DEADLINE_MS = 30_000;
/** Not below the home: others must be able to search every directory on the way. */
const GUESTS_DIRECTORY = '/var/lib/pacemaker-cloud-guests';

export interface LibvirtDriverOptions {
  /** Instead of GUESTS_DIRECTORY. */
  readonly guestsDirectory?: string;
}

/**
 * The driver of domains of a libvirtd on this machine. Its address is libvirt's URI, `libvirt:qemu:///system` (the
 * default) or `libvirt:qemu:///session`.
 *
 * Rejects when the journal cannot be read at all, or for an address that means nothing. A libvirtd that is not there (yet)
 * is no reason: what it runs is found when it answers.
 */
export async function openLibvirtDriver(
  settings: DriverSettings,
  options: LibvirtDriverOptions = {},
): Promise<LauncherDriver> {
  const { home, launcherHost, imagesDirectory, log } = settings;
  const uri = settings.address ?? defaultUri;
  const parsed = parseLibvirtUri(uri, process.env);
  if (parsed.kind === 'problem') throw new Error(parsed.problem);
  const network = await openNetwork(settings, parsed.address);
  const platform = libvirtPlatform({
    home,
    launcherHost,
    network,
    address: parsed.address,
    images: openImageStore(imagesDirectory),
    accelerator: rememberAccelerator(settings),
    guestsDirectory: options.guestsDirectory ?? GUESTS_DIRECTORY,
    imageTool: 'qemu-img',
    reservedMemoryMiB: RESERVED_MEMORY_MIB,
    onLink: (reason) =>
      reason === undefined ? log('info', 'libvirtd answers', { uri }) : log('warn', 'libvirtd', { uri, reason }),
  });
  try {
    return await openInstanceDriver<DomainLife>({
      name: 'libvirt',
      home,
      launcherHost,
      platform,
      proofDeadlineMs: PROOF_DEADLINE_MS,
    });
  } catch (error) {
    await platform.close();
    throw error;
  }
}

/** What works is found out once, when it is first needed, and said aloud. */
function rememberAccelerator({
  home,
  launcherHost,
  log,
}: DriverSettings): (capabilities: Capabilities) => Promise<Accelerator> {
  const memory = join(home, 'launcher', launcherHost, 'accelerator.json');
  let chosen: Promise<Accelerator> | undefined;
  const decide = async ({ hasKvm, emulator }: Capabilities): Promise<Accelerator> => {
    const version = await readQemuVersion(emulator);
    const accelerator: Accelerator = hasKvm
      ? await chooseAccelerator(emulator, version, memory)
      : { kind: 'tcg', reason: 'libvirtd has no KVM to offer' };
    const machines = `QEMU ${version} with ${describeAccelerator(accelerator)}`;
    log(accelerator.kind === 'kvm' ? 'info' : 'warn', 'what instances run on', { machines });
    return accelerator;
  };
  return (capabilities) => {
    chosen ??= decide(capabilities).catch((error: unknown) => {
      chosen = undefined;
      throw error;
    });
    return chosen;
  };
}

/** A bridge needs root, and a libvirtd that may put taps on it. */
async function openNetwork(settings: DriverSettings, { mode }: LibvirtAddress): Promise<DomainNetwork> {
  const { home, launcherHost, busServers, canStart, log } = settings;
  if (!canStart || mode === 'session') return unprivilegedNetwork(home, launcherHost);
  try {
    const onTrouble = (trouble: string) => log('warn', 'network of the guests', { trouble });
    return bridgedNetwork(await openGuestNetwork({ home, launcherHost, busServers, onTrouble }));
  } catch (error) {
    log('warn', 'guests reach the network through QEMU, and nobody reaches them', { reason: String(error) });
    return unprivilegedNetwork(home, launcherHost);
  }
}
