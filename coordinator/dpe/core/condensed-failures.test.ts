import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failCount } from '../../state/fail-count.js';
import type { AgentReportBody, LocalRecoveryNews, MonitorChange, OperationOutcome } from './dpe-event.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

function cutOff(forMs: number): RecoveryScenario {
  const scenario = recoveryScenario({ a: 'h1', b: 'h1' });
  scenario.pass(1_000);
  scenario.now += forMs;
  return scenario;
}

function outcome(scenario: RecoveryScenario, change: Partial<OperationOutcome>): OperationOutcome {
  return {
    resource: 'a.app',
    operation: 'monitor',
    intervalMs: 10_000,
    callId: 900,
    rc: 7,
    status: 'done',
    startedAt: scenario.now,
    endedAt: scenario.now,
    queueMs: 0,
    timeoutMs: 20_000,
    exitReason: 'process 14 was ended by SIGKILL',
    output: '',
    userData: undefined,
    ...change,
  };
}

function recovery(scenario: RecoveryScenario, verdict: LocalRecoveryNews['verdict']): LocalRecoveryNews {
  const isGood = verdict === 'recovered';
  return {
    kind: 'local-recovery',
    resource: 'a.app',
    failure: outcome(scenario, {}),
    stop: isGood ? outcome(scenario, { operation: 'stop', intervalMs: 0, rc: 0, callId: 901 }) : undefined,
    start: isGood ? outcome(scenario, { operation: 'start', intervalMs: 0, rc: 0, callId: 902 }) : undefined,
    monitor: isGood ? outcome(scenario, { rc: 0, callId: 903 }) : undefined,
    verdict,
    reason: '',
    failures: 2,
    detectedAt: scenario.now,
    recoveredAt: isGood ? scenario.now + 50 : 0,
  };
}

function report(scenario: RecoveryScenario, body: AgentReportBody, sequence = 7): void {
  const instance = instanceOf('a', 'h1');
  scenario.send({ kind: 'agent-report', instance, sequence, report: body, token: sequence, chance: 0 });
}

function condensed(
  scenario: RecoveryScenario,
  newest: LocalRecoveryNews | MonitorChange,
  counts: { readonly failures: number; readonly recovered: number; readonly spanMs: number },
): AgentReportBody {
  const { failures, recovered, spanMs } = counts;
  const [firstAt, lastAt] = [scenario.now - spanMs, scenario.now];
  return { kind: 'condensed', resource: 'a.app', failures, recovered, firstAt, lastAt, newest };
}

const countOf = (scenario: RecoveryScenario) => failCount(scenario.state.durable.history, 'a', 'a.app');
const windowOf = (scenario: RecoveryScenario) => scenario.state.durable.windows.resources['a.app'] ?? [];

test('every failure of a condensed report is counted, one event tells when, and the last one is told whole', () => {
  const scenario = cutOff(3_600_000);
  report(
    scenario,
    condensed(scenario, recovery(scenario, 'recovered'), { failures: 61, recovered: 58, spanMs: 60_000 }),
  );
  assert.equal(countOf(scenario), 61);
  const [several, last, ...more] = scenario.told('resource-failed');
  assert.match(several?.reason ?? '', /^failed 60 times between \S+ and \S+, 57 of them repaired by its agent$/);
  assert.match(last?.reason ?? '', /process 14 was ended/);
  assert.equal(more.length, 0);
  assert.equal(scenario.told('resource-recovered').length, 1);
  assert.equal(windowOf(scenario).length, 61);
  assert.deepEqual(
    windowOf(scenario),
    windowOf(scenario).toSorted((a, b) => a - b),
  );
  assert.equal(windowOf(scenario).at(-1), scenario.now);
  const records = scenario.state.durable.history.a?.resources['a.app']?.records ?? {};
  assert.equal(records['a.app_last_0']?.callId, 902);
  report(
    scenario,
    condensed(scenario, recovery(scenario, 'recovered'), { failures: 61, recovered: 58, spanMs: 60_000 }),
  );
  assert.equal(countOf(scenario), 61, 'the same report once more is none');
});

test('failures from before the period are in the fail count, and not in the budget', () => {
  const scenario = cutOff(36_000_000);
  report(
    scenario,
    condensed(scenario, recovery(scenario, 'recovered'), { failures: 37, recovered: 37, spanMs: 36_000_000 }),
  );
  assert.equal(countOf(scenario), 37);
  assert.deepEqual(windowOf(scenario), [scenario.now]);
});

test('an escalation at the end is acted on', () => {
  const scenario = cutOff(60_000);
  report(scenario, condensed(scenario, recovery(scenario, 'escalate'), { failures: 4, recovered: 3, spanMs: 10_000 }));
  const [escalated] = scenario.told('escalated');
  assert.match(escalated?.reason ?? '', /process 14 was ended/);
  const causes = (escalated?.evidence as { evidence?: readonly string[] } | undefined)?.evidence ?? [];
  assert.equal(causes.length, 2);
  assert.match(causes[0] ?? '', /failed 3 times between/);
  assert.equal(scenario.told('assembly-failed').length, 1);
});

test('what the agent only watches escalates when its failures spend the budget, and is decided on when they do not', () => {
  const changed = (scenario: RecoveryScenario, rc: number): MonitorChange => ({
    kind: 'monitor-changed',
    result: outcome(scenario, { rc }),
  });
  const table = [
    { failures: 2, rc: 7, escalations: 0 },
    { failures: 9, rc: 7, escalations: 1 },
    { failures: 9, rc: 0, escalations: 0 },
  ];
  for (const { failures, rc, escalations } of table) {
    const scenario = cutOff(60_000);
    report(scenario, condensed(scenario, changed(scenario, rc), { failures, recovered: 0, spanMs: 5_000 }));
    assert.equal(scenario.told('escalated').length, escalations);
    assert.equal(countOf(scenario) >= failures, true);
    assert.equal(scenario.state.volatile.isSettled, false);
  }
});
