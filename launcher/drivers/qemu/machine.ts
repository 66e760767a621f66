import { createHash } from 'node:crypto';
import type { InstanceSpec } from '../../driver.js';
import type { Image } from '../../images/image.js';
import type { Accelerator } from './accelerator.js';

/** What a guest has for a machine. Templates of booted guests fit only where all of it is the same. */
export interface Machine {
  readonly accelerator: Accelerator['kind'];
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly root: RootDisk;
  readonly disks: readonly Disk[];
}

/**
 * How a guest sees its first disk. Debian's kernels have NVMe built in and boot from it without an initrd, in two thirds
 * of the time; only from virtio a machine can be saved and restored.
 */
export type RootDisk = 'nvme' | 'virtio';

/** Beyond the root disk; the guest finds it as /dev/disk/by-id/virtio-<name>. */
export interface Disk {
  readonly name: string;
  readonly sizeMiB: number;
}

export type PlannedMachine =
  | { readonly kind: 'machine'; readonly machine: Machine }
  | { readonly kind: 'problem'; readonly problem: string };

const DEFAULT_CPUS = 1;
const DEFAULT_MEMORY_MIB = 512;
const LEAST_MEMORY_MIB = 16;
/** Of q35 without further settings. */
const MOST_CPUS = 255;
/** A virtio disk's serial number (VIRTIO_BLK_ID_BYTES). */
const DISK_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,19}$/;
const MOST_DISKS = 16;
/** The one network there is, by the name that means it in a document. */
const NETWORKS = ['default'];
const ARCHITECTURE = 'amd64';

export interface MachineChoice {
  readonly accelerator: Accelerator['kind'];
  readonly root: RootDisk;
}

/** What `spec` asks for, or why there can be no such machine. */
export function planMachine(
  spec: Pick<InstanceSpec, 'cpus' | 'memoryMiB' | 'disks' | 'networks'>,
  image: Image,
  { accelerator, root }: MachineChoice,
): PlannedMachine {
  const { cpus = DEFAULT_CPUS, memoryMiB = DEFAULT_MEMORY_MIB, disks } = spec;
  const problem = findProblem({ cpus, memoryMiB, disks }, spec.networks, image);
  if (problem !== undefined) return { kind: 'problem', problem };
  return { kind: 'machine', machine: { accelerator, cpus, memoryMiB, root, disks } };
}

/** A UUID (RFC 9562, version 8) by which the machine of an instance is known, of this home and launcher host only. */
export function machineUuid(home: string, launcherHost: string, instance: string): string {
  const digest = createHash('sha256').update(`cpe\0${home}\0${launcherHost}\0${instance}`).digest();
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x80;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

function findProblem(
  { cpus, memoryMiB, disks }: Pick<Machine, 'cpus' | 'memoryMiB' | 'disks'>,
  networks: readonly string[],
  image: Image,
): string | undefined {
  if (image.architecture !== ARCHITECTURE) {
    return `image ${image.name} is for ${image.architecture}, and QEMU machines here are ${ARCHITECTURE}`;
  }
  if (!Number.isInteger(cpus) || cpus < 1 || cpus > MOST_CPUS)
    return `a machine has 1 to ${MOST_CPUS} cpus, not ${cpus}`;
  if (!Number.isInteger(memoryMiB) || memoryMiB < LEAST_MEMORY_MIB) {
    return `a machine has at least ${LEAST_MEMORY_MIB} MiB of memory, not ${memoryMiB}`;
  }
  const stranger = networks.find((name) => !NETWORKS.includes(name));
  if (stranger !== undefined || networks.length > 1) {
    return `guests here have one network, ${NETWORKS.join()}, not ${networks.join(', ')}`;
  }
  return findDiskProblem(disks);
}

function findDiskProblem(disks: readonly Disk[]): string | undefined {
  if (disks.length > MOST_DISKS) return `a machine has up to ${MOST_DISKS} extra disks, not ${disks.length}`;
  for (const [at, { name, sizeMiB }] of disks.entries()) {
    if (!DISK_NAME.test(name)) return `"${name}" is no name of a disk: up to 20 letters, digits, "_", "-" and "."`;
    if (disks.findIndex((other) => other.name === name) !== at) return `there are two disks with the name ${name}`;
    if (!Number.isInteger(sizeMiB) || sizeMiB < 1) return `disk ${name} has no size of at least 1 MiB: ${sizeMiB}`;
  }
  return undefined;
}
