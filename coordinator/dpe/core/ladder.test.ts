import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failCount } from '../../state/fail-count.js';
import type { DpeEventDraft } from './dpe-effect.js';
import type { AgentReportBody, OperationOutcome } from './dpe-event.js';
import type { Order } from './dpe-state.js';
import { instanceOf, type RecoveryScenario, recoveryScenario } from './recovery-scenario.js';

const escalation = { failures: 3, periodMs: 600_000 };

function evidence(event: DpeEventDraft | undefined): Record<string, unknown> {
  return (event?.evidence ?? {}) as Record<string, unknown>;
}

function outcome(scenario: RecoveryScenario, change: Partial<OperationOutcome>): OperationOutcome {
  return {
    resource: 'a.app',
    operation: 'monitor',
    intervalMs: 10_000,
    callId: scenario.now % 1_000_000_000,
    rc: 7,
    status: 'done',
    startedAt: scenario.now,
    endedAt: scenario.now,
    queueMs: 0,
    timeoutMs: 20_000,
    exitReason: '',
    output: '',
    userData: undefined,
    ...change,
  };
}

let sequence = 0;

function report(scenario: RecoveryScenario, body: AgentReportBody): void {
  sequence += 1;
  const instance = instanceOf('a', 'h1');
  scenario.send({ kind: 'agent-report', instance, sequence, report: body, token: sequence, chance: 0 });
}

/** The instance of `a` as the launcher would have it started again, on a host. */
function boot(scenario: RecoveryScenario, host: string, count: number): void {
  const { durable } = scenario.state;
  const before = durable.assemblies.a;
  if (before === undefined) throw new Error('no assembly a');
  const instance = { kind: 'running', id: `shop.a.${host}.1-${count}`, host, at: scenario.now } as const;
  const assemblies = { ...durable.assemblies, a: { ...before, instance, isConnected: true } };
  scenario.state = { ...scenario.state, durable: { ...durable, assemblies } };
}

function die(scenario: RecoveryScenario, why: string): void {
  const { instance } = scenario.assembly('a');
  if (instance.kind === 'none') throw new Error('no instance');
  sequence += 1;
  const { id, host } = instance;
  const died = { kind: 'instance-died', host, instance: id, evidence: why, at: scenario.now } as const;
  scenario.send({ ...died, sequence, token: sequence, chance: 0 });
}

const oneHost = () => recoveryScenario({ a: 'h1', b: 'h1' }, { model: () => ({ escalation }) });
const twoHosts = () => recoveryScenario({ a: 'h1', b: 'h1' }, { hosts: ['h1', 'h2'], model: () => ({ escalation }) });

test('resource at its agent: an escalation names the last cause first and lists every failure of the window', () => {
  const scenario = oneHost();
  scenario.pass(1_000);
  const recovered = (why: string) =>
    report(scenario, {
      kind: 'local-recovery',
      resource: 'a.app',
      failure: outcome(scenario, { exitReason: why }),
      stop: outcome(scenario, { operation: 'stop', intervalMs: 0, rc: 0 }),
      start: outcome(scenario, { operation: 'start', intervalMs: 0, rc: 0 }),
      monitor: outcome(scenario, { rc: 0 }),
      verdict: 'recovered',
      reason: '',
      failures: 1,
      detectedAt: scenario.now,
      recoveredAt: scenario.now + 50,
    });
  recovered('process 13 was ended by SIGKILL');
  scenario.pass(5_000);
  recovered('port 80 does not answer');
  scenario.pass(5_000);
  report(scenario, {
    kind: 'local-recovery',
    resource: 'a.app',
    failure: outcome(scenario, { exitReason: 'process 14 was ended by SIGKILL' }),
    stop: outcome(scenario, { operation: 'stop', intervalMs: 0, rc: 0 }),
    start: outcome(scenario, { operation: 'start', intervalMs: 0, rc: 1, exitReason: 'no space left on device' }),
    monitor: undefined,
    verdict: 'escalate',
    reason: 'failure 3 of 3 within 60 s',
    failures: 3,
    detectedAt: scenario.now,
    recoveredAt: 0,
  });
  const last = 'process 14 was ended by SIGKILL; its start failed: no space left on device';
  const [escalated] = scenario.told('escalated');
  assert.ok(escalated?.reason.includes(last), escalated?.reason);
  const causes = evidence(escalated).evidence as string[];
  assert.equal(causes.length, 3);
  for (const [index, why] of ['13 was ended', 'port 80', 'no space left'].entries())
    assert.ok(causes[index]?.includes(why));
  assert.match(causes[0] ?? '', /^2027-01-15T08:00:01\.000Z /);
  const [failed] = scenario.told('assembly-failed');
  assert.equal(failed?.reason, `resource app failed 3 times, the last time because: ${last}`);
  assert.equal(evidence(failed).verdict, 'application');
  assert.deepEqual(scenario.state.durable.windows.causes?.['a.app'], undefined, 'the window begins anew');
});

