import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentScenario, failed, good, scenarioPolicy } from './agent-scenario.js';
import { durableEntries, restoreState } from './durable-state.js';
import { resultOf } from './report-results.js';
import type { Report } from './state.js';

const leaseMs = 15_000;
/** Kept by the DPE: nothing is repaired here, only the lease is the agent's business. */
const kept = { isExclusive: true, failures: 0 };

function renew(agent: AgentScenario, forMs = leaseMs): void {
  agent.order('', { kind: 'renew', leaseMs: forMs });
}

/** `web.db` runs with a lease that was just renewed. */
function running(budget: Partial<typeof kept> = {}): AgentScenario {
  const agent = new AgentScenario();
  agent.delegate('web.db', { ...kept, ...budget });
  renew(agent);
  agent.startMonitored('web.db');
  return agent;
}

/** Without the result of monitors that just go on. */
function passQuietly(agent: AgentScenario, ms: number): void {
  for (let left = ms; left > 0; left -= 500) {
    agent.pass(Math.min(500, left));
    while (agent.running[0]?.operation.name === 'monitor') agent.finish();
  }
}

const told = (report: Report) =>
  report.kind === 'local-recovery'
    ? `${report.verdict}: ${report.reason}; ${report.failure.rc} ${report.failure.exitReason}`
    : report.kind === 'order-result'
      ? `${report.operationId}: ${report.result.status} ${report.result.rc} ${report.result.exitReason}`
      : `changed: ${resultOf(report).rc}`;

test('an exclusive resource runs for as long as its lease is renewed, and is stopped once when that ends', () => {
  const agent = running();
  for (let renewal = 0; renewal < 10; renewal++) {
    passQuietly(agent, 5_000);
    renew(agent);
  }
  assert.equal(agent.reports.length, 0);
  passQuietly(agent, leaseMs - 1);
  assert.deepEqual(agent.active(), []);
  agent.pass(1);
  assert.deepEqual(agent.active(), ['web.db stop']);
  assert.equal(agent.running[0]?.operation.timeoutMs, 2_000, 'its own stop timeout');
  agent.finish();
  assert.deepEqual(agent.reports.map(told), ['failed: lease ran out; 7 lease ran out: stopped by its agent']);
  const report = agent.reports.find(({ kind }) => kind === 'local-recovery');
  assert.ok(report?.kind === 'local-recovery');
  assert.equal(report.failure.intervalMs, 10_000, 'told as the failure of the monitor that watched it');
  assert.equal(report.failure.userData, 'data of monitor web.db');
  assert.ok(report.failure.callId > (report.results.stop?.callId ?? 0), 'the newest that is known of it');
  agent.pass(600_000);
  assert.deepEqual(agent.active(), [], 'neither monitored nor started again');
});

test('a resource that is not exclusive does not care about leases', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.app');
  renew(agent, 1);
  passQuietly(agent, 60_000);
  assert.deepEqual(agent.reports, []);
});

test('after its lease ran out a resource is started only by an order, and only with a lease', () => {
  const agent = running();
  passQuietly(agent, leaseMs);
  agent.finish();
  agent.reports.length = 0;
  agent.execute('again', 'web.db', 'start');
  agent.pass(9_999);
  assert.deepEqual(agent.active(), []);
  assert.equal(agent.reports.length, 0);
  agent.pass(1);
  assert.match(agent.reports.map(told)[0] ?? '', /^again: error 1 lease ran out: /);
  renew(agent);
  agent.pass(1_000);
  assert.deepEqual(agent.active(), [], 'a lease alone starts nothing');
  agent.execute('now', 'web.db', 'start');
  assert.deepEqual(agent.active(), ['web.db start']);
  agent.finish();
  agent.pass(leaseMs);
  assert.deepEqual(agent.active(), ['web.db stop']);
});

test('an order to start that overtakes the renewal waits for it', () => {
  const agent = running();
  passQuietly(agent, leaseMs);
  agent.finish();
  agent.execute('again', 'web.db', 'start');
  agent.pass(5_000);
  assert.deepEqual(agent.active(), []);
  renew(agent);
  assert.deepEqual(agent.active(), ['web.db start']);
});

test('a start under way when the lease ends is followed by the stop', () => {
  const agent = new AgentScenario();
  agent.delegate('web.db', kept);
  renew(agent);
  agent.execute('slow', 'web.db', 'start');
  agent.pass(leaseMs + 1);
  assert.deepEqual(agent.active(), ['web.db start']);
  agent.finish();
  assert.deepEqual(agent.active(), ['web.db stop']);
});

test('an order to start that waits when the lease ends fails; one to stop is carried out', () => {
  const agent = running();
  agent.execute('restart', 'web.db', 'start', 0, 60_000);
  passQuietly(agent, leaseMs);
  assert.deepEqual(agent.active(), ['web.db stop']);
  assert.match(told(agent.reports[0] as Report), /^restart: error 1 lease ran out/);
  agent.execute('stop', 'web.db', 'stop');
  agent.finish();
  assert.deepEqual(agent.active(), ['web.db stop']);
  agent.finish();
  assert.match(agent.reports.map(told).at(-1) ?? '', /^stop: done 0/);
});

