import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './fuzz-target.js';

export interface Regression {
  readonly file: string;
  readonly input: Buffer;
}

/** Inputs that once were findings, of one target. */
export function regressionsOf(target: string): Regression[] {
  const directory = join(regressionsDirectory(), target);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .sort()
    .map((name) => ({ file: join(directory, name), input: readFileSync(join(directory, name)) }));
}

/** Writes the input of a finding where the tests will find it; the path comes back. */
export function saveFinding({ target, kind, input }: Finding): string {
  const directory = join(regressionsDirectory(), target);
  mkdirSync(directory, { recursive: true });
  const digest = createHash('sha256').update(input).digest('hex').slice(0, 12);
  const file = join(directory, `${kind}-${digest}`);
  writeFileSync(file, input);
  return file;
}

/** Beside the sources, whatever directory the compiled code runs from. */
function regressionsDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return join(directory, 'test/fuzz/regressions');
}
