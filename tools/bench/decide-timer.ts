import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../launcher/package-root.js';
import type { Bench } from './bench-context.js';
import { runBuildTool } from './compile.js';
import { within } from './deadline.js';

const deadlineMs = 60_000;

/** The floor of a decision: Pacemaker's library in a C process that does nothing else (native/decide-timer.c). */
export interface DecideTimer {
  /** ms of one decision inside the process. */
  decide(): Promise<number>;
  end(): void;
}

/** Starts one for this CIB, with its first decision, which loads what the library loads once, behind it. */
export async function startDecideTimer(cib: string, nowUnixS: number, bench: Bench): Promise<DecideTimer> {
  const { workplace, signal } = bench;
  const file = join(workplace.directory('decision'), 'timed.xml');
  writeFileSync(file, cib);
  const child = spawn(await compiled(bench), [file, String(nowUnixS)], {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { TZ: 'UTC', LC_ALL: 'C', PCMK_logfacility: 'none', PCMK_logfile: 'none' },
  });
  child.stdin.on('error', () => {});
  const lines = createInterface(child.stdout);
  const timer: DecideTimer = {
    async decide() {
      const line = once(lines, 'line') as Promise<[string]>;
      child.stdin.write('\n');
      const [ns] = await within(line, { deadlineMs, what: 'the decision of decide-timer', signal });
      return Number(ns) / 1e6;
    },
    end: () => child.stdin.end(),
  };
  await timer.decide();
  return timer;
}

/** Built as the scheduler child is, with its interposer. */
async function compiled({ workplace }: Bench): Promise<string> {
  const binary = join(workplace.directory('bin'), 'decide-timer');
  const source = join(packageRoot(), 'tools', 'bench', 'native', 'decide-timer.c');
  const interposer = join(packageRoot(), 'coordinator', 'scheduler', 'native', 'lazy_regex.c');
  const packages = ['libpacemaker', 'pacemaker-pe_status', 'pacemaker-cib', 'libqb', 'libxml-2.0', 'glib-2.0'];
  const flags = (await runBuildTool('pkg-config', ['--cflags', '--libs', ...packages])).trim().split(/\s+/);
  const exported = ['regcomp', 'regexec', 'regfree'].map((symbol) => `-Wl,--export-dynamic-symbol=${symbol}`);
  await runBuildTool('gcc', ['-std=gnu11', '-O2', '-o', binary, source, interposer, ...exported, ...flags]);
  return binary;
}
