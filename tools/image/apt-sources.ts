import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '../../launcher/error-code.js';
import type { Recipe } from './recipe.js';

export interface PackageSources {
  /** Arguments of mmdebstrap: files, URIs or lines of sources.list(5); none: Debian's own mirror. */
  readonly words: readonly string[];
  /** Of what they say. */
  readonly digest: string;
  /** For people. */
  readonly label: string;
}

const apt = '/etc/apt';

/** Where the packages of a recipe come from: what it says, otherwise those sources of this machine that have its suite. */
export function packageSources({ sources, suite }: Pick<Recipe, 'sources' | 'suite'>): PackageSources {
  if (sources.length > 0) return { words: sources, digest: digestOf(sources), label: sources.join(', ') };
  const found = sourceFiles().flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    return hasSuite(text, suite) ? [{ file, text }] : [];
  });
  const words = found.map(({ file }) => file);
  const label = words.length === 0 ? "Debian's mirror" : words.join(', ');
  return { words, digest: digestOf(found.map(({ text }) => text)), label };
}

function sourceFiles(): readonly string[] {
  const below = join(apt, 'sources.list.d');
  const names = namesIn(below).filter((name) => /\.(?:list|sources)$/.test(name));
  const main = namesIn(apt).includes('sources.list') ? [join(apt, 'sources.list')] : [];
  return [...main, ...names.sort().map((name) => join(below, name))];
}

/** One-line and deb822 form alike: the suite is a word of a line that is no comment. */
function hasSuite(text: string, suite: string): boolean {
  return text
    .split('\n')
    .filter((line) => /^(?:deb\s|Suites:)/i.test(line))
    .some((line) => line.split(/\s+/).includes(suite));
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function digestOf(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
