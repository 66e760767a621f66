import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstanceSpec } from '../../driver.js';
import { hasErrorCode } from '../../error-code.js';
import type { Image, ImageStore } from '../../images/image.js';
import { holdImage, releaseImage } from '../../images/image-users.js';
import type { CompleteIdentity, Place } from '../platform.js';
import { startProcess } from '../process-life.js';
import type { PidScope } from '../process-proof.js';
import type { Accelerator } from './accelerator.js';
import { awaitBooted, awaitRestored, endMachine } from './await-guest.js';
import { type CredentialFiles, credentialFiles, restoredFiles } from './guest-credentials.js';
import { guestDirectory } from './guest-directory.js';
import { chooseGuestUser, findBarrier, type GuestUser, runAs } from './guest-user.js';
import type { GuestWiring } from './guest-wiring.js';
import { type Machine, machineUuid, planMachine } from './machine.js';
import { makeWarmPlace, settleAttempt } from './machine-life.js';
import { prepareGuest } from './prepare-guest.js';
import { type QemuCommand, qemuArguments } from './qemu-arguments.js';
import { bootOf, chooseRootDisk } from './root-disk.js';
import { findTemplate, type WarmTemplate } from './warm-template.js';

export interface StartSettings {
  readonly home: string;
  readonly launcherHost: string;
  readonly initBinary: string;
  readonly images: ImageStore;
  readonly environment: Readonly<Record<string, string>>;
  readonly wiring: GuestWiring;
  readonly accelerator: Accelerator['kind'];
  /** Of QEMU. */
  readonly version: string;
  readonly here: PidScope;
  readonly log: (level: 'info' | 'warn', message: string, details: Readonly<Record<string, unknown>>) => void;
}

/** One start, with all that is known of it before anything is made. */
interface Start {
  readonly settings: StartSettings;
  readonly spec: InstanceSpec;
  readonly place: Place;
  readonly image: Image;
  readonly credentials: CredentialFiles;
  readonly uuid: string;
  readonly user: GuestUser | undefined;
  /** performance.now() when the guest is to run. */
  readonly deadline: number;
}

/** What an attempt makes of it. */
interface Attempt {
  readonly machine: Machine;
  readonly credentials: CredentialFiles;
  /** Undefined: a cold boot. */
  readonly template: WarmTemplate | undefined;
}

export const qemuBinary = 'qemu-system-x86_64';
export const imageTool = 'qemu-img';

/** Names the directory of the image that an instance is based on. */
const IMAGE_FILE = 'image';
const LEAST_COMMIT_MS = 5_000;
/** In `placement`: "no" has a guest boot although there is a template. */
const WARM = 'warm';

/**
 * Platform.start: restores a booted guest where the image has a template that fits, and boots one where that is not so or
 * did not work. Resolves when the guest's processors run, or with what failed.
 */
