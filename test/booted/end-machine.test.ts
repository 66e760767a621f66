/** Host's shutdown and reboot, on machines that may go. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { bootMachine, explainNoMachine, pathInside } from './booted-machine.js';

const obstacle = explainNoMachine();
// A developer without root goes without; where everything can be run, everything has to.
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN: ${obstacle}` : false;
const module = pathInside(join(import.meta.dirname, '../../agent/matahari/own/own-matahari.js'));

/** An agent's backend that waits for its turn, is told to end its machine, and passes on what it was answered. */
function script(method: 'shutdown' | 'reboot', port: number): string {
  return `const { ownMatahari } = await import('${module}');
    const never = () => { throw new Error('not asked for'); };
    const { host } = ownMatahari({ stateDirectory: '/run/matahari', ocfRoot: '/usr/lib/ocf',
      initScripts: '/etc/init.d', executor: { run: never }, systemd: never, isManaged: never, failManaged: never,
      clock: { now: () => ({ unixMs: Date.now(), bootMs: performance.now() }) }, log: () => undefined });
    await fetch('http://127.0.0.1:${port}/turn');
    const answer = encodeURIComponent(JSON.stringify(await host.${method}()));
    await fetch('http://127.0.0.1:${port}/answer?' + answer);`;
}

for (const method of ['shutdown', 'reboot'] as const) {
  test(`${method} is answered, and then the machine goes`, { skip }, async () => {
    let answer: string | undefined;
    let giveTurn = (): void => undefined;
    const mayBegin = new Promise<void>((resolve) => {
      giveTurn = resolve;
    });
    const server = createServer((request, response: ServerResponse) => {
      const [path, said] = (request.url ?? '').split('?');
      if (path === '/answer') answer = decodeURIComponent(said ?? '');
      void mayBegin.then(() => response.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const machine = await bootMachine({ name: method });
    try {
      const node = ['/usr/bin/node', '--input-type=module', '--eval', script(method, port)];
      await machine.mustRun(['systemd-run', '--quiet', '--collect', '--unit=ends-machine', ...node]);
      // Nothing that came in from outside may run any more: it would hold up the machine's end.
      giveTurn();
      const deadline = performance.now() + 90_000;
      while (existsSync(`/proc/${machine.leader}`)) {
        assert.ok(performance.now() < deadline, `PID 1 still runs; ${method} was answered with ${answer}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.equal(answer, '{"kind":"done"}');
    } finally {
      server.closeAllConnections();
      server.close();
      await machine.end();
    }
  });
}
