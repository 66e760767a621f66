import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeParameter, decodeParameters, encodeParameter } from './parameter-text.js';

test('printable ASCII travels as it is', () => {
  assert.equal(encodeParameter('--bind "127.0.0.1" & <x>'), '--bind "127.0.0.1" & <x>');
});

test('any value comes back, and is printable ASCII on its way', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((text) => `cpe-json:${text}`),
      ),
      (value) => {
        const encoded = encodeParameter(value);
        assert.match(encoded, /^[ -~]*$/);
        assert.equal(decodeParameter(encoded), value);
      },
    ),
  );
});

test('parameters of an action are decoded together', () => {
  const parameters = new Map([
    ['name', encodeParameter('ümlaut')],
    ['plain', 'x'],
  ]);
  assert.deepEqual(decodeParameters(parameters), { name: 'ümlaut', plain: 'x' });
});