test('a delegated exclusive resource is repaired with a lease, and not without', () => {
  const agent = running({ failures: 3 });
  agent.fail('web.db');
  assert.deepEqual(agent.active(), ['web.db stop']);
  agent.finish();
  agent.finish();
  agent.finish();
  assert.match(agent.reports.map(told)[0] ?? '', /^recovered/);
  agent.reports.length = 0;
  // The repair of the second failure waits for its back-off, or is under way, when the lease ends.
  agent.pass(leaseMs - 10_100);
  while (agent.running.length > 0) agent.finish();
  passQuietly(agent, 10_050);
  agent.fail('web.db');
  passQuietly(agent, 50);
  assert.deepEqual(agent.active(), ['web.db stop']);
  agent.finish();
  const words = agent.reports.map(told);
  assert.ok(
    words.some((word) => word.startsWith('failed: lease ran out; 7 it is gone')),
    words.join('\n'),
  );
  assert.match(words.at(-1) ?? '', /^failed: lease ran out; 7 lease ran out: stopped by its agent/);
  agent.pass(100_000);
  assert.deepEqual(agent.active(), []);
});

test('a stop that fails ends the instance, is told once, and is tried again until it works or the lease is back', () => {
  const agent = running();
  passQuietly(agent, leaseMs);
  agent.finish(failed);
  assert.deepEqual(agent.ends, ['lease ran out, and web.db cannot be stopped: rc 1: it broke']);
  assert.deepEqual(agent.reports.map(told), ['failed: lease ran out; 1 lease ran out, and it cannot be stopped']);
  agent.pass(9_999);
  assert.deepEqual(agent.active(), []);
  agent.pass(1);
  assert.deepEqual(agent.active(), ['web.db stop']);
  agent.finish(failed);
  assert.equal(agent.ends.length, 2);
  assert.equal(agent.reports.length, 1);
  renew(agent);
  agent.pass(12_000);
  assert.deepEqual(agent.active(), [], 'what is to be done is the decider’s business again');
});

test('what the decider makes exclusive while it runs has time until the first renewal', () => {
  const agent = new AgentScenario();
  agent.startMonitored('web.db');
  agent.pass(1_000);
  agent.delegate('web.db', kept);
  passQuietly(agent, leaseMs - 1);
  assert.deepEqual(agent.reports, []);
  agent.pass(1);
  assert.deepEqual(agent.active(), ['web.db stop']);
});

test('a repeated delegation is no renewal, and one that leaves a resource out frees it', () => {
  const agent = running();
  passQuietly(agent, 10_000);
  agent.delegate('web.db', kept);
  passQuietly(agent, 5_000);
  assert.deepEqual(agent.active(), ['web.db stop']);
  const free = running();
  free.order('', { kind: 'delegate', delegations: [] });
  passQuietly(free, 60_000);
  assert.deepEqual(free.active(), []);
});

test('an older decider renews nothing', () => {
  const agent = running();
  agent.order('', { kind: 'adopt' }, 5);
  passQuietly(agent, 10_000);
  const answer = agent.order('', { kind: 'renew', leaseMs: 60_000 }, 4);
  assert.ok(answer?.kind === 'refused' && answer.code === 'stale-epoch');
  passQuietly(agent, 5_000);
  assert.deepEqual(agent.active(), ['web.db stop']);
});

test('a lease survives the agent, not the boot; a stop under way is taken up by the next agent', () => {
  const agent = running();
  const restart = (bootId: string, bootMs: number, before: AgentScenario) => {
    const clock = { bootId: 'boot', at: before.now() };
    const entries = new Map(
      durableEntries(before.state, clock).map(({ key, value }) => [key, JSON.parse(JSON.stringify(value)) as unknown]),
    );
    const now = { bootId, at: { unixMs: before.now().unixMs + 1_000, bootMs } };
    const state = restoreState(entries, scenarioPolicy, { clock: now, epoch: 1 });
    const next = new AgentScenario({}, state);
    next.bootMs = bootMs;
    return next;
  };
  const second = restart('boot', agent.bootMs + 1_000, agent);
  passQuietly(second, leaseMs - 1_001);
  assert.deepEqual(second.active(), []);
  second.pass(1);
  assert.deepEqual(second.active(), ['web.db stop']);

  const third = restart('boot', second.bootMs + 1_000, second);
  third.send({ kind: 'tick' });
  assert.deepEqual(third.active(), ['web.db stop']);
  assert.equal(third.running[0]?.isInterrupted, true);
  third.finish(good);
  assert.equal(third.reports.length, 1);

  const rebooted = restart('another', 1_000, agent);
  rebooted.send({ kind: 'tick' });
  assert.deepEqual(rebooted.active(), ['web.db stop']);
});
