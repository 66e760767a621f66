import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceSpec } from '../../launcher/driver.js';
import type { DriverSettings } from '../../launcher/drivers/driver-settings.js';
import { openLibvirtDriver } from '../../launcher/drivers/libvirt/libvirt-driver.js';
import { removeGuestNetwork } from '../../launcher/network/guest-network.js';
import { makeImage } from './launcher-driver-qemu-fixture.js';
import type { DriverFixture } from './launcher-driver-suite.js';
import { type PrivateLibvirtd, startPrivateLibvirtd, withoutRoot } from './private-libvirtd.js';
import { sampleSpec } from './sample-spec.js';

export interface LibvirtFixture extends DriverFixture {
  readonly home: string;
  readonly guests: string;
  readonly libvirtd: PrivateLibvirtd;
  settings(launcherHost?: string): DriverSettings;
  directoryOf(instance: string): string;
}

/** A private libvirtd with images of the tiny guest; all domains of it end with `dispose`. */
export async function createLibvirtFixture(): Promise<LibvirtFixture> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'cpe-libvirt-driver-')));
  const [home, images, guests] = [join(directory, 'home'), join(directory, 'images'), join(directory, 'guests')];
  const launcherHosts = new Set<string>();
  mkdirSync(home, { mode: 0o700 });
  makeImage(images, 'tiny', []);
  makeImage(images, 'deaf', ['deaf']);
  writeFileSync(join(directory, 'agent.creds'), 'secret of the agents\n', { mode: 0o600 });
  for (const path of [directory, images]) chmodSync(path, 0o755);
  const libvirtd = await startPrivateLibvirtd(join(directory, 'libvirtd')).catch((error: unknown) => {
    rmSync(directory, { recursive: true, force: true });
    throw error;
  });

  const settings = (launcherHost = 'local'): DriverSettings => ({
    home,
    launcherHost,
    address: libvirtd.uri,
    initBinary: '/nonexistent',
    agentCommand: [],
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    imagesDirectory: images,
    busServers: ['nats://127.0.0.1:4222'],
    canStart: true,
    log: () => undefined,
  });
  return {
    home,
    guests,
    libvirtd,
    settings,
    directoryOf: (instance) => join(home, 'launcher', instance.split('.')[2] ?? '', 'instances', instance),
    open(launcherHost = 'local') {
      launcherHosts.add(launcherHost);
      return openLibvirtDriver(settings(launcherHost), { guestsDirectory: guests });
    },
    spec: ({ assembly, incarnation, launcherHost = 'local' }) =>
      specOf(`shop.${assembly}.${launcherHost}.${incarnation}-1`, join(directory, 'agent.creds')),
    kill: ({ pid }) => {
      process.kill(pid, 'SIGKILL');
    },
    dispose: async () => {
      await libvirtd.dispose();
      if (withoutRoot() === false) {
        for (const launcherHost of launcherHosts) await removeGuestNetwork({ home, launcherHost });
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function specOf(instance: string, credentialsFile: string): InstanceSpec {
  return sampleSpec(instance, { credentialsFile, image: 'tiny-0123456789ab', memoryMiB: 32, bootDeadlineMs: 60_000 });
}
