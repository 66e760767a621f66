import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readXml, type XmlElement } from './xml-element.js';
import { createPlainXmlReader } from './xml-element-plain.js';

const name = fc.constantFrom('a', 'rsc_op', 'CRM_meta_on-fail', 'x.1', '_', 'constructor');
const value = fc
  .stringMatching(/^[ -;=?-~]{0,12}$/)
  .map((text) => text.replace(/&|"/g, (c) => (c === '&' ? '&amp;' : '&quot;')));
const blank = fc.constantFrom('', ' ', '\n', '\n\t ');
const attributes = fc.uniqueArray(fc.tuple(name, value), { maxLength: 4, selector: ([key]) => key });
const leaf = elementOf(fc.constant([]));
const element = elementOf(
  fc.array(fc.tuple(blank, elementOf(fc.array(fc.tuple(blank, leaf), { maxLength: 3 }))), { maxLength: 3 }),
);

function elementOf(children: fc.Arbitrary<[string, string][]>): fc.Arbitrary<string> {
  return fc.tuple(name, attributes, children, blank).map(([tag, pairs, inner, end]) => {
    const head = `${tag}${pairs.map(([key, text]) => ` ${key}="${text}"`).join('')}`;
    const inside = inner.flat().join('') + end;
    return inside === '' ? `<${head}/>` : `<${head}>${inside}</${tag}>`;
  });
}

/** The same text, read by the reader for all of XML: the plain one knows no comments. */
function readCarefully(text: string) {
  return readXml(`<!---->${text}`);
}

/** Attribute tables of the two readers have different prototypes. */
function comparable({ name: tag, attributes, children, line }: XmlElement): unknown {
  return { tag, attributes: Object.entries(attributes), children: children.map(comparable), line };
}

function readPlainly(text: string): XmlElement | undefined {
  const reader = createPlainXmlReader(text);
  return reader.readUntil(Number.POSITIVE_INFINITY) === 'complete' ? reader.root() : undefined;
}

test('what programs write is read as by a reader for all of XML', () => {
  fc.assert(
    fc.property(element, (text) => {
      // An attribute of this name is left to the careful one.
      fc.pre(!text.includes(' constructor='));
      const root = readPlainly(text);
      const careful = readCarefully(text);
      assert.ok(root !== undefined && careful.kind === 'element', text);
      assert.deepEqual(comparable(root), comparable(careful.root));
    }),
    { numRuns: 500 },
  );
});

test('a text with an error anywhere is never read, or read as by a reader for all of XML', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    '"',
    '=',
    '&',
    ' ',
    '\n',
    '\r',
    '\0',
    'é',
    'a',
    '<a>',
    '</a>',
    '<b/>',
    ' x="1"',
    ' a="1"',
    '&lt;',
    '&#10;',
    '&x;',
    '<!DOCTYPE a>',
    '<?p?>',
    ']]>',
    '\ufeff',
  );
  fc.assert(
    fc.property(element, fc.nat(), fc.nat(3), piece, (text, where, cut, inserted) => {
      const at = where % (text.length + 1);
      const broken = text.slice(0, at) + inserted + text.slice(at + cut);
      const root = readPlainly(broken);
      if (root === undefined) return;
      const careful = readCarefully(broken);
      assert.ok(careful.kind === 'element', `${JSON.stringify(broken)} is not well-formed`);
      assert.deepEqual(comparable(root), comparable(careful.root));
    }),
    { numRuns: 5000 },
  );
});

test('a document is read in steps, each child of the root given away when it is complete', () => {
  const text = `<g>${'<s n="1"><t/></s>'.repeat(5)}</g>`;
  const taken: string[] = [];
  const reader = createPlainXmlReader(text, (child) => taken.push(`${child.name}${child.children.length}`));
  assert.equal(reader.readUntil(30), 'more');
  assert.deepEqual(taken, ['s1']);
  assert.equal(reader.readUntil(1000), 'complete');
  assert.deepEqual(taken, ['s1', 's1', 's1', 's1', 's1']);
  assert.deepEqual(reader.root()?.children, []);
});
