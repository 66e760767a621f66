/** What a process has done to a file, from strace, and what a power cut could have left of it. */
import { readFileSync } from 'node:fs';

/** In the order in which they began; a sync stands where it had ended. */
export type DiskStep =
  | { readonly kind: 'write'; readonly offset: number; readonly bytes: Buffer; readonly isSynced: boolean }
  | { readonly kind: 'sync' }
  | { readonly kind: 'told'; readonly text: string };

/** Arguments of strace for a trace that readDiskTrace can read: of `file`, and of what is told by writing to `told`. */
export function straceOf(trace: string, file: string, told: string): readonly string[] {
  const calls = 'openat,lseek,write,pwrite64,writev,fsync,fdatasync,ftruncate,pwritev,pwritev2,msync';
  return ['-f', '-xx', '-s', '16777216', '-o', trace, '-e', `trace=${calls}`, '-P', file, '-P', told];
}

/** @throws Error on a call that it knows no meaning of; the last line may be half a one. */
export function readDiskTrace(trace: string): readonly DiskStep[] {
  const steps: DiskStep[] = [];
  const positions = new Map<string, number>();
  const synced = new Set<string>();
  const begun = new Map<string, { readonly text: string; readonly at: number }>();

  function write(fd: string, offset: number, bytes: Buffer, at: number): void {
    steps.splice(at, 0, { kind: 'write', offset, bytes, isSynced: synced.has(fd) });
  }

  function take(call: string, at: number): void {
    const [, name, fd = '', rest = '', result = ''] = /^(\w+)\((\w+)(.*)\)\s+= (-?\d+)/.exec(call) ?? [];
    if (name === undefined || result.startsWith('-')) throw new Error(`unexpected in the trace: ${call.slice(0, 200)}`);
    const strings = [...rest.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) =>
      Buffer.from(hex.replaceAll('\\x', ''), 'hex'),
    );
    const [bytes = Buffer.alloc(0)] = strings;
    if (name === 'openat') {
      if (rest.includes('O_DSYNC')) synced.add(result);
      else synced.delete(result);
    } else if (name === 'lseek') positions.set(fd, Number(result));
    else if (name === 'write') steps.splice(at, 0, { kind: 'told', text: bytes.toString() });
    else if (name === 'pwrite64') write(fd, Number(rest.slice(rest.lastIndexOf(',') + 1)), bytes, at);
    else if (name === 'writev') {
      const position = positions.get(fd) ?? 0;
      write(fd, position, Buffer.concat(strings), at);
      positions.set(fd, position + Number(result));
    } else if (name === 'fsync' || name === 'fdatasync') steps.push({ kind: 'sync' });
    else throw new Error(`a call without a meaning in the trace: ${call.slice(0, 200)}`);
  }

  const lines = readFileSync(trace, 'latin1').split('\n');
  lines.pop();
  for (const line of lines) {
    const [, pid = '', text = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text);
    const first = begun.get(pid);
    if (text.startsWith('+++') || text.startsWith('---')) continue;
    if (text.endsWith('<unfinished ...>')) {
      begun.set(pid, { text: text.slice(0, -'<unfinished ...>'.length), at: steps.length });
    } else if (resumed !== null && first !== undefined) {
      begun.delete(pid);
      take(first.text + resumed[1], first.at);
    } else take(text, steps.length);
  }
  return steps;
}

/** What a disk writes whole or not at all. */
const SECTOR = 512;

/**
 * The file after a power cut while the step `cut` was under way: everything that was synced by then, and of all else the
 * sectors that `isWritten` says, in any order.
 */
export function afterPowerCut(
  before: Buffer,
  steps: readonly DiskStep[],
  cut: number,
  isWritten: () => boolean,
): Buffer {
  const durableUntil = steps.slice(0, cut).findLastIndex(({ kind }) => kind === 'sync');
  const length = Math.max(
    before.length,
    ...steps.slice(0, cut + 1).map((step) => (step.kind === 'write' ? step.offset + step.bytes.length : 0)),
  );
  const file = Buffer.alloc(length);
  before.copy(file);
  for (const [index, step] of steps.slice(0, cut + 1).entries()) {
    if (step.kind !== 'write') continue;
    const isDurable = index < cut && (step.isSynced || index < durableUntil);
    for (let from = 0; from < step.bytes.length; from += SECTOR - ((step.offset + from) % SECTOR)) {
      const to = from + SECTOR - ((step.offset + from) % SECTOR);
      if (isDurable || isWritten()) step.bytes.copy(file, step.offset + from, from, Math.min(to, step.bytes.length));
    }
  }
  return file;
}
