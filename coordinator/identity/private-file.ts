import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Files that only their owner may read, in directories that only their owner may enter. A reader sees the old content
 * or the new one, never a part; a crash leaves one of the two.
 */
export async function replacePrivateFile(file: string, content: string | Uint8Array): Promise<void> {
  const fresh = await writeAside(file, content);
  await rename(fresh, file);
}

/** The content of the file, which is made from `create()` when there is none yet. Of two who race, one wins for both. */
export async function readOrCreatePrivateFile(file: string, create: () => string | Promise<string>): Promise<string> {
  const existing = await readIfThere(file);
  if (existing !== undefined) return existing;
  const fresh = await writeAside(file, await create());
  try {
    await link(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return readFile(file, 'utf8');
}

export async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

async function writeAside(file: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomBytes(6).toString('hex')}.new`;
  const handle = await open(fresh, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return fresh;
}
