import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { DemoDirectory } from './demo-directory.js';
import { demoFailure } from './demo-failure.js';
import { markVariable } from './left-processes.js';
import type { Output } from './output.js';

/** The real cpectl as a child process, as a user calls it. Calls reject when it fails or the demo is interrupted. */
export interface Cpectl {
  /** Prints the command and, as it comes, everything that it says. */
  show(...args: readonly string[]): Promise<void>;
  /** Returns what `--json` prints. */
  json(...args: readonly string[]): Promise<unknown>;
  /** Hands over each line that the command prints, until it is closed. */
  follow(args: readonly string[], onLine: (line: string) => void): { close(): void };
}

export function cpectlIn(directory: DemoDirectory, output: Output, interruption: AbortSignal): Cpectl {
  const start = (args: readonly string[]): ChildProcess => {
    interruption.throwIfAborted();
    return spawn(process.execPath, [join(import.meta.dirname, '..', 'cpectl', 'main.js'), ...args], {
      // A session of its own: a Ctrl-C is for the demo, which takes things down in order.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CPE_HOME: directory.home, [markVariable]: directory.root, TMPDIR: directory.temporary },
    });
  };
  const finish = async (child: ChildProcess, args: readonly string[]): Promise<void> => {
    // An interrupted `up` would leave behind something that `down` does not know of yet; it ends soon by itself.
    const onAbort = () => args[0] !== 'up' && child.kill('SIGTERM');
    interruption.addEventListener('abort', onAbort);
    const [code, signal] = await once(child, 'close');
    interruption.removeEventListener('abort', onAbort);
    interruption.throwIfAborted();
    if (code !== 0) throw demoFailure(`cpectl ${args.join(' ')} ended with ${signal ?? `exit code ${code}`}`);
  };
  return {
    async show(...args) {
      output.line(`$ cpectl ${args.join(' ')}`);
      const child = start(args);
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null) createInterface(stream).on('line', (line) => output.line(line === '' ? '' : `  ${line}`));
      }
      await finish(child, args);
    },
    async json(...args) {
      const child = start(['--json', ...args]);
      let text = '';
      child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      child.stderr?.on('data', (chunk: Buffer) => output.line(chunk.toString().trimEnd()));
      await finish(child, args);
      return JSON.parse(text);
    },
    follow(args, onLine) {
      const child = start(['--json', ...args]);
      if (child.stdout !== null) createInterface(child.stdout).on('line', onLine);
      child.stderr?.resume();
      return { close: () => void child.kill('SIGTERM') };
    },
  };
}