test('resource at its agent: a stop because the lease ran out blames nobody and counts nowhere', () => {
  const scenario = oneHost();
  scenario.pass(1_000);
  report(scenario, {
    kind: 'local-recovery',
    resource: 'a.app',
    failure: outcome(scenario, { exitReason: 'lease ran out: stopped by its agent' }),
    stop: outcome(scenario, { operation: 'stop', intervalMs: 0, rc: 0 }),
    start: undefined,
    monitor: undefined,
    verdict: 'failed',
    reason: 'lease ran out',
    failures: 0,
    detectedAt: scenario.now,
    recoveredAt: 0,
  });
  const [failed] = scenario.told('resource-failed');
  assert.equal(failed?.reason, 'lease ran out: stopped by its agent');
  assert.equal(evidence(failed).verdict, 'bus');
  assert.deepEqual(scenario.state.durable.windows.resources, {});
  assert.equal(scenario.state.volatile.engine.kind, 'deciding', 'it is started again by the scheduler');
});

test('resource at the DPE: the third failure within the period recovers the assembly, and not one after it', () => {
  for (const { gapMs, escalates } of [
    { gapMs: 5_000, escalates: true },
    { gapMs: 160_000, escalates: false },
  ]) {
    const model = () => ({ escalation });
    const scenario = recoveryScenario({ a: 'h1' }, { model });
    for (let failure = 1; failure <= 3; failure++) {
      scenario.pass(gapMs);
      report(scenario, { kind: 'monitor-changed', result: outcome(scenario, { exitReason: `failure ${failure}` }) });
    }
    assert.equal(scenario.told('escalated').length, escalates ? 1 : 0);
    assert.equal(scenario.told('resource-failed').length, 3);
    for (const event of scenario.told('resource-failed')) assert.equal(evidence(event).verdict, 'application');
  }
});

test('assembly on one host: back-off delays it alone, and the third failure restarts the deployable', () => {
  const scenario = oneHost();
  die(scenario, 'first');
  assert.equal(scenario.assembly('a').mayStartAt, 0, 'the first restart waits for nothing');
  boot(scenario, 'h1', 2);
  scenario.pass(10_000);
  die(scenario, 'second');
  assert.equal(scenario.assembly('a').mayStartAt, scenario.now + 1_000);
  assert.equal(scenario.assembly('b').mayStartAt, 0);
  scenario.pass(1_200);
  assert.equal(scenario.assembly('a').mayStartAt, 0);
  boot(scenario, 'h1', 3);
  die(scenario, 'third');
  const [escalated] = scenario.told('escalated');
  assert.match(escalated?.reason ?? '', /^failure 3 of 3 .*third\): restarting the deployable$/);
  assert.equal((evidence(escalated).evidence as string[]).length, 3);
  assert.equal(scenario.state.durable.recovery.kind, 'restarting');
});

test('assembly on another host: its budget spent on one is a ban there, and a new budget', () => {
  const scenario = twoHosts();
  for (let failure = 1; failure <= 3; failure++) {
    boot(scenario, 'h1', failure);
    scenario.pass(5_000);
    die(scenario, `failure ${failure}`);
  }
  const [escalated, ...more] = scenario.told('escalated');
  assert.deepEqual(more, []);
  assert.match(
    escalated?.reason ?? '',
    /^failure 3 of 3 allowed on launcher host h1: starting the assembly on another$/,
  );
  assert.deepEqual([evidence(escalated).to, evidence(escalated).hosts], ['launcher-host', ['h2']]);
  assert.equal(failCount(scenario.state.durable.history, 'h1', 'a.vm'), Number.POSITIVE_INFINITY);
  assert.deepEqual(scenario.state.durable.windows.assemblies.a, []);
  assert.equal(scenario.state.durable.recovery.kind, 'none');

  for (let failure = 4; failure <= 6; failure++) {
    boot(scenario, 'h2', failure);
    scenario.pass(5_000);
    die(scenario, `failure ${failure}`);
  }
  assert.match(scenario.told('escalated').at(-1)?.reason ?? '', /restarting the deployable$/);
  assert.equal(scenario.state.durable.recovery.kind, 'restarting');
});

for (const { name, change } of [
  { name: 'drained', change: { h2: { standing: 'in-service', isDrained: true } } },
  { name: 'dead', change: { h2: { standing: 'dead', isDrained: false } } },
] as const) {
  test(`assembly on another host: not on one that is ${name}`, () => {
    const scenario = twoHosts();
    const { durable } = scenario.state;
    scenario.state = { ...scenario.state, durable: { ...durable, hosts: { ...durable.hosts, ...change } } };
    for (let failure = 1; failure <= 3; failure++) {
      boot(scenario, 'h1', failure);
      die(scenario, `failure ${failure}`);
    }
    assert.equal(scenario.state.durable.recovery.kind, 'restarting');
  });
}

test('assembly on another host: a threshold below the budget moves it first, and that is told', () => {
  const model = () => ({ escalation: { failures: 10, periodMs: 600_000 }, migrationThreshold: 2 });
  const scenario = recoveryScenario({ a: 'h1' }, { hosts: ['h1', 'h2'], model });
  die(scenario, 'first');
  assert.deepEqual(scenario.told('escalated'), []);
  boot(scenario, 'h1', 2);
  die(scenario, 'second');
  const [moved] = scenario.told('escalated');
  assert.match(moved?.reason ?? '', /^failure 2 of 2 allowed on launcher host h1/);
  assert.equal(scenario.state.durable.windows.assemblies.a?.length, 2, 'its own budget goes on');
});

