import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from '../../launcher/error-code.js';

/**
 * Removes what one machine has and no other may have: options of mmdebstrap (a proxy's password may be in them), passwords
 * in the addresses of mirrors, ids, caches, logs, and what is gone at a boot anyway.
 */
export async function removeTraces(tree: string): Promise<void> {
  const own = ['etc/apt/apt.conf.d/99mmdebstrap', 'etc/dpkg/dpkg.cfg.d/99mmdebstrap'];
  const machines = ['etc/machine-id', 'var/lib/dbus/machine-id'];
  const passing = ['var/cache/ldconfig/aux-cache', 'var/lib/systemd/random-seed', 'var/lib/systemd/credential.secret'];
  for (const path of [...own, ...machines, ...passing]) await rm(join(tree, path), { force: true });
  for (const directory of ['var/log', 'var/cache/apt', 'var/lib/apt/lists', 'tmp', 'run', 'var/tmp']) {
    await removeContents(join(tree, directory));
  }
  await removeCredentials(join(tree, 'etc/apt'));
}

/** Directories stay, since programs expect theirs; the logs in them go. */
async function removeContents(directory: string): Promise<void> {
  for (const entry of await entriesOf(directory)) {
    const path = join(directory, entry.name);
    const isLogDirectory = entry.isDirectory() && directory.includes('/var/log');
    if (isLogDirectory) await removeContents(path);
    else await rm(path, { recursive: true, force: true });
  }
}

/** `https://user:password@mirror/` in sources. */
async function removeCredentials(directory: string): Promise<void> {
  const files = [
    join(directory, 'sources.list'),
    ...(await entriesOf(join(directory, 'sources.list.d'))).map(({ name }) => join(directory, 'sources.list.d', name)),
  ];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const clean = text.replace(/(\b[a-z+]+:\/\/)[^/\s@]+@/g, '$1');
    if (clean !== text) await writeFile(file, clean);
  }
}

async function entriesOf(directory: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}
