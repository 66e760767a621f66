/**
 * Text that came from elsewhere (an agent's output, a document) on one line and without control characters: nothing
 * that runs in a guest may move the cursor of an operator's terminal, or end a line of a table.
 */
export function printable(text: string): string {
  return text.replace(/\s*\n\s*/g, ' | ').replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, spellOut);
}

/** A text of several lines, each of them printable; ends with a line break unless it is empty. */
export function printableLines(text: string): string {
  if (text === '') return '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `${lines.map(printable).join('\n')}\n`;
}

function spellOut(character: string): string {
  return character === '\t' ? ' ' : `\\u{${character.charCodeAt(0).toString(16)}}`;
}
