import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Paths of all files below a directory, relative to it, sorted. */
export function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}
