/** Host's shutdown and reboot, on machines that may go. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bootMachine, explainNoMachine, pathInside } from './booted-machine.js';

const obstacle = explainNoMachine();
// A developer without root goes without; where everything can be run, everything has to.
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN: ${obstacle}` : false;
const module = pathInside(join(import.meta.dirname, '../../agent/matahari/own/own-matahari.js'));

/** An agent's backend that is told to end its machine, and says what it was answered. */
function script(method: 'shutdown' | 'reboot'): string {
  return `const { ownMatahari } = await import('${module}');
    const never = () => { throw new Error('not asked for'); };
    const { host } = ownMatahari({ stateDirectory: '/run/matahari', ocfRoot: '/usr/lib/ocf',
      initScripts: '/etc/init.d', executor: { run: never }, systemd: never, isManaged: never, failManaged: never,
      clock: { now: () => ({ unixMs: Date.now(), bootMs: performance.now() }) },
      log: (level, message) => process.stderr.write(level + ' ' + message + '\\n') });
    process.stdout.write(JSON.stringify(await host.${method}()));`;
}

for (const method of ['shutdown', 'reboot'] as const) {
  test(`${method} is answered, and then the machine goes`, { skip }, async () => {
    const machine = await bootMachine({ name: method });
    try {
      // It ends with the machine, by a signal or by itself.
      const { stdout, stderr } = await machine.run(['node', '--input-type=module', '--eval', script(method)]);
      assert.deepEqual(JSON.parse(stdout), { kind: 'done' }, stderr);
      const deadline = performance.now() + 60_000;
      while (existsSync(`/proc/${machine.leader}`)) {
        assert.ok(performance.now() < deadline, `PID 1 still runs\n${await machine.journal()}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await machine.end();
    }
  });
}
