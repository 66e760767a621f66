import { ranges } from './defaults.js';
import type { Located, Tree } from './document-tree.js';
import { parseSize, renderSize, sizeForm } from './quantities.js';
import { isWithin, quote, readEntries, readInteger, readText } from './read-tree.js';
import type { Report } from './report.js';

/** Mebibytes. */
export function readMemory(report: Report, tree: Tree): number | undefined {
  const text = readText(report, tree, sizeForm);
  if (text === undefined) return undefined;
  const value = parseSize(text);
  if (value !== undefined && isWithin(value, ranges.memoryMiB)) return value;
  if (value === undefined) {
    const [, amount, unit] = /^(\d+)([MGT])B?$/i.exec(text) ?? [];
    const hint = unit === undefined ? '' : `, did you mean ${amount}${unit.toUpperCase()}iB?`;
    report.error(tree, `${quote(text)} is not a size${hint}`, sizeForm);
  } else {
    const { least, most } = ranges.memoryMiB;
    report.error(tree, `${quote(text)} is out of range`, `${renderSize(least)} to ${renderSize(most)}`);
  }
  return undefined;
}

/** Amounts by name, of which `memory` is a size and any other a whole number or a size; sizes come out in MiB. */
export function readUtilization(report: Report, tree: Tree | undefined): Record<string, number> {
  if (tree === undefined) return {};
  const amounts: [string, number][] = [];
  for (const { key, at, value } of readEntries(report, tree, 'cpus, memory, or any other name, and how much')) {
    if (key === undefined) continue;
    if (!attributeName.test(key)) report.error(at, `the name ${quote(key)} is not allowed`, attributeNameForm);
    const isSize = key === 'memory' || (value.kind === 'scalar' && /[A-Za-z]/.test(value.text));
    const amount = isSize
      ? readMemory(report, value)
      : readInteger(report, value, { range: ranges.capacity, fallback: 0 });
    if (amount !== undefined) amounts.push([key, amount]);
  }
  return Object.fromEntries(amounts);
}

/** Attributes of a node, by name. */
export function readAttributes(report: Report, tree: Tree | undefined): Record<string, string> {
  if (tree === undefined) return {};
  const attributes: [string, string][] = [];
  for (const { key, at, value } of readEntries(report, tree, 'names and their values')) {
    if (key === undefined) continue;
    checkAttributeName(report, at, key);
    const text = readText(report, value, 'a text');
    if (text !== undefined) attributes.push([key, text]);
  }
  return Object.fromEntries(attributes);
}

const attributeName = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;
const attributeNameForm = 'a letter or _, then letters, digits and _ . -';

/** Attributes by which Pacemaker is told what to do with a node (lib/pengine/unpack.c) are not for describing one. */
function checkAttributeName(report: Report, at: Located, name: string): void {
  if (!attributeName.test(name)) report.error(at, `the name ${quote(name)} is not allowed`, attributeNameForm);
  else if (/^(?:standby|maintenance|terminate|shutdown|(?:fail-count|last-failure)-.*)$/.test(name)) {
    report.error(at, `the attribute ${quote(name)} is Pacemaker's own`, 'another name');
  }
}
