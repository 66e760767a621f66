import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { renderCpio } from './cpio-archive.js';

const entries = [
  { kind: 'directory', path: 'bin' },
  { kind: 'file', path: 'bin/a', content: Buffer.from('12345'), mode: 0o755 },
  { kind: 'character-device', path: 'console', major: 5, minor: 1 },
] as const;

test('an archive has a header for each entry, and everything lies at multiples of four bytes', () => {
  const archive = renderCpio(entries);
  assert.equal(archive.length % 4, 0);
  const text = archive.toString('latin1');
  assert.equal(text.split('070701').length - 1, 4);
  assert.ok(text.startsWith('07070100000001000041ed'));
  assert.match(text, /bin\/a\0+12345\0/);
  // st_rdev of the device: major 5, minor 1.
  assert.match(text, /0000000500000001\d{8}00000000console\0/);
  assert.match(text, /TRAILER!!!\0+$/);
});

test('the same entries make the same bytes', () => {
  assert.deepEqual(renderCpio(entries), renderCpio(entries));
});

const hasCpio = spawnSync('cpio', ['--version']).status === 0;

test('cpio(1) reads it', { skip: hasCpio ? false : 'cpio is not installed' }, () => {
  const listed = spawnSync('cpio', ['--list', '--quiet'], { input: renderCpio(entries), encoding: 'utf8' });
  assert.equal(listed.stdout, 'bin\nbin/a\nconsole\n');
});
