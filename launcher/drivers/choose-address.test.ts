import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AddressChoice, chooseAddress } from './choose-address.js';

const cases: { name: string; choice: Partial<AddressChoice>; expected: string | undefined }[] = [
  { name: 'the first address of an empty launcher host is chosen', choice: {}, expected: '127.5.6.1' },
  {
    name: 'an assembly gets the address it had last',
    choice: { remembered: new Map([['shop/db', '127.5.6.9']]) },
    expected: '127.5.6.9',
  },
  {
    name: 'an address that a living instance holds is not given again',
    choice: { remembered: new Map([['shop/db', '127.5.6.1']]), taken: new Set(['127.5.6.1']) },
    expected: '127.5.6.2',
  },
  {
    name: 'the address another assembly had last is left to it',
    choice: { remembered: new Map([['shop/web', '127.5.6.1']]) },
    expected: '127.5.6.2',
  },
  {
    name: 'a free address that another assembly had is better than none',
    choice: { remembered: new Map(addresses().map((address, at) => [`shop/web${at}`, address])) },
    expected: '127.5.6.1',
  },
  {
    name: 'an address that the launcher host has no more is not chosen again',
    choice: { remembered: new Map([['shop/db', '127.9.9.1']]) },
    expected: '127.5.6.1',
  },
  {
    name: 'there is no address when all are taken',
    choice: { taken: new Set(addresses()) },
    expected: undefined,
  },
];

for (const { name, choice, expected } of cases) {
  test(name, () => {
    const whole = { addresses: addresses(), owner: 'shop/db', remembered: new Map(), taken: new Set<string>() };
    assert.equal(chooseAddress({ ...whole, ...choice }), expected);
  });
}

function addresses(): string[] {
  return Array.from({ length: 254 }, (_, at) => `127.5.6.${at + 1}`);
}
