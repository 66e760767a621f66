import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the checkout, by its path from the root: what is compiled runs from a directory of its own. */
export function sourceFile(path: string): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json'))) {
    if (dirname(root) === root) throw new Error(`no package.json above ${import.meta.dirname}`);
    root = dirname(root);
  }
  return join(root, path);
}
