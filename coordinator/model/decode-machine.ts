/** What a VM gets besides processors and memory, and what its platform is told. */
import { documentLimits } from './defaults.js';
import type { ExtraDisk } from './deployable.js';
import type { Tree } from './document-tree.js';
import { readMemory } from './read-capacity.js';
import { quote, readEntries, readFields, readItems, readPattern, readText, reportMissing } from './read-tree.js';
import type { Report } from './report.js';

/** A guest finds a disk by its name (`/dev/disk/by-id/virtio-NAME`), which virtio cuts after 20 characters. */
const diskName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$/;
const diskNameForm = 'a letter or digit, then letters, digits, _ and -; at most 20';
/** Of a network: clouds allow nearly anything. */
const networkName = /^[^\s](?:[^\n]{0,253}[^\s])?$/;
const word = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

/** `disks: [{ name: data, size: 10GiB }]` */
export function readDisks(report: Report, tree: Tree, fallback: readonly ExtraDisk[]): readonly ExtraDisk[] {
  const items = readItems(report, tree, 'disks: [{ name: data, size: 10GiB }]');
  const disks = items.slice(0, documentLimits.disks).flatMap((item): ExtraDisk[] => {
    const fields = readFields(report, item, ['name', 'size'] as const);
    if (fields.name === undefined) reportMissing(report, item, 'name', diskNameForm);
    if (fields.size === undefined) reportMissing(report, item, 'size', 'a size: 10GiB');
    const name = fields.name && readPattern(report, fields.name, diskName, diskNameForm);
    const sizeMiB = fields.size && readMemory(report, fields.size);
    return name === undefined || sizeMiB === undefined ? [] : [{ name, sizeMiB }];
  });
  reportCount(report, tree, { count: items.length, what: 'disks', most: documentLimits.disks });
  reportTwice(report, tree, { names: disks.map(({ name }) => name), what: 'disk' });
  return tree.kind === 'list' ? disks : fallback;
}

/** `networks: [front, back]`, by the names that the launcher host has for them, in the order of the guest's interfaces. */
export function readNetworks(report: Report, tree: Tree, fallback: readonly string[]): readonly string[] {
  const items = readItems(report, tree, 'networks: [front, back]');
  const names = items.slice(0, documentLimits.networks).flatMap((item) => {
    return readPattern(report, item, networkName, 'the name of a network of its launcher hosts') ?? [];
  });
  reportCount(report, tree, { count: items.length, what: 'networks', most: documentLimits.networks });
  reportTwice(report, tree, { names, what: 'network' });
  return tree.kind === 'list' ? names : fallback;
}

/** `placement: { zone: b }`: words for the platform's own scheduler, which alone knows what they mean. */
export function readPlacementWords(report: Report, tree: Tree): Record<string, string> {
  const entries = readEntries(report, tree, 'words of the launcher hosts, and texts');
  const words = entries.flatMap(({ key, at, value }): [string, string][] => {
    if (key === undefined) return [];
    if (!word.test(key)) {
      report.error(at, `the word ${quote(key)} is not allowed`, 'a letter or _, then letters, digits and _ . -');
    }
    const text = readText(report, value, 'a text');
    return text === undefined ? [] : [[key, text]];
  });
  return Object.fromEntries(words);
}

function reportCount(
  report: Report,
  tree: Tree,
  { count, what, most }: { readonly count: number; readonly what: string; readonly most: number },
): void {
  if (count > most) report.error(tree, `has ${count} ${what}`, `at most ${most}`);
}

function reportTwice(
  report: Report,
  tree: Tree,
  { names, what }: { readonly names: readonly string[]; readonly what: string },
): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) report.error(tree, `the ${what} ${quote(twice)} is given twice`, 'each once');
}
