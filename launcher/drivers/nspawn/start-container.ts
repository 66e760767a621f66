import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { guestCredentials } from '../../../proto/guest-credentials.js';
import type { InstanceSpec } from '../../driver.js';
import { hasErrorCode } from '../../error-code.js';
import type { Image, ImageStore } from '../../images/image.js';
import { holdImage, releaseImage } from '../../images/image-users.js';
import type { GuestNetwork } from '../../network/guest-network.js';
import type { Place } from '../platform.js';
import { settleProcess, startProcess } from '../process-life.js';
import { type PidScope, type ProcessIdentity, proveProcess } from '../process-proof.js';
import { containerNames, findProblem } from './container.js';
import { type ContainerCgroups, makeCgroups, recordScope, scopeCommand } from './container-cgroup.js';
import { findContainerProcesses } from './container-processes.js';
import { nspawnCommand, nspawnEnvironment } from './nspawn-command.js';

export interface StartSettings {
  /** The state directory of the whole system, a real path. */
  readonly home: string;
  readonly launcherHost: string;
  /** Path of cpe-instance-init. */
  readonly initBinary: string;
  readonly images: ImageStore;
  readonly network: Pick<GuestNetwork, 'bridge' | 'ensure' | 'guestAddresses'>;
  /** All of systemd-nspawn's but its own settings; PATH is also where it is found. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether systemd is asked for the control groups of containers. */
  readonly hasScopes: boolean;
  /** Called with the limits that the kernel does not enforce for an instance. */
  readonly onUnenforced: (limits: readonly string[]) => void;
  readonly here: PidScope;
}

/** Names the directory of the image that an instance is based on. */
const imageFile = 'image';
const networkFile = 'network.json';
/** Written by the engine (journal.ts). */
const identityFile = 'identity.json';
/** What the container has written: a layer over the image's tree. */
const upperDirectory = 'upper';
const pollMs = 10;
const leastCommitMs = 5_000;

/** Platform.start. Resolves when the container's PID 1 runs, or with what failed. */
export async function startContainer(settings: StartSettings, spec: InstanceSpec, place: Place): Promise<string> {
  const deadline = performance.now() + spec.bootDeadlineMs;
  try {
    const problem = findProblem(spec);
    if (problem !== undefined) return problem;
    const image = await useImage(settings, spec, place);
    const { initBinary, here, hasScopes } = settings;
    const { machine } = containerNames(settings.home, settings.launcherHost, spec.instance);
    const tell = ({ unenforced }: ContainerCgroups) => {
      if (unenforced.length > 0) settings.onUnenforced(unenforced);
    };
    const made = hasScopes ? undefined : makeCgroups(place, machine, spec);
    if (made !== undefined) tell(made);
    const wrapper = hasScopes ? scopeCommand(machine, spec.instance, spec) : undefined;
    const command = await prepare(settings, { spec, place, image, cgroups: made?.directories ?? [] });
    const environment = { ...settings.environment, ...nspawnEnvironment };
    const deadlineMs = Math.max(leastCommitMs, deadline - performance.now());
    const reason = await startProcess({ wrapper, initBinary, mode: 'once', command, environment, deadlineMs }, place);
    const settled = await settleProcess(place);
    if (settled.kind === 'never') return reason;
    if (hasScopes) tell(recordScope(place, settled.life.pid, spec));
    return await awaitContainer(settled.life, { deadline, here });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The image of an instance that is dead may be deleted from now on, as far as that is concerned. */
export async function releaseContainerImage(launcherHost: string, { directory, record }: Place): Promise<void> {
  let image: string;
  try {
    image = await readFile(join(directory, imageFile), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return;
    throw error;
  }
  await releaseImage({ directory: image }, { launcherHost, instance: record.instance });
}

async function useImage({ images, launcherHost }: StartSettings, spec: InstanceSpec, place: Place): Promise<Image> {
  const found = await images.find(spec.image ?? '');
  if (found.kind === 'problem') throw new Error(found.problem);
  const { image } = found;
  await writeFile(join(place.directory, imageFile), image.directory, { mode: 0o600 });
  const held = await holdImage(image, { launcherHost, instance: spec.instance, directory: place.directory });
  if (held.kind === 'problem') throw new Error(held.problem);
  return image;
}

interface Prepared {
  readonly spec: InstanceSpec;
  readonly place: Place;
  readonly image: Image;
  /** To be joined. */
  readonly cgroups: readonly string[];
}

/** Makes everything else that the container needs, and returns the command that becomes it. */
async function prepare(settings: StartSettings, { spec, place, image, cgroups }: Prepared): Promise<readonly string[]> {
  const { home, launcherHost, network } = settings;
  const { directory, record } = place;
  const names = containerNames(home, launcherHost, spec.instance);
  await network.ensure();
  const upper = join(directory, upperDirectory);
  // The root directory of the container takes its mode from here.
  await mkdir(upper, { mode: 0o755 });
  const addresses = JSON.stringify(network.guestAddresses(record.address));
  await writeFile(join(directory, networkFile), addresses, { mode: 0o600 });
  const credentials = new Map<string, string>([
    [guestCredentials.identity, join(directory, identityFile)],
    [guestCredentials.bus, spec.identity.credentialsFile],
    [guestCredentials.network, join(directory, networkFile)],
  ]);
  return nspawnCommand({
    names,
    hostname: record.hostname,
    tree: image.tree,
    upper,
    bridge: network.bridge,
    cgroups,
    credentials: image.hasAgent ? credentials : new Map(),
  });
}

async function awaitContainer(
  life: ProcessIdentity,
  { deadline, here }: { readonly deadline: number; readonly here: PidScope },
): Promise<string> {
  while (performance.now() < deadline) {
    if (findContainerProcesses(life.pid).systemd !== undefined) return 'it has ended after its start';
    if (proveProcess(life, here).kind === 'dead') return 'systemd-nspawn has ended before it had started the container';
    await delay(pollMs);
  }
  return 'systemd-nspawn has not started the container in time';
}
