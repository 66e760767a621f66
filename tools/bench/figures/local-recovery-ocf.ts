import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench-context.js';
import type { Figure } from '../figure.js';
import { millisecondsBetween, type Stamps } from '../stamps.js';

const name = 'bench-ocf';
const byHand = 'bench-ocf-by-hand';
const ocfRoot = '/usr/lib/ocf';
const paceMs = 1_150;
const pollMs = 20;

/** An unmodified resource agent that starts a daemon, with a 10 s monitor that the recovery does not wait for. */
export const localRecoveryOcf: Figure = {
  name: 'local-recovery-ocf',
  runs: 15,
  async measure(bench, runs) {
    const [coordinator, stamps] = await Promise.all([bench.coordinator(), bench.stamps()]);
    const directory = bench.workplace.directory('ocf');
    const samples: number[] = [];
    const floor: number[] = [];
    await runScript('start', parametersOf(byHand, stamps, directory));
    await coordinator.withDeployable(name, document(parametersOf(name, stamps, directory)), async () => {
      try {
        for (let run = 0; run < runs; run++) {
          const from = performance.now();
          floor.push(await repairByHand(stamps, directory));
          samples.push(await stamps.killToStart([name]));
          await delay(Math.max(0, paceMs - (performance.now() - from)), undefined, { signal: bench.signal });
        }
      } finally {
        await runScript('stop', parametersOf(byHand, stamps, directory));
      }
    });
    return { samples, floor, parts: { 'above the floor': samples.map((ms, index) => ms - (floor[index] ?? 0)) } };
  },
};

type Parameters = Readonly<Record<string, string>>;

function parametersOf(program: string, stamps: Stamps, directory: Bench['workplace']['root']): Parameters {
  const [binfile = '', ...args] = stamps.command(program);
  return { binfile, cmdline_options: args.join(' '), pidfile: join(directory, `${program}.pid`), stop_timeout: '5' };
}

function document(parameters: Parameters): string {
  return `
deployable: ${name}
assemblies:
  one:
    resources:
      daemon:
        agent: ocf:heartbeat:anything
        parameters: ${JSON.stringify(parameters)}
        monitor: { interval: 10s, timeout: 20s }
        escalation: { failures: 10000, period: 1s }
`;
}

/** What the scripts of the resource agent take by themselves: stop, and start until the first instruction. */
async function repairByHand(stamps: Stamps, directory: string): Promise<number> {
  const parameters = parametersOf(byHand, stamps, directory);
  // The init of this machine may take its time to reap it; until then the script would take it for alive.
  for (const pid of stamps.end([byHand])) {
    while (existsSync(`/proc/${pid}`)) await delay(pollMs);
  }
  const from = process.hrtime.bigint();
  await runScript('stop', parameters);
  const started = stamps.started(byHand, from);
  await runScript('start', parameters);
  return millisecondsBetween(from, await started);
}

async function runScript(operation: 'start' | 'stop', parameters: Parameters): Promise<void> {
  const resourceKeys = Object.entries(parameters).map(([key, value]) => [`OCF_RESKEY_${key}`, value] as const);
  const child = spawn(join(ocfRoot, 'resource.d', 'heartbeat', 'anything'), [operation], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      LC_ALL: 'C',
      OCF_ROOT: ocfRoot,
      OCF_RA_VERSION_MAJOR: '1',
      OCF_RESOURCE_INSTANCE: 'by-hand',
      ...Object.fromEntries(resourceKeys),
      HA_LOGFACILITY: 'none',
      HA_debug: '0',
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`anything ${operation} by hand ended with ${code}`);
}
