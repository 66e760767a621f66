import { join } from 'node:path';
import { fwCfgDirectory } from '../../../proto/guest-credentials.js';
import type { InstanceSpec } from '../../driver.js';
import type { Image, ImageStore } from '../../images/image.js';
import { holdImage } from '../../images/image-users.js';
import type { CompleteIdentity, Place } from '../platform.js';
import type { Accelerator } from '../qemu/accelerator.js';
import { credentialFiles } from '../qemu/guest-credentials.js';
import { findBarrier } from '../qemu/guest-user.js';
import { type Machine, machineUuid, planMachine } from '../qemu/machine.js';
import { type Capabilities, parseCapabilities } from './capabilities.js';
import { type DomainNetwork, macOf } from './domain-network.js';
import { writeGuestRecord } from './domain-record.js';
import { homeDigest } from './domain-tag.js';
import { type DomainInterface, domainXml } from './domain-xml.js';
import { createDomain, type DomainRef, destroyDomain, getCapabilities, resumeDomain } from './libvirt-calls.js';
import type { LibvirtLink } from './libvirt-link.js';
import type { OwnDomains } from './own-domains.js';
import { consoleFile, extraDisk, prepareDomain, rootDisk } from './prepare-domain.js';

export interface StartSettings extends RunTools {
  readonly home: string;
  readonly launcherHost: string;
  readonly images: ImageStore;
  readonly network: DomainNetwork;
  /** What guests run on, decided once libvirtd has told what it can. */
  readonly accelerator: (capabilities: Capabilities) => Promise<Accelerator>;
  /** Where guests' files are when they run as another user, who has to get there: absolute. */
  readonly guestsDirectory: string;
  /** Path of qemu-img. */
  readonly imageTool: string;
}

/** What domain names begin with, for people: `virsh list`. */
export const domainNamePrefix = 'cpe-';
/** In QEMU's words. */
const ARCHITECTURE = 'x86_64';
const DEFAULT_NETWORK = 'default';
const ORDER_DEADLINE_MS = 10_000;
const CAPABILITIES_DEADLINE_MS = 60_000;

export interface RunTools {
  readonly domains: OwnDomains;
  /** For what may take long: creating, ending. */
  readonly orders: LibvirtLink;
}

/**
 * Lets a domain run that was created, once its QEMU was seen: by that process its death will be proven. Ends it, and
 * rejects, where that cannot be seen, or where it cannot run.
 */
export async function runDomain({ domains, orders }: RunTools, domain: DomainRef, place: Place): Promise<void> {
  try {
    const process = await domains.findProcess(place);
    if (process === undefined) {
      throw new Error(
        'its QEMU cannot be seen: launcherd needs the PID namespace of libvirtd, and a /proc that hides nobody',
      );
    }
    await orders.call(resumeDomain, domain, ORDER_DEADLINE_MS);
    await domains.keep(place, process);
  } catch (error) {
    // Whether that helps is seen when the start is settled.
    await orders.call(destroyDomain, domain, ORDER_DEADLINE_MS).catch(() => undefined);
    throw error;
  }
}

