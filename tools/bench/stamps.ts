import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';
import { runBuildTool } from './compile.js';
import { within } from './deadline.js';
import type { Workplace } from './workplace.js';

/** Programs that say when their first instruction ran (native/stamp.c), by a clock that is the same in all processes. */
export interface Stamps {
  /** argv of the one that is called `name`. */
  command(name: string): readonly string[];
  /** Resolves when it has started at or after `sinceNs` (process.hrtime); with the time of its first instruction. */
  started(name: string, sinceNs: bigint): Promise<bigint>;
  /**
   * SIGKILL to those of these names that run, one after the other without a pause; resolves with the ms from the first
   * signal to the first instruction of the last of their replacements.
   */
  killToStart(names: readonly string[]): Promise<number>;
  /** SIGKILL to those of these names that run. Returns their pids. */
  end(names: readonly string[]): readonly number[];
  close(): void;
}

const deadlineMs = 30_000;

export async function openStamps(workplace: Workplace, signal: AbortSignal): Promise<Stamps> {
  const binary = join(workplace.directory('bin'), 'stamp');
  const source = join(packageRoot(), 'tools', 'bench', 'native', 'stamp.c');
  await runBuildTool('gcc', ['-std=gnu11', '-O2', '-Wall', '-static', '-o', binary, source]);
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  const last = new Map<string, bigint>();
  const waiting = new Set<() => void>();
  socket.on('message', (message) => {
    const [name = '', time = '0'] = message.toString().split(' ');
    last.set(name, BigInt(time));
    for (const look of waiting) look();
  });
  const started = (name: string, sinceNs: bigint) => {
    let look = (): void => {};
    const seen = new Promise<bigint>((resolve) => {
      look = () => {
        const at = last.get(name);
        if (at !== undefined && at >= sinceNs) resolve(at);
      };
      waiting.add(look);
      look();
    });
    return within(seen, { deadlineMs, what: `a start of ${name}`, signal }).finally(() => waiting.delete(look));
  };
  const command = (name: string) => [binary, String(port), name];
  return {
    command,
    started,
    async killToStart(names) {
      const pids = findPids(names.map(command));
      if (pids.length < names.length) throw new Error(`of ${names.length} like ${names[0]} only ${pids.length} run`);
      const killedAt = process.hrtime.bigint();
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      const starts = await Promise.all(names.map((name) => started(name, killedAt)));
      return Math.max(...starts.map((startedAt) => millisecondsBetween(killedAt, startedAt)));
    },
    end(names) {
      const pids = findPids(names.map(command));
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      return pids;
    },
    close: () => socket.close(),
  };
}

export function millisecondsBetween(fromNs: bigint, toNs: bigint): number {
  return Number(toNs - fromNs) / 1e6;
}

/** Pids of the processes, on this machine or in one of its namespaces, whose arguments begin with one of these rows. */
function findPids(rows: readonly (readonly string[])[]): readonly number[] {
  const missing = new Set(rows.map((argv) => argv.join('\0')));
  const length = rows[0]?.length ?? 0;
  const pids: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && missing.delete(firstArguments(name, length))) pids.push(Number(name));
  }
  return pids;
}

function firstArguments(pid: string, count: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, count).join('\0');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
