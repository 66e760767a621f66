/** One argument of a command line. Offsets count UTF-16 units from the start of the line. */
export interface Word {
  readonly text: string;
  readonly offset: number;
  /** An unquoted word that a shell would take as an operator (`|`, `>`, `&&`); here it is an argument like any other. */
  readonly isOperator: boolean;
}

export type CommandLine =
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  | { readonly kind: 'malformed'; readonly offset: number; readonly message: string };

/**
 * Splits a command line as a POSIX shell does (XCU 2.2, Quoting), without any expansion: blanks separate, a backslash
 * takes the next character as it is, nothing is special between single quotes, and between double quotes a backslash is
 * special only before `"`, `\`, `$` and a backquote. `''` is an empty argument.
 */
export function splitCommandLine(line: string): CommandLine {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    // A backslash before a line break continues the line, also between words.
    const skipped = isBlank(line[at]) ? 1 : line.startsWith('\\\n', at) ? 2 : 0;
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const word = readWord(line, at);
    if (word.kind === 'malformed') return word;
    const raw = line.slice(at, word.end);
    words.push({ text: word.text, offset: at, isOperator: /^(?:[|&;<>()]+|\d?[<>]+(?:&\d)?)$/.test(raw) });
    at = word.end;
  }
  return { kind: 'words', words };
}

type ReadWord =
  | { readonly kind: 'word'; readonly text: string; readonly end: number }
  | { readonly kind: 'malformed'; readonly offset: number; readonly message: string };

function readWord(line: string, start: number): ReadWord {
  let text = '';
  let at = start;
  while (at < line.length && !isBlank(line[at])) {
    const character = line[at];
    if (character === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) return { kind: 'malformed', offset: at, message: "a ' is never closed" };
      text += line.slice(at + 1, end);
      at = end + 1;
    } else if (character === '"') {
      const quoted = readDoubleQuoted(line, at);
      if (quoted.kind === 'malformed') return quoted;
      text += quoted.text;
      at = quoted.end;
    } else if (character === '\\') {
      if (at + 1 >= line.length) return { kind: 'malformed', offset: at, message: 'a \\ with nothing after it' };
      if (line[at + 1] !== '\n') text += line[at + 1];
      at += 2;
    } else {
      text += character;
      at += 1;
    }
  }
  return { kind: 'word', text, end: at };
}

function readDoubleQuoted(line: string, start: number): ReadWord {
  let text = '';
  let at = start + 1;
  while (at < line.length) {
    const character = line[at];
    if (character === '"') return { kind: 'word', text, end: at + 1 };
    const next = line[at + 1];
    if (character === '\\' && next !== undefined && '"\\$`\n'.includes(next)) {
      if (next !== '\n') text += next;
      at += 2;
    } else {
      text += character;
      at += 1;
    }
  }
  return { kind: 'malformed', offset: start, message: 'a " is never closed' };
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}
