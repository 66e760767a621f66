import { spawn } from 'node:child_process';

/** What cpe-instance-init answered (instance-init.c). `silent`: it answered nothing; the start must be abandoned. */
export type LaunchReport =
  | { readonly kind: 'started' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string };

export interface LaunchOptions {
  /** What starts init and becomes it: `systemd-run --scope`, for instance. */
  readonly wrapper?: readonly string[] | undefined;
  readonly initBinary: string;
  readonly mode: 'agent' | 'once';
  /** The state directory of the instance. */
  readonly directory: string;
  readonly command: readonly string[];
  /** The whole environment of the command. */
  readonly environment: Readonly<Record<string, string>>;
  readonly deadlineMs: number;
}

/** Runs cpe-instance-init and waits for its one line. Never rejects. */
export function launchInit(options: LaunchOptions): Promise<LaunchReport> {
  const { wrapper = [], initBinary, mode, directory } = options;
  const init = [initBinary, ...(mode === 'once' ? ['--once'] : []), directory, ...options.command];
  const [program = '', ...args] = [...wrapper, ...init];
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: '/',
      env: options.environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    const finish = (report: LaunchReport) => {
      clearTimeout(timer);
      child.stdout.destroy();
      resolve(report);
    };
    const timer = setTimeout(
      () => finish({ kind: 'silent', reason: `no answer from ${initBinary} in ${options.deadlineMs} ms` }),
      options.deadlineMs,
    );
    child.once('error', (error) => finish({ kind: 'failed', reason: `cannot run ${program}: ${error}` }));
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      text = (text + chunk).slice(0, 4096);
      if (text.includes('\n')) finish(parseReport(text));
    });
    child.stdout.once('end', () => finish(parseReport(text)));
  });
}

function parseReport(text: string): LaunchReport {
  const line = text.split('\n', 1)[0] ?? '';
  if (/^started \d+ \d+$/.test(line)) return { kind: 'started' };
  if (line === 'lost') return { kind: 'lost' };
  if (line.startsWith('failed ')) return { kind: 'failed', reason: line.slice('failed '.length) };
  return { kind: 'silent', reason: line === '' ? 'the instance ended before it was ready' : `init answered "${line}"` };
}