/** Platform.start. Resolves when libvirtd has started the guest's processors, or with what failed. */
export async function startDomain(
  settings: StartSettings,
  spec: InstanceSpec,
  identity: CompleteIdentity,
  place: Place,
): Promise<string> {
  const deadline = performance.now() + spec.bootDeadlineMs;
  try {
    const image = await findImage(settings, spec);
    const capabilities = await readCapabilities(settings.orders);
    const type = (await settings.accelerator(capabilities)).kind;
    // Which networks a guest has beside the default one is libvirt's affair.
    const planned = planMachine({ ...spec, networks: [] }, image, { accelerator: type, root: 'nvme' });
    if (planned.kind === 'problem') return planned.problem;
    const xml = await prepare(settings, { spec, identity, place, image, capabilities, machine: planned.machine });
    const leftMs = deadline - performance.now();
    if (leftMs <= 0) return `its files were not made within ${spec.bootDeadlineMs} ms`;
    const domain = await settings.orders.call(createDomain, { xml }, leftMs);
    await runDomain(settings, domain, place);
    return 'it has ended at once';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Prepared {
  readonly spec: InstanceSpec;
  readonly identity: CompleteIdentity;
  readonly place: Place;
  readonly image: Image;
  readonly capabilities: Capabilities;
  readonly machine: Machine;
}

/** Makes everything that the domain needs, and returns its description. */
async function prepare(settings: StartSettings, prepared: Prepared): Promise<string> {
  const { spec, identity, place, image, machine } = prepared;
  const { home, launcherHost, network } = settings;
  const { instance } = spec;
  const uuid = machineUuid(home, launcherHost, instance);
  const guestUser = await chooseGuestUser(prepared);
  const directory = guestUser === undefined ? join(place.directory, 'guest') : join(settings.guestsDirectory, uuid);
  await writeGuestRecord(place.directory, { directory, imageDirectory: image.directory });
  const held = await holdImage(image, { launcherHost, instance, directory: place.directory });
  if (held.kind === 'problem') throw new Error(held.problem);

  const addresses = network.guestAddresses(identity.address, instance);
  const credentials = image.hasAgent
    ? await credentialFiles(identity, spec.identity.credentialsFile, addresses)
    : new Map<string, string>();
  const { disks } = machine;
  const { imageTool } = settings;
  const files = { directory, base: image.qcow2, disks, credentials, guestUser, imageTool };
  await network.ensure();
  await prepareDomain(files);
  return domainXml({
    name: `${domainNamePrefix}${instance}`,
    uuid,
    tag: { home: homeDigest(home), launcherHost, instance },
    type: machine.accelerator === 'kvm' ? 'kvm' : 'qemu',
    cpus: machine.cpus,
    memoryMiB: machine.memoryMiB,
    boot: { kernel: image.kernel, initrd: image.initrd, kernelArguments: image.kernelArguments },
    root: { file: rootDisk(directory), base: image.qcow2 },
    disks: disks.map(({ name }, at) => ({ name, file: extraDisk(directory, at) })),
    interfaces: interfacesOf(settings, spec),
    consoleLog: consoleFile(directory),
    firmwareFiles: new Map([...credentials.keys()].map((name) => [`${fwCfgDirectory}/${name}`, join(directory, name)])),
    guestUser: prepared.capabilities.guestUser,
  });
}

async function findImage({ images }: StartSettings, spec: InstanceSpec): Promise<Image> {
  if (spec.image === undefined) throw new Error('a domain needs an image, and the document names none');
  const found = await images.find(spec.image);
  if (found.kind === 'problem') throw new Error(found.problem);
  return found.image;
}

async function readCapabilities(orders: LibvirtLink): Promise<Capabilities> {
  const xml = await orders.call(getCapabilities, undefined, CAPABILITIES_DEADLINE_MS);
  const capabilities = parseCapabilities(xml, ARCHITECTURE);
  if (capabilities?.hasQemu || capabilities?.hasKvm) return capabilities;
  throw new Error(`this libvirtd runs no guests for ${ARCHITECTURE}: is its QEMU driver installed, and QEMU?`);
}

/** Undefined where guests run as whoever runs launcherd. Throws where the other user could not get at its files. */
async function chooseGuestUser({ capabilities, image }: Prepared): Promise<Capabilities['guestUser']> {
  const { guestUser } = capabilities;
  const own = process.getuid?.();
  if (guestUser === undefined || guestUser.uid === own) return undefined;
  if (own !== 0) {
    throw new Error(
      `libvirtd runs guests as user ${guestUser.uid}, to whom only root can give files: run launcherd as root, or use qemu:///session`,
    );
  }
  for (const file of [image.qcow2, image.kernel, image.initrd]) {
    const barrier = file === undefined ? undefined : await findBarrier(file);
    if (barrier === undefined) continue;
    const remedy = barrier === file ? 'let others read it' : `let others search ${barrier}`;
    throw new Error(
      `libvirtd runs guests as user ${guestUser.uid}, who cannot read ${file}: ${remedy}, or keep images elsewhere (CPE_IMAGES)`,
    );
  }
  return guestUser;
}

/** The first is the one by which the agent reaches the bus. */
function interfacesOf({ network, home, launcherHost }: StartSettings, spec: InstanceSpec): DomainInterface[] {
  const others = spec.networks.filter((name) => name !== DEFAULT_NETWORK);
  const seed = `${home}\0${launcherHost}\0${spec.instance}`;
  return [
    network.interfaceOf(spec.instance),
    ...others.map((name) => ({ kind: 'network', network: name, mac: macOf(`${seed}\0${name}`) }) as const),
  ];
}
