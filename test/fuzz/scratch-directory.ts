import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that is gone with this process. */
export function scratchDirectory(name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `fuzz-${name}-`));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
