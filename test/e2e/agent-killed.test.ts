import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withoutCgroups } from '../../agent/executors/executor-fixture.js';
import type { Draft, ExecuteOperation } from '../../proto/messages.js';
import { startAgentInstance } from './agent-instance.js';

const seed = Number(process.env.SEED ?? 1);
const rounds = Number(process.env.COUNT ?? 8);
const mark = `8650${process.pid}`;
/** What the scripts take at most; the agent is killed at any moment of it, or of what comes before and after. */
const longestMs = 450;

interface Subject {
  readonly name: string;
  readonly number: number;
  readonly order: Draft<ExecuteOperation>;
}

test(`SIGKILL of the agent at any moment of a start or stop leaves nothing half-owned (seed ${seed})`, {
  skip: withoutCgroups,
}, async (context) => {
  const instance = await startAgentInstance();
  const initScript = `/etc/init.d/cpe-test-${process.pid}`;
  context.after(async () => {
    rmSync(initScript, { force: true });
    await instance.end();
  });
  const { dpe, directory, agent, run, killAgent, pidsOf, log } = instance;
  agent('slow', slowScript(directory, 4));
  const subjects: Subject[] = [
    { name: 'ocf', number: 4, order: { provider: 'test', type: 'slow' } },
    {
      name: 'exec',
      number: 5,
      order: {
        resourceClass: 'exec',
        type: 'exec',
        exec: { command: ['sh', '-c', `trap '' HUP; sleep 0.05; exec sleep 5${mark}`] },
      },
    },
  ];
  if (
    mayWrite(
      initScript,
      `#!/bin/sh\n${slowScript(directory, 6).replaceAll('monitor)', 'status)').replaceAll('exit 7', 'exit 3')}`,
    )
  ) {
    subjects.push({ name: 'lsb', number: 6, order: { resourceClass: 'lsb', type: `cpe-test-${process.pid}` } });
  } else {
    context.diagnostic('SKIPPED for lsb: /etc/init.d cannot be written');
  }
  const draw = generator(seed);

  for (let round = 0; round < rounds; round += 1) {
    const operation = round % 2 === 0 ? 'start' : 'stop';
    const results = subjects.map(({ name, order }) => run(name, operation, order));
    for (const result of results) result.catch(() => undefined);
    const kills = 1 + (draw() < 0.3 ? 1 : 0);
    for (let at = 0; at < kills; at += 1) {
      await new Promise((resolve) => setTimeout(resolve, draw() * longestMs));
      await killAgent();
    }
    const story = () => `round ${round}, ${operation}\n${log()}`;
    for (const result of await Promise.all(results))
      assert.equal(result.rc, 0, `${JSON.stringify(result)}, ${story()}`);
    for (const { name, number, order } of subjects) {
      const isRunning = operation === 'start';
      const expected = isRunning ? 1 : 0;
      const daemons = () => pidsOf(`sleep ${number}${mark}`);
      if (name === 'exec' && isRunning) await dpe.until('its exec', () => (daemons().length === 1 ? true : undefined));
      assert.equal(daemons().length, expected, `${name}: ${daemons()}, ${story()}`);
      const looked = await run(name, 'monitor', order);
      assert.equal(looked.rc, isRunning ? 0 : 7, `${name}, ${story()}`);
    }
  }
});

/**
 * A daemon that the script can only find by its pid file, which it writes a while after it has started it; in between
 * it writes to its output, which nobody reads any more when the agent is dead.
 */
function slowScript(directory: string, number: number): string {
  const pid = join(directory, `slow.${number}.pid`);
  return `
    alive() { test -s ${pid} && kill -0 $(cat ${pid}) 2>/dev/null; }
    case $1 in
    start) alive && exit 0
      sleep 0.1; setsid env -i sleep ${number}${mark} </dev/null >/dev/null 2>&1 & daemon=$!
      sleep 0.15; echo "started $daemon"; echo "as ordered" >&2; echo $daemon > ${pid}; sleep 0.1 ;;
    stop) alive || exit 0
      sleep 0.1; echo stopping; kill -TERM $(cat ${pid}); while alive; do sleep 0.02; done
      echo stopped; sleep 0.1; rm -f ${pid} ;;
    monitor) alive || exit 7 ;;
    esac
`;
}

function mayWrite(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { mode: 0o755 });
    return true;
  } catch {
    return false;
  }
}

/** mulberry32: the same numbers in [0, 1) for the same seed. */
function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
