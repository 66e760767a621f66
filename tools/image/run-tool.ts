import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bakeFailure } from './bake-failure.js';

export interface ToolOptions {
  readonly signal: AbortSignal;
  /** What is written to its standard input. */
  readonly input?: string | Buffer;
  /** Added to a small environment of its own: nothing of the caller's locale or shell gets into an image. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Gets every line of both its outputs. */
  readonly onLine?: (line: string) => void;
  /** What it does, as in `mke2fs could not make the file system`. */
  readonly purpose: string;
  /** Of what it returns; latin1 keeps every byte. */
  readonly encoding?: 'utf8' | 'latin1';
  /** What to do when it fails. */
  readonly next?: string;
}

/** Lines of a tool that failed which are shown; the last ones tell why. */
const shownLines = 12;
const mostKept = 4 * 1024 * 1024;
const killAfterMs = 5000;

/**
 * Runs a program with these words, without a shell, and returns what it printed on its standard output. It has its own
 * process group, which ends as a whole when `signal` says so.
 *
 * @throws BakeFailure when it cannot be run, fails or is interrupted: with what it said last
 */
export async function runTool(words: readonly [string, ...string[]], options: ToolOptions): Promise<string> {
  const { signal, purpose, next = '' } = options;
  signal.throwIfAborted();
  const [program] = words;
  const environment = environmentOf(options);
  if (!isInPath(program, environment.PATH)) throw bakeFailure(whatIsMissing(program));
  // It ends with this process, however that ends (prctl(2), PR_SET_PDEATHSIG).
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', ...words], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: environment,
  });
  const last: string[] = [];
  let output = '';
  let size = 0;
  const stop = stopWhenAborted(child.pid, signal);
  // Whoever needs no input may have ended before it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= mostKept) output += chunk.toString('latin1');
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      options.onLine?.(line);
      if (line.trim() !== '') last.push(line);
      if (last.length > shownLines) last.shift();
    });
  }
  const ended = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(`${program} cannot be run: ${error.message}`));
    child.once('close', (code, killedBy) => {
      if (code === 0) resolve(undefined);
      else resolve(`${program} ${purpose}: ${killedBy === null ? `status ${code}` : `ended by ${killedBy}`}`);
    });
  });
  stop();
  signal.throwIfAborted();
  if (ended !== undefined) throw bakeFailure([ended, ...last.map((line) => `  ${line}`)].join('\n'), next);
  return options.encoding === 'latin1' ? output : Buffer.from(output, 'latin1').toString('utf8');
}

function environmentOf({ environment }: ToolOptions): Record<string, string> & { readonly PATH: string } {
  const { HOME = '/root', TMPDIR } = process.env;
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    ...proxies(),
    ...environment,
  };
}

/** What apt and others reach the network by. */
function proxies(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function stopWhenAborted(pid: number | undefined, signal: AbortSignal): () => void {
  if (pid === undefined) return () => {};
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    killGroup(pid, 'SIGTERM');
    timer = setTimeout(() => killGroup(pid, 'SIGKILL'), killAfterMs);
  };
  signal.addEventListener('abort', stop, { once: true });
  return () => {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  };
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Where the programs that a bake needs come from. */
const packageOf: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  'qemu-img': 'qemu-utils',
  xz: 'xz-utils',
  'apt-config': 'apt',
  'dpkg-deb': 'dpkg',
};

function whatIsMissing(program: string): string {
  const name = packageOf[program];
  if (name === undefined) return `${program} is missing on this machine`;
  return `${program} is missing; install it with: apt-get install --no-install-recommends ${name}`;
}

function isInPath(program: string, path: string): boolean {
  return program.includes('/') || path.split(':').some((directory) => existsSync(join(directory, program)));
}
