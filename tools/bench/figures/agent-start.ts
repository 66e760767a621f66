import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { within } from '../deadline.js';
import type { Figure } from '../figure.js';
import { findAgent } from '../process-cost.js';
import { millisecondsBetween } from '../stamps.js';
import { peerSupervisors } from '../supervisors.js';

const name = 'bench-start';
const deadlineMs = 30_000;

/** From the start of an agent's process, in place of one that was killed, until it is registered with its decider. */
export const agentStart: Figure = {
  name: 'agent-start',
  runs: 10,
  async measure(bench, runs) {
    const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
    const resource = `exec: { command: ${JSON.stringify(stamps.command(`${name}-cpe`))} }`;
    const document = `deployable: ${name}\nassemblies:\n  one:\n    resources:\n      r: { ${resource} }\n`;
    const rows = new Map<string, number[]>();
    const samples: number[] = [];
    const floor: number[] = [];
    await coordinator.withDeployable(name, document, async () => {
      const { pid, stateDirectory } = await coordinator.instance(name, 'one');
      const log = join(stateDirectory, 'agent.log');
      for (let run = 0; run < runs; run++) {
        floor.push(await nodeStart());
        const known = registrations(log).length;
        const agent = findAgent(pid);
        if (agent !== undefined) process.kill(agent, 'SIGKILL');
        const registered = pollRegistrations(log, known, bench.signal);
        samples.push(await within(registered, { deadlineMs, what: 'a registration', signal: bench.signal }));
        for (const peer of peerSupervisors) {
          if (peer.name === 'pm2' || peer.missing() !== undefined) continue;
          const program = `${name}-${peer.name}-${run}`;
          const since = process.hrtime.bigint();
          const directory = bench.workplace.directory(`${name}-${peer.name}-${run}`);
          const running = await peer.start([stamps.command(program)], directory);
          const ms = millisecondsBetween(since, await stamps.started(program, since));
          rows.set(peer.name, [...(rows.get(peer.name) ?? []), ms]);
          await running.end();
          stamps.end([program]);
        }
      }
    });
    return { samples, floor, peers: Object.fromEntries(rows) };
  },
};

/** Until a Node process runs its first line, and no more. */
async function nodeStart(): Promise<number> {
  const from = performance.now();
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("1")'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const ms = performance.now() - from;
  await exited;
  return ms;
}

/** ms since the start of its process, of each agent that has registered. */
function registrations(log: string): readonly number[] {
  return [...readFileSync(log, 'utf8').matchAll(/"message":"registered","uptimeMs":(\d+)/g)].map(([, ms]) =>
    Number(ms),
  );
}

async function pollRegistrations(log: string, known: number, signal: AbortSignal): Promise<number> {
  for (;;) {
    const found = registrations(log)[known];
    if (found !== undefined) return found;
    await delay(20, undefined, { signal });
  }
}
