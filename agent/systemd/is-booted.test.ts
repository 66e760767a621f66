import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryDirectory } from '../executors/executor-fixture.js';
import { isBootedBySystemd } from './is-booted.js';

test('systemd has booted what has it as PID 1 and runs it', () => {
  const root = temporaryDirectory();
  assert.equal(isBootedBySystemd(root), false);
  mkdirSync(`${root}/proc/1`, { recursive: true });
  writeFileSync(`${root}/proc/1/comm`, 'systemd\n');
  assert.equal(isBootedBySystemd(root), false);
  mkdirSync(`${root}/run/systemd/system`, { recursive: true });
  assert.equal(isBootedBySystemd(root), true);
  writeFileSync(`${root}/proc/1/comm`, 'cpe-instance-in\n');
  assert.equal(isBootedBySystemd(root), false);
});
