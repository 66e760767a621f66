import { fwCfgDirectory } from '../../../proto/guest-credentials.js';
import { guestFiles } from './guest-directory.js';
import type { Machine, RootDisk } from './machine.js';

export interface QemuCommand {
  /** Path of qemu-system-x86_64. */
  readonly binary: string;
  readonly machine: Machine;
  readonly instance: string;
  readonly uuid: string;
  readonly boot: {
    readonly kernel: string;
    readonly initrd: string | undefined;
    /** Without `root=` and `console=`. */
    readonly kernelArguments: readonly string[];
  };
  readonly network: Wiring;
  /** Names of the files in the guest's directory that it is given by fw_cfg. */
  readonly credentials: readonly string[];
  /** Waits, with its processors stopped, for a saved machine on its standard input instead of booting. */
  readonly isRestored?: boolean;
}

/** How a guest's interface is connected to the launcher host. */
export type Wiring =
  | { readonly kind: 'tap'; readonly tap: string; readonly mac: string }
  /** By QEMU itself, without privileges: the guest reaches the host's networks, and nobody reaches the guest. */
  | { readonly kind: 'user'; readonly network: string; readonly host: string; readonly mac: string }
  /** Not yet: it is plugged in when it runs (`hotplugPort`), because a saved machine would have that of its template. */
  | { readonly kind: 'later' };

/** Where the interface of a restored machine is plugged in. */
export const hotplugPort = 'net-port';

/**
 * The command line of a machine, to be run in the guest's directory: every file that QEMU writes, and what is secret, is
 * named relative to it. Options are those of QEMU 7.2 and later (qemu-system-x86_64(1)).
 */
export function qemuArguments(command: QemuCommand): string[] {
  const { machine, instance, uuid } = command;
  return [
    command.binary,
    ...['-name', `guest=${instance}`],
    ...['-uuid', uuid],
    ...['-no-user-config', '-nodefaults'],
    ...['-display', 'none'],
    ...['-machine', 'q35,usb=off,vmport=off,dump-guest-core=off'],
    ...ACCELERATOR_ARGUMENTS[machine.accelerator],
    ...['-smp', `${machine.cpus}`],
    ...['-m', `${machine.memoryMiB}M`],
    ...['-rtc', 'base=utc,driftfix=slew'],
    // Not `spawn`-ing and not becoming anybody else are what a guest that has broken out of its machine cannot do.
    ...['-sandbox', 'on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny'],
    ...['-msg', 'timestamp=on'],
    // A guest that has panicked runs nothing any more: its machine ends by itself, also while no launcherd runs.
    ...['-action', 'reboot=reset,shutdown=poweroff,panic=exit-failure'],
    // It tells so by either device, whichever its kernel has a driver for.
    ...['-device', 'pvpanic', '-device', 'pvpanic-pci'],
    ...['-object', 'rng-random,id=random,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=random'],
    ...diskArguments(machine),
    ...networkArguments(command.network),
    ...command.credentials.flatMap((name) => ['-fw_cfg', `name=${fwCfgDirectory}/${name},file=${name}`]),
    ...monitorArguments(),
    ...['-chardev', `file,id=console,path=${guestFiles.console},append=on`, '-serial', 'chardev:console'],
    ...bootArguments(command),
    ...(command.isRestored === true ? ['-S', '-incoming', 'fd:0'] : []),
  ];
}

/** A disk of its own in the guest's directory, for the one at this place among the extra ones. */
export function extraDiskFile(at: number): string {
  return `disk-${at}.qcow2`;
}

/** Page tables of five levels are for terabytes, and cost an emulated machine a sixth of its time. */
const ACCELERATOR_ARGUMENTS = {
  kvm: ['-accel', 'kvm', '-cpu', 'host'],
  tcg: ['-accel', 'tcg,thread=multi', '-cpu', 'max,la57=off'],
} as const satisfies Record<Machine['accelerator'], readonly string[]>;

/**
 * What a guest has flushed need not outlive a power failure of the launcher host, because the guest does not either, and
 * its disks go with it. So flushing stops at the host's cache, which every other end of QEMU leaves alone.
 */
function diskArguments({ root, disks }: Machine): string[] {
  const blockdev = (node: string, file: string) => [
    '-blockdev',
    `driver=qcow2,node-name=${node},discard=unmap,cache.no-flush=on,file.driver=file,file.filename=${file},file.cache.no-flush=on`,
  ];
  return [
    ...blockdev('root', guestFiles.root),
    ...['-device', `${ROOT_DISKS[root].driver},id=root-disk,serial=root,drive=root`],
    ...disks.flatMap(({ name }, at) => [
      ...blockdev(`disk-${at}`, extraDiskFile(at)),
      ...['-device', `virtio-blk-pci,id=virtio-disk-${at},drive=disk-${at},serial=${name}`],
    ]),
  ];
}

const ROOT_DISKS = {
  nvme: { driver: 'nvme', device: '/dev/nvme0n1' },
  virtio: { driver: 'virtio-blk-pci', device: '/dev/vda' },
} as const satisfies Record<RootDisk, { readonly driver: string; readonly device: string }>;

function networkArguments(wiring: Wiring): string[] {
  // Without its ROM, from which the machine could boot.
  const device = (mac: string) => ['-device', `virtio-net-pci,id=nic,netdev=net,mac=${mac},romfile=`];
  switch (wiring.kind) {
    case 'tap':
      return ['-netdev', `tap,id=net,ifname=${wiring.tap},script=no,downscript=no`, ...device(wiring.mac)];
    case 'user':
      return ['-netdev', `user,id=net,net=${wiring.network},host=${wiring.host}`, ...device(wiring.mac)];
    case 'later':
      return ['-device', `pcie-root-port,id=${hotplugPort},chassis=1,slot=1`];
  }
}

/**
 * Three monitors: the launcher's, one for people, and one whose client is a file. QEMU opens `<path>.in` and `<path>.out`
 * for a character device of kind `pipe`, whatever they are. Here they are plain files, the first of which tells the
 * monitor to leave its negotiation mode: from then on it writes every event to the second, whether or not anybody
 * listens elsewhere. That is what is left to read when QEMU has ended.
 */
function monitorArguments(): string[] {
  const monitor = (id: string, backend: string) => ['-chardev', backend, '-mon', `chardev=${id},mode=control`];
  return [
    ...monitor('record', `pipe,id=record,path=${guestFiles.record}`),
    ...monitor('control', `socket,id=control,path=${guestFiles.control},server=on,wait=off`),
    ...monitor('operator', `socket,id=operator,path=${guestFiles.operator},server=on,wait=off`),
  ];
}

/** What the file `record.in` has to say. */
export const recordInput = '{"execute":"qmp_capabilities"}\n';

function bootArguments({ boot, machine }: QemuCommand): string[] {
  const { kernel, initrd, kernelArguments } = boot;
  const append = [`root=${ROOT_DISKS[machine.root].device}`, 'console=ttyS0', ...kernelArguments].join(' ');
  return ['-kernel', kernel, ...(initrd === undefined ? [] : ['-initrd', initrd]), '-append', append];
}
