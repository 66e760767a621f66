/**
 * Text that came from elsewhere (an agent's output, a document) on one line and without control characters: nothing
 * that runs in a guest may move the cursor of an operator's terminal, or end a line of a table.
 */
export function printable(text: string): string {
  return text.replace(/\s*\n\s*/g, ' | ').replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, spellOut);
}

function spellOut(character: string): string {
  return character === '\t' ? ' ' : `\\u{${character.charCodeAt(0).toString(16)}}`;
}
