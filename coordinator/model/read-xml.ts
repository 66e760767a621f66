import { SaxesParser } from 'saxes';
import { documentLimits } from './defaults.js';
import type { Place } from './document-tree.js';
import type { Report } from './report.js';
import { explainSyntaxError, isContainedEntityError, type SyntaxFailure } from './xml-syntax.js';

export interface XmlElement {
  readonly name: string;
  readonly at: Place;
  /** Offsets in the text of its first character and of what follows its last one. */
  readonly start: number;
  readonly end: number;
  /** Which of the siblings of its name it is, from 1: XPath's position. */
  readonly ordinal: number;
  /** Each name once. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly text: XmlText;
}

export interface XmlAttribute {
  readonly name: string;
  readonly at: Place;
  readonly value: XmlText;
}

/** Character data: of an attribute, or of an element's own content (its pieces joined). */
export interface XmlText {
  /** Undefined where it holds an entity, which has been reported. */
  readonly text: string | undefined;
  /** Place of an offset into `text`; exact as long as no reference or break in the content comes before it. */
  readonly placeOf: (offset: number) => Place;
}

export interface XmlReading {
  readonly report: Report;
  /** Place in the whole document of an offset into the text. */
  readonly placeOf: (offset: number) => Place;
  /** Path that problems of the syntax have. */
  readonly path: string;
  /** Any number of elements instead of one document. */
  readonly isFragment: boolean;
}

/**
 * Reads XML 1.0 strictly and without anything that could reach outside of the text or grow: no DOCTYPE, no entities but
 * the five predefined ones and character references, no processing instructions beside the XML declaration.
 *
 * Returns the top elements, or undefined (with at least one error reported) where the syntax is broken.
 */
export function readXml(text: string, reading: XmlReading): readonly XmlElement[] | undefined {
  const builder = createBuilder(text, reading);
  const parser = new SaxesParser({ fragment: reading.isFragment, defaultXMLVersion: '1.0', forceXMLVersion: true });
  /** End of the last markup: where the content that follows begins. */
  let cursor = 0;
  let isBroken = false;
  let failures = 0;

  parser.on('error', (error) => {
    const message = error.message.replace(/^\d+:\d+: /, '');
    if (reportedElsewhere.some((start) => message.startsWith(start))) return;
    failures += 1;
    const place = { message, text, position: parser.position, cursor };
    builder.refuseSyntax(place);
    const isContained = isContainedEntityError(place);
    if (isContained) builder.spoilText();
    else isBroken = true;
    if (failures >= mostFailures || !(isContained || recoverable.has(message))) {
      isBroken = true;
      throw stop;
    }
  });
  parser.on('xmldecl', ({ version, encoding }) => {
    builder.checkDeclaration({ version, encoding });
    cursor = parser.position;
  });
  parser.on('doctype', () => {
    builder.refuse(text.indexOf('<!DOCTYPE', cursor), 'a DOCTYPE is refused: it could define entities', 'none');
    cursor = parser.position;
  });
  parser.on('processinginstruction', ({ target }) => {
    const start = text.lastIndexOf('<?', parser.position);
    builder.refuse(start, `the processing instruction <?${target}?> is refused`, 'the XML declaration');
    cursor = parser.position;
  });
  // Reported between the two dashes and the bracket.
  parser.on('comment', () => {
    cursor = parser.position + 1;
  });
  parser.on('text', (content) => builder.addText(content, cursor));
  parser.on('cdata', (content) => {
    builder.addText(content, text.lastIndexOf('<![CDATA[', parser.position) + '<![CDATA['.length);
    cursor = parser.position;
  });
  parser.on('opentagstart', ({ name }) => {
    if (!builder.open(name, text.lastIndexOf('<', parser.position - 1))) {
      isBroken = true;
      throw stop;
    }
  });
  parser.on('attribute', ({ name, value }) => builder.addAttribute(name, value, parser.position));
  parser.on('opentag', () => {
    cursor = parser.position;
  });
  parser.on('closetag', () => {
    builder.close(parser.position);
    cursor = parser.position;
  });

  try {
    parser.write(text).close();
  } catch (error) {
    if (error !== stop) throw error;
  }
  return isBroken ? undefined : builder.top;
}

/** Leaves the parser where going on would only echo the first problem. */
const stop = new Error('the rest of the document is not read');

/** To explain one takes a look at the text around it. */
const mostFailures = 100;

/** After these the parser knows where it is. */
const recoverable = new Set([
  'attribute without value.',
  'unquoted attribute value.',
  'no whitespace between attributes.',
  'the string "]]>" is disallowed in char data.',
]);

/** The builder sees these itself, and knows their place. */
const reportedElsewhere = ['duplicate attribute: ', 'inappropriately located doctype declaration.'];

interface OpenElement {
  readonly name: string;
  readonly start: number;
  readonly line: number;
  readonly attributes: Map<string, XmlAttribute>;
  readonly children: XmlElement[];
  /** How many children of each name there are. */
  readonly counts: Map<string, number>;
  content: string;
  /** Offset in the text at which the content would begin if it were one piece. */
  contentStart: number | undefined;
  isSpoilt: boolean;
}

function createBuilder(text: string, { report, placeOf, path }: XmlReading) {
  const top: XmlElement[] = [];
  const stack: OpenElement[] = [];
  let closedLast: OpenElement | undefined;
  /** An entity was refused in the text or attribute that is being read. */
  let isSpoilt = false;

  const refuse = (offset: number, message: string, allowed?: string): void =>
    report.error({ ...placeOf(Math.max(0, Math.min(offset, text.length))), path }, message, allowed);

  const refuseSyntax = (error: Omit<SyntaxFailure, 'innermost' | 'closedLast'>): void => {
    const { offset, message, allowed } = explainSyntaxError({ ...error, innermost: stack.at(-1), closedLast });
    refuse(offset, message, allowed);
  };

  const spoilText = (): void => {
    isSpoilt = true;
  };

  const addText = (content: string, start: number): void => {
    const element = stack.at(-1);
    if (element === undefined) {
      const first = content.search(/\S/);
      if (first >= 0) refuse(start + first, 'a text outside of any element');
    } else {
      if (element.contentStart === undefined && /\S/.test(content)) {
        // Leading blanks stay part of the content; a place before them serves nobody.
        element.contentStart = start - element.content.length;
      }
      element.content += content;
      element.isSpoilt ||= isSpoilt;
    }
    isSpoilt = false;
  };

  /** False where elements are nested too deeply. */
  const open = (name: string, start: number): boolean => {
    const { line } = placeOf(start);
    const nothing = {
      attributes: new Map(),
      children: [],
      counts: new Map(),
      content: '',
      contentStart: undefined,
      isSpoilt: false,
    };
    stack.push({ name, start, line, ...nothing });
    if (stack.length <= documentLimits.depth) return true;
    refuse(start, 'is nested too deeply', `at most ${documentLimits.depth} levels`);
    return false;
  };

  const addAttribute = (name: string, value: string, end: number): void => {
    const element = stack.at(-1);
    const { nameStart, valueStart } = findAttribute(text, name, end);
    if (element?.attributes.has(name)) {
      refuse(nameStart, `the attribute ${name} is given twice`);
    } else {
      const placeInValue = (offset: number) => placeOf(Math.min(valueStart + offset, end));
      const usable = isSpoilt ? undefined : value;
      element?.attributes.set(name, { name, at: placeOf(nameStart), value: { text: usable, placeOf: placeInValue } });
    }
    isSpoilt = false;
  };

  const close = (end: number): void => {
    const element = stack.pop();
    if (element === undefined) return;
    closedLast = element;
    const { name, start, children, content, contentStart = start } = element;
    const parent = stack.at(-1);
    const ordinal = (parent?.counts.get(name) ?? 0) + 1;
    parent?.counts.set(name, ordinal);
    (parent?.children ?? top).push({
      name,
      at: placeOf(start),
      start,
      end,
      ordinal,
      attributes: [...element.attributes.values()],
      children,
      text: {
        text: element.isSpoilt ? undefined : content,
        placeOf: (offset) => placeOf(contentStart + offset),
      },
    });
  };

  const checkDeclaration = ({ version, encoding }: { version?: string | undefined; encoding?: string | undefined }) => {
    if (version !== undefined && version !== '1.0') refuse(0, `XML ${version} is not supported`, '1.0');
    const isUtf8 = encoding === undefined || /^(?:utf-?8|us-ascii)$/i.test(encoding);
    // The bytes were decoded as UTF-8 before they came here. For ASCII that makes no difference.
    if (!isUtf8 && /[^\0-\x7f]/.test(text)) refuse(0, `the encoding ${encoding} is not supported`, 'UTF-8');
  };

  return { top, refuse, refuseSyntax, spoilText, addText, open, addAttribute, close, checkDeclaration };
}

/** Where an attribute stands whose value ends before `end`: the parser tells only that. */
function findAttribute(text: string, name: string, end: number): { nameStart: number; valueStart: number } {
  const delimiter = text[end - 1];
  const opening = delimiter === '"' || delimiter === "'" ? text.lastIndexOf(delimiter, end - 2) : end - 1;
  const nameStart = Math.max(0, text.lastIndexOf(name, opening - 1));
  return { nameStart, valueStart: opening + 1 };
}
