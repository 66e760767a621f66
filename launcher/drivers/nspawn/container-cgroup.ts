/**
 * Control groups of a container's own (cgroups(7)), one in each hierarchy that systemd uses: two containers in one group
 * would share what systemd-nspawn makes below it, and each systemd would take the whole for its own. Where controllers
 * are enabled for it, the container's size is enforced there.
 *
 * Where systemd rules the launcher host it is asked for them: a scope beside the service that launcherd is part of.
 * Elsewhere they are made below those of launcherd. Which they are is written into the instance's directory, because a
 * later launcherd may have others.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasErrorCode } from '../../error-code.js';
import type { Place } from '../platform.js';

export interface ContainerSize {
  readonly cpus: number | undefined;
  readonly memoryMiB: number | undefined;
}

export interface ContainerCgroups {
  readonly directories: readonly string[];
  /** What of the size the kernel does not enforce here. */
  readonly unenforced: readonly string[];
}

const recordName = 'cgroups';
const periodUs = 100_000;
const removalMs = 5_000;
const pollMs = 10;

/** Rejects when there is no hierarchy that systemd could use, or when it may not be written to. */
export function makeCgroups(place: Place, machine: string, size: ContainerSize): ContainerCgroups {
  const directories = cgroupsOf('self').map((parent) => join(parent, machine));
  if (directories.length === 0)
    throw new Error('no control group hierarchy is mounted that systemd could use (cgroups(7))');
  recordCgroups(place, directories);
  for (const group of directories) mkdirSync(group, { recursive: true });
  const unenforced = limitsOf(size).filter(
    ({ file, value }) => !directories.some((group) => writeIfThere(join(group, file), value)),
  );
  return { directories, unenforced: unenforced.map(({ file }) => file) };
}

/** What starts a program in a scope of its own (systemd.scope(5)), and becomes it. */
export function scopeCommand(machine: string, instance: string, size: ContainerSize): readonly string[] {
  return [
    ...['systemd-run', '--scope', '--quiet', '--collect', '--slice=machine.slice', `--unit=${machine}`],
    ...[`--description=Container of ${instance}`, '--property=Delegate=yes'],
    ...limitsOf(size).map(({ property }) => `--property=${property}`),
    '--',
  ];
}

/** To be called when a program runs in its scope: records where that is. */
export function recordScope(
  place: Place,
  pid: number,
  size: ContainerSize = { cpus: undefined, memoryMiB: undefined },
): ContainerCgroups {
  const directories = cgroupsOf(pid);
  recordCgroups(place, directories);
  const unenforced = limitsOf(size).filter(({ file }) => !directories.some((group) => existsSync(join(group, file))));
  return { directories, unenforced: unenforced.map(({ file }) => file) };
}

interface Limit {
  readonly file: string;
  readonly value: string;
  /** The same for systemd (systemd.resource-control(5)). */
  readonly property: string;
}

function limitsOf({ cpus, memoryMiB }: ContainerSize): readonly Limit[] {
  const limits: Limit[] = [];
  if (memoryMiB !== undefined) {
    const value = `${Math.round(memoryMiB * 1024 * 1024)}`;
    limits.push({ file: 'memory.max', value, property: `MemoryMax=${value}` });
  }
  if (cpus !== undefined) {
    const value = `${Math.round(cpus * periodUs)} ${periodUs}`;
    limits.push({ file: 'cpu.max', value, property: `CPUQuota=${Math.round(cpus * 100)}%` });
  }
  return limits;
}

/** What `removeCgroups` will remove. */
export function recordCgroups({ directory }: Place, groups: readonly string[]): void {
  writeFileSync(join(directory, recordName), `${groups.join('\n')}\n`, { mode: 0o600 });
}

/** Whether somebody has frozen the container, or a group above it. Only the unified hierarchy tells. */
export async function isFrozen(place: Place): Promise<boolean> {
  for (const group of await recordedCgroups(place)) {
    const events = await readFile(join(group, 'cgroup.events'), 'utf8').catch(() => '');
    if (/^frozen 1$/m.test(events)) return true;
  }
  return false;
}

/** Removes the groups of a dead container, with what it has made below them. Rejects when one of them stays. */
export async function removeCgroups(place: Place, machine: string): Promise<void> {
  const deadline = performance.now() + removalMs;
  const groups = await recordedCgroups(place);
  // Removed below its hands, its scope would be running for systemd for ever.
  if (groups.some((group) => basename(group) === `${machine}.scope`)) await stopScope(`${machine}.scope`);
  for (const group of groups) {
    if (basename(group, '.scope') !== machine)
      throw new Error(`${group} is no control group of ${place.record.instance}`);
    while (existsSync(group)) {
      // Empty by the proof of its death, but for what somebody has moved there from outside.
      writeIfThere(join(group, 'cgroup.kill'), '1');
      removeTree(group);
      if (!existsSync(group)) break;
      if (performance.now() > deadline) throw new Error(`the control group ${group} cannot be removed`);
      // A process that has just died leaves its group when it is reaped.
      await delay(pollMs);
    }
  }
}

/** Never rejects: most scopes are gone with their last process. */
function stopScope(unit: string): Promise<void> {
  return new Promise((resolve) => {
    execFile('systemctl', ['--quiet', 'stop', unit], { timeout: removalMs }, () => resolve());
  });
}

async function recordedCgroups({ directory }: Place): Promise<readonly string[]> {
  try {
    return (await readFile(join(directory, recordName), 'utf8')).split('\n').filter(Boolean);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Those of a process, in the unified hierarchy and in the named one of a hybrid set-up, as directories. */
function cgroupsOf(process: 'self' | number): readonly string[] {
  const paths = new Map<string, string>();
  for (const line of readFileSync(`/proc/${process}/cgroup`, 'utf8').trim().split('\n')) {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    paths.set(controllers, path);
  }
  const found = new Set<string>();
  for (const line of readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n')) {
    // ... root mount-point options [optional ...] - type source super-options (proc_pid_mountinfo(5))
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root = '/', mountPoint = ''] = before.split(' ');
    const [type, , options = ''] = after.split(' ');
    const isNamed = type === 'cgroup' && options.split(',').includes('name=systemd');
    if (type !== 'cgroup2' && !isNamed) continue;
    const path = paths.get(isNamed ? 'name=systemd' : '');
    if (path === undefined) continue;
    const directory = join(mountPoint, root !== '/' && path.startsWith(root) ? path.slice(root.length) : path);
    if (existsSync(directory)) found.add(directory);
  }
  return [...found];
}

function removeTree(group: string): void {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(group, entry.name));
    }
    rmdirSync(group);
  } catch {
    // Looked at again by the caller.
  }
}

/** Control files exist or not; writing never makes one. Returns whether the kernel took the value. */
function writeIfThere(file: string, value: string): boolean {
  try {
    writeFileSync(file, value, { flag: 'r+' });
    return true;
  } catch {
    return false;
  }
}
