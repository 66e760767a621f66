#!/usr/bin/env node
/**
 * `make chaos`: rounds of SIGKILL and SIGSTOP over all processes of a coordinator, under failures and changes. Exit 1
 * when an invariant did not hold; the last line is the summary. The faults of a seed are always the same, what they meet
 * is not.
 */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos-run.js';

const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' } } });
const rounds = wholeNumber('ROUNDS', values.rounds, 20);
const seed = wholeNumber('SEED', values.seed, Math.floor(Math.random() * 1_000_000));
console.log(`chaos: ${rounds} rounds of seed ${seed}`);

const abort = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    console.log('ending after this round');
    abort.abort();
  });
}

const summary = await runChaos({
  ...{ seed, rounds, signal: abort.signal, onLine: (line) => console.log(line) },
  onViolation: (home, events) => {
    const directory = mkdtempSync(join(tmpdir(), 'cpe-chaos-'));
    cpSync(join(home, 'logs'), join(directory, 'logs'), { recursive: true });
    writeFileSync(join(directory, 'events.json'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    console.log(`logs and events are kept in ${directory}`);
  },
});
const { kills, pauses, failures, acknowledged, events, longestSettleMs, violations } = summary;
console.log(
  `chaos: rounds ${summary.rounds}, seed ${seed}, kills ${kills}, pauses ${pauses}, failures ${failures}, ` +
    `acknowledged changes ${acknowledged}, events ${events}, longest until settled ${(longestSettleMs / 1_000).toFixed(1)} s, ` +
    `violations ${violations.length}`,
);
process.exitCode = violations.length > 0 ? 1 : abort.signal.aborted ? 130 : 0;

function wholeNumber(name: string, text: string | undefined, usual: number): number {
  if (text === undefined || text === '') return usual;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`${name} must be a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}
