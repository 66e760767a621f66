import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from './fuzz-target.js';

export interface FuzzRun {
  readonly targets: readonly string[];
  readonly seed: number;
  /** For each target. */
  readonly maxMs: number;
  readonly maxExecutions: number;
  readonly slack: number;
}

export interface TargetResult {
  readonly target: string;
  readonly executions: number;
  readonly findings: readonly Finding[];
}

/** How long one input may keep the child busy before it counts as hung. */
const hungAfterMs = 20_000;
/** A child that needs more than this for inputs of a few kilobytes is a finding by itself. */
const heapMiB = 768;

/** Fuzzes targets in one child process; a child that dies or hangs is a finding, and the targets after it are not run. */
export async function runFuzz({ targets, seed, maxMs, maxExecutions, slack }: FuzzRun): Promise<TargetResult[]> {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-fuzz-'));
  const current = join(directory, 'current');
  const program = fileURLToPath(new URL('./fuzz-child.js', import.meta.url));
  const results: TargetResult[] = [];
  let errors = '';
  const child = fork(program, [seed, maxMs, maxExecutions, slack, current, ...targets].map(String), {
    execArgv: ['--expose-gc', '--enable-source-maps', `--max-old-space-size=${heapMiB}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, TMPDIR: directory },
  });
  child.stderr?.on('data', (chunk) => {
    errors = (errors + String(chunk)).slice(-4000);
  });
  child.on('message', (message) => results.push(readResult(message as ToldResult)));
  let isHung = false;
  const watch = watchCurrent(current, () => {
    isHung = true;
    child.kill('SIGKILL');
  });
  const code = await new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  clearInterval(watch);
  if (code !== 0) {
    const last = readCurrent(current);
    const target = targets[last?.target ?? 0] ?? '';
    const kind = isHung ? 'hung' : 'died';
    const detail = isHung ? `no end within ${hungAfterMs} ms` : `ended with ${code}\n${errors}`;
    const finding: Finding = { target, kind, detail, input: last?.input ?? Buffer.alloc(0) };
    results.push({ target, executions: last?.count ?? 0, findings: [finding] });
  }
  rmSync(directory, { recursive: true, force: true });
  return results;
}

interface ToldResult extends Omit<TargetResult, 'findings'> {
  readonly findings: readonly (Omit<Finding, 'input'> & { readonly input: string })[];
}

function readResult({ findings, ...rest }: ToldResult): TargetResult {
  return { ...rest, findings: findings.map((told) => ({ ...told, input: Buffer.from(told.input, 'base64') })) };
}

function watchCurrent(current: string, onHung: () => void): NodeJS.Timeout {
  let seen = -1;
  let since = performance.now();
  return setInterval(() => {
    const count = readCurrent(current)?.count ?? 0;
    if (count !== seen) {
      seen = count;
      since = performance.now();
    } else if (performance.now() - since > hungAfterMs) onHung();
  }, 1000);
}

function readCurrent(current: string): { count: number; target: number; input: Buffer } | undefined {
  try {
    const bytes = readFileSync(current);
    const length = bytes.readUInt32LE(4);
    return { count: bytes.readUInt32LE(0), target: bytes.readUInt32LE(8), input: bytes.subarray(12, 12 + length) };
  } catch {
    return undefined;
  }
}
