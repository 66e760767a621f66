import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childrenNamed, readXml } from './xml-element.js';

test('elements and attributes are read, text and comments are dropped', () => {
  const reading = readXml('<?xml version="1.0"?>\n<a x="1 &lt; &#50;">t<!-- c --><b/>\n<c><b y="2"/></c></a>');
  assert.equal(reading.kind, 'element');
  if (reading.kind !== 'element') return;
  const { root } = reading;
  assert.equal(root.attributes.x, '1 < 2');
  assert.deepEqual(
    root.children.map(({ name, line }) => [name, line]),
    [
      ['b', 2],
      ['c', 3],
    ],
  );
  assert.equal(childrenNamed(root, 'b').length, 1);
});

test('what is no plain document is refused with a reason', () => {
  const table: readonly (readonly [text: string, reason: RegExp])[] = [
    ['', /root element|no element/],
    ['<a', /root element/],
    ['<a><b></a>', /unexpected close tag|unclosed|unmatched/],
    ['<a x="1" x="2"/>', /duplicate attribute/],
    ['<a>&unknown;</a>', /undefined entity/],
    ['<a/><b/>', /one root/],
    ['<!DOCTYPE a [<!ENTITY e "x">]><a>e</a>', /DOCTYPE is not accepted/],
    ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', /DOCTYPE is not accepted/],
  ];
  for (const [text, reason] of table) {
    const reading = readXml(text);
    assert.equal(reading.kind, 'malformed', text);
    if (reading.kind === 'malformed') assert.match(reading.message, reason, text);
  }
});
