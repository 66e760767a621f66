import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { InstanceSpec, LauncherDriver } from '../../launcher/driver.js';
import { type LocalDriverOptions, openLocalDriver } from '../../launcher/drivers/local/local-driver.js';
import { readProcStat } from '../../launcher/drivers/process-proof.js';
import { hasErrorCode } from '../../launcher/error-code.js';
import type { DriverFixture } from './launcher-driver-suite.js';
import { sampleSpec } from './sample-spec.js';

/** By which the resource of the test's agent is told from its agent: both are `sleep`. */
export const RESOURCE_ARGUMENT = '100000.1';

/** An agent that shows what it was given, starts one resource in its first life, and stays until SIGTERM. */
const AGENT = `#!/bin/sh
state=$(dirname "$2")
env | sort > "$state/seen.environment"
ls /proc/self/fd > "$state/seen.descriptors"
grep -E '^Sig(Blk|Ign)' /proc/self/status > "$state/seen.signals"
if [ ! -e "$state/seen.resource" ]; then
  sleep ${RESOURCE_ARGUMENT} &
  echo $! > "$state/seen.resource"
fi
exec sleep 100000.2
`;

export interface LocalFixture extends DriverFixture {
  readonly directory: string;
  readonly home: string;
  options(launcherHost?: string): LocalDriverOptions;
}

/** A private directory with the native part, built, and an agent; all processes of it end with `dispose`. */
export async function createLocalFixture(): Promise<LocalFixture> {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-launcher-driver-'));
  const home = join(directory, 'home');
  execFileSync(join(packageRoot(), 'launcher/native/build.sh'), [directory]);
  const agent = join(directory, 'agent');
  writeFileSync(agent, AGENT);
  for (const path of [directory, agent]) chmodSync(path, 0o755);

  const options = (launcherHost = 'local'): LocalDriverOptions => ({
    home,
    launcherHost,
    initBinary: join(directory, 'cpe-instance-init'),
    agentCommand: [agent],
    environment: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
  });
  return {
    directory,
    home,
    options,
    open: (launcherHost): Promise<LauncherDriver> => openLocalDriver(options(launcherHost)),
    spec: ({ assembly, incarnation, launcherHost = 'local' }) => specOf(assembly, incarnation, launcherHost),
    kill: ({ pid }) => {
      process.kill(pid, 'SIGKILL');
    },
    dispose: async () => {
      for (const pid of initsBelow(directory)) killIfThere(pid);
      await until('every instance is gone', () => initsBelow(directory).length === 0);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Pids of everything that runs cpe-instance-init for a state directory below `directory`. */
export function initsBelow(directory: string): number[] {
  return pidsWhere(
    (args) => args[0]?.endsWith('/cpe-instance-init') === true && args[1]?.startsWith(directory) === true,
  );
}

/** An init takes its own child, listed too until it has become the agent, with it. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

export function pidsWhere(matches: (args: readonly string[], pid: number) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return matches(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0'), pid) && isRunning(pid);
      } catch {
        return false;
      }
    });
}

export function isRunning(pid: number): boolean {
  const state = readProcStat(pid)?.state;
  return state !== undefined && state !== 'Z' && state !== 'X';
}

/** Waits for a condition; throws after `withinMs`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not in ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function packageRoot(): string {
  let directory = import.meta.dirname;
  while (!existsSync(join(directory, 'package.json'))) directory = dirname(directory);
  return directory;
}

function specOf(assembly: string, incarnation: number, launcherHost: string): InstanceSpec {
  const instance = `shop.${assembly}.${launcherHost}.${incarnation}`;
  const credentialsFile = '/nonexistent/credentials';
  return sampleSpec(instance, { credentialsFile, image: undefined, memoryMiB: undefined, bootDeadlineMs: 60_000 });
}
