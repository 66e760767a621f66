/** What the parser knew when it refused a text. Offsets count UTF-16 units. */
export interface SyntaxFailure {
  readonly message: string;
  readonly text: string;
  /** Where the parser has got to. */
  readonly position: number;
  /** End of the last markup before it. */
  readonly cursor: number;
  /** Element that is open at the end of the text. */
  readonly innermost: OpenTag | undefined;
  /** Element that was closed last. */
  readonly closedLast: OpenTag | undefined;
}

export interface OpenTag {
  readonly name: string;
  readonly line: number;
  readonly start: number;
}

export interface Explanation {
  readonly offset: number;
  readonly message: string;
  readonly allowed?: string;
}

/**
 * Says where an XML text is broken and how to mend it. The parser tells where it noticed, which for a plain `&` or a
 * forgotten end tag may be the end of the text.
 */
export function explainSyntaxError(error: SyntaxFailure): Explanation {
  const { message, text, position, cursor, innermost, closedLast } = error;
  const ampersand = findPlainAmpersand(text, cursor, position);
  if (ampersand !== undefined && /^(?:unclosed tag: |unexpected end|.*entity)/.test(message)) {
    return { offset: ampersand, message: 'a plain & is written &amp;', allowed: references };
  }
  if (/entity/.test(message)) {
    const offset = text.lastIndexOf('&', position - 1);
    return { offset, message: `the entity ${text.slice(offset, position)} is refused`, allowed: references };
  }
  if (message.startsWith('unclosed tag: ') && innermost !== undefined) {
    const { name, start } = innermost;
    return { offset: start, message: `<${name}> is never closed`, allowed: `</${name}>` };
  }
  if (message === 'unexpected close tag.' && closedLast !== undefined) {
    const offset = text.lastIndexOf('</', position - 1);
    const found = text.slice(offset, position);
    const { name, line } = closedLast;
    return { offset, message: `${found} does not close <${name}> of line ${line}`, allowed: `</${name}>` };
  }
  if (message.startsWith('unmatched closing tag: ')) {
    const offset = text.lastIndexOf('</', position - 1);
    return { offset, message: `${text.slice(offset, position)} closes nothing that is open` };
  }
  if (message === 'disallowed character.' && text[position - 1] === '<') {
    return {
      offset: position - 1,
      message: 'a < in the value of an attribute, or a quote is missing',
      allowed: '&lt;',
    };
  }
  if (message === 'text data outside of root node.') {
    const first = text.slice(cursor).search(/\S/);
    return { offset: cursor + Math.max(0, first), message: 'a text outside of the root element' };
  }
  if (message === 'documents may contain only one root.') {
    const offset = text.lastIndexOf('<', position - 1);
    return { offset, message: 'a second root element', allowed: 'one' };
  }
  return { offset: position - 1, message: `XML: ${message.replace(/\.$/, '')}` };
}

/** Errors about `&...;` that leave everything around it readable: no markup was taken for a part of the name. */
export function isContainedEntityError({
  message,
  text,
  position,
  cursor,
}: Omit<SyntaxFailure, 'innermost' | 'closedLast'>): boolean {
  return /entity/.test(message) && findPlainAmpersand(text, cursor, position) === undefined;
}

const references = '&amp; &lt; &gt; &quot; &apos; and character references like &#10;';

/** The first & that begins neither an entity nor a character reference. */
function findPlainAmpersand(text: string, from: number, to: number): number | undefined {
  const match = /&(?!(?:[^\s&;<>"'#]+|#\d+|#x[\dA-Fa-f]+);)/.exec(text.slice(from, to));
  return match === null ? undefined : from + match.index;
}
