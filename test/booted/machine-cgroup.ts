import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A control group of its own for one machine, in each hierarchy that systemd-nspawn uses (cgroups(7): the unified one,
 * and the named one of a hybrid set-up). Two machines in one group would share `payload` and `supervisor` below it, and
 * two systemds would each take it for its own.
 */
export interface MachineCgroup {
  /** The group in each hierarchy. */
  readonly directories: readonly string[];
  /** Pids in the group, or in one below it, and in those below that. */
  processes(below?: string): readonly number[];
  /** Kills what is in the group, and removes it with all below it. Rejects when that cannot be done. */
  remove(): Promise<void>;
}

/**
 * Waits for the end of its standard input, which is that of the process that made the group, however it ended; then
 * nothing of the machine may stay. (PID 1 of a machine outlives a systemd-nspawn that was killed.)
 */
const guardScript = `
cat >/dev/null
tries=0
while [ $tries -lt 200 ]; do
  left=
  for group; do
    [ -d "$group" ] || continue
    find "$group" -name cgroup.procs -exec cat {} + | sort -u | xargs -r kill -KILL
    find "$group" -depth -type d -exec rmdir {} +
    [ ! -d "$group" ] || left=yes
  done
  [ -n "$left" ] || exit 0
  sleep 0.05
  tries=$((tries + 1))
done
exit 1`;

/** Makes the group. It goes at the latest when this process does. */
export function machineCgroup(machine: string): MachineCgroup {
  const parents = ownCgroups();
  if (parents.length === 0) throw new Error('no control group hierarchy is mounted that systemd could use');
  const directories = parents.map((parent) => join(parent, `cpe-${machine}`));
  for (const directory of directories) mkdirSync(directory);
  const guard = spawn('/bin/sh', ['-c', guardScript, 'sh', ...directories], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const removed = once(guard, 'exit');
  guard.unref();
  return {
    directories,
    processes: (below = '') => [...new Set(directories.flatMap((directory) => processesBelow(join(directory, below))))],
    async remove() {
      guard.ref();
      guard.stdin?.end();
      const [code] = await removed;
      if (code !== 0) throw new Error(`control groups with processes that cannot be killed: ${directories.join(' ')}`);
    },
  };
}

/** This process' own groups, as directories. */
function ownCgroups(): readonly string[] {
  const paths = new Map<string, string>();
  for (const line of readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n')) {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    paths.set(controllers, path);
  }
  const found: string[] = [];
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n')) {
    // ... root mount-point options [optional ...] - type source super-options (proc_pid_mountinfo(5))
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '/', mountPoint = ''] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    const isNamed = type === 'cgroup' && options.split(',').includes('name=systemd');
    if (type !== 'cgroup2' && !isNamed) continue;
    const path = paths.get(isNamed ? 'name=systemd' : '');
    if (path === undefined) continue;
    const below = root !== '/' && path.startsWith(root) ? path.slice(root.length) : path;
    const directory = join(mountPoint, below);
    if (existsSync(directory) && !found.includes(directory)) found.push(directory);
  }
  return found;
}

function processesBelow(directory: string): readonly number[] {
  if (!existsSync(directory)) return [];
  const own = readFileSync(join(directory, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  return [...own, ...childrenOf(directory).flatMap(processesBelow)];
}

function childrenOf(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(directory, entry.name));
}
