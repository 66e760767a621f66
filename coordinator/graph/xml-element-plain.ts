import type { XmlElement } from './xml-element.js';

/**
 * A reader for XML as programs write it, a tenth as expensive as one for all of XML: elements, attributes in double
 * quotes, printable ASCII, the five named entities, white space between elements. It never guesses: a text with
 * anything else in it, or that is not well-formed, is `not-plain`, and another reader has to say what it is.
 */
export interface PlainXmlReader {
  /** Reads on to the end of the element that begins before `limit` (an index of the text), or ends before. */
  readUntil(limit: number): 'more' | 'complete' | 'not-plain';
  /** Defined once the text is complete. */
  root(): XmlElement | undefined;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  readonly line: number;
}

const lineFeed = 0x0a;
const tab = 0x09;
const space = 0x20;
const quote = 0x22;
const ampersand = 0x26;
const slash = 0x2f;
const less = 0x3c;
const equals = 0x3d;
const greater = 0x3e;
const tilde = 0x7e;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * @param take is given each child of the root once it is complete, instead of the root keeping it: what it makes of a
 *   child is all that stays in memory. It is to forget all of them if the text turns out not to be plain.
 */
export function createPlainXmlReader(text: string, take?: (child: XmlElement) => void): PlainXmlReader {
  const open: OpenElement[] = [];
  const names = new Map<number, string>();
  let root: OpenElement | undefined;
  let at = 0;
  let line = 1;

  /** Moves over white space; the code of what follows, NaN at the end. */
  function skipSpace(): number {
    let to = at;
    let code = text.charCodeAt(to);
    for (; code === space || code === lineFeed || code === tab; code = text.charCodeAt(++to)) {
      if (code === lineFeed) line++;
    }
    at = to;
    return code;
  }

  /** Moves over a name; empty where there is none. The same name is the same string: graphs have few. */
  function readName(): string {
    const from = at;
    let to = from;
    let hash = 0;
    for (let code = text.charCodeAt(to); isNameCode(code, to === from); code = text.charCodeAt(++to)) {
      hash = (hash * 31 + code) & 0xffff;
    }
    at = to;
    const known = names.get(hash);
    if (known !== undefined && known.length === to - from && text.startsWith(known, from)) return known;
    const name = text.slice(from, to);
    names.set(hash, name);
    return name;
  }

  /** Moves over `="value"`; undefined where there is something else. */
  function readValue(): string | undefined {
    if (text.charCodeAt(at) !== equals || text.charCodeAt(at + 1) !== quote) return undefined;
    const from = at + 2;
    let to = from;
    let hasEntity = false;
    for (let code = text.charCodeAt(to); code !== quote; code = text.charCodeAt(++to)) {
      if (code === ampersand) hasEntity = true;
      else if (!(code >= space && code <= tilde) || code === less) return undefined;
    }
    at = to + 1;
    const raw = text.slice(from, to);
    return hasEntity ? decodeEntities(raw) : raw;
  }

  /** Moves over an opening tag, from behind its `<`; false where it is none that is plain. */
  function readOpening(): boolean {
    const name = readName();
    if (name === '') return false;
    const attributes: Record<string, string> = {};
    for (;;) {
      const before = at;
      const code = skipSpace();
      if (code === greater || code === slash) break;
      const key = readName();
      const value = readValue();
      if (before === at || key === '' || value === undefined || attributes[key] !== undefined) return false;
      if (text.charCodeAt(before) > space) return false;
      attributes[key] = value;
    }
    const isEmpty = text.charCodeAt(at) === slash;
    if (isEmpty && text.charCodeAt(++at) !== greater) return false;
    at++;
    const element: OpenElement = { name, attributes, children: [], line };
    if (open.length === 0 && root !== undefined) return false;
    root ??= element;
    open.push(element);
    if (isEmpty) close();
    return true;
  }

  /** The innermost open element is complete. */
  function close(): string | undefined {
    const element = open.pop();
    const parent = open.at(-1);
    if (element !== undefined && parent !== undefined) {
      if (open.length === 1 && take !== undefined) take(element);
      else parent.children.push(element);
    }
    return element?.name;
  }

  /** Moves over a closing tag, from its `/`; false where it does not close what is open. */
  function readClosing(): boolean {
    const name = close();
    if (name === undefined || !text.startsWith(name, at + 1)) return false;
    at += 1 + name.length;
    return text.charCodeAt(at++) === greater;
  }

  function readUntil(limit: number): 'more' | 'complete' | 'not-plain' {
    for (;;) {
      const code = skipSpace();
      if (at >= text.length) return root !== undefined && open.length === 0 ? 'complete' : 'not-plain';
      if (at >= limit) return 'more';
      if (code !== less) return 'not-plain';
      at++;
      const isRead = text.charCodeAt(at) === slash ? readClosing() : readOpening();
      if (!isRead) return 'not-plain';
    }
  }

  return { readUntil, root: () => root };
}

/** Letters, digits, `_`, `-`, `.`: what names in graphs are made of; XML allows more. */
function isNameCode(code: number, isFirst: boolean): boolean {
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
  return isLetter || (!isFirst && ((code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e));
}

/** Undefined where a `&` begins something else than one of the five named entities. */
function decodeEntities(raw: string): string | undefined {
  let isPlain = true;
  const decoded = raw.replace(/&([a-z]*;?)/g, (_, name: string) => {
    const character = name.endsWith(';') ? entities[name.slice(0, -1)] : undefined;
    if (character === undefined) isPlain = false;
    return character ?? '';
  });
  return isPlain ? decoded : undefined;
}
