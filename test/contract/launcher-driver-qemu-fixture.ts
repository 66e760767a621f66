import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InstanceSpec, RunningInstance } from '../../launcher/driver.js';
import type { DriverSettings } from '../../launcher/drivers/driver-settings.js';
import { openQemuDriver } from '../../launcher/drivers/qemu/qemu-driver.js';
import { connectQmp, type QmpAnswer } from '../../launcher/drivers/qemu/qmp-connection.js';
import { imageFiles, renderImageRecord } from '../../launcher/images/image-record.js';
import { removeGuestNetwork } from '../../launcher/network/guest-network.js';
import { packageRoot, pidsWhere, until } from './launcher-driver-local-fixture.js';
import type { DriverFixture } from './launcher-driver-suite.js';
import { sampleSpec } from './sample-spec.js';

export interface QemuFixture extends DriverFixture {
  readonly home: string;
  readonly images: string;
  settings(launcherHost?: string): DriverSettings;
  directoryOf(instance: string): string;
  /** Says something to a machine on the socket that is there for people. */
  tell(instance: string, command: string, given?: Readonly<Record<string, unknown>>): Promise<QmpAnswer>;
  /** Presses a key of the tiny guest (test/contract/tiny-guest). */
  press(instance: string, key: string): Promise<QmpAnswer>;
}

/** Images of the tiny guest, by its arguments. */
const IMAGES = { tiny: [], deaf: ['deaf'], waits: ['waits'] } as const;

/** A private directory with the native part and images of the tiny guest; all machines of it end with `dispose`. */
export async function createQemuFixture(): Promise<QemuFixture> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'cpe-qemu-driver-')));
  const home = join(directory, 'home');
  const images = join(directory, 'images');
  const launcherHosts = new Set<string>();
  execFileSync(join(packageRoot(), 'launcher/native/build.sh'), [directory]);
  mkdirSync(home);
  for (const [name, kernelArguments] of Object.entries(IMAGES)) makeImage(images, name, kernelArguments);
  writeFileSync(join(directory, 'agent.creds'), 'secret of the agents\n', { mode: 0o600 });
  for (const path of [directory, images]) chmodSync(path, 0o755);

  const directoryOf = (instance: string) => join(home, 'launcher', instance.split('.')[2] ?? '', 'instances', instance);
  const settings = (launcherHost = 'local'): DriverSettings => ({
    home,
    launcherHost,
    address: 'tcg',
    initBinary: join(directory, 'cpe-instance-init'),
    agentCommand: [],
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    imagesDirectory: images,
    busServers: ['nats://127.0.0.1:4222'],
    canStart: true,
    log: () => undefined,
  });
  const tell: QemuFixture['tell'] = async (instance, command, given) => {
    const target = { directory: join(directoryOf(instance), 'guest'), name: 'operator.sock', deadlineMs: 10_000 };
    const connected = await connectQmp(target);
    if (connected.kind === 'silent') return connected;
    return connected.connection.execute(command, given, 10_000).finally(() => connected.connection.close());
  };
  return {
    home,
    images,
    settings,
    directoryOf,
    tell,
    press: (instance, key) => tell(instance, 'send-key', { keys: [{ type: 'qcode', data: key }] }),
    open(launcherHost = 'local') {
      launcherHosts.add(launcherHost);
      return openQemuDriver(settings(launcherHost));
    },
    spec: ({ assembly, incarnation, launcherHost = 'local' }) =>
      specOf(`shop.${assembly}.${launcherHost}.${incarnation}-1`, join(directory, 'agent.creds')),
    kill: (view) => {
      process.kill(qemuPidOf(view), 'SIGKILL');
    },
    dispose: async () => {
      for (const pid of initsOf(directory)) process.kill(pid, 'SIGKILL');
      await until('every machine is gone', () => initsOf(directory).length === 0);
      for (const launcherHost of launcherHosts) await removeGuestNetwork({ home, launcherHost });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function initsOf(directory: string): number[] {
  return pidsWhere(
    ([program, , place]) => program?.endsWith('/cpe-instance-init') === true && isBelow(place, directory),
  );
}

function isBelow(path: string | undefined, directory: string): boolean {
  return path?.startsWith(`${directory}/`) === true;
}

/** As a baked one, with the tiny guest for a kernel and nothing on its disk. */
export function makeImage(images: string, recipe: string, kernelArguments: readonly string[]): void {
  const name = `${recipe}-0123456789ab`;
  const directory = join(images, name);
  mkdirSync(join(directory, imageFiles.tree), { recursive: true });
  const diskBytes = 1024 * 1024;
  execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', join(directory, imageFiles.qcow2), `${diskBytes}`]);
  execFileSync('qemu-img', ['create', '-q', '-f', 'raw', join(directory, imageFiles.raw), `${diskBytes}`]);
  execFileSync(join(packageRoot(), 'test/contract/tiny-guest/build.sh'), [join(directory, imageFiles.kernel)]);
  const record = {
    version: 1,
    name,
    recipe,
    madeAt: new Date(0).toISOString(),
    inputs: '0'.repeat(64),
    clonedFrom: undefined,
    suite: 'none',
    architecture: 'amd64',
    diskBytes,
    kernelVersion: '1',
    kernelArguments,
    hasInitrd: false,
    agent: { version: '1', digest: '0'.repeat(64), node: '1' },
    packages: [],
  } as const;
  writeFileSync(join(directory, imageFiles.record), renderImageRecord(record));
}

function specOf(instance: string, credentialsFile: string): InstanceSpec {
  return sampleSpec(instance, { credentialsFile, image: 'tiny-0123456789ab', memoryMiB: 32, bootDeadlineMs: 30_000 });
}

/** QEMU's own process: the child of the instance's init, which is what `pid` means everywhere. */
export function qemuPidOf({ pid }: RunningInstance): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

/** What a machine was started with, as everybody on the launcher host may see it. */
export function commandLineOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
}
