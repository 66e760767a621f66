/** Runs each file of alone/ in a booted Debian of its own: what they do to it is more than others could bear. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bootMachine, explainNoMachine, pathInside } from './booted-machine.js';

const directory = join(import.meta.dirname, 'alone');
const files = readdirSync(directory).filter((name) => name.endsWith('.js'));
const obstacle = explainNoMachine();
// A developer without root goes without; where everything can be run, everything has to.
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN, ${files.length} files of tests: ${obstacle}` : false;

for (const file of files) {
  test(`alone/${file} passes in a machine of its own`, { skip }, async () => {
    const machine = await bootMachine({ name: 'alone' });
    try {
      const argv = ['/usr/bin/node', '--enable-source-maps', '--test', pathInside(join(directory, file))];
      const { code, stdout, stderr } = await machine.run(argv, { timeoutMs: 600_000 });
      assert.equal(code, 0, `${stdout}${stderr}\n--- the machine's journal ---\n${await machine.journal()}`);
    } finally {
      await machine.end();
    }
  });
}
