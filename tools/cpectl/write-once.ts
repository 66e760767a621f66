import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type CommandOutcome, exitCodes, failure } from './exit-code.js';

/**
 * For a secret that is told once: its file is opened before it is asked for, readable by the owner alone, and is gone again
 * when nothing was written. `write` resolves with the file's path.
 */
export async function writeOnce(
  file: string,
  work: (write: (content: string) => Promise<string>) => Promise<CommandOutcome>,
): Promise<CommandOutcome> {
  const path = resolve(file);
  const handle = await open(path, 'wx', 0o600).catch((error: Error) => error);
  if (handle instanceof Error) return failure(exitCodes.failed, `${path} cannot be written: ${handle.message}`);
  let isWritten = false;
  try {
    return await work(async (content) => {
      await handle.writeFile(content);
      await handle.sync();
      isWritten = true;
      return path;
    });
  } finally {
    await handle.close();
    if (!isWritten) await rm(path, { force: true });
  }
}
