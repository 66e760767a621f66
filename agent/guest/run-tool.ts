import { execFile } from 'node:child_process';

const limitMs = 15_000;

/**
 * Runs one of the machine's own programs (iproute2, coreutils) to its end; what it needs beyond its arguments comes by
 * `input`. Returns its standard output. Rejects with what it said when it fails, or is not done in 15 s.
 */
export function runTool(program: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 65_536 } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${stderr.trim() || error.message}`));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
