import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packageProgress } from './package-progress.js';

/** As mmdebstrap 1.3.5 prints with --verbose, shortened to two packages each time. */
const lines = `I: chroot architecture amd64 is equal to the host's architecture
I: running apt-get update...
Get:1 http://deb.debian.org/debian bookworm InRelease [151 kB]
I: downloading packages with apt...
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Get:1 http://deb.debian.org/debian bookworm/main amd64 libc6 amd64 2.36 [2754 kB]
I: extracting archives...
I: installing essential packages...
Unpacking libc6:amd64 (2.36-9) ...
Setting up libc6:amd64 (2.36-9) ...
I: installing remaining packages inside the chroot...
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Get:1 http://deb.debian.org/debian bookworm/main amd64 dbus amd64 1.14 [97 kB]
Unpacking dbus (1.14.10-1) ...
Setting up dbus (1.14.10-1) ...
I: running --customize-hook directly: x
I: cleaning package lists and apt cache...
I: success in 50.1 seconds`.split('\n');

test('the share never falls, ends at one, and tells the package at hand', () => {
  const read = packageProgress();
  const seen = lines.flatMap((line) => read(line) ?? []);
  const shares = seen.map(({ share }) => share);
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  assert.ok((shares.at(-1) ?? 0) >= 0.98);
  const details = seen.map(({ detail }) => detail);
  for (const detail of ['reading the lists of packages', 'unpacking dbus', 'setting up libc6', 'the kernel']) {
    assert.ok(details.includes(detail), `${detail} in ${details.join(', ')}`);
  }
});

test('lines that say nothing change nothing', () => {
  const read = packageProgress();
  assert.equal(read('Setting up x (1) ...'), undefined);
  assert.equal(read(''), undefined);
});
