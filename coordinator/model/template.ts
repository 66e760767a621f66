import type { Template, TemplatePart } from './deployable.js';

/** What a reference may ask of an assembly. */
export const assemblyAttributes = ['ipaddress', 'hostname'] as const;
export type AssemblyAttribute = (typeof assemblyAttributes)[number];

/** A piece of a text with references, not yet looked up. Offsets count UTF-16 units from the start of the text. */
export type TextPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly assembly: string; readonly attribute: string; readonly offset: number }
  | { readonly kind: 'malformed'; readonly text: string; readonly offset: number };

/**
 * Splits a text at its references: `${assembly.attribute}`. `$${` stands for `${` itself, and a `$` before anything but
 * `{` is just a `$`. What is in braces but has no such form (`${HOME}`, an unclosed `${`) comes out as `malformed`.
 */
export function splitReferences(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) break;
    literal += text.slice(at, dollar);
    if (text.startsWith('$${', dollar)) {
      literal += '${';
      at = dollar + 3;
    } else if (text[dollar + 1] !== '{') {
      literal += '$';
      at = dollar + 1;
    } else {
      if (literal !== '') pieces.push({ kind: 'text', text: literal });
      literal = '';
      const end = text.indexOf('}', dollar);
      at = end < 0 ? text.length : end + 1;
      pieces.push(readReference(text.slice(dollar, at), dollar));
    }
  }
  literal += text.slice(at);
  if (literal !== '') pieces.push({ kind: 'text', text: literal });
  return pieces;
}

/** A template that is only text; the empty text has no parts. */
export function textTemplate(text: string): Template {
  return text === '' ? [] : [{ kind: 'text', text }];
}

/** The text of a template, each reference replaced by what `resolve` gives for it. */
export function fillTemplate(
  template: Template,
  resolve: (reference: Extract<TemplatePart, { kind: 'reference' }>) => string,
): string {
  return template.map((part) => (part.kind === 'text' ? part.text : resolve(part))).join('');
}

function readReference(text: string, offset: number): TextPiece {
  const match = /^\$\{([^.{}]+)\.([^.{}]+)\}$/.exec(text);
  const [, assembly, attribute] = match ?? [];
  if (assembly === undefined || attribute === undefined) return { kind: 'malformed', text, offset };
  return { kind: 'reference', assembly, attribute, offset };
}
