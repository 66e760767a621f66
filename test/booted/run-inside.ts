/** Runs compiled tests of inside/ on a booted Debian: `node run-inside.js FILE...`, or as booted.test.ts does it. */
import { once } from 'node:events';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BootedMachine, bootMachine, checkoutInside, pathInside } from './booted-machine.js';

export interface InsideEnd {
  /** Whether every test of the file has passed. */
  readonly hasPassed: boolean;
  /** What it wrote, with the end of the machine's journal when it has failed; empty when it went to the terminal. */
  readonly output: string;
}

const fileDeadlineSeconds = 900;

/**
 * Runs one compiled test file with node's test runner inside a machine, as a systemd service: what it starts is in that
 * unit's control group, which is delegated to it, and what it leaves running ends with it.
 *
 * @param stdio `inherit`: its output goes to the terminal as it comes.
 */
export async function runInside(
  machine: BootedMachine,
  file: string,
  stdio: 'inherit' | 'pipe' = 'pipe',
): Promise<InsideEnd> {
  const unit = `test-${basename(file, '.test.js').replaceAll(/[^A-Za-z0-9]/g, '-')}`;
  const properties = [`RuntimeMaxSec=${fileDeadlineSeconds}`, 'Delegate=yes', 'TimeoutStopSec=10', 'LimitCORE=0'];
  if (file.endsWith('.private-network.test.js')) properties.push('PrivateNetwork=yes');
  const child = machine.spawn(
    [
      ...['systemd-run', '--quiet', '--pipe', '--wait', '--collect', `--unit=${unit}`],
      ...properties.map((property) => `--property=${property}`),
      ...['--setenv=HOME=/root', '--setenv=LANG=C.UTF-8', `--working-directory=${checkoutInside}`],
      ...['/usr/bin/node', '--enable-source-maps', '--test', '--test-reporter=spec', pathInside(file)],
    ],
    {},
    stdio,
  );
  child.stdin?.end();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  const [code] = await once(child, 'close');
  const hasPassed = code === 0;
  if (!hasPassed) output += `\n--- the machine's journal ---\n${await machine.journal()}`;
  return { hasPassed, output };
}

async function main(files: readonly string[]): Promise<void> {
  if (files.length === 0) throw new Error('usage: node run-inside.js FILE...');
  const machine = await bootMachine();
  try {
    for (const file of files) {
      const { hasPassed, output } = await runInside(machine, resolve(file), 'inherit');
      if (hasPassed) continue;
      process.exitCode = 1;
      process.stderr.write(output);
    }
  } finally {
    await machine.end();
  }
}

if (process.argv[1] !== undefined && pathToFileURL(process.argv[1]).href === import.meta.url) {
  main(process.argv.slice(2)).catch((error) => {
    process.stderr.write(`run-inside: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  });
}
