import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { InstanceSpec, RunningInstance } from '../../launcher/driver.js';
import type { DriverSettings } from '../../launcher/drivers/driver-settings.js';
import { type ContainerProcesses, findContainerProcesses } from '../../launcher/drivers/nspawn/container-processes.js';
import { openNspawnDriver } from '../../launcher/drivers/nspawn/nspawn-driver.js';
import { imageFiles, renderImageRecord } from '../../launcher/images/image-record.js';
import { removeGuestNetwork } from '../../launcher/network/guest-network.js';
import { packageRoot, until } from './launcher-driver-local-fixture.js';
import type { DriverFixture } from './launcher-driver-suite.js';
import { sampleSpec } from './sample-spec.js';

export interface NspawnFixture extends DriverFixture {
  readonly directory: string;
  readonly home: string;
  /** What the driver has logged, by message. */
  readonly logged: readonly string[];
  settings(launcherHost?: string): DriverSettings;
  directoryOf(instance: string): string;
  /** With its PID 1 and systemd-nspawn running. */
  processesOf(instance: RunningInstance): Promise<Required<{ [Key in 'nspawn' | 'systemd']: number }>>;
  /** What a program inside prints; rejects when it fails. */
  run(instance: RunningInstance, ...argv: readonly string[]): Promise<string>;
}

/** Names a cpe-instance-init where there is no compiler. */
export const initVariable = 'CPE_TEST_INSTANCE_INIT';

export const secret = 'secret of the agents';

/** Why no container can be booted here; undefined when one should boot. */
export function explainNoContainer(): string | undefined {
  return process.getuid?.() === 0
    ? undefined
    : 'only root can boot containers with systemd-nspawn: run the tests as root';
}

export interface NspawnFixtureOptions {
  /** Root directory of the image; default: that of the booted Debian. */
  readonly tree?: string;
  readonly busServers?: readonly string[];
  readonly credentialsFile?: string;
}

/** A private directory with the native part and an image; all containers of it end with `dispose`. */
export async function createNspawnFixture(options: NspawnFixtureOptions = {}): Promise<NspawnFixture> {
  const { tree = bootedTree(), busServers = ['nats://127.0.0.1:4222'] } = options;
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'cpe-nspawn-driver-')));
  const home = join(directory, 'home');
  const images = join(directory, 'images');
  const launcherHosts = new Set<string>();
  const logged: string[] = [];
  const initBinary = process.env[initVariable] ?? join(directory, 'cpe-instance-init');
  if (process.env[initVariable] === undefined)
    execFileSync(join(packageRoot(), 'launcher/native/build.sh'), [directory]);
  mkdirSync(home);
  mkdirSync(join(directory, 'empty'));
  makeImage(images, 'booted', tree);
  makeImage(images, 'empty', join(directory, 'empty'));
  const { credentialsFile = join(directory, 'agent.creds') } = options;
  if (options.credentialsFile === undefined) writeFileSync(credentialsFile, `${secret}\n`, { mode: 0o600 });

  const settings = (launcherHost = 'local'): DriverSettings => ({
    home,
    launcherHost,
    address: undefined,
    initBinary,
    agentCommand: [],
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    imagesDirectory: images,
    busServers,
    canStart: true,
    log: (_, message) => logged.push(message),
  });
  return {
    directory,
    home,
    logged,
    settings,
    directoryOf: (instance) => join(home, 'launcher', instance.split('.')[2] ?? '', 'instances', instance),
    async processesOf({ pid }) {
      let found: ContainerProcesses | undefined;
      await until('the container runs', () => {
        found = findContainerProcesses(pid);
        return found.nspawn !== undefined && found.systemd !== undefined;
      });
      return { nspawn: found?.nspawn ?? 0, systemd: found?.systemd ?? 0 };
    },
    async run({ pid }, ...argv) {
      const { systemd } = findContainerProcesses(pid);
      const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
      const args = ['--target', `${systemd}`, '--all', '--wdns=/', '--', ...argv];
      return (await promisify(execFile)('nsenter', args, { env, timeout: 60_000 })).stdout;
    },
    open(launcherHost = 'local') {
      launcherHosts.add(launcherHost);
      return openNspawnDriver(settings(launcherHost));
    },
    spec: ({ assembly, incarnation, launcherHost = 'local' }) =>
      specOf(`shop.${assembly}.${launcherHost}.${incarnation}-1`, credentialsFile),
    kill: ({ pid }) => {
      process.kill(pid, 'SIGKILL');
    },
    dispose: async () => {
      for (const launcherHost of launcherHosts) {
        const driver = await openNspawnDriver({ ...settings(launcherHost), canStart: false });
        for (const { instance } of await driver.list()) await driver.destroy(instance);
        await driver.close();
        await removeGuestNetwork({ home, launcherHost });
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The tree that the tests on a booted Debian have, built where it is not there yet (a minute). */
export function bootedTree(): string {
  const script = join(packageRoot(), 'tools/setup/booted-tree.sh');
  return execFileSync(script, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

/** As a baked one, with the tree of another and nothing else of use. */
function makeImage(images: string, recipe: string, tree: string): void {
  const name = `${recipe}-0123456789ab`;
  const directory = join(images, name);
  mkdirSync(directory, { recursive: true });
  symlinkSync(tree, join(directory, imageFiles.tree));
  for (const file of [imageFiles.raw, imageFiles.qcow2, imageFiles.kernel]) writeFileSync(join(directory, file), '');
  const record = {
    version: 1,
    name,
    recipe,
    madeAt: new Date(0).toISOString(),
    inputs: '0'.repeat(64),
    clonedFrom: undefined,
    suite: 'bookworm',
    architecture: 'amd64',
    diskBytes: 1024 * 1024,
    kernelVersion: '1',
    kernelArguments: [],
    hasInitrd: false,
    agent: { version: '1', digest: '0'.repeat(64), node: '1' },
    packages: [],
  } as const;
  writeFileSync(join(directory, imageFiles.record), renderImageRecord(record));
}

function specOf(instance: string, credentialsFile: string): InstanceSpec {
  return sampleSpec(instance, {
    credentialsFile,
    image: 'booted-0123456789ab',
    memoryMiB: undefined,
    bootDeadlineMs: 60_000,
  });
}
