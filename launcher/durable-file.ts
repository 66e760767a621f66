import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces the file at `path` by `text`: after any crash, of this process or of the machine, the file holds either the
 * old text or the new one, and the new one once the promise has resolved. Calls for one path must not overlap.
 * Rejects with the file system's error (ENOSPC, EACCES ...); then the old text is still there.
 */
export async function replaceFile(path: string, text: string, mode = 0o600): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFile(dirname(path));
}

/** Makes a file's content durable, or a directory's names: what was created, renamed or removed in it. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
