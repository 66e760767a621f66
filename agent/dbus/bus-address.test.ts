import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBusAddress } from './bus-address.js';

test('addresses name sockets', () => {
  const table: readonly [string, readonly unknown[]][] = [
    ['unix:path=/run/dbus/system_bus_socket', [{ path: '/run/dbus/system_bus_socket' }]],
    ['unix:path=/tmp/a%20b%3a%c3%bc,guid=0123', [{ path: '/tmp/a b:ü' }]],
    ['unix:abstract=/tmp/dbus-x,guid=1', [{ path: '\0/tmp/dbus-x' }]],
    ['tcp:host=127.0.0.1,port=55884', [{ host: '127.0.0.1', port: 55884 }]],
    ['launchd:env=X;unix:path=/a;unix:path=/b', [{ path: '/a' }, { path: '/b' }]],
    ['', []],
    ['unix:', []],
    ['tcp:port=nine', []],
    ['nonsense', []],
  ];
  for (const [address, expected] of table) assert.deepEqual(parseBusAddress(address), expected, address);
});
