/** Whole lives of units under a real agent: seen, repaired, and taken over by the next agent, between two monitors. */
import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import type { Draft, ExecuteOperation, LocalRecovery } from '../../../proto/messages.js';
import { reportsOf, type ScriptedDpe, scriptedDpe } from '../../e2e/agent-scripted-dpe.js';
import { systemctl, testUnits } from '../test-units.js';

const units = testUnits();
after(() => units.remove());

const timeoutMs = 60_000;
/** Beyond every test: whatever is seen is seen without a monitor. */
const monitorIntervalMs = 3_600_000;

interface Life {
  readonly resourceClass: 'systemd' | 'service' | 'lsb';
  readonly type: string;
  /** Whose main process is killed. */
  readonly unit: string;
}

function mainPid(unit: string): number {
  return Number(systemctl('show', '--property=MainPID', '--value', unit));
}

function stateOf(unit: string): string {
  return systemctl('show', '--property=ActiveState', '--value', unit).trim();
}

async function liveThrough(context: TestContext, { resourceClass, type, unit }: Life): Promise<void> {
  const dpe = await scriptedDpe();
  const resource = `web.${unit.split('.')[0]}`;
  const order = (operation: string, intervalMs = 0): Draft<ExecuteOperation> => ({
    resource,
    resourceClass,
    type,
    operation,
    intervalMs,
    timeoutMs,
  });
  const expect = async (operation: string, rc: number, intervalMs = 0): Promise<void> => {
    const result = await dpe.run(order(operation, intervalMs));
    assert.equal(result.rc, rc, `${operation}: ${result.status} ${result.exitReason}\n${result.output}`);
  };
  context.after(async () => {
    await dpe.run(order('stop')).catch(() => undefined);
    await dpe.close();
  });
  await dpe.startAgent();
  await expect('monitor', 7);
  await expect('start', 0);
  await expect('monitor', 0, monitorIntervalMs);

  process.kill(mainPid(unit), 'SIGKILL');
  const failed = await dpe.until('a failed monitor', () => reportsOf(dpe.reports, 'monitorChanged')[0]);
  assert.equal(failed.value.rc, 7);
  await expect('stop', 0);
  await expect('start', 0);

  await delegate(dpe, resource);
  await expect('monitor', 0, monitorIntervalMs);
  await killAndRecover(context, dpe, unit, 1);

  const pid = mainPid(unit);
  await dpe.killAgent('SIGKILL');
  await dpe.startAgent();
  assert.equal(mainPid(unit), pid);
  await killAndRecover(context, dpe, unit, 2);

  await expect('stop', 0);
  await expect('monitor', 7);
  assert.equal(recoveries(dpe).length, 2);
}

/** Each once: an agent that was killed sends again what it does not know to have arrived. */
function recoveries(dpe: ScriptedDpe): readonly LocalRecovery[] {
  const values = reportsOf(dpe.reports, 'localRecovery').map(({ value }) => value);
  return [...new Map(values.map((value) => [value.detectedUnixMs, value])).values()];
}

async function delegate(dpe: ScriptedDpe, resource: string): Promise<void> {
  const timeouts = { startTimeoutMs: timeoutMs, stopTimeoutMs: timeoutMs, monitorTimeoutMs: timeoutMs };
  const delegations = [{ resource, failures: 5, periodMs: 600_000, ...timeouts }];
  assert.equal((await dpe.request({ kind: 'setDelegation', value: { delegations } })).kind, 'reply');
}

async function killAndRecover(context: TestContext, dpe: ScriptedDpe, unit: string, count: number): Promise<void> {
  const killedUnixMs = Date.now();
  process.kill(mainPid(unit), 'SIGKILL');
  const { verdict, detectedUnixMs, recoveredUnixMs } = await dpe.until(
    `recovery ${count}`,
    () => recoveries(dpe)[count - 1],
  );
  assert.equal(verdict, 'recovered');
  assert.ok(detectedUnixMs >= killedUnixMs);
  const [seenMs, recoveredMs] = [detectedUnixMs - killedUnixMs, recoveredUnixMs - killedUnixMs];
  context.diagnostic(`${unit}: seen after ${seenMs} ms, recovered after ${recoveredMs} ms`);
}

test('a unit of the test', async (context) => {
  const unit = units.write('r-plain.service', ['ExecStart=/bin/sleep infinity', 'Restart=always']);
  await liveThrough(context, { resourceClass: 'systemd', type: 'r-plain', unit });
});

test('an agent that is killed during a start and a stop leaves neither half done', async (context) => {
  const slow = ['Type=oneshot', 'RemainAfterExit=yes', 'ExecStart=/bin/sleep 3', 'ExecStop=/bin/sleep 3'];
  const unit = units.write('r-slow.service', slow);
  const dpe = await scriptedDpe();
  context.after(() => dpe.close());
  const order = { resource: 'web.slow', resourceClass: 'systemd', type: unit, timeoutMs };
  await dpe.startAgent();
  for (const [operation, onTheWay, end] of [
    ['start', 'activating', 'active'],
    ['stop', 'deactivating', 'inactive'],
  ] as const) {
    const result = dpe.run({ ...order, operation });
    await dpe.until(onTheWay, () => stateOf(unit) === onTheWay || undefined);
    await dpe.killAgent('SIGKILL');
    await dpe.startAgent();
    assert.equal((await result).rc, 0, operation);
    assert.equal(stateOf(unit), end);
  }
});

test('nginx by its unit', async (context) => {
  await liveThrough(context, { resourceClass: 'systemd', type: 'nginx', unit: 'nginx.service' });
});

test('redis by its unit, which has Restart=always', async (context) => {
  await liveThrough(context, { resourceClass: 'systemd', type: 'redis-server', unit: 'redis-server.service' });
});

test('a service whose init script hands over to its unit', async (context) => {
  await liveThrough(context, { resourceClass: 'service', type: 'nginx', unit: 'nginx.service' });
});

test('an init script that hands over to its unit', async (context) => {
  await liveThrough(context, { resourceClass: 'lsb', type: 'nginx', unit: 'nginx.service' });
});

test('a service that has no init script', async (context) => {
  const unit = units.write('r-service.service', ['ExecStart=/bin/sleep infinity']);
  await liveThrough(context, { resourceClass: 'service', type: 'r-service', unit });
});
