import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type BatchOutcome, type Outbox, openOutbox } from '../proto/outbox.js';
import { AgentRuntime } from './agent-runtime.js';
import { decodeReport } from './bus/report-messages.js';
import { operationOf, scenarioPolicy } from './core/agent-scenario.js';
import { restoreState } from './core/durable-state.js';
import { lookUp } from './core/id-map.js';
import type { OperationOutcome } from './core/operation.js';
import type { Report } from './core/state.js';
import { Journal } from './journal.js';
import { ReportSpool } from './report-spool.js';

const deadlineMs = 30_000;
const long = 'x'.repeat(300);

async function directoryFor(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'cpe-spool-'));
  context.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const endAt = performance.now() + deadlineMs;
  while (!holds()) {
    if (performance.now() > endAt) throw new Error(`not in ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A real runtime, journal and outbox; resources fail and are repaired when the test says so. */
async function agentIn(directory: string, outbox: Outbox) {
  const { journal } = Journal.open(join(directory, 'journal'));
  let bootMs = 1_000_000;
  const clock = { now: () => ({ unixMs: 1_700_000_000_000 + bootMs, bootMs }) };
  const policy = { ...scenarioPolicy, maxHandedOver: 4, maxUnspooled: 8 };
  const state = restoreState(journal.entries(), policy, { clock: { bootId: 'boot', at: clock.now() }, epoch: 1 });
  const isDown = new Set<string>();
  const log = () => undefined;
  const spool = new ReportSpool(outbox, (number) => runtime.post({ kind: 'reports-spooled', number }), log);
  const run = async ({ operation }: { operation: { name: string; resource: string } }): Promise<OperationOutcome> => {
    const isGone = operation.name === 'monitor' && isDown.has(operation.resource);
    if (operation.name === 'start') isDown.delete(operation.resource);
    return { rc: isGone ? 7 : 0, status: 'done', exitReason: '', output: isGone ? long : '' };
  };
  const runtime: AgentRuntime = new AgentRuntime(state, {
    journal,
    bootId: 'boot',
    clock,
    executor: { run },
    spool: (report) => spool.add(report),
    log,
  });
  runtime.start();
  const isIdle = (resource: string) => {
    const known = lookUp(runtime.state().resources, resource);
    return known?.activity === undefined && known?.record.recovery === undefined;
  };
  return {
    runtime,
    async start(resource: string): Promise<void> {
      for (const [name, intervalMs] of [
        ['start', 0],
        ['monitor', 10_000_000],
      ] as const) {
        const operation = operationOf(resource, name, intervalMs);
        const order = { kind: 'execute', operation, startDelayMs: 0, expectedRc: 0, userData: '' } as const;
        await runtime.order({ operationId: `${name} ${resource}`, deployable: 'shop', epoch: 1, order });
      }
      await until(
        `${resource} is monitored`,
        () => lookUp(runtime.state().resources, resource)?.record.monitors['monitor/10000000'] !== undefined,
      );
    },
    async fail(resource: string): Promise<void> {
      bootMs += 1000;
      isDown.add(resource);
      runtime.post({ kind: 'resource-changed', resource });
      await until(`${resource} recovered`, () => !isDown.has(resource) && isIdle(resource));
    },
    close(): void {
      runtime.close();
      spool.close();
      journal.close();
    },
  };
}

function delegate(runtime: AgentRuntime, resources: readonly string[]) {
  const budget = { failures: 1000, periodMs: 500, startTimeoutMs: 1000, stopTimeoutMs: 1000, monitorTimeoutMs: 1000 };
  const delegations = resources.map((resource) => ({ resource, ...budget, isExclusive: false, windowUnixMs: [] }));
  return runtime.order({ operationId: '', deployable: 'shop', epoch: 1, order: { kind: 'delegate', delegations } });
}

async function deliverAll(outbox: Outbox): Promise<Report[]> {
  const delivered: Report[] = [];
  outbox.deliver(async (_sequence, payload) => {
    const report = decodeReport(payload);
    if (report !== undefined) delivered.push(report);
    return 'acknowledged';
  });
  return delivered;
}

const failuresIn = (reports: readonly Report[]): number =>
  reports.reduce(
    (sum, report) => sum + (report.kind === 'condensed' ? report.failures : report.kind === 'local-recovery' ? 1 : 0),
    0,
  );

test('with a full outbox every failure is counted, and all of it arrives in order when there is room again', async (context) => {
  const directory = await directoryFor(context);
  const outbox = await openOutbox({ directory: join(directory, 'outbox'), maxBytes: 8000 });
  const agent = await agentIn(directory, outbox);
  const resources = ['web.a', 'web.b', 'web.c'];
  for (const resource of resources) await agent.start(resource);
  await delegate(agent.runtime, resources);
  for (let failure = 0; failure < 60; failure += 1) await agent.fail(resources[failure % 3] ?? '');
  const { unspooled, counters } = agent.runtime.state();
  assert.ok(outbox.state().waitingBytes <= 8000);
  assert.ok(unspooled.length <= 4 + 8 + 3, `${unspooled.length} wait in the journal`);
  assert.ok(counters.condensedReports > 20);

  const delivered = await deliverAll(outbox);
  await until('everything arrived', () => agent.runtime.state().unspooled.length === 0 && outbox.state().waiting === 0);
  assert.equal(failuresIn(delivered), 60);
  const numbers = delivered.map(({ number }) => number);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].toSorted((a, b) => a - b),
  );
  const results = delivered.filter(({ kind }) => kind === 'order-result');
  assert.equal(results.length, 6);
  agent.close();
  await outbox.close();
});

test('a disk that takes nothing for a while costs no report and no order of reports', async (context) => {
  const directory = await directoryFor(context);
  const outbox = await openOutbox({ directory: join(directory, 'outbox') });
  let isBroken = false;
  let attempts = 0;
  const flaky: Outbox = {
    append: (payload) => outbox.append(payload),
    appendAll: async (payloads): Promise<BatchOutcome> => {
      attempts += 1;
      // Between two failures a smaller part succeeds: what is behind must not overtake the rest.
      if (isBroken && attempts % 3 !== 0) return { kind: 'failed', reason: 'no space left on device' };
      return outbox.appendAll(isBroken ? payloads.slice(0, 1) : payloads);
    },
    deliver: (send) => outbox.deliver(send),
    kick: () => outbox.kick(),
    drained: () => outbox.drained(),
    state: () => outbox.state(),
    close: () => outbox.close(),
  };
  const agent = await agentIn(directory, flaky);
  await agent.start('web.a');
  await delegate(agent.runtime, ['web.a']);
  isBroken = true;
  for (let failure = 0; failure < 30; failure += 1) await agent.fail('web.a');
  isBroken = false;
  const delivered = await deliverAll(outbox);
  await until('everything arrived', () => agent.runtime.state().unspooled.length === 0 && outbox.state().waiting === 0);
  assert.equal(failuresIn(delivered), 30);
  const numbers = delivered.map(({ number }) => number);
  assert.deepEqual(
    numbers,
    [...new Set(numbers)].toSorted((a, b) => a - b),
  );
  agent.close();
  await outbox.close();
});
