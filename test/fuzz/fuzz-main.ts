/**
 * Fuzzes for a while: `make fuzz MINUTES=5 SEED=1 TARGET=part-of-a-name`. Every target gets the same share of the time. Exit
 * code 1 when something was found; its input is then among the regressions, which `make fuzz REPLAY=FILE` and the tests
 * feed again.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { tryInput } from './fuzz-loop.js';
import { fuzzTargets } from './fuzz-targets.js';
import { saveFinding } from './regressions.js';
import { runFuzz, type TargetResult } from './run-fuzz.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: '' },
    replay: { type: 'string', default: '' },
  },
});
process.exit(values.replay === '' ? await fuzz() : await replay(values.replay));

async function fuzz(): Promise<number> {
  const names = fuzzTargets()
    .map(({ name }) => name)
    .filter((name) => name.includes(values.target));
  if (names.length === 0) {
    console.error(`no target has ${values.target} in its name`);
    return 2;
  }
  const maxMs = Math.max(500, (Number(values.minutes || '5') * 60_000) / names.length);
  const seed = Number(values.seed || '1');
  let executions = 0;
  let found = 0;
  for (const name of names) {
    const results = await runFuzz({ targets: [name], seed, maxMs, maxExecutions: Number.MAX_SAFE_INTEGER, slack: 1 });
    for (const result of results) {
      executions += result.executions;
      found += result.findings.length;
      print(result);
    }
  }
  console.log(`fuzz: ${names.length} targets, ${executions} executions, ${found} findings (seed ${seed})`);
  return found === 0 ? 0 : 1;
}

function print({ target, executions, findings }: TargetResult): void {
  console.log(`${target.padEnd(28)} ${String(executions).padStart(9)} executions  ${findings.length} findings`);
  for (const finding of findings) {
    const file = saveFinding(finding);
    console.log(`  ${finding.kind}: ${finding.detail.split('\n').slice(0, 6).join('\n    ')}`);
    console.log(`  again: make fuzz REPLAY=${file}`);
  }
}

/** The folders of a regression's file name its target. */
async function replay(file: string): Promise<number> {
  const name = join(basename(dirname(dirname(file))), basename(dirname(file)));
  const target = fuzzTargets().find((candidate) => candidate.name === name);
  if (target === undefined) {
    console.error(`there is no target ${name}`);
    return 2;
  }
  const { answer, finding } = await tryInput(target, readFileSync(file), { isCompared: true, slack: 1 });
  console.log(finding === undefined ? answer : `${finding.kind}: ${finding.detail}`);
  return finding === undefined ? 0 : 1;
}
