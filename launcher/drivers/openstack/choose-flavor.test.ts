import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFlavor, type FlavorNeeds } from './choose-flavor.js';

const flavor = (name: string, cpus: number, memoryMiB: number, diskGiB: number, isSpecial = false) => ({
  id: `id-of-${name}`,
  name,
  cpus,
  memoryMiB,
  diskGiB,
  isSpecial,
});
const FLAVORS = [
  flavor('large', 4, 8_192, 80),
  flavor('gpu', 1, 512, 20, true),
  flavor('wide', 4, 1_024, 20),
  flavor('small', 1, 1_024, 20),
  flavor('diskless', 1, 512, 0),
  flavor('tiny', 1, 512, 1),
];
const NEEDS: FlavorNeeds = {
  flavor: undefined,
  cpus: undefined,
  memoryMiB: undefined,
  image: { name: 'i', minDiskGiB: 0, minMemoryMiB: 0 },
  hasRootVolume: false,
};

const cases: readonly (readonly [string, Partial<FlavorNeeds>, string])[] = [
  ['the smallest, if nothing is said', {}, 'tiny'],
  ['without a disk, if the root disk is a volume', { hasRootVolume: true }, 'diskless'],
  ['by memory', { memoryMiB: 600 }, 'small'],
  ['by processors', { cpus: 2 }, 'wide'],
  ['by what the image needs', { image: { name: 'i', minDiskGiB: 2, minMemoryMiB: 600 } }, 'small'],
  ['by name', { flavor: 'gpu', memoryMiB: 9_000 }, 'gpu'],
  ['by id', { flavor: 'id-of-large' }, 'large'],
];
for (const [what, needs, expected] of cases) {
  test(`a flavor is chosen: ${what}`, () => {
    const choice = chooseFlavor(FLAVORS, { ...NEEDS, ...needs });
    assert.equal(choice.kind === 'flavor' ? choice.flavor.name : choice.problem, expected);
  });
}

test('what is not there is said, with what is', () => {
  const none = chooseFlavor(FLAVORS, { ...NEEDS, cpus: 16 });
  assert.ok(none.kind === 'problem' && /no flavor of the cloud has 16 processors.*large, gpu/.test(none.problem));
  const unknown = chooseFlavor(FLAVORS, { ...NEEDS, flavor: 'huge' });
  assert.ok(unknown.kind === 'problem' && /no flavor "huge"; it has large/.test(unknown.problem));
});
