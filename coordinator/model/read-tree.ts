/**
 * Typed values out of a document tree. Each reader reports what is wrong with its value and then returns the fallback it
 * was given, so that reading goes on and finds every problem; a model made with fallbacks never leaves the parser.
 */

import { documentLimits, type Range } from './defaults.js';
import { isNull, type Located, type MapTree, type Tree, type TreeEntry } from './document-tree.js';
import { didYouMean } from './names.js';
import { durationForm, parseDuration, renderDuration } from './quantities.js';
import type { Report } from './report.js';

/** The entries of a map whose keys are known, by key; a key without a value counts as left out. */
export function readFields<Key extends string>(
  report: Report,
  tree: Tree,
  keys: readonly Key[],
): Partial<Record<Key, Tree>> {
  const fields: Partial<Record<Key, Tree>> = {};
  for (const { key, at, value } of readEntries(report, tree, keys.join(', '))) {
    const known = keys.find((candidate) => candidate === key);
    if (known !== undefined) {
      if (!isNull(value)) fields[known] ??= value;
    } else if (key !== undefined) {
      report.error(at, `unknown key ${quote(key)}${didYouMean(key, keys)}`, keys.join(', '));
    }
  }
  return fields;
}

/** The entries of a map whose keys are names. A name given twice is reported, and both are there to be read on. */
export function readEntries(report: Report, tree: Tree, allowed: string): readonly TreeEntry[] {
  if (tree.kind === 'invalid' || isNull(tree)) return [];
  if (tree.kind !== 'map') {
    report.error(tree, `a map is expected, not ${describe(tree)}`, allowed);
    return [];
  }
  reportDuplicates(report, tree);
  return tree.entries;
}

/** The items of a list; `allowed` says what one is. */
export function readItems(report: Report, tree: Tree, allowed: string): readonly Tree[] {
  if (tree.kind === 'invalid' || isNull(tree)) return [];
  if (tree.kind !== 'list') {
    report.error(tree, `a list is expected, not ${describe(tree)}`, allowed);
    return [];
  }
  return tree.items;
}

/** The text of a scalar that CIB, environment and argv can all carry; undefined (and reported) for anything else. */
export function readText(report: Report, tree: Tree, allowed: string): string | undefined {
  if (tree.kind === 'invalid') return undefined;
  if (tree.kind !== 'scalar') {
    report.error(tree, `a text is expected, not ${describe(tree)}`, allowed);
    return undefined;
  }
  if (isNull(tree)) {
    report.error(tree, `has no value${tree.text === '' ? '' : ` (${tree.text} without quotes is none)`}`, allowed);
    return undefined;
  }
  if (tree.text.length > documentLimits.textLength) {
    report.error(tree, `is ${tree.text.length} characters long`, `at most ${documentLimits.textLength}`);
    return undefined;
  }
  // XML 1.0 (production Char) has no way to write these, so no CIB can hold them; NUL also ends any argument.
  const unusable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(tree.text);
  if (unusable !== null) {
    const code = (unusable[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const at = { ...tree.placeOf(unusable.index), path: tree.path };
    report.error(at, `contains the character U+${code}`, 'characters that XML 1.0 allows');
    return undefined;
  }
  return tree.text;
}

/** A text of which `pattern` matches the whole; `allowed` says so for people. */
export function readPattern(report: Report, tree: Tree, pattern: RegExp, allowed: string): string | undefined {
  const text = readText(report, tree, allowed);
  if (text === undefined || pattern.test(text)) return text;
  report.error(tree, `${quote(text)} is not allowed here`, allowed);
  return undefined;
}

export function readChoice<Choice extends string>(
  report: Report,
  tree: Tree | undefined,
  options: { readonly choices: readonly Choice[]; readonly fallback: Choice },
): Choice {
  if (tree === undefined) return options.fallback;
  const allowed = options.choices.join(', ');
  const text = readText(report, tree, allowed);
  if (text === undefined) return options.fallback;
  const choice = options.choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    report.error(tree, `${quote(text)} is unknown${didYouMean(text, options.choices)}`, allowed);
  }
  return choice ?? options.fallback;
}

export function readInteger<Fallback extends number | undefined>(
  report: Report,
  tree: Tree | undefined,
  options: { readonly range: Range; readonly fallback: Fallback },
): number | Fallback {
  if (tree === undefined) return options.fallback;
  const allowed = `a whole number from ${options.range.least} to ${options.range.most}`;
  const text = readText(report, tree, allowed);
  if (text === undefined) return options.fallback;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;
  if (value !== undefined && isWithin(value, options.range)) return value;
  report.error(tree, `${quote(text)} is ${value === undefined ? 'not a whole number' : 'out of range'}`, allowed);
  return options.fallback;
}

/** `true` or `false`, as YAML 1.2 has them. */
export function readBoolean(report: Report, tree: Tree | undefined, fallback: boolean): boolean {
  if (tree === undefined) return fallback;
  const text = readText(report, tree, 'true, false');
  if (text === undefined) return fallback;
  if (text === 'true' || text === 'false') return text === 'true';
  const meant = /^(?:true|yes|on|y|1)$/i.test(text)
    ? 'true'
    : /^(?:false|no|off|n|0)$/i.test(text)
      ? 'false'
      : undefined;
  report.error(
    tree,
    `${quote(text)} is neither${meant === undefined ? '' : `, did you mean ${meant}?`}`,
    'true, false',
  );
  return fallback;
}

/** Milliseconds. */
export function readDuration<Fallback extends number | undefined>(
  report: Report,
  tree: Tree | undefined,
  options: { readonly range: Range; readonly fallback: Fallback },
): number | Fallback {
  if (tree === undefined) return options.fallback;
  const text = readText(report, tree, durationForm);
  if (text === undefined) return options.fallback;
  const value = parseDuration(text);
  if (value !== undefined && isWithin(value, options.range)) return value;
  if (value === undefined) {
    const hint = /^\d+$/.test(text) ? ` has no unit, did you mean ${text}s?` : ' is not a duration';
    report.error(tree, `${quote(text)}${hint}`, durationForm);
  } else {
    const allowed = `${renderDuration(options.range.least)} to ${renderDuration(options.range.most)}`;
    report.error(tree, `${quote(text)} is out of range`, allowed);
  }
  return options.fallback;
}

/** Says that a required key is not there, at the value that should have it. */
export function reportMissing(report: Report, tree: Tree, key: string, allowed: string): void {
  // A map that is itself no map, or was reported by the adapter, has had its problem.
  if (tree.kind === 'map' || isNull(tree)) report.mismatch(tree, `${key} is missing`, allowed);
}

/** A text of the document as a message shows it: in quotes, on one line, not too long. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  return JSON.stringify(short);
}

export function isWithin(value: number, range: Range): boolean {
  return value >= range.least && value <= range.most;
}

function reportDuplicates(report: Report, tree: MapTree): void {
  const firsts = new Map<string, Located>();
  for (const { key, at } of tree.entries) {
    if (key === undefined) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, at);
    else report.error(at, `${quote(key)} is given twice, first at ${first.line}:${first.column}`, 'each once');
  }
}

function describe(tree: Exclude<Tree, { kind: 'invalid' }>): string {
  switch (tree.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'reference':
      return 'a reference';
    case 'scalar':
      return isNull(tree) ? 'nothing' : quote(tree.text);
  }
}