test('assembly on another host: when no host may take it any more, the deployable is next, once at rest', () => {
  const model = () => ({ escalation: { failures: 10, periodMs: 600_000 }, migrationThreshold: 1 });
  const scenario = recoveryScenario({ a: 'h1' }, { hosts: ['h1', 'h2'], model });
  die(scenario, 'on h1');
  boot(scenario, 'h2', 2);
  die(scenario, 'on h2');
  scenario.pass(5_000);
  assert.equal(scenario.state.durable.recovery.kind, 'none', 'not while a decision is awaited');
  const { engine } = scenario.state.volatile;
  assert.ok(engine.kind === 'deciding');
  const volatile = {
    ...scenario.state.volatile,
    engine: { kind: 'idle' },
    isSettled: true,
    pendingTrigger: undefined,
  } as const;
  scenario.state = { ...scenario.state, volatile };
  scenario.pass(200);
  const last = scenario.told('escalated').at(-1);
  assert.match(last?.reason ?? '', /failed too often on every launcher host .* stopped, restarting the deployable$/);
  assert.deepEqual(evidence(last).hosts, ['h1', 'h2']);
  assert.equal(scenario.state.durable.recovery.kind, 'restarting');
});

test('failures of an assembly are forgotten when their period is over, also those that moved it', () => {
  const scenario = twoHosts();
  for (let failure = 1; failure <= 3; failure++) {
    boot(scenario, 'h1', failure);
    die(scenario, `failure ${failure}`);
  }
  // On the other host all is well: the record of the last failure on the first one has been mended by its stop.
  boot(scenario, 'h2', 4);
  const { durable } = scenario.state;
  const { h1, ...history } = durable.history;
  const { 'a.vm': _vm, a: _connection, ...resources } = h1?.resources ?? {};
  const mended = { ...history, h1: { resources, attributes: h1?.attributes ?? {} } };
  scenario.state = { ...scenario.state, durable: { ...durable, history: mended } };
  scenario.pass(escalation.periodMs - 1_000);
  assert.equal(failCount(scenario.state.durable.history, 'h1', 'a.vm'), Number.POSITIVE_INFINITY);
  scenario.pass(2_000);
  assert.equal(failCount(scenario.state.durable.history, 'h1', 'a.vm'), 0);
});

test('deployable: when its budget is spent too, everything is stopped, and one command resumes it', () => {
  const scenario = oneHost();
  for (let failure = 1; failure <= 6; failure++) {
    boot(scenario, 'h1', failure);
    const { durable } = scenario.state;
    if (failure === 4) scenario.state = { ...scenario.state, durable: { ...durable, recovery: { kind: 'none' } } };
    die(scenario, `failure ${failure}`);
  }
  const [halted] = scenario.told('deployable-halted');
  assert.match(halted?.reason ?? '', /attempts are exhausted, .* Resume with: cpectl deployable start shop$/);
});

function booting(): { readonly scenario: RecoveryScenario; readonly order: Order } {
  const scenario = oneHost();
  const { durable, volatile } = scenario.state;
  const a = scenario.assembly('a');
  const order: Order = {
    kind: 'connection',
    assembly: 'a',
    host: 'h1',
    action: undefined,
    issuedAt: scenario.now,
    expiresAt: scenario.now + 60_000,
    order: { operation: 'start', intervalMs: 0, expectedRc: 0, transition: 1, action: 1, digest: '' },
  };
  const assemblies = { ...durable.assemblies, a: { ...a, isConnected: false } };
  const { [instanceOf('a', 'h1')]: _unheard, ...agents } = volatile.agents;
  scenario.state = {
    durable: { ...durable, assemblies },
    volatile: { ...volatile, agents, orders: { boot: order } },
  };
  scenario.silentAgents.add('a');
  return { scenario, order };
}

test('an assembly that boots and never registers has failed when its boot deadline is over', () => {
  const { scenario } = booting();
  scenario.pass(59_800);
  assert.deepEqual(scenario.told('assembly-failed'), []);
  scenario.pass(400);
  const [failed] = scenario.told('assembly-failed');
  assert.equal(failed?.reason, 'its agent did not register within 60 s');
  assert.equal(evidence(failed).verdict, 'agent');
  assert.deepEqual(evidence(failed).evidence, [
    'the instance was started; its agent did not register within 60 s',
    'the launcher says that the instance runs',
  ]);
  assert.equal(scenario.assembly('a').instance.kind, 'lost');
  assert.equal(scenario.state.durable.windows.assemblies.a?.length, 1, 'it counts like any other failure');
});

test('an assembly that dies while it boots has failed at once, and nobody waits for its agent', () => {
  const { scenario } = booting();
  scenario.pass(5_000);
  die(scenario, 'init has ended');
  assert.equal(evidence(scenario.told('assembly-failed')[0]).verdict, 'vm');
  assert.deepEqual(scenario.state.volatile.orders, {});
});
