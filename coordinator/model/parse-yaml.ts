import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, type Node, Parser, type Scalar } from 'yaml';
import { documentLimits } from './defaults.js';
import type { Located, Place, Tree, TreeEntry } from './document-tree.js';
import type { Report } from './report.js';

/**
 * Reads a YAML 1.2 text (which JSON is too) as a tree of texts: no scalar is taken for a number or a boolean here. One
 * document, no tags; aliases stand for a bounded copy of what their anchor holds. Nesting and size are bounded before
 * anything recursive sees the text.
 *
 * Returns undefined, with at least one error reported, where there is no document to go on with.
 */
export function parseYaml(text: string, report: Report): Tree | undefined {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const document = compose(text, lines, (offset, message, allowed) =>
    report.error({ ...placeOf(offset), path: '' }, message, allowed),
  );
  if (document === undefined) return undefined;
  if (document.contents === null) {
    report.error({ line: 0, column: 0, path: '' }, 'the document is empty', 'deployable, assemblies');
    return undefined;
  }
  return convertTree(document.contents, { text, placeOf, report });
}

const MAX_MISTAKES = 100;

/** The package's own stages, one after the other, because only between lexer and parser can nesting be bounded. */
function compose(
  text: string,
  lines: LineCounter,
  refuse: (offset: number, message: string, allowed?: string) => void,
): { readonly contents: Node | null } | undefined {
  const parser = new Parser(lines.addNewLine);
  const tokens = [];
  let parts = 0;
  let mistakes = 0;
  for (const part of new Lexer().lex(text)) {
    parts += 1;
    for (const token of parser.next(part)) {
      if (token.type === 'error') mistakes += 1;
      tokens.push(token);
    }
    // Nobody reads more, and each of them costs the package a search.
    if (mistakes > MAX_MISTAKES) break;
    // The stack also holds the document and the scalar at hand.
    if (parser.stack.length > documentLimits.depth + 2) {
      refuse(parser.offset, 'is nested too deeply', `at most ${documentLimits.depth} levels`);
      return undefined;
    }
    if (parts > documentLimits.yamlParts) {
      refuse(parser.offset, 'the document has too many parts', `at most ${documentLimits.yamlParts}`);
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);

  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return undefined;
  if (second !== undefined) {
    refuse(second.range[0], 'a second document begins here', 'one document');
    return undefined;
  }
  // Unresolved tags are warnings there; tags of any kind are reported with the node that has one.
  const warnings = document.warnings.filter((warning) => warning.code !== 'TAG_RESOLVE_FAILED');
  const errors = document.errors.filter((error) => error.code !== 'TAG_RESOLVE_FAILED');
  // What follows the first error of a line is mostly its echo.
  const reported = new Set<number>();
  for (const { pos, message } of [...errors, ...warnings]) {
    const { line } = lines.linePos(pos[0]);
    if (!reported.has(line)) refuse(pos[0], `YAML: ${message}`);
    reported.add(line);
  }
  return errors.length > 0 ? undefined : document;
}

interface Conversion {
  readonly text: string;
  readonly placeOf: (offset: number) => Place;
  readonly report: Report;
}

function convertTree(contents: Node, { text, placeOf, report }: Conversion): Tree {
  const anchors = new Map<string, Node>();
  /** Nodes whose conversion is under way: an alias to one of them would never end. */
  const open = new Set<Node>();
  let aliasDepth = 0;
  let aliasedValues = 0;

  const locate = (node: Node | null, path: string, fallback: Located): Located =>
    node?.range ? { ...placeOf(node.range[0]), path } : { line: fallback.line, column: fallback.column, path };

  const convert = (node: Node | null, at: Located): Tree => {
    if (node === null) return { ...at, kind: 'scalar', text: '', quoted: false, placeOf: () => at };
    if (isAlias(node)) return expand(node.source, at);
    if (aliasDepth > 0) aliasedValues += 1;
    if (node.tag !== undefined) {
      report.error(at, `has the tag ${node.tag.replace('tag:yaml.org,2002:', '!!')}`, 'values without tags');
      return { ...at, kind: 'invalid' };
    }
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return convertScalar(node, at, { text, placeOf });
    open.add(node);
    const tree = convertCollection(node, at);
    open.delete(node);
    return tree;
  };

  const convertCollection = (node: Node, at: Located): Tree => {
    if (isSeq<Node>(node)) {
      const items = node.items.map((item, index) => convert(item, locate(item, `${at.path}[${index}]`, at)));
      return { ...at, kind: 'list', items };
    }
    if (!isMap<Node | null, Node | null>(node)) return { ...at, kind: 'invalid' };
    const entries = node.items.map(({ key, value }): TreeEntry => {
      const keyAt = locate(key, at.path, at);
      const name = key === null ? '' : keyText(key);
      if (name === undefined) report.error(keyAt, 'a key is a plain text', 'no alias, tag, list or map');
      const path = at.path === '' ? (name ?? '') : `${at.path}.${name ?? '?'}`;
      return { key: name, at: { ...keyAt, path }, value: convert(value, locate(value, path, keyAt)) };
    });
    return { ...at, kind: 'map', entries };
  };

  const keyText = (key: Node): string | undefined => {
    if (!isScalar(key) || key.tag !== undefined) return undefined;
    if (key.anchor !== undefined) anchors.set(key.anchor, key);
    return String(key.value);
  };

  /** Values keep the place where they are written; paths are those of the alias. */
  const expand = (name: string, at: Located): Tree => {
    const source = anchors.get(name);
    if (source === undefined) {
      report.error(at, `the alias *${name} has no anchor &${name} before it`);
    } else if (open.has(source)) {
      report.error(at, `the alias *${name} lies inside what it stands for`);
    } else if (aliasDepth >= documentLimits.depth) {
      report.error(at, 'aliases lie too deeply inside aliases', `at most ${documentLimits.depth} levels`);
    } else if (aliasedValues > documentLimits.aliasedValues) {
      report.error(at, 'aliases stand for too many values', `at most ${documentLimits.aliasedValues}`);
    } else {
      aliasDepth += 1;
      const tree = convert(source, locate(source, at.path, at));
      aliasDepth -= 1;
      return tree;
    }
    return { ...at, kind: 'invalid' };
  };

  return convert(contents, locate(contents, '', { line: 1, column: 1, path: '' }));
}

function convertScalar(node: Scalar, at: Located, source: Omit<Conversion, 'report'>): Tree {
  const quoted = node.type !== 'PLAIN';
  return {
    ...at,
    kind: 'scalar',
    text: String(node.value),
    quoted,
    placeOf: (offset) => placeInScalar(node, at, offset, source),
  };
}

/**
 * Exact for literal blocks and for what stands on one line (escapes apart); a folded text has no place but its start.
 */
function placeInScalar(node: Scalar, at: Located, offset: number, source: Omit<Conversion, 'report'>): Place {
  const [start, end] = node.range ?? [0, 0];
  const raw = source.text.slice(start, end);
  if (node.type === 'BLOCK_LITERAL') {
    const before = String(node.value).slice(0, offset).split('\n');
    const line = at.line + before.length;
    const indent = /\n( +)\S/.exec(raw)?.[1]?.length ?? 0;
    return { line, column: indent + (before.at(-1) ?? '').length + 1 };
  }
  if (raw.includes('\n')) return { line: at.line, column: at.column };
  const opening = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  return source.placeOf(Math.min(start + opening + offset, end));
}
