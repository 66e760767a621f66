/**
 * One process that fuzzes: `fuzz-child SEED MS EXECUTIONS SLACK CURRENT TARGET...`. What it is about to feed is in the file CURRENT
 * (u32 of the execution's number, u32 of the length, the bytes, after a byte for the target's number), so that whoever has
 * started it finds the input of a crash or a hang. Tells each target's result as one message to its parent.
 */
import { openSync, writeSync } from 'node:fs';
import { fuzzLoop } from './fuzz-loop.js';
import { fuzzTargets } from './fuzz-targets.js';

const [seed = '1', maxMs = '1000', maxExecutions = '1000', slack = '1', current = '', ...names] = process.argv.slice(2);
const file = openSync(current, 'w');
let count = 0;

for (const name of names) {
  const target = fuzzTargets().find((candidate) => candidate.name === name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  const number = names.indexOf(name);
  const result = await fuzzLoop(target, {
    seed: Number(seed),
    maxMs: Number(maxMs),
    maxExecutions: Number(maxExecutions),
    slack: Number(slack),
    onInput: (bytes) => {
      count += 1;
      const head = Buffer.alloc(12);
      head.writeUInt32LE(count, 0);
      head.writeUInt32LE(bytes.length, 4);
      head.writeUInt32LE(number, 8);
      writeSync(file, Buffer.concat([head, bytes]), 0, head.length + bytes.length, 0);
    },
  });
  const findings = result.findings.map((finding) => ({
    ...finding,
    input: Buffer.from(finding.input).toString('base64'),
  }));
  await new Promise((resolve) => process.send?.({ target: name, executions: result.executions, findings }, resolve));
}
process.exit(0);
