import { type DomainTag, tagElement } from './domain-tag.js';
import { element, renderXml, type XmlElement } from './xml-text.js';

/** Everything that a domain is made of; every path is absolute. */
export interface DomainPlan {
  readonly name: string;
  readonly uuid: string;
  readonly tag: DomainTag;
  readonly type: 'kvm' | 'qemu';
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly boot: {
    readonly kernel: string;
    readonly initrd: string | undefined;
    /** Without `root=` and `console=`. */
    readonly kernelArguments: readonly string[];
  };
  readonly root: { readonly file: string; readonly base: string };
  /** `name`: the disk's serial number, by which the guest finds it as /dev/disk/by-id/virtio-<name>. */
  readonly disks: readonly { readonly name: string; readonly file: string }[];
  readonly interfaces: readonly DomainInterface[];
  readonly consoleLog: string;
  /** Name of a fw_cfg entry to the file with its content: nothing secret is in the description. */
  readonly firmwareFiles: ReadonlyMap<string, string>;
  /** As whom libvirtd runs its QEMU; files belong to it already. Undefined: as libvirtd itself. */
  readonly guestUser: { readonly uid: number; readonly gid: number } | undefined;
}

export type DomainInterface =
  | { readonly kind: 'bridge'; readonly bridge: string; readonly mac: string }
  /** A virtual network of libvirt's. */
  | { readonly kind: 'network'; readonly network: string; readonly mac: string }
  /** QEMU's own, without privileges: `address` of the /24 without its last number and dot. */
  | { readonly kind: 'user'; readonly network: string; readonly mac: string };

/** The root disk is there as NVMe, which Debian's kernels have built in: they boot from it without an initrd. */
const ROOT_DEVICE = '/dev/nvme0n1';
const ROOT_ALIAS = 'ua-cpe-root';
const FIRST_EXTRA_DISK = 'b'.charCodeAt(0);

/**
 * A domain as libvirt takes it (libvirt, "Domain XML format"), for x86-64. It is meant to be transient: whatever ends its
 * QEMU ends it for good, and nobody can start it a second time.
 */
export function domainXml(plan: DomainPlan): string {
  return renderXml(
    element('domain', { type: plan.type, 'xmlns:qemu': 'http://libvirt.org/schemas/domain/qemu/1.0' }, [
      element('name', {}, plan.name),
      element('uuid', {}, plan.uuid),
      element('metadata', {}, [tagElement(plan.tag)]),
      element('memory', { unit: 'MiB' }, `${plan.memoryMiB}`),
      element('vcpu', {}, `${plan.cpus}`),
      firmwareElement(plan),
      bootElement(plan),
      element('features', {}, [element('acpi'), element('apic')]),
      cpuElement(plan),
      element('clock', { offset: 'utc' }, [element('timer', { name: 'rtc', tickpolicy: 'catchup' })]),
      element('on_poweroff', {}, 'destroy'),
      element('on_reboot', {}, 'restart'),
      // A guest that has panicked runs nothing any more: its domain ends by itself, also while no launcherd runs.
      element('on_crash', {}, 'destroy'),
      devicesElement(plan),
      ownershipElement(plan),
      nvmeElement(),
    ]),
  );
}

function firmwareElement({ firmwareFiles }: DomainPlan): XmlElement | undefined {
  if (firmwareFiles.size === 0) return undefined;
  const entries = [...firmwareFiles].map(([name, file]) => element('entry', { name, file }));
  return element('sysinfo', { type: 'fwcfg' }, entries);
}

function bootElement({ boot }: DomainPlan): XmlElement {
  return element('os', {}, [
    element('type', { arch: 'x86_64', machine: 'q35' }, 'hvm'),
    element('kernel', {}, boot.kernel),
    boot.initrd === undefined ? undefined : element('initrd', {}, boot.initrd),
    element('cmdline', {}, [`root=${ROOT_DEVICE}`, 'console=ttyS0', ...boot.kernelArguments].join(' ')),
  ]);
}

