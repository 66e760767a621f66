import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { closestName, didYouMean, reservedReason } from './names.js';

test('a name with few mistakes finds what was meant, another one nothing', () => {
  const keys = ['deployable', 'hosts', 'assemblies', 'constraints', 'escalation', 'pacemaker'];
  const cases: [string, string | undefined][] = [
    ['asemblies', 'assemblies'],
    ['assembleis', 'assemblies'],
    ['Hosts', 'hosts'],
    ['host', 'hosts'],
    ['contraints', 'constraints'],
    ['escalations', 'escalation'],
    ['resources', undefined],
    ['x', undefined],
    ['', undefined],
  ];
  for (const [name, expected] of cases) assert.equal(closestName(name, keys), expected, name);
});

test('of several near names the nearest is meant', () => {
  assert.equal(closestName('web.ap', ['web.cap', 'web.app', 'web.mapp']), 'web.cap');
  assert.equal(closestName('web.ngnix', ['web.nginx2', 'web.nginx', 'web.nix']), 'web.nginx');
});

test('a name of one or two letters is near to nothing but its other case', () => {
  assert.equal(closestName('a', ['b', 'A']), 'A');
  assert.equal(didYouMean('ab', ['ac']), '');
});

test('the distance of names is that of a plain table of all prefixes', () => {
  const letters = fc.stringMatching(/^[ab]{0,6}$/);
  fc.assert(
    fc.property(letters, letters, (a, b) => {
      const most = Math.min(3, Math.floor(Math.max(a.length, b.length) / 3));
      assert.equal(closestName(a, [b]), plainDistance(a, b) <= most ? b : undefined);
    }),
    { numRuns: 2000 },
  );
});

test('names that would collide with ids of our own are reserved where they would', () => {
  assert.equal(reservedReason('resource', 'web'), undefined);
  assert.equal(reservedReason('assembly', 'vm'), undefined);
  assert.match(reservedReason('resource', 'vm') ?? '', /reserved for the VM/);
  assert.match(reservedReason('resource', 'x-configure') ?? '', /reserved for configure steps/);
  assert.match(reservedReason('assembly', 'self') ?? '', /own assembly/);
  assert.match(reservedReason('deployable', '__proto__') ?? '', /reserved/);
});

/** Optimal string alignment by its definition. */
function plainDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [shortA, shortB] = [a.slice(0, -1), b.slice(0, -1)];
  const choices = [plainDistance(shortA, b) + 1, plainDistance(a, shortB) + 1];
  choices.push(plainDistance(shortA, shortB) + (a.at(-1) === b.at(-1) ? 0 : 1));
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1)) {
    choices.push(plainDistance(a.slice(0, -2), b.slice(0, -2)) + 1);
  }
  return Math.min(...choices);
}
