import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const demo = join(import.meta.dirname, '..', '..', 'tools', 'demo', 'demo.js');
const limitMs = 240_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** What is left of it. */
  readonly files: readonly string[];
  readonly processes: readonly string[];
}

/** Runs the demo with a temporary directory of its own; `onOutput` sees everything it has said so far. */
async function runDemo(onOutput: (output: string, child: ChildProcess) => void = () => {}): Promise<Ended> {
  const place = mkdtempSync(join(tmpdir(), 'd-'));
  try {
    const child = spawn(process.execPath, [demo], {
      env: { ...process.env, TMPDIR: place },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      onOutput(output, child);
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { code, output, files: readdirSync(place), processes: processesOf(place) };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Command lines of the processes that have the directory in their command line or environment. */
function processesOf(directory: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const text = command + readFileSync(`/proc/${pid}/environ`, 'utf8');
      return text.includes(`${directory}/`) ? [command.replaceAll('\0', ' ')] : [];
    } catch {
      return [];
    }
  });
}

test('the demo shows every recovery and leaves nothing behind', { timeout: limitMs }, async () => {
  const { code, output, files, processes } = await runDemo();
  assert.equal(code, 0, output);
  assert.match(output, /Visit 4,/);
  assert.deepEqual({ files, processes }, { files: [], processes: [] });
});

const moments: readonly { at: string; signal: NodeJS.Signals; exit: number; isTwice: boolean }[] = [
  { at: '$ cpectl up', signal: 'SIGTERM', exit: 143, isTwice: false },
  { at: 'assembly-started', signal: 'SIGHUP', exit: 129, isTwice: false },
  { at: 'Visit 2,', signal: 'SIGINT', exit: 130, isTwice: true },
];
/** Well after the first signal, so that it counts as another one. */
const secondSignalMs = 700;

for (const { at, signal, exit, isTwice } of moments) {
  const how = isTwice ? `${signal} twice` : signal;
  test(`the demo leaves nothing behind when it gets ${how} at "${at}"`, { timeout: limitMs }, async () => {
    let isSent = false;
    const { code, output, files, processes } = await runDemo((soFar, child) => {
      if (isSent || !soFar.includes(at)) return;
      isSent = true;
      child.kill(signal);
      if (isTwice) setTimeout(() => child.kill(signal), secondSignalMs);
    });
    assert.equal(code, exit, output);
    assert.deepEqual({ files, processes }, { files: [], processes: [] });
  });
}
