import { SaxesParser } from 'saxes';
import { createPlainXmlReader } from './xml-element-plain.js';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** 1-based line of the end of the opening tag. */
  readonly line: number;
}

export type XmlReading =
  | { readonly kind: 'element'; readonly root: XmlElement }
  | { readonly kind: 'malformed'; readonly message: string };

/** How much text is read between two steps: a few milliseconds of work. */
const stepChars = 50_000;

/**
 * Read an XML document into a tree of elements; text, comments and processing instructions are dropped.
 * A document that is not well-formed, or that brings a DOCTYPE (and with it entities of its own), is refused as a
 * value; this never throws.
 */
export function readXml(text: string): XmlReading {
  const steps = readXmlInSteps(text);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same in short steps, between which the caller may do something else. */
export function* readXmlInSteps(text: string): Generator<void, XmlReading, void> {
  const plain = createPlainXmlReader(text);
  for (let limit = stepChars; ; limit += stepChars) {
    const state = plain.readUntil(limit);
    const root = plain.root();
    if (state === 'complete' && root !== undefined) return { kind: 'element', root };
    if (state === 'not-plain') return yield* readAnyXml(text);
    yield;
  }
}

function* readAnyXml(text: string): Generator<void, XmlReading, void> {
  const parser = new SaxesParser();
  const open: { name: string; attributes: Record<string, string>; children: XmlElement[]; line: number }[] = [];
  let root: XmlElement | undefined;
  let problem: string | undefined;

  parser.on('error', (error) => {
    problem ??= error.message;
  });
  parser.on('doctype', () => {
    problem ??= `${parser.line}:${parser.column}: a DOCTYPE is not accepted`;
  });
  parser.on('opentag', (tag) => {
    const element = { name: tag.name, attributes: tag.attributes, children: [], line: parser.line };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  for (let from = 0; from < text.length; from += stepChars) {
    parser.write(text.slice(from, from + stepChars));
    yield;
  }
  parser.close();

  if (problem !== undefined) return { kind: 'malformed', message: problem };
  if (root === undefined) return { kind: 'malformed', message: 'no element in the document' };
  return { kind: 'element', root };
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
