import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AgentRuntime } from './agent-runtime.js';
import { good, operationOf, scenarioPolicy } from './core/agent-scenario.js';
import { restoreState } from './core/durable-state.js';
import { lookUp } from './core/id-map.js';
import type { OperationOutcome } from './core/operation.js';
import type { Report } from './core/state.js';
import type { OperationRun } from './executors/resource-executor.js';
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

test('while the journal takes nothing, what fails is repaired, orders are refused, and reports wait for it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-runtime-'));
  const { journal } = Journal.open(join(directory, 'journal'));
  let isFull = false;
  const append = journal.append.bind(journal);
  journal.append = (changes) => {
    if (isFull && changes.length > 0) throw new Error('no space left on device');
    append(changes);
  };
  let bootMs = 5000;
  const clock = { now: () => ({ unixMs: 1_700_000_000_000 + bootMs, bootMs }) };
  const state = restoreState(new Map(), scenarioPolicy, { clock: { bootId: 'boot', at: clock.now() }, epoch: 1 });
  const spooled: Report[] = [];
  const logged: string[] = [];
  let isDown = false;
  const run = async ({ operation }: OperationRun): Promise<OperationOutcome> => {
    bootMs += 1;
    if (operation.name === 'start') isDown = false;
    return operation.name === 'monitor' && isDown ? { ...good, rc: 7 } : good;
  };
  const runtime: AgentRuntime = new AgentRuntime(state, {
    journal,
    bootId: 'boot',
    clock,
    executor: { run },
    spool: (report) => {
      spooled.push(report);
      runtime.post({ kind: 'reports-spooled', number: report.number });
    },
    log: (_level, message) => logged.push(message),
  });
  const told = (kind: Report['kind']) => spooled.filter((report) => report.kind === kind).length;
  const order = (name: string, intervalMs = 0) => {
    const operation = operationOf('web.app', name, intervalMs);
    const received = { kind: 'execute', operation, startDelayMs: 0, expectedRc: 0, userData: '' } as const;
    return runtime.order({ operationId: `${name} ${bootMs}`, deployable: 'shop', epoch: 1, order: received });
  };
  try {
    runtime.start();
    await order('start');
    await order('monitor', 1_000_000);
    const budget = { failures: 99, periodMs: 1000, startTimeoutMs: 1, stopTimeoutMs: 1, monitorTimeoutMs: 1 };
    const delegations = [{ resource: 'web.app', ...budget, isExclusive: false, windowUnixMs: [] }];
    await runtime.order({ operationId: '', deployable: 'shop', epoch: 1, order: { kind: 'delegate', delegations } });
    await until('it is monitored', () => told('order-result') === 2);

    isFull = true;
    for (let failure = 1; failure <= 5; failure += 1) {
      bootMs += 2000;
      isDown = true;
      runtime.post({ kind: 'resource-changed', resource: 'web.app' });
      await until(`failure ${failure} is repaired`, () => runtime.state().unspooled.length === failure);
    }
    const refused = await order('stop');
    assert.ok(refused.kind === 'refused' && refused.code === 'unavailable');
    assert.equal(told('local-recovery'), 0, 'a new agent would not know that they are told');
    assert.deepEqual(logged, ['the journal cannot be written']);

    isFull = false;
    await until('all is told', () => told('local-recovery') === 5 && runtime.state().unspooled.length === 0);
    const numbers = spooled.map(({ number }) => number);
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].toSorted((a, b) => a - b),
    );
    // What is told is forgotten by the journal at the end of that turn.
    const isKept = () => [...journal.entries().keys()].some((key) => key.startsWith('report/'));
    await until('nothing of it is left in the journal', () => !isKept());
  } finally {
    runtime.close();
    journal.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

test('what happens in one turn of the event loop is journalled once, before anything follows from it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-runtime-'));
  const { journal } = Journal.open(join(directory, 'journal'));
  const steps: string[] = [];
  const append = journal.append.bind(journal);
  journal.append = (changes) => {
    if (changes.length > 0) steps.push('write');
    append(changes);
  };
  const bootMs = 5000;
  const clock = { now: () => ({ unixMs: 1_700_000_000_000 + bootMs, bootMs }) };
  const state = restoreState(new Map(), scenarioPolicy, { clock: { bootId: 'boot', at: clock.now() }, epoch: 1 });
  const resources = ['web.a', 'web.b', 'web.c'];
  const run = async ({ operation }: OperationRun): Promise<OperationOutcome> => {
    steps.push(operation.name);
    return good;
  };
  const log = () => {};
  const runtime = new AgentRuntime(state, { journal, bootId: 'boot', clock, executor: { run }, spool: () => {}, log });
  try {
    runtime.start();
    for (const resource of resources) {
      const operation = operationOf(resource, 'monitor', 1_000_000);
      const order = { kind: 'execute', operation, startDelayMs: 0, expectedRc: 0, userData: '' } as const;
      await runtime.order({ operationId: resource, deployable: 'shop', epoch: 1, order });
    }
    await until('all are monitored', () => resources.every((resource) => isAtRest(runtime, resource)));
    steps.length = 0;
    for (const resource of resources) runtime.post({ kind: 'resource-changed', resource });
    assert.equal(steps.length, 0);
    await until('all are looked at', () => resources.every((resource) => isAtRest(runtime, resource)));
    assert.deepEqual(
      steps.filter((step) => step === 'monitor'),
      resources.map(() => 'monitor'),
    );
    const last = steps.lastIndexOf('monitor');
    assert.equal(last - steps.indexOf('monitor'), resources.length - 1, `one after the other: ${steps}`);
    assert.ok(steps.filter((step) => step === 'write').length <= 2, `${steps}`);
  } finally {
    runtime.close();
    journal.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

function isAtRest(runtime: AgentRuntime, resource: string): boolean {
  const known = lookUp(runtime.state().resources, resource);
  return known !== undefined && known.activity === undefined && !known.isTriggered && known.record.queue.length === 0;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const endAt = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > endAt) throw new Error(`not in ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
