import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endInstance } from './end-instance.js';
import type { LogLevel } from './log.js';

test('outside of an instance with our init nothing is signalled, and the log says who has to do it', () => {
  const lines: { readonly level: LogLevel; readonly message: string }[] = [];
  endInstance((level, message) => lines.push({ level, message }));
  assert.equal(lines.length, 1);
  assert.equal(lines[0]?.level, 'error');
  assert.match(lines[0]?.message ?? '', /its decider has to destroy it/);
});