function cpuElement({ type }: DomainPlan): XmlElement {
  return type === 'kvm'
    ? element('cpu', { mode: 'host-passthrough', migratable: 'off' })
    : element('cpu', { mode: 'maximum' });
}

function devicesElement(plan: DomainPlan): XmlElement {
  return element('devices', {}, [
    rootDiskElement(plan),
    ...plan.disks.map(({ name, file }, at) =>
      element('disk', { type: 'file', device: 'disk' }, [
        driverElement(),
        element('source', { file }),
        element('target', { dev: `vd${String.fromCharCode(FIRST_EXTRA_DISK + at)}`, bus: 'virtio' }),
        element('serial', {}, name),
      ]),
    ),
    element('controller', { type: 'usb', model: 'none' }),
    ...plan.interfaces.map(interfaceElement),
    element('serial', { type: 'file' }, [element('source', { path: plan.consoleLog, append: 'on' })]),
    element('rng', { model: 'virtio' }, [element('backend', { model: 'random' }, '/dev/urandom')]),
    element('panic', { model: 'isa' }),
    element('memballoon', { model: 'none' }),
  ]);
}

/**
 * What it is based on is named, so that libvirtd need not find out: an image belongs to nobody's guest, and must not come
 * to belong to one.
 */
function rootDiskElement({ root }: DomainPlan): XmlElement {
  return element('disk', { type: 'file', device: 'disk' }, [
    driverElement(),
    element('source', { file: root.file }),
    element('backingStore', { type: 'file' }, [
      element('format', { type: 'qcow2' }),
      element('source', { file: root.base }),
      element('backingStore'),
    ]),
    element('target', { dev: 'vda', bus: 'virtio' }),
    element('serial', {}, 'root'),
    element('alias', { name: ROOT_ALIAS }),
  ]);
}

/**
 * What a guest has flushed need not outlive a power failure of the launcher host, because the guest does not either, and
 * its disks go with it: `unsafe` leaves out nothing but the host's flushes.
 */
function driverElement(): XmlElement {
  return element('driver', { name: 'qemu', type: 'qcow2', cache: 'unsafe', discard: 'unmap' });
}

function interfaceElement(wired: DomainInterface): XmlElement {
  const common = [
    element('mac', { address: wired.mac }),
    element('model', { type: 'virtio' }),
    element('rom', { enabled: 'no' }),
  ];
  switch (wired.kind) {
    case 'bridge':
      return element('interface', { type: 'bridge' }, [element('source', { bridge: wired.bridge }), ...common]);
    case 'network':
      return element('interface', { type: 'network' }, [element('source', { network: wired.network }), ...common]);
    case 'user': {
      const [address, prefix] = wired.network.split('/');
      return element('interface', { type: 'user' }, [...common, element('ip', { family: 'ipv4', address, prefix })]);
    }
  }
}

/** libvirtd is not to give files to its guests' user: they have theirs, and images and kernels stay whose they are. */
function ownershipElement({ guestUser }: DomainPlan): XmlElement | undefined {
  if (guestUser === undefined) return undefined;
  return element('seclabel', { type: 'static', model: 'dac', relabel: 'no' }, [
    element('label', {}, `+${guestUser.uid}:+${guestUser.gid}`),
  ]);
}

/**
 * libvirt has no emulated NVMe disk before version 11: the device of the root disk is replaced by QEMU's own. For libvirt
 * it stays a disk, to which it gives access where AppArmor or SELinux asks for it. Guests with QEMU's NVMe cannot be
 * migrated or saved, and so never come to run in two places.
 */
function nvmeElement(): XmlElement {
  return element('qemu:override', {}, [
    element('qemu:device', { alias: ROOT_ALIAS }, [
      element('qemu:frontend', {}, [element('qemu:property', { name: 'driver', type: 'string', value: 'nvme' })]),
    ]),
  ]);
}