export async function startMachine(
  settings: StartSettings,
  spec: InstanceSpec,
  identity: CompleteIdentity,
  place: Place,
): Promise<string> {
  try {
    const start = await planStart(settings, spec, identity, place);
    return (await tryToRestore(start)) ?? (await boot(start));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The image of an instance that is dead may be deleted from now on, as far as that is concerned. */
export async function releaseMachineImage(launcherHost: string, { directory, record }: Place): Promise<void> {
  let image: string;
  try {
    image = await readFile(join(directory, IMAGE_FILE), 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return;
    throw error;
  }
  await releaseImage({ directory: image }, { launcherHost, instance: record.instance });
}

async function planStart(
  settings: StartSettings,
  spec: InstanceSpec,
  identity: CompleteIdentity,
  place: Place,
): Promise<Start> {
  const { home, launcherHost, wiring } = settings;
  const deadline = performance.now() + spec.bootDeadlineMs;
  const image = await useImage(settings, spec, place);
  const uuid = machineUuid(home, launcherHost, spec.instance);
  const user = await guestUser(settings, uuid, image);
  const { credentialsFile } = spec.identity;
  const credentials = image.hasAgent
    ? await credentialFiles(identity, credentialsFile, wiring.guestAddresses(identity.address, spec.instance))
    : new Map<string, string>();
  return { settings, spec, place, image, credentials, uuid, user, deadline };
}

async function useImage({ images, launcherHost }: StartSettings, spec: InstanceSpec, place: Place): Promise<Image> {
  if (spec.image === undefined) throw new Error('a machine needs an image, and the document names none');
  const found = await images.find(spec.image);
  if (found.kind === 'problem') throw new Error(found.problem);
  const { image } = found;
  await writeFile(join(place.directory, IMAGE_FILE), image.directory, { mode: 0o600 });
  const held = await holdImage(image, { launcherHost, instance: spec.instance, directory: place.directory });
  if (held.kind === 'problem') throw new Error(held.problem);
  return image;
}

async function boot(start: Start): Promise<string> {
  const machine = planned(start, await chooseRootDisk(start.image));
  const reason = await launch(start, { machine, credentials: start.credentials, template: undefined }, start.place);
  const settled = await settleAttempt(start.place, false);
  if (settled.kind === 'never') return reason;
  return awaitBooted(settled.life, {
    ...start,
    directory: guestDirectory(start.place.directory),
    here: start.settings.here,
  });
}

/**
 * Undefined when the guest has to be booted: nothing of this attempt runs then. Else the start is over, one way or the
 * other.
 */
async function tryToRestore(start: Start): Promise<string | undefined> {
  const { settings, spec, image, place, deadline } = start;
  if (image.warm === undefined || spec.placement[WARM] === 'no') return undefined;
  const machine = planned(start, 'virtio');
  const found = await findTemplate(image, machine, settings.version);
  const credentials = restoredFiles(start.credentials);
  if (found.kind === 'none' || credentials === undefined) {
    const reason = found.kind === 'none' ? found.reason : 'what its agent is told is too long';
    settings.log('info', 'an instance boots, without the template of its image', { instance: spec.instance, reason });
    return undefined;
  }
  const { template } = found;
  const warmPlace = await makeWarmPlace(place);
  const launching = launch(start, { machine, credentials, template }, warmPlace);
  const [launched, network] = await bothDone(launching, settings.wiring.attach(spec.instance));
  const settled = await settleAttempt(place, true);
  if (settled.kind === 'life') {
    // The other half is for a boot.
    const halfway = (performance.now() + deadline) / 2;
    const target = { directory: guestDirectory(place.directory), here: settings.here, deadline: halfway };
    const problem = await awaitRestored(settled.life, { ...target, network });
    if (problem === undefined) return 'the guest was restored, and has ended';
    // As long as this one is not proven dead there must not be another.
    if (!(await endMachine(settled.life, settings.here))) return problem;
    settings.log('warn', 'an instance boots: it could not be restored', { instance: spec.instance, reason: problem });
  } else {
    settings.log('warn', 'an instance boots: it could not be restored', { instance: spec.instance, reason: launched });
  }
  return undefined;
}

function planned({ spec, image, settings }: Start, root: Machine['root']): Machine {
  const plan = planMachine(spec, image, { accelerator: settings.accelerator, root });
  if (plan.kind === 'problem') throw new Error(plan.problem);
  return plan.machine;
}

/** Makes everything that QEMU needs and starts it. Returns why that failed, for the case that it did. */
async function launch(start: Start, attempt: Attempt, place: Place): Promise<string> {
  const { settings, spec, image, uuid, user, deadline } = start;
  const { machine, credentials, template } = attempt;
  const directory = guestDirectory(start.place.directory);
  const base = template?.disk ?? image.qcow2;
  const attaching: Promise<QemuCommand['network']> =
    template === undefined ? settings.wiring.attach(spec.instance) : Promise.resolve({ kind: 'later' });
  const preparing = prepareGuest({ directory, machine, base, credentials, user, imageTool });
  const [network] = await bothDone(attaching, preparing);
  const { instance } = spec;
  const command = qemuArguments({
    ...{ binary: qemuBinary, machine, instance, uuid, network },
    boot: bootOf(image, machine.root),
    credentials: [...credentials.keys()],
    isRestored: template !== undefined,
  });
  return startProcess(
    {
      initBinary: settings.initBinary,
      mode: 'once',
      command: runAs(user, { directory, input: template?.state }, command),
      environment: settings.environment,
      deadlineMs: Math.max(LEAST_COMMIT_MS, deadline - performance.now()),
    },
    place,
  );
}

/** Rejects when one of them has, and both are over: what fails is cleaned up after. */
async function bothDone<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** Undefined: that of launcherd, where no other one could run the guest. */
async function guestUser(
  { wiring, accelerator }: StartSettings,
  uuid: string,
  image: Image,
): Promise<GuestUser | undefined> {
  const devices = [
    ...(wiring.device === undefined ? [] : [wiring.device]),
    ...(accelerator === 'kvm' ? ['/dev/kvm'] : []),
  ];
  const chosen = await chooseGuestUser(uuid, devices);
  if (chosen.kind === 'same') return undefined;
  const files = [image.qcow2, image.kernel, ...(image.initrd === undefined ? [] : [image.initrd])];
  for (const file of files) if ((await findBarrier(file)) !== undefined) return undefined;
  return chosen.user;
}
