import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSupposition, type SuppositionOptions } from './read-supposition.js';

const cases: readonly [string, SuppositionOptions, string][] = [
  ['resource web.app fails', {}, '- resource web.app fails'],
  ['shop resource web.app fails', {}, 'shop resource web.app fails'],
  ['resource shop/web.app returns', {}, 'shop resource web.app returns'],
  ['shop assembly db return', {}, 'shop assembly db returns'],
  ['host left fails', { deployable: 'shop' }, 'shop host left fails'],
  ['web.app fails', {}, '- resource web.app fails'],
  ['shop db fails', {}, 'shop assembly db fails'],
  ['', { fail: 'resource:web.app' }, '- resource web.app fails'],
  ['shop', { return: 'host:left' }, 'shop host left returns'],
];
for (const [line, options, expected] of cases) {
  test(`supposed is ${expected}: simulate ${line} ${JSON.stringify(options)}`, () => {
    const read = readSupposition(line.split(' ').filter(Boolean), options);
    assert.equal(read.kind, 'supposition', read.kind === 'failure' ? read.message : '');
    if (read.kind !== 'supposition') return;
    assert.equal(`${read.deployable ?? '-'} ${read.subject} ${read.name} ${read.change}`, expected);
  });
}

const wrong: readonly [string, SuppositionOptions, RegExp][] = [
  ['web.app', {}, /neither fails nor returns/],
  ['fails', {}, /no name/],
  ['resource db fails', {}, /db is no name of a resource; name it as/],
  ['assembly db.vm fails', {}, /db\.vm is no name of an assembly/],
  ['', { fail: 'host:a', return: 'host:b' }, /one thing is simulated at a time/],
  ['shop more', { fail: 'host:a' }, /too much is named/],
];
for (const [line, options, expected] of wrong) {
  test(`nothing is supposed: simulate ${line} ${JSON.stringify(options)}`, () => {
    const read = readSupposition(line.split(' ').filter(Boolean), options);
    assert.match(read.kind === 'failure' ? `${read.message}; ${read.next}` : '', expected);
  });
}
