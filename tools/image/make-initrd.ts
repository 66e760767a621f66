import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';
import { bakeFailure } from './bake-failure.js';
import type { BaseTree } from './base-tree.js';
import { type CpioEntry, renderCpio } from './cpio-archive.js';
import { chooseModules, initrdModules, type ModuleIndex } from './kernel-modules.js';
import { runTool } from './run-tool.js';

/**
 * A small initrd for launchers whose disks are virtio, SCSI or IDE, which are modules of Debian's cloud kernel; a guest
 * on an NVMe disk boots without. Not compressed: unpacking costs an emulated processor more than reading.
 */
export async function makeInitrd(base: BaseTree, index: ModuleIndex, signal: AbortSignal): Promise<Buffer> {
  const directories = ['bin', 'dev', 'proc', 'sys', 'newroot', 'modules'];
  const entries: CpioEntry[] = directories.map((path) => ({ kind: 'directory', path }));
  entries.push({ kind: 'character-device', path: 'dev/console', major: 5, minor: 1 });
  const program = async (path: string, from: string) =>
    entries.push({ kind: 'file', path, content: await readFile(from), mode: 0o755 });
  await program('bin/busybox', base.busybox);
  await program('init', join(packageRoot(), 'tools', 'image', 'initrd-init.sh'));
  for (const [group, names] of Object.entries(initrdModules)) {
    entries.push({ kind: 'directory', path: `modules/${group}` });
    const chosen = chooseModules(index, { optional: names, required: [] });
    if (chosen.kind === 'unknown') throw bakeFailure(chosen.problem);
    for (const [position, path] of chosen.paths.entries()) {
      // The shell takes them in the order of their names.
      const name = `${String(position).padStart(2, '0')}-${basename(path).replace(/\.xz$/, '')}`;
      const content = await readModule(join(base.modules, path), signal);
      entries.push({ kind: 'file', path: `modules/${group}/${name}`, content, mode: 0o644 });
    }
  }
  return renderCpio(entries);
}

/** insmod of busybox takes no compressed ones. */
async function readModule(path: string, signal: AbortSignal): Promise<Buffer> {
  if (!path.endsWith('.xz')) return readFile(path);
  const plain = await runTool(['xz', '--decompress', '--stdout', path], {
    signal,
    purpose: `could not unpack ${basename(path)}`,
    encoding: 'latin1',
  });
  return Buffer.from(plain, 'latin1');
}
