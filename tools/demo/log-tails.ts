import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { DemoDirectory } from './demo-directory.js';

const linesOfEach = 6;
const lineWidth = 200;
/** Named like logs, but no reading for people, or only the demo's own requests. */
const leftOut = ['outbox.log', 'access.log', 'front.shipper.log'];

/** The ends of all logs below the directory, for whoever has to find out why the demo failed. */
export function logTails({ root }: DemoDirectory): string[] {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.log') && !leftOut.includes(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return files.sort().flatMap((file) => {
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-linesOfEach);
    return lines.join('') === ''
      ? []
      : [`-- ${relative(root, file)}`, ...lines.map((line) => `   ${line.slice(0, lineWidth)}`)];
  });
}
