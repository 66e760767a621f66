import { didYouMean } from '../../coordinator/model/names.js';

/**
 * What guests on QEMU, libvirt, OpenStack and in clouds need: disks, networks, consoles, randomness, the disk with the
 * identity, power buttons, a panic that is noticed; and what resources in them use.
 */
export const usualModules = [
  // Devices of a hypervisor. nvme and ext4 are part of Debian's cloud kernels.
  'virtio_pci',
  'virtio_net',
  'virtio_blk',
  'virtio_scsi',
  'virtio_rng',
  'virtio_console',
  'virtio_balloon',
  'vmw_vsock_virtio_transport',
  'ata_piix',
  'sd_mod',
  'sr_mod',
  // Identity and addresses: an ISO 9660 or FAT disk, or fw_cfg.
  'isofs',
  'vfat',
  'nls_cp437',
  'nls_ascii',
  'nls_iso8859_1',
  'qemu_fw_cfg',
  // An orderly end, and one that is seen.
  'button',
  'evdev',
  'pvpanic_pci',
  'softdog',
  // What systemd and resources ask for.
  'autofs4',
  'overlay',
  'loop',
  'fuse',
  'virtiofs',
  'tun',
  'veth',
  'bridge',
  'dummy',
  'ip_tables',
  'iptable_filter',
  'nf_tables',
  'nft_compat',
  'xt_tcpudp',
  'xt_multiport',
  'xt_comment',
  'ipt_REJECT',
] as const;

/** Those without which a root disk cannot be reached, in the order in which they are asked for. */
export const initrdModules = {
  always: ['virtio_pci', 'virtio_blk', 'virtio_net', 'virtio_rng'],
  /** Where there is a SCSI controller of virtio (PCI device 1004 or 1048). */
  scsi: ['virtio_scsi', 'sd_mod'],
  /** Where there is an IDE controller (PCI class 0101). */
  ide: ['ata_piix', 'sd_mod'],
} as const;

export interface ModuleIndex {
  /** Path below `/lib/modules/VERSION` by name. */
  readonly paths: ReadonlyMap<string, string>;
  /** What each path needs, by path: nearest first (modules.dep(5)). */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Names of what is part of the kernel. */
  readonly builtin: ReadonlySet<string>;
}

/** Reads `modules.dep` and `modules.builtin`. */
export function indexModules(dependencies: string, builtin: string): ModuleIndex {
  const paths = new Map<string, string>();
  const needs = new Map<string, readonly string[]>();
  for (const line of dependencies.split('\n')) {
    const [path, rest] = line.split(':');
    if (path === undefined || rest === undefined) continue;
    paths.set(moduleName(path), path);
    needs.set(path, rest.trim() === '' ? [] : rest.trim().split(/\s+/));
  }
  return {
    paths,
    needs,
    builtin: new Set(
      builtin
        .split('\n')
        .filter((line) => line !== '')
        .map(moduleName),
    ),
  };
}

export type ChosenModules =
  | { readonly kind: 'modules'; readonly paths: readonly string[] }
  | { readonly kind: 'unknown'; readonly problem: string };

/**
 * The paths of the modules with these names and of all that they need, each after what it needs. What is part of the
 * kernel is left out; so is an optional one that this kernel does not have. `problem` names one that has to be there.
 */
export function chooseModules(
  { paths, needs, builtin }: ModuleIndex,
  { optional, required }: { readonly optional: readonly string[]; readonly required: readonly string[] },
): ChosenModules {
  const chosen = new Set<string>();
  for (const name of [...optional, ...required].map((each) => each.replaceAll('-', '_'))) {
    const path = paths.get(name);
    if (path !== undefined) {
      for (const needed of (needs.get(path) ?? []).toReversed()) chosen.add(needed);
      chosen.add(path);
    } else if (!builtin.has(name) && !optional.includes(name)) {
      const meant = didYouMean(name, paths.keys());
      return { kind: 'unknown', problem: `the kernel has no module ${name}${meant}` };
    }
  }
  return { kind: 'modules', paths: [...chosen] };
}

/** `kernel/fs/nls/nls_iso8859-1.ko.xz` is `nls_iso8859_1`: the kernel makes no difference between - and _. */
function moduleName(path: string): string {
  const file = path.slice(path.lastIndexOf('/') + 1);
  return file.replace(/\.ko(?:\.[a-z]+)?$/, '').replaceAll('-', '_');
}
