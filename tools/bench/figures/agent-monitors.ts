import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Figure } from '../figure.js';
import { findAgent, runMilliseconds } from '../process-cost.js';

const name = 'bench-monitors';
const resources = 200;
const intervalS = 10;
/** What was started last has settled. From the first second on the monitors are spread over their interval. */
const warmUpMs = 7_000;
const windowMs = 4_000;
const script = '/usr/lib/ocf/resource.d/heartbeat/Dummy';

/** Two hundred resources with 10 s monitors: the agent's own CPU time, without that of the scripts, in % of a core. */
export const agentMonitors: Figure = {
  name: 'agent-monitors',
  runs: 3,
  async measure(bench, runs) {
    const coordinator = await bench.coordinator();
    const state = bench.workplace.directory('monitors');
    const list = Array.from({ length: resources }, (_, index) => {
      const parameters = `{ state: ${JSON.stringify(join(state, `${index}.state`))} }`;
      return `      r${index}: { agent: "ocf:heartbeat:Dummy", parameters: ${parameters}, monitor: { interval: ${intervalS}s } }`;
    });
    const document = `deployable: ${name}\nassemblies:\n  one:\n    resources:\n${list.join('\n')}\n`;
    return coordinator.withDeployable(name, document, async () => {
      const agent = findAgent((await coordinator.instance(name, 'one')).pid);
      if (agent === undefined) throw new Error('no agent runs in the instance');
      const samples: number[] = [];
      const floor: number[] = [];
      const starter = startStarter(join(state, 'floor.state'));
      try {
        await delay(warmUpMs, undefined, { signal: bench.signal });
        const pids = [agent, starter.pid ?? 0];
        for (let run = 0; run < runs; run++) {
          const [before, from] = [pids.map((pid) => runMilliseconds([pid])), performance.now()];
          await delay(windowMs, undefined, { signal: bench.signal });
          const elapsedMs = performance.now() - from;
          const [ours = 0, least = 0] = pids.map(
            (pid, index) => ((runMilliseconds([pid]) - (before[index] ?? 0)) / elapsedMs) * 100,
          );
          samples.push(ours);
          floor.push(least);
        }
      } finally {
        starter.kill('SIGKILL');
      }
      return { samples, floor, unit: '%' };
    });
  },
};

/** The floor: a Node process that starts the same script as often, and reads what it says. */
function startStarter(state: string): ChildProcess {
  const program = `const { spawn } = require('node:child_process');
    const env = { PATH: process.env.PATH, OCF_ROOT: '/usr/lib/ocf', OCF_RESKEY_state: ${JSON.stringify(state)} };
    const start = () => {
      const child = spawn('${script}', ['monitor'], { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
      child.stdout.resume();
      child.stderr.resume();
    };
    setInterval(start, ${(intervalS * 1000) / resources});`;
  return spawn(process.execPath, ['-e', program], { stdio: 'ignore' });
}
