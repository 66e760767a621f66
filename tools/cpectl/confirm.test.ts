import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confirm } from './confirm.js';
import { recordingTerminal } from './recording-terminal.js';
import { splitCommandLine } from './split-command-line.js';

const about = { danger: 'it ends', word: 'shop/db', force: false };

test('what is dangerous is done when its word is typed, or with --force', async () => {
  assert.equal(await confirm(recordingTerminal({ typed: ' shop/db\n' }), about), undefined);
  assert.equal(await confirm(recordingTerminal(), { ...about, force: true }), undefined);
});

test('anything else is no, and nobody at the keyboard is a wrong call', async () => {
  const terminal = recordingTerminal({ typed: 'yes' });
  assert.match((await confirm(terminal, about))?.message ?? '', /not confirmed/);
  assert.equal(terminal.printed.err, 'it ends\nType shop/db to go on: ');
  const alone = await confirm(recordingTerminal(), about);
  assert.deepEqual([alone?.exit, alone?.next], [2, 'say that you mean it with --force']);
});

const lines: readonly [string, readonly string[] | undefined][] = [
  ['', []],
  ['fence_x  -v', ['fence_x', '-v']],
  [`sh -c 'echo "a b"' ""`, ['sh', '-c', 'echo "a b"', '']],
  ['a\\ b "c \\" d" e\\\\', ['a b', 'c " d', 'e\\']],
  ["it's", undefined],
];
for (const [line, words] of lines) {
  test(`a command line is split as a shell does: ${line}`, () => assert.deepEqual(splitCommandLine(line), words));
}
