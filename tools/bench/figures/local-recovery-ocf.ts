import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from '../bench-context.js';
import { timeOf } from '../event-log.js';
import type { Figure } from '../figure.js';
import { evenPhases } from '../statistics.js';

const name = 'bench-ocf';
const intervalMs = 1_000;
const ocfRoot = '/usr/lib/ocf';

export const localRecoveryOcf: Figure = {
  name: 'local-recovery-ocf',
  runs: 20,
  async measure(bench, runs) {
    const coordinator = await bench.coordinator();
    const state = join(bench.workplace.directory('ocf'), 'dummy.state');
    const samples: number[] = [];
    const scripts: number[] = [];
    await coordinator.withDeployable(name, document(state), async () => {
      for (const phaseMs of evenPhases(runs, intervalMs)) {
        scripts.push(await repairByHand(bench));
        await delay(phaseMs, undefined, { signal: bench.signal });
        const seq = coordinator.lastSeq();
        if (!existsSync(state)) throw new Error(`the agent keeps no state in ${state}`);
        const failedAt = Date.now();
        rmSync(state);
        samples.push(timeOf(await coordinator.event(name, 'resource-recovered', seq)) - failedAt);
      }
    });
    const halfIntervalMs = intervalMs / 2;
    const floor = scripts.map((ms) => halfIntervalMs + ms);
    return { samples, floor, parts: { 'half of the interval': [halfIntervalMs], 'scripts by hand': scripts } };
  },
};

function document(state: string): string {
  return `
deployable: ${name}
assemblies:
  one:
    resources:
      dummy:
        agent: ocf:heartbeat:Dummy
        parameters: { state: ${JSON.stringify(state)} }
        monitor: { interval: ${intervalMs}ms, timeout: 20s }
        escalation: { failures: 10000, period: 1s }
`;
}

/** What has to run in any case: the monitor that finds the failure, stop, start, and the monitor that finds it good. */
async function repairByHand({ workplace }: Bench): Promise<number> {
  const directory = workplace.directory('ocf-by-hand');
  const state = join(directory, 'dummy.state');
  rmSync(state, { force: true });
  const from = performance.now();
  for (const [operation, expected] of [
    ['monitor', 7],
    ['stop', 0],
    ['start', 0],
    ['monitor', 0],
  ] as const) {
    const child = spawn(join(ocfRoot, 'resource.d', 'heartbeat', 'Dummy'), [operation], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        LC_ALL: 'C',
        OCF_ROOT: ocfRoot,
        OCF_RA_VERSION_MAJOR: '1',
        OCF_RESOURCE_INSTANCE: 'dummy',
        OCF_RESKEY_state: state,
        OCF_RESKEY_CRM_meta_interval: operation === 'monitor' ? String(intervalMs) : '0',
        HA_RSCTMP: directory,
        HA_LOGFACILITY: 'none',
        HA_debug: '0',
      },
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== expected) throw new Error(`Dummy ${operation} by hand ended with ${code} instead of ${expected}`);
  }
  return performance.now() - from;
}
