import type { Launch } from './exec-launch.js';
import type { StartOptions } from './process-starter.js';
import { runVariable } from './resource-executor.js';

/** Of one request; native/spawner.c takes no longer one, and the kernel no program with as much. */
export const maxRequestBytes = 8 * 1024 * 1024;

/**
 * A request as native/spawner.c describes it. Throws TypeError when a string has a NUL in it: it would say something else
 * there.
 */
export function encodeRequest(id: string, launch: Launch, { token, log, cgroup = '' }: StartOptions): Buffer {
  const { path, argv, environment, directory, owner, limits } = launch;
  const strings = [
    id,
    path,
    directory,
    log,
    cgroup,
    ...(owner === undefined ? ['', '', ''] : [String(owner.uid), String(owner.gid), owner.groups.join(',')]),
    Object.entries(limits)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
    String(argv.length),
    ...argv,
  ];
  for (const [name, value] of Object.entries(environment)) if (name !== runVariable) strings.push(`${name}=${value}`);
  strings.push(`${runVariable}=${token}`);
  if (strings.some((text) => text.includes('\0'))) throw new TypeError('a string for a program has a NUL in it');
  const text = strings.join('\0');
  const length = Buffer.byteLength(text) + 1;
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32LE(length);
  frame.write(text, 4);
  frame[3 + length] = 0;
  return frame;
}

/** What the spawner says. */
export type SpawnerLine =
  | { readonly kind: 'ready' }
  | { readonly kind: 'started'; readonly id: string; readonly pid: number; readonly startTime: number }
  | { readonly kind: 'failed'; readonly id: string; readonly errno: number; readonly step: string }
  | { readonly kind: 'exited'; readonly pid: number; readonly code: number }
  | { readonly kind: 'signalled'; readonly pid: number; readonly signal: number }
  | { readonly kind: 'garbage' };

export function parseLine(line: string): SpawnerLine {
  const [word, first = '', second = '', third = ''] = line.split(' ');
  const numbers = [first, second, third].map(Number);
  const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = numbers;
  if (word === 'ready') return { kind: 'ready' };
  if (word === 'started' && isCount(b) && isCount(c)) return { kind: 'started', id: first, pid: b, startTime: c };
  if (word === 'failed' && isCount(b) && third !== '') return { kind: 'failed', id: first, errno: b, step: third };
  if (word === 'ended' && isCount(a) && isCount(c)) {
    if (second === 'exit') return { kind: 'exited', pid: a, code: c };
    if (second === 'signal') return { kind: 'signalled', pid: a, signal: c };
  }
  return { kind: 'garbage' };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
