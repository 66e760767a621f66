import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { knownSeeds } from './known-seeds.js';

/** `make test` sets hundreds; SIM_SEED begins elsewhere. */
const seedCount = Number(process.env.SIM_COUNT ?? 24);
const firstSeed = Number(process.env.SIM_SEED ?? 1);
/** Processes at once: the simulation is made of steps of one process each. */
const lanes = 2;

/** In processes of their own: a simulation replaces the clock, timers and chance of its process. */
function play(args: readonly string[]): Promise<{ readonly isGood: boolean; readonly output: string }> {
  const program = join(import.meta.dirname, 'sim-main.js');
  const options = { maxBuffer: 256 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, ['--enable-source-maps', program, ...args], options, (error, stdout, stderr) =>
      resolve({ isGood: error === null, output: `${stdout}${stderr}` }),
    );
  });
}

test('whatever fails, nothing unsafe happens; and when all heals, everything comes to rest', async (context) => {
  const each = Math.ceil(seedCount / lanes);
  const starts = Array.from({ length: lanes }, (_, lane) => firstSeed + lane * each);
  const played = await Promise.all(starts.map((seed) => play(['--seed', `${seed}`, '--count', `${each}`])));
  for (const { output } of played) context.diagnostic(output.trim().split('\n').at(-1) ?? '');
  const bad = played.filter(({ isGood }) => !isGood).map(({ output }) => output);
  assert.equal(bad.length, 0, bad.join('\n'));
});

for (const { seed, found } of knownSeeds) {
  test(`seed ${seed} finds no more: ${found}`, async () => {
    const { isGood, output } = await play(['--seed', `${seed}`, '--count', '1']);
    assert.ok(isGood, output);
  });
}

test('a seed decides everything: the same seed, the same story', async () => {
  const args = ['--seed', '5', '--count', '1', '--trace', '1'];
  const [first, second] = await Promise.all([play(args), play(args)]);
  assert.deepEqual(storyOf(second.output), storyOf(first.output));
});

/** Without the real time it took, and what names the process. */
function storyOf(output: string): readonly string[] {
  return output
    .replaceAll(/process \d+ decides/g, '')
    .split('\n')
    .slice(0, -2);
}
