import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AgentRuntime } from './agent-runtime.js';
import { good, operationOf, scenarioPolicy } from './core/agent-scenario.js';
import { restoreState } from './core/durable-state.js';
import { Journal } from './journal.js';

const wantedRuns = 40;
const deadlineMs = 30_000;

test('a monitor goes on although time passes between looking at the state and falling asleep', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-runtime-'));
  const { journal } = Journal.open(join(directory, 'journal'));
  // Every look at the clock takes a while: now and then a monitor becomes due between two of them.
  let skewMs = 0;
  const clock = {
    now: () => {
      skewMs += 4;
      return { unixMs: Date.now() + skewMs, bootMs: performance.now() + skewMs };
    },
  };
  const state = restoreState(new Map(), scenarioPolicy, { clock: { bootId: 'boot', at: clock.now() }, epoch: 1 });
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${runs} runs, then silence`)), deadlineMs);
      let runs = 0;
      const run = async () => {
        runs += 1;
        if (runs === wantedRuns) {
          clearTimeout(timer);
          runtime.close();
          resolve();
        }
        return good;
      };
      const log = () => {};
      const runtime = new AgentRuntime(state, {
        journal,
        bootId: 'boot',
        clock,
        executor: { run },
        spool: () => {},
        log,
      });
      runtime.start();
      const operation = operationOf('web.app', 'monitor', 10);
      const order = { kind: 'execute', operation, startDelayMs: 0, expectedRc: 0, userData: '' } as const;
      void runtime.order({ operationId: 'one', deployable: 'shop', epoch: 1, order });
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
