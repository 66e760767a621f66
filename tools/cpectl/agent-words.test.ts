import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentUsage, type MethodArgument, readAgentWords } from './agent-words.js';

const none: readonly MethodArgument[] = [];
const one: readonly MethodArgument[] = [{ name: 'name', help: '' }];
const two: readonly MethodArgument[] = [...one, { name: 'action', help: '' }];
const optional: readonly MethodArgument[] = [
  { name: 'lifetime', help: '', isOne: (word) => word.toLowerCase() === 'reboot' },
];

const understood: readonly [string, readonly MethodArgument[], string | undefined, string][] = [
  ['web', none, undefined, 'web'],
  ['shop web', none, undefined, 'shop web'],
  ['shop/web', none, undefined, 'shop web'],
  ['web', none, 'shop', 'shop web'],
  ['web nginx', one, undefined, 'web nginx'],
  ['shop web nginx', one, undefined, 'shop web nginx'],
  ['shop/web a/b', one, undefined, 'shop web a/b'],
  ['web a.b', one, 'shop', 'shop web a.b'],
  ['shop web ip monitor', two, undefined, 'shop web ip monitor'],
  ['web', optional, undefined, 'web '],
  ['web Reboot', optional, undefined, 'web Reboot'],
  ['shop web', optional, undefined, 'shop web '],
  ['shop web reboot', optional, undefined, 'shop web reboot'],
  ['reboot', optional, undefined, 'reboot '],
];
for (const [typed, method, deployable, expected] of understood) {
  const with_ = deployable === undefined ? '' : ` --deployable ${deployable}`;
  test(`${agentUsage(method)}: "${typed}"${with_} is understood`, () => {
    const read = readAgentWords(typed.split(' '), method, deployable);
    if (read.kind === 'failure') assert.fail(read.message);
    const { deployable: of, name } = read.subject;
    assert.equal([...(of === undefined ? [] : [of]), name, ...read.values].join(' '), expected);
  });
}

const misunderstood: readonly [string, readonly MethodArgument[], RegExp][] = [
  ['web', one, /missing: NAME/],
  ['web', two, /missing: NAME, ACTION/],
  ['a b c', none, /one word too many: c/],
  ['shop/web b', none, /one word too many: b/],
  ['a b c d', one, /one word too many: d/],
  ['shop web never', optional, /one word too many: never/],
  ['a/b/c', none, /too many slashes/],
  ['9', none, /no name of an assembly/],
];
for (const [typed, method, message] of misunderstood) {
  test(`${agentUsage(method)}: "${typed}" is wrong`, () => {
    const read = readAgentWords(typed.split(' '), method, undefined);
    assert.ok(read.kind === 'failure');
    assert.match(read.message, message);
    assert.equal(read.exit, 2);
  });
}
