import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitCommandLine } from './command-line.js';

function wordsOf(line: string): string[] | string {
  const split = splitCommandLine(line);
  return split.kind === 'words' ? split.words.map((word) => word.text) : `${split.offset} ${split.message}`;
}

test('a command line splits as a shell would split it', () => {
  const cases: [string, string[] | string][] = [
    ['', []],
    ['  \t\n ', []],
    ['a', ['a']],
    ['  a   b\tc\nd ', ['a', 'b', 'c', 'd']],
    [`redis-server --save ""`, ['redis-server', '--save', '']],
    [`a '' b`, ['a', '', 'b']],
    [`sh -c 'sleep 1; echo "x"'`, ['sh', '-c', 'sleep 1; echo "x"']],
    [`a"b c"'d e'f`, ['ab cd ef']],
    [`"a \\" b \\\\ \\$x \\n"`, ['a " b \\ $x \\n']],
    [`'a \\ b'`, ['a \\ b']],
    [`a\\ b \\'c`, ['a b', "'c"]],
    ['a \\\n b', ['a', 'b']],
    ['a\\\nb', ['ab']],
    ['a"b\\\nc"', ['abc']],
    ['$HOME *.c ~ `x`', ['$HOME', '*.c', '~', '`x`']],
    [`a 'b`, "2 a ' is never closed"],
    [`a "b`, '2 a " is never closed'],
    [`a "b\\"`, '2 a " is never closed'],
    ['a \\', '2 a \\ with nothing after it'],
  ];
  for (const [line, expected] of cases) assert.deepEqual(wordsOf(line), expected, JSON.stringify(line));
});

test('words that a shell would take as operators are marked, quoted ones are not', () => {
  const split = splitCommandLine(`a > b 2>&1 '>' "|" | c; && x>y`);
  assert.equal(split.kind, 'words');
  const operators = split.kind === 'words' ? split.words.filter((word) => word.isOperator) : [];
  assert.deepEqual(
    operators.map(({ text, offset }) => `${offset} ${text}`),
    ['2 >', '6 2>&1', '19 |', '24 &&'],
  );
});

test('any words in single quotes come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (words) => {
      const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      assert.deepEqual(wordsOf(line), words);
    }),
  );
});
