import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { LauncherDriver } from '../../driver.js';
import { hasErrorCode } from '../../error-code.js';
import { openImageStore } from '../../images/image-store.js';
import { openGuestNetwork } from '../../network/guest-network.js';
import type { DriverSettings } from '../driver-settings.js';
import { openInstanceDriver } from '../instance-driver.js';
import { nspawnPlatform } from './nspawn-platform.js';

const reservedMemoryMiB = 512;
const answerMs = 10_000;

/**
 * The driver of containers that systemd-nspawn boots. Its address, `nspawn:10.77.3.0/24`, is the network of the guests;
 * without one a free network is chosen.
 *
 * Rejects when the journal cannot be read at all, without root, and when systemd-nspawn or the network cannot be had.
 */
export async function openNspawnDriver(settings: DriverSettings): Promise<LauncherDriver> {
  const { home, launcherHost, initBinary, imagesDirectory, environment, canStart, log } = settings;
  if (canStart) await checkNspawn(environment);
  const network = canStart ? await openNetwork(settings) : undefined;
  const hasScopes = canStart && (await canMakeScopes(settings));
  let isTold = false;
  const onUnenforced = (limits: readonly string[]) => {
    if (!isTold)
      log('warn', 'sizes of containers are not enforced: their cgroups have no such controllers', { limits });
    isTold = true;
  };
  const images = openImageStore(imagesDirectory);
  const platform = nspawnPlatform({
    ...{ home, launcherHost, initBinary, environment, images, network, hasScopes, onUnenforced, reservedMemoryMiB },
  });
  return openInstanceDriver({ name: 'nspawn', home, launcherHost, platform });
}

function openNetwork({ home, launcherHost, busServers, address, log }: DriverSettings) {
  const onTrouble = (trouble: string) => log('warn', 'network of the guests', { trouble });
  const subnet = address === undefined ? {} : { subnet: address };
  return openGuestNetwork({ home, launcherHost, busServers, onTrouble, ...subnet });
}

/** Where systemd rules the machine (sd_booted(3)) and can be asked. */
async function canMakeScopes({ environment, log }: DriverSettings): Promise<boolean> {
  if (!existsSync('/run/systemd/system')) return false;
  return new Promise((resolve) => {
    const probe = ['--scope', '--quiet', '--collect', '--', 'true'];
    execFile('systemd-run', probe, { env: environment, timeout: answerMs }, (error, _, stderr) => {
      const reason = stderr.trim() || error?.message;
      if (error !== null) log('warn', 'containers run below launcherd: systemd makes no scope for them', { reason });
      resolve(error === null);
    });
  });
}

async function checkNspawn(environment: Readonly<Record<string, string>>): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('only root can boot containers with systemd-nspawn');
  await new Promise<void>((resolve, reject) => {
    execFile('systemd-nspawn', ['--version'], { env: environment, timeout: answerMs }, (error) => {
      if (error === null) resolve();
      else if (hasErrorCode(error, 'ENOENT')) reject(new Error('systemd-nspawn is missing: install systemd-container'));
      else reject(new Error(`systemd-nspawn does not work: ${error.message}`));
    });
  });
}
