import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Image } from '../../images/image.js';
import type { RootDisk } from './machine.js';
import type { QemuCommand } from './qemu-arguments.js';

/** What a kernel must have built in to find its root on NVMe by itself (modules.builtin, see kmod(8)). */
const NEEDED = ['kernel/drivers/nvme/host/nvme.ko', 'kernel/fs/ext4/ext4.ko'];

/** The quickest one that the image's kernel can boot from. */
export async function chooseRootDisk(image: Image): Promise<RootDisk> {
  if (image.initrd === undefined) return 'nvme';
  const modules = join(image.tree, 'usr/lib/modules');
  for (const version of await readdir(modules).catch(() => [])) {
    const builtin = (await readFile(join(modules, version, 'modules.builtin'), 'utf8').catch(() => '')).split('\n');
    if (NEEDED.every((module) => builtin.includes(module))) return 'nvme';
  }
  return 'virtio';
}

/** An initrd is for what the kernel cannot do without. */
export function bootOf(image: Image, root: RootDisk): QemuCommand['boot'] {
  const { kernel, initrd, kernelArguments } = image;
  return { kernel, initrd: root === 'nvme' ? undefined : initrd, kernelArguments };
}
