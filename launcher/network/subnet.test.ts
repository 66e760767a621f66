import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseSubnet, guestAddresses, isInSubnet, parseSubnet } from './subnet.js';

const choose = (routed: readonly string[], preferred?: string, owner = 'home\0one') =>
  chooseSubnet({ owner, preferred, routed });

describe('the network of guests', () => {
  test('is the same at all times for one owner, and seldom for two', () => {
    assert.equal(choose([]), choose([]));
    const owners = Array.from({ length: 50 }, (_, index) => choose([], undefined, `home\0host${index}`));
    assert.ok(new Set(owners).size > 45);
    for (const subnet of owners) assert.match(subnet ?? '', /^10\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+$/);
  });

  test('is another one when something is routed there', () => {
    const first = choose([]) ?? '';
    for (const routed of [
      `${first}.0/24`,
      `${first}.77`,
      `${first}.128/25`,
      `${first.split('.', 2).join('.')}.0.0/16`,
    ]) {
      const second = choose(['192.0.2.0/24', routed]) ?? '';
      assert.notEqual(second, first, routed);
      assert.notEqual(second, '');
    }
  });

  test('is the preferred one where that is free, and another one where it is not', () => {
    assert.equal(choose([], '10.99.1'), '10.99.1');
    assert.equal(choose(['10.99.0.0/24', '10.99.2.0/24'], '10.99.1'), '10.99.1');
    assert.equal(choose(['10.99.1.5'], '10.99.1'), choose([]));
  });

  test('does not mind defaults, nor the halves of the internet that VPN clients route', () => {
    const first = choose([]);
    for (const routed of ['default', '0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1']) assert.equal(choose([routed]), first);
  });

  test('the last free one is found, and no free one is said', () => {
    const all = Array.from({ length: 2 ** 14 }, (_, index) => `10.${64 + (index >> 8)}.${index & 255}`);
    const routed = all.filter((subnet) => subnet !== '10.100.7').map((subnet) => `${subnet}.0/24`);
    assert.equal(choose(routed), '10.100.7');
    assert.equal(choose(['10.0.0.0/8']), undefined);
  });

  test('has 253 addresses for guests, beside that of their launcher host', () => {
    const addresses = guestAddresses('10.77.3');
    assert.deepEqual([addresses.length, addresses[0], addresses.at(-1)], [253, '10.77.3.2', '10.77.3.254']);
    assert.ok(addresses.every((address) => isInSubnet(address, '10.77.3')));
    assert.ok(!isInSubnet('10.77.30.2', '10.77.3'));
  });

  for (const [text, subnet] of [
    ['10.77.3.0/24', '10.77.3'],
    ['172.16.255.0/24', '172.16.255'],
    ['10.77.3.0/16', undefined],
    ['10.77.3.1/24', undefined],
    ['10.256.3.0/24', undefined],
    ['guests', undefined],
  ] as const) {
    test(`as an operator writes it: ${text}`, () => assert.equal(parseSubnet(text), subnet));
  }
});
