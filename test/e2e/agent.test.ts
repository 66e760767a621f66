import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Draft, ExecDefinition, ExecuteOperation } from '../../proto/messages.js';
import { orderResult, reportsOf, type ScriptedDpe, scriptedDpe } from './agent-scripted-dpe.js';

const resource = 'web.sleeper';

async function startDpe(context: TestContext): Promise<ScriptedDpe> {
  const dpe = await scriptedDpe();
  context.after(async () => {
    await dpe.run(operation(dpe, 'stop')).catch(() => undefined);
    await dpe.close();
  });
  await dpe.startAgent();
  return dpe;
}

/** Writes its pid, and sleeps. */
function sleeper(dpe: ScriptedDpe): Draft<ExecDefinition> {
  return { command: ['sh', '-c', `echo $$ > ${join(dpe.directory, 'pid')}; exec sleep 600`] };
}

function operation(dpe: ScriptedDpe, name: string, intervalMs = 0): Draft<ExecuteOperation> {
  return {
    resource,
    resourceClass: 'exec',
    type: 'exec',
    operation: name,
    intervalMs,
    timeoutMs: 10_000,
    exec: sleeper(dpe),
  };
}

async function readPid(dpe: ScriptedDpe): Promise<number> {
  return Number(await readFile(join(dpe.directory, 'pid'), 'utf8'));
}

