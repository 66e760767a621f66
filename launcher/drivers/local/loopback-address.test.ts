import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loopbackAddresses } from './loopback-address.js';

test('the addresses follow from home and launcher host, and never are 127.0.*', () => {
  assert.deepEqual(loopbackAddresses('/home/a', 'local'), loopbackAddresses('/home/a', 'local'));
  assert.notDeepEqual(loopbackAddresses('/home/a', 'local'), loopbackAddresses('/home/b', 'local'));
  assert.notDeepEqual(loopbackAddresses('/home/a', 'local'), loopbackAddresses('/home/a', 'other'));
  for (let at = 0; at < 200; at += 1) {
    for (const address of loopbackAddresses('/home/a', `host${at}`)) {
      const [, a = 0, b = 256, c = 0] = address.split('.').map(Number);
      assert.ok(a >= 1 && a <= 254 && b <= 255 && c >= 1 && c <= 254, address);
    }
  }
});
