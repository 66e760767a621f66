import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Coordinator } from '../coordinator.js';
import { timeOf } from '../event-log.js';
import type { Figure } from '../figure.js';
import type { Stamps } from '../stamps.js';

const name = 'bench-start';
const assemblies = ['db', 'web', 'front'] as const;

export const startToRunning: Figure = {
  name: 'start-to-running',
  runs: 8,
  async measure(bench, runs) {
    const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
    const samples: number[] = [];
    const floor: number[] = [];
    const command: number[] = [];
    const first: number[] = [];
    await coordinator.withDeployable(name, document(stamps), async () => {
      first.push(await orderToRunning(coordinator, 0));
      for (let run = 0; run < runs; run++) {
        await coordinator.cpectl('deployable', 'stop', name);
        floor.push(await bareStart(stamps));
        const seq = coordinator.lastSeq();
        const from = performance.now();
        await coordinator.cpectl('deployable', 'start', name);
        command.push(performance.now() - from);
        samples.push(await orderToRunning(coordinator, seq));
      }
    });
    return { samples, floor, parts: { 'with the command': command, 'first start after create': first } };
  },
};

function document(stamps: Stamps): string {
  const resource = (assembly: string) => `{ exec: { command: ${JSON.stringify(stamps.command(assembly))} } }`;
  return `
deployable: ${name}
assemblies:
${assemblies.map((assembly) => `  ${assembly}: { resources: { app: ${resource(assembly)} } }`).join('\n')}
constraints:
  - { order: [${assemblies.map((assembly) => `${assembly}.app`).join(', ')}] }
`;
}

async function orderToRunning(coordinator: Coordinator, seq: number): Promise<number> {
  const running = await coordinator.event(name, 'deployable-running', seq);
  return timeOf(running) - timeOf(await coordinator.event(name, 'start-ordered', seq));
}

/** As many Node processes at once, then as many programs one after the other: what no agent in Node can go below. */
async function bareStart(stamps: Stamps): Promise<number> {
  const from = performance.now();
  await Promise.all(assemblies.map(bareAgent));
  for (const assembly of assemblies) {
    const since = process.hrtime.bigint();
    const [program = '', ...args] = stamps.command(`bare-${assembly}`);
    const child = spawn(program, args, { stdio: 'ignore' });
    try {
      await stamps.started(`bare-${assembly}`, since);
    } finally {
      child.kill('SIGKILL');
    }
  }
  return performance.now() - from;
}

async function bareAgent(): Promise<void> {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("up"); process.stdin.resume()'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await once(child.stdout, 'data');
  child.stdin.end();
}
