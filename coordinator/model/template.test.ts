// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how documents write references
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillTemplate, splitReferences, type TextPiece } from './template.js';

const text = (value: string): TextPiece => ({ kind: 'text', text: value });
const reference = (assembly: string, attribute: string, offset: number): TextPiece => ({
  kind: 'reference',
  assembly,
  attribute,
  offset,
});
const malformed = (value: string, offset: number): TextPiece => ({ kind: 'malformed', text: value, offset });

test('a text splits at its references', () => {
  const cases: [string, TextPiece[]][] = [
    ['', []],
    ['plain', [text('plain')]],
    ['${db.ipaddress}', [reference('db', 'ipaddress', 0)]],
    ['http://${db.ipaddress}:80/', [text('http://'), reference('db', 'ipaddress', 7), text(':80/')]],
    ['${a.b}${c.d}', [reference('a', 'b', 0), reference('c', 'd', 6)]],
    ['$${a.b}', [text('${a.b}')]],
    ['$$${a.b}', [text('$${a.b}')]],
    ['5 $, $$, $x', [text('5 $, $$, $x')]],
    ['$', [text('$')]],
    ['$$', [text('$$')]],
    ['${HOME}', [malformed('${HOME}', 0)]],
    ['a ${a.b', [text('a '), malformed('${a.b', 2)]],
    ['${}', [malformed('${}', 0)]],
    ['${a.b.c}', [malformed('${a.b.c}', 0)]],
    ['${ a.b }', [reference(' a', 'b ', 0)]],
  ];
  for (const [input, expected] of cases) assert.deepEqual(splitReferences(input), expected, input);
});

test('a text whose ${ are all escaped comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', '.') }), (value) => {
      // A $ right before the escape would be read as a part of it.
      fc.pre(!value.includes('$${'));
      const escaped = value.replaceAll('${', () => '$${');
      assert.deepEqual(splitReferences(escaped), value === '' ? [] : [text(value)]);
    }),
  );
});

test('a template is filled part by part', () => {
  const filled = fillTemplate(
    [
      { kind: 'text', text: 'http://' },
      { kind: 'reference', assembly: 'db', attribute: 'hostname' },
    ],
    ({ assembly, attribute }) => `<${assembly} ${attribute}>`,
  );
  assert.equal(filled, 'http://<db hostname>');
});
