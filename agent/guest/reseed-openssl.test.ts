/** That OpenSSL takes a new seed when its clock has gone back is nobody's promise: it is looked at in the Node of this machine. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';

const directory = mkdtempSync(join(tmpdir(), 'reseed-'));
after(() => rmSync(directory, { recursive: true }));
const hasCompiler = spawnSync('gcc', ['--version']).status === 0;
const skip = hasCompiler || process.env.CI ? false : 'NOT RUN: gcc is missing';

/** time(2) two hours ago while there is a file `back`; a line to standard error for each seed from the kernel. */
const shim = `
#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
time_t time(time_t *at) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time_t told = now.tv_sec - (access(BACK, F_OK) == 0 ? 7200 : 0);
  if (at) *at = told;
  return told;
}
int getentropy(void *bytes, size_t length) {
  if (write(2, "seed\\n", 5) != 5 || syscall(SYS_getrandom, bytes, length, 0) != (long)length) return -1;
  return 0;
}
`;

test('OpenSSL takes a new seed from the kernel when the clock is set back', { skip }, () => {
  const [source, library, back] = [join(directory, 'shim.c'), join(directory, 'shim.so'), join(directory, 'back')];
  writeFileSync(source, shim);
  execFileSync('gcc', ['-shared', '-fPIC', `-DBACK="${back}"`, '-o', library, source]);
  const module = pathToFileURL(join(import.meta.dirname, 'wake-up.js')).href;
  const script = `
    import { writeFileSync, writeSync } from 'node:fs';
    import { reseedOpenSsl } from '${module}';
    reseedOpenSsl();
    writeSync(2, 'again\\n');
    reseedOpenSsl();
    writeFileSync('${back}', '');
    writeSync(2, 'back\\n');
    reseedOpenSsl();`;
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { PATH: process.env.PATH, LD_PRELOAD: library },
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.match(stderr, /^(seed\n)+again\nback\n(seed\n)+$/);
});
