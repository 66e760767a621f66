import { SaxesParser } from 'saxes';

/** An element to be written, or one that was read: text beside elements is dropped. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

type Content = string | readonly (XmlElement | undefined)[];

/** Attributes that are undefined are left out, and so are children. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  content: Content = [],
): XmlElement {
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    name,
    attributes: Object.fromEntries(given),
    children: typeof content === 'string' ? [] : content.filter((child) => child !== undefined),
    text: typeof content === 'string' ? content : '',
  };
}

/** Throws for what XML cannot say at all, control characters: they are in no name or path that we make. */
export function renderXml({ name, attributes, children, text }: XmlElement, indent = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const open = `${indent}<${name}${list.join('')}`;
  if (children.length === 0) return text === '' ? `${open}/>\n` : `${open}>${escapeXml(text)}</${name}>\n`;
  const inner = children.map((child) => renderXml(child, `${indent}  `)).join('');
  return `${open}>\n${inner}${indent}</${name}>\n`;
}

/** Undefined when it is not well-formed. */
export function readXml(text: string): XmlElement | undefined {
  const parser = new SaxesParser();
  const root = { name: '', attributes: {}, children: [] as XmlElement[], text: '' };
  const open: { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string }[] = [root];
  let isBroken = false;
  parser.on('error', () => {
    isBroken = true;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const found = { name, attributes, children: [], text: '' };
    open.at(-1)?.children.push(found);
    open.push(found);
  });
  parser.on('text', (part) => {
    const current = open.at(-1);
    if (current !== undefined) current.text += part;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return isBroken ? undefined : root.children[0];
}

/** The first element by this path of names below `from`. */
export function findElement(from: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), from);
}

export function findElements(from: XmlElement | undefined, name: string): readonly XmlElement[] {
  return from?.children.filter((child) => child.name === name) ?? [];
}

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in it
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) {
    throw new Error(`${JSON.stringify(text)} cannot be written as XML`);
  }
  return text.replace(/[&<>"'\t\r\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
