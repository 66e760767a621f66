import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';

/** Everything that the demo writes is below `root`. */
export interface DemoDirectory {
  readonly root: string;
  /** Home of the coordinator. */
  readonly home: string;
  /** The deployable document. */
  readonly document: string;
  /** Where its children put temporary files. */
  readonly temporary: string;
}

/** Makes a fresh directory below $TMPDIR, with the document and the places that the resources write to. */
export function createDemoDirectory(): DemoDirectory {
  // The sockets of the coordinator need a short path (unix(7): 108 bytes).
  const root = mkdtempSync(join(tmpdir(), 'cpe-demo-'));
  const data = join(root, 'data');
  const temporary = join(root, 'tmp');
  for (const directory of [join(data, 'db'), join(data, 'front'), temporary]) mkdirSync(directory, { recursive: true });
  const document = join(root, 'shop.yaml');
  const scripts = join(packageRoot(), 'tools', 'demo');
  const values = { data, node: process.execPath, programs: import.meta.dirname, scripts };
  writeFileSync(document, fillIn(readFileSync(join(scripts, 'shop.yaml'), 'utf8'), values));
  return { root, home: join(root, 'home'), document, temporary };
}

export function removeDemoDirectory({ root }: DemoDirectory): void {
  rmSync(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Replaces `@name@`, which stands in double quotes in the document. */
function fillIn(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/@(\w+)@/g, (word, name: string) => {
    const value = values[name];
    // A dollar sign would begin a reference.
    return value === undefined ? word : JSON.stringify(value).slice(1, -1).replaceAll('$', '$$$$');
  });
}