async function pidAfter(dpe: ScriptedDpe, previous: number | undefined): Promise<number> {
  let seen: number | undefined;
  const poll = setInterval(() => {
    readPid(dpe).then(
      (pid) => {
        if (pid > 0 && pid !== previous) seen = pid;
      },
      () => undefined,
    );
  }, 2);
  try {
    return await dpe.until('a new process', () => seen);
  } finally {
    clearInterval(poll);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function startSleeper(dpe: ScriptedDpe, delegated: { failures: number } | undefined): Promise<number> {
  const started = await dpe.run(operation(dpe, 'start'));
  assert.equal(started.rc, 0, started.exitReason);
  if (delegated !== undefined) {
    const delegation = { resource, ...delegated, periodMs: 60_000, startTimeoutMs: 5000, stopTimeoutMs: 5000 };
    const outcome = await dpe.request({ kind: 'setDelegation', value: { delegations: [delegation] } });
    assert.equal(outcome.kind, 'reply');
  }
  const monitored = await dpe.run(operation(dpe, 'monitor', 120_000));
  assert.equal(monitored.rc, 0, monitored.exitReason);
  return pidAfter(dpe, undefined);
}

test('a killed exec process runs again long before its next monitor, and is reported exactly once', async (context) => {
  const dpe = await startDpe(context);
  const pid = await startSleeper(dpe, { failures: 3 });
  const killedAt = performance.now();
  process.kill(pid, 'SIGKILL');
  await pidAfter(dpe, pid);
  const elapsedMs = performance.now() - killedAt;
  assert.ok(elapsedMs < 60_000, `${elapsedMs} ms`);

  const [report] = await dpe.until('the report', () => {
    const found = reportsOf(dpe.reports, 'localRecovery');
    return found.length > 0 ? found : undefined;
  });
  const { verdict, failure, stop, start, monitor, failuresInWindow } = report?.value ?? {};
  assert.equal(verdict, 'recovered');
  assert.equal(failuresInWindow, 1);
  assert.match(failure?.exitReason ?? '', /process \d+ was ended by SIGKILL/);
  assert.deepEqual([failure?.rc, stop?.rc, start?.rc, monitor?.rc], [7, 0, 0, 0]);
  const callIds = [failure, stop, start, monitor].map((result) => result?.callId ?? 0);
  assert.deepEqual(
    callIds,
    callIds.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(callIds).size, 4);

  // A later order's report comes after everything that the recovery had to tell.
  await dpe.run(operation(dpe, 'monitor'));
  assert.equal(reportsOf(dpe.reports, 'localRecovery').length, 1);
  assert.equal(reportsOf(dpe.reports, 'monitorChanged').length, 0);
});

test('the last failure of the budget is reported and not repaired', async (context) => {
  const dpe = await startDpe(context);
  const pid = await startSleeper(dpe, { failures: 2 });
  process.kill(pid, 'SIGKILL');
  const second = await pidAfter(dpe, pid);
  await dpe.until('the recovery', () => reportsOf(dpe.reports, 'localRecovery')[0]);
  process.kill(second, 'SIGKILL');
  const escalated = await dpe.until('the escalation', () => reportsOf(dpe.reports, 'localRecovery')[1]);
  assert.equal(escalated.value.verdict, 'escalate');
  assert.equal(escalated.value.reason, 'failure 2 of 2 within 60 s');
  assert.equal(escalated.value.start, undefined);
  assert.equal((await dpe.run(operation(dpe, 'monitor'))).rc, 7);
});

test('a failure of a resource that is not delegated is only reported', async (context) => {
  const dpe = await startDpe(context);
  const pid = await startSleeper(dpe, undefined);
  process.kill(pid, 'SIGKILL');
  const changed = await dpe.until('the report', () => reportsOf(dpe.reports, 'monitorChanged')[0]);
  assert.equal(changed.value.rc, 7);
  assert.equal(changed.value.intervalMs, 120_000);
  assert.equal((await dpe.run(operation(dpe, 'monitor'))).rc, 7);
});

test('an agent that is killed finds what it ran, untouched, and loses and doubles no report', async (context) => {
  const dpe = await startDpe(context);
  const pid = await startSleeper(dpe, { failures: 5 });
  dpe.acknowledge(false);
  const accepted = await dpe.request(
    { kind: 'executeOperation', value: operation(dpe, 'monitor') },
    { operationId: '1-test-kept' },
  );
  assert.equal(accepted.kind, 'reply');
  await dpe.killAgent('SIGKILL');
  dpe.acknowledge(true);
  await dpe.startAgent();
  const kept = await dpe.until('the report that waited', () => orderResult(dpe.reports, '1-test-kept'));
  assert.equal(kept.rc, 0);
  assert.ok(isAlive(pid));
  assert.equal(await readPid(dpe), pid);

  // The same order again is not run again; what it led to is told once more. (A later report has come: the agent knows
  // that this one was acknowledged.)
  await dpe.run(operation(dpe, 'monitor'));
  const repeated = await dpe.request(
    { kind: 'executeOperation', value: operation(dpe, 'monitor') },
    { operationId: '1-test-kept' },
  );
  assert.ok(repeated.kind === 'reply' && repeated.envelope.body.kind === 'operationAccepted');
  assert.equal(repeated.envelope.body.value.repeatedOrder, true);
  await dpe.until('its result once more', () => {
    const again = reportsOf(dpe.reports, 'orderResult').filter(({ value }) => value.operationId === '1-test-kept');
    return again.length === 2 && again[1]?.value.result?.callId === kept.callId ? again : undefined;
  });

  // It still sees at once that the process, which is not its child, ends.
  process.kill(pid, 'SIGKILL');
  await pidAfter(dpe, pid);
  await dpe.until('the recovery', () => reportsOf(dpe.reports, 'localRecovery')[0]);
  const sequences = dpe.reports.map(({ sequence }) => sequence);
  assert.deepEqual(
    sequences,
    [...new Set(sequences)].toSorted((a, b) => a - b),
  );
  assert.equal(reportsOf(dpe.reports, 'localRecovery').length, 1);
});

test('SIGTERM ends the agent only, and without a bus it goes on recovering and reports afterwards', async (context) => {
  const dpe = await startDpe(context);
  const pid = await startSleeper(dpe, { failures: 5 });
  await dpe.killAgent('SIGTERM');
  assert.ok(isAlive(pid));
  await dpe.startAgent();

  await dpe.stopBus();
  process.kill(pid, 'SIGKILL');
  const next = await pidAfter(dpe, pid);
  assert.ok(isAlive(next));
  const registrations = dpe.registrations();
  await dpe.startBus();
  await dpe.until('a registration after the reconnect', () => (dpe.registrations() > registrations ? true : undefined));
  const recovery = await dpe.until('the report', () => reportsOf(dpe.reports, 'localRecovery')[0]);
  assert.equal(recovery.value.verdict, 'recovered');
});

test('orders of an older epoch are refused, also after a restart of the agent', async (context) => {
  const dpe = await startDpe(context);
  const adopted = await dpe.request({ kind: 'adoptAgent', value: {} }, { epoch: 7 });
  assert.ok(adopted.kind === 'reply' && adopted.envelope.body.kind === 'agentInventory');
  for (const restart of [false, true]) {
    if (restart) {
      await dpe.killAgent('SIGKILL');
      await dpe.startAgent();
    }
    const stale = await dpe.request({ kind: 'adoptAgent', value: {} }, { epoch: 6 });
    assert.ok(stale.kind === 'error');
    assert.equal(stale.error.code, 'stale-epoch');
    assert.equal(stale.error.details.epoch, '7');
  }
  const invalid = await dpe.request({ kind: 'executeOperation', value: { resource: '__proto__' } }, { epoch: 7 });
  assert.ok(invalid.kind === 'error');
  assert.equal(invalid.error.code, 'invalid-request');
  const beats = dpe.heartbeats();
  await dpe.until('a heartbeat', () => (dpe.heartbeats() > beats ? true : undefined));
});
