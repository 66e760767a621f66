import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench-context.js';
import { isOnPath } from './supervisors.js';

/**
 * The way scripts ask for a graph: from the text of a CIB to the text of its graph, through files. Undefined, and noted,
 * where crm_simulate is not installed.
 */
export function crmSimulate({ workplace, note }: Bench): ((cib: string) => Promise<string>) | undefined {
  if (!isOnPath('crm_simulate')) {
    note('peer crm_simulate is left out: it is not installed');
    return undefined;
  }
  const directory = workplace.directory('decision');
  const [input, output] = [join(directory, 'simulated.xml'), join(directory, 'graph.xml')];
  return async (cib) => {
    writeFileSync(input, cib);
    const child = spawn('crm_simulate', ['-R', '-Q', '-x', input, '-G', output], {
      stdio: 'ignore',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', CIB_shadow_dir: directory },
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`crm_simulate ended with exit code ${code}`);
    return readFileSync(output, 'utf8');
  };
}
