/**
 * A boot in which the agent comes first, and without what a guest never needs: an emulated processor takes tens of
 * milliseconds for each unit. `quick-boot: false` in a recipe leaves everything as Debian has it.
 */
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasErrorCode } from '../../launcher/error-code.js';
import { packageRoot } from '../../launcher/package-root.js';
import { bootProgram } from './agent-parts.js';
import { filesBelow } from './files-below.js';
import type { Recipe } from './recipe.js';
import { type Inside, writeInside } from './run-inside.js';

const unitDirectory = '/usr/lib/systemd/system';

/**
 * Generators of systemd for machines that put their storage together at boot, boot otherwise than directly, or are told
 * by the kernel's arguments what to start. Where none is left, systemd does not start a process to run them either.
 */
const generators = [
  'systemd-bless-boot-generator',
  'systemd-cryptsetup-generator',
  'systemd-debug-generator',
  'systemd-getty-generator',
  'systemd-gpt-auto-generator',
  'systemd-hibernate-resume-generator',
  'systemd-integritysetup-generator',
  'systemd-rc-local-generator',
  'systemd-run-generator',
  'systemd-system-update-generator',
  'systemd-veritysetup-generator',
] as const;

/**
 * Units of the base system that do nothing in a guest without firmware storage, foreign binaries, tracing, or an initrd
 * with a systemd of its own. Some of them name others that name others: systemd would read all of these first.
 */
const units = [
  'dev-hugepages.mount',
  'initrd-switch-root.target',
  'proc-sys-fs-binfmt_misc.automount',
  'proc-sys-fs-binfmt_misc.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-binfmt.service',
  'systemd-firstboot.service',
  'systemd-pcrphase.service',
  'systemd-pcrphase-sysinit.service',
  'systemd-pstore.service',
  'systemd-repart.service',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
] as const;

/** What the kernel is told where the agent comes first. */
export function quickBootArguments({ agent, quickBoot }: Pick<Recipe, 'agent' | 'quickBoot'>): readonly string[] {
  return agent && quickBoot ? [`init=${bootProgram}`] : [];
}

export async function prepareQuickBoot(inside: Inside, { hasAgent }: { readonly hasAgent: boolean }): Promise<void> {
  for (const path of await masked(inside.tree)) await link(inside.tree, path, '/dev/null');
  // Of machines and containers alike, without a generator that looks for it.
  await link(inside.tree, 'system/getty.target.wants/console-getty.service', `${unitDirectory}/console-getty.service`);
  if (!hasAgent) return;
  const units = join(packageRoot(), 'tools', 'image', 'units');
  for (const name of filesBelow(units)) {
    const content = await readFile(join(units, name));
    await writeInside(inside, { path: join(unitDirectory, name), content, mode: 0o644, owner: 'root' });
  }
  await link(inside.tree, 'system/cpe-agent.service.d/after-basics.conf', '/dev/null');
  await link(inside.tree, 'system/default.target', `${unitDirectory}/cpe-boot.target`);
}

/** What the recipe has put there stays. */
async function link(tree: string, path: string, target: string): Promise<void> {
  const at = join(tree, 'etc/systemd', path);
  await mkdir(dirname(at), { recursive: true });
  await symlink(target, at).catch((error: unknown) => {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  });
}

/** Paths below `/etc/systemd` that are to be links to /dev/null in this tree. */
async function masked(tree: string): Promise<readonly string[]> {
  const paths = generators.map((name) => `system-generators/${name}`);
  // The kernel mounts the root disk, writable, and the recipe may mount more.
  if (!(await mountsMore(tree))) {
    paths.push('system-generators/systemd-fstab-generator', 'system/systemd-remount-fs.service');
  }
  if (await hasUnitsForAll(tree)) paths.push('system-generators/systemd-sysv-generator');
  return [...paths, ...units.map((unit) => `system/${unit}`)];
}

/** Whether every init script has a unit of the same name, so that none has to be made for it at boot. */
async function hasUnitsForAll(tree: string): Promise<boolean> {
  const [scripts, own, local] = await Promise.all([
    names(join(tree, 'etc/init.d')),
    names(join(tree, 'usr/lib/systemd/system')),
    names(join(tree, 'etc/systemd/system')),
  ]);
  const known = new Set([...own, ...local]);
  return scripts.every((script) => known.has(`${script.replace(/\.sh$/, '')}.service`));
}

/** Whether the file of mounts says anything: Debian's own is a comment. */
async function mountsMore(tree: string): Promise<boolean> {
  const text = await readFile(join(tree, 'etc/fstab'), 'utf8').catch(() => '');
  return /^\s*[^#\s]/m.test(text);
}

async function names(directory: string): Promise<readonly string[]> {
  return readdir(directory).catch(() => []);
}
