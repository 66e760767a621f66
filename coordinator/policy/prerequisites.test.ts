import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Deployable } from '../model/deployable.js';
import { plainAssembly, plainColocation, plainDeployable, plainOrder, plainResource } from '../model/plain.js';
import { prerequisites } from './prerequisites.js';

function deployable(change: Partial<Deployable>): Deployable {
  const resources = ['x', 'y', 'z'].map((name) => ({
    ...plainResource,
    name,
    agent: { class: 'lsb' as const, type: name },
  }));
  const assemblies = ['a', 'b'].map((name) => ({ ...plainAssembly, name, resources }));
  return { ...plainDeployable, name: 'd', assemblies, ...change };
}

function at(id: string): { assembly: string; resource: string } {
  const [assembly = '', name = ''] = id.split('.');
  return { assembly, resource: name };
}

const cases: readonly { readonly name: string; readonly of: Partial<Deployable>; readonly needs: readonly string[] }[] =
  [
    { name: 'nothing', of: {}, needs: [] },
    { name: 'an order', of: { constraints: [plainOrder('o', ['a.x', 'a.z'].map(at))] }, needs: ['a.x'] },
    { name: 'a longer order', of: { constraints: [plainOrder('o', ['a.x', 'a.y', 'a.z'].map(at))] }, needs: ['a.y'] },
    { name: 'another assembly', of: { constraints: [plainOrder('o', ['b.x', 'a.z'].map(at))] }, needs: [] },
    {
      name: 'an optional order',
      of: { constraints: [{ ...plainOrder('o', ['a.x', 'a.z'].map(at)), strength: 'optional' }] },
      needs: [],
    },
    {
      name: 'a colocation',
      of: { constraints: [plainColocation('c', at('a.z'), { with: at('a.x'), score: 'INFINITY' })] },
      needs: ['a.x'],
    },
    {
      name: 'what must run elsewhere',
      of: { constraints: [plainColocation('c', at('a.z'), { with: at('a.x'), score: '-INFINITY' })] },
      needs: [],
    },
    {
      name: 'a group',
      of: { groups: [{ name: 'g', assembly: 'a', members: ['x', 'y', 'z'] } as never] },
      needs: ['a.y'],
    },
  ];

for (const { name, of, needs } of cases) {
  test(`what has to run before a resource is repaired: ${name}`, () => {
    assert.deepEqual(prerequisites(deployable(of), 'a.z'), needs);
  });
}
