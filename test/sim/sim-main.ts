/**
 * Runs seeds of the simulation: `node sim-main.js [--seed A] [--count N] [--trace] [--cib DIR]`.
 *
 * Prints a line now and then and a summary. Exit code 1 after a violation, with the seed and how to repeat it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSchedulerChild } from '../../coordinator/scheduler/scheduler-child.js';
import { cachedScheduler } from './cached-scheduler.js';
import { scenarioOf } from './scenarios.js';
import { simulate } from './simulate.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '50' },
    trace: { type: 'string', default: '' },
    cib: { type: 'string', default: '' },
  },
});
const first = wholeNumber('seed', values.seed);
const count = wholeNumber('count', values.count);
const progressEvery = 25;
const shownLines = 60;

const scheduler = cachedScheduler(openSchedulerChild());
const took: number[] = [];
const failed: number[] = [];
for (let seed = first; seed < first + count; seed++) {
  const scenario = scenarioOf(seed);
  const startedAt = performance.now();
  const { violations, trace, lastCib, decisions, virtualS } = await simulate({ seed, scenario, scheduler });
  took.push(performance.now() - startedAt);
  if (values.trace !== '') console.log(trace.join('\n'));
  if (violations.length > 0) {
    failed.push(seed);
    console.log(`seed ${seed} (${scenario.name}): ${violations.join('; ')}`);
    if (values.trace === '') console.log(trace.slice(-shownLines).join('\n'));
    console.log(`repeat it with: make sim SEED=${seed} COUNT=1 (TRACE=1 tells the whole story)\n`);
  }
  if (values.cib !== '') for (const [name, xml] of lastCib) writeFileSync(join(values.cib, `${name}.xml`), xml);
  const ran = took.length;
  if (ran % progressEvery === 0 && ran < count) {
    console.log(
      `${ran} of ${count} seeds, ${failed.length} violated (seed ${seed}: ${decisions} decisions, ${Math.round(virtualS)} s)`,
    );
  }
}
await scheduler.close();
const median = took.toSorted((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0;
console.log(
  `seeds ${first} to ${first + count - 1}: ${took.length} runs, ${failed.length} violations, median ${Math.round(median)} ms per run`,
);
if (failed.length > 0) console.log(`violated: ${failed.join(' ')}`);
process.exit(failed.length > 0 ? 1 : 0);

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`sim: --${name} is a whole number, not ${JSON.stringify(text)}`);
  process.exit(2);
}
