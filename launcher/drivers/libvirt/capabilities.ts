import { findElement, findElements, readXml } from './xml-text.js';

/** What a libvirtd offers that decides how domains are made. */
export interface Capabilities {
  /** That it can start domains with KVM; whether KVM works there is another matter. */
  readonly hasKvm: boolean;
  readonly hasQemu: boolean;
  /** Path of the QEMU that it starts for guests of this architecture. */
  readonly emulator: string;
  /** As whom it runs guests; undefined where they run as whoever runs libvirtd. */
  readonly guestUser: { readonly uid: number; readonly gid: number } | undefined;
}

/** From libvirt's capabilities (libvirt, "Driver capabilities"); `arch` in QEMU's words. Undefined for no such document. */
export function parseCapabilities(xml: string, arch: string): Capabilities | undefined {
  const root = readXml(xml);
  if (root?.name !== 'capabilities') return undefined;
  const guest = findElements(root, 'guest').find(
    (candidate) =>
      findElement(candidate, 'os_type')?.text.trim() === 'hvm' &&
      findElement(candidate, 'arch')?.attributes.name === arch,
  );
  const types = findElements(findElement(guest, 'arch'), 'domain').map(({ attributes }) => attributes.type);
  const models = findElements(findElement(root, 'host'), 'secmodel');
  const dac = models.find((model) => findElement(model, 'model')?.text.trim() === 'dac');
  const label = findElement(dac, 'baselabel')?.text.trim();
  const [, uid, gid] = /^\+(\d+):\+(\d+)$/.exec(label ?? '') ?? [];
  return {
    hasKvm: types.includes('kvm'),
    hasQemu: types.includes('qemu'),
    emulator: findElement(guest, 'arch', 'emulator')?.text.trim() ?? '',
    guestUser: uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) },
  };
}
