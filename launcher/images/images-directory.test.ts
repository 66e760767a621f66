import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imagesDirectory } from './images-directory.js';

const cases: readonly [string, string | undefined, string | undefined, string][] = [
  ['the option goes first', '/a', '/b', '/a'],
  ['then the environment', undefined, '/b', '/b'],
  ['then the home', undefined, undefined, '/home/images'],
  ['an empty value is none', '', '', '/home/images'],
];

for (const [name, option, variable, expected] of cases) {
  test(`where images are: ${name}`, () => {
    assert.equal(imagesDirectory({ option, environment: { CPE_IMAGES: variable }, home: '/home' }), expected);
  });
}
