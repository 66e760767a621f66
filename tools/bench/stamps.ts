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
  /** SIGKILL to the one that runs; resolves with the ms from the signal to the first instruction of the next one. */
  killToStart(name: string): Promise<number>;
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
    async killToStart(name) {
      const pid = findPid(command(name));
      const killedAt = process.hrtime.bigint();
      process.kill(pid, 'SIGKILL');
      return millisecondsBetween(killedAt, await started(name, killedAt));
    },
    close: () => socket.close(),
  };
}

export function millisecondsBetween(fromNs: bigint, toNs: bigint): number {
  return Number(toNs - fromNs) / 1e6;
}

/** Pid of the process, on this machine or in one of its namespaces, whose arguments begin so. */
function findPid(argv: readonly string[]): number {
  const beginning = `${argv.join('\0')}\0`;
  const found = readdirSync('/proc').find((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').startsWith(beginning);
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
  if (found === undefined) throw new Error(`${argv.join(' ')} does not run`);
  return Number(found);
}
