import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputTail } from './output-tail.js';

const table = [
  { name: 'all of a short text', limit: 16, chunks: ['a\n', 'b'], text: 'a\nb' },
  { name: 'whole lines at the end of a long one', limit: 8, chunks: ['first line\nlast\n'], text: 'last\n' },
  { name: 'the end of a line that is too long', limit: 4, chunks: ['abcdefgh'], text: 'efgh' },
  { name: 'the end of a line that is too long, with its end', limit: 4, chunks: ['abcdefgh\n'], text: 'fgh\n' },
  { name: 'no half character', limit: 5, chunks: ['üüüü'], text: 'üü' },
  { name: 'a character that came in two pieces', limit: 16, chunks: [[0xc3], [0xbc, 0x0a]], text: 'ü\n' },
  { name: 'only the last of very much', limit: 4, chunks: Array(1000).fill('x\ny\n') as string[], text: 'y\n' },
] as const;

for (const { name, limit, chunks, text } of table) {
  test(`what is kept of an output: ${name}`, () => {
    const tail = outputTail(limit);
    for (const chunk of chunks) tail.push(Buffer.from(chunk as string));
    assert.equal(tail.text(), text);
  });
}
