import assert from 'node:assert/strict';
import { test } from 'node:test';
import { usableClasses } from './resource-executors.js';

test('units are a class of resources only where systemd has booted the machine', () => {
  assert.deepEqual(usableClasses(true), ['ocf', 'systemd', 'lsb', 'service', 'exec', 'configure']);
  assert.deepEqual(usableClasses(false), ['ocf', 'lsb', 'service', 'exec', 'configure']);
});
