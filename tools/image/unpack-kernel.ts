import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bakeFailure } from './bake-failure.js';
import { runInside } from './run-inside.js';
import { runTool } from './run-tool.js';

/** `name=version` of every package in a tree. */
export async function installedPackages(tree: string, signal: AbortSignal): Promise<readonly string[]> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own form
  const format = '${Package}=${Version}\\n';
  const words = ['dpkg-query', `--admindir=${join(tree, 'var/lib/dpkg')}`, '--show', `--showformat=${format}`] as const;
  const listed = await runTool([...words], { signal, purpose: 'could not list the packages' });
  return listed.trim().split('\n');
}

/** Puts kernel, modules and busybox beside the tree; returns their packages. */
export async function unpackKernel(fresh: string, signal: AbortSignal): Promise<readonly string[]> {
  const downloads = join(fresh, 'downloads');
  const packages: string[] = [];
  const unpacked = join(downloads, 'unpacked');
  for (const name of (await readdir(downloads)).filter((each) => each.endsWith('.deb')).sort()) {
    const file = join(downloads, name);
    await runTool(['dpkg-deb', '--extract', file, unpacked], { signal, purpose: `could not unpack ${name}` });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own form
    const format = '--showformat=${Package}=${Version}';
    packages.push(await runTool(['dpkg-deb', '--show', format, file], { signal, purpose: `could not read ${name}` }));
  }
  const modules = await firstOf(unpacked, ['lib/modules', 'usr/lib/modules']);
  const busybox = await firstOf(unpacked, ['bin/busybox', 'usr/bin/busybox']);
  const [version = '', ...others] = modules === undefined ? [] : await readdir(modules);
  const kernel = await firstOf(unpacked, [`boot/vmlinuz-${version}`]);
  if (modules === undefined || kernel === undefined || busybox === undefined || others.length > 0) {
    throw bakeFailure(`there is no kernel in ${packages.join(', ')}`, 'name another package under kernel.package');
  }
  await rename(kernel, join(fresh, 'kernel'));
  await rename(busybox, join(fresh, 'busybox'));
  await indexModules(fresh, { from: modules, version, signal });
  return packages;
}

/** depmod(8) of the tree reads them where it expects them; afterwards they are beside it. */
async function indexModules(
  fresh: string,
  { from, version, signal }: { readonly from: string; readonly version: string; readonly signal: AbortSignal },
): Promise<void> {
  const tree = join(fresh, 'tree');
  const inTree = join(tree, 'usr/lib/modules');
  await mkdir(inTree, { recursive: true });
  await rename(join(from, version), join(inTree, version));
  await runInside({ tree, signal }, ['depmod', version], { purpose: 'could not index the modules of the kernel' });
  await mkdir(join(fresh, 'modules'));
  await rename(join(inTree, version), join(fresh, 'modules', version));
}

/** The first of these paths that is there. */
async function firstOf(directory: string, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await stat(join(directory, path)).catch(() => undefined);
    if (found !== undefined) return join(directory, path);
  }
  return undefined;
}
