/** What the suites of real resource agents share: one agent process on a bus, driven through a life of one resource. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import { isAlive, readArguments, readProcessTable } from '../../agent/executors/process-table.js';
import type { Draft, ExecuteOperation, LocalRecovery, OperationResult } from '../../proto/messages.js';
import { reportsOf, type ScriptedDpe, scriptedDpe } from '../e2e/agent-scripted-dpe.js';

export interface RealAgent {
  /** Default `heartbeat`. */
  readonly provider?: string;
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Makes it fail from outside, at once. */
  readonly fail: () => void | Promise<void>;
  /** What tells of the failure: the end of its processes, at once, or only its next monitor. */
  readonly toldBy: 'processes' | 'interval';
}

const timeoutMs = 90_000;
// Where nothing tells of the failure, the interval decides; where something does, it must not be what was waited for.
const monitorIntervalMs = { processes: 300_000, interval: 1000 } as const;
const toldWithinMs = 120_000;
const goneDeadlineMs = 60_000;
const clockMs = 5;

/**
 * Start, monitor, failure, the failed monitor's report, recovery by order; the same failure again with the recovery
 * delegated; stop, monitor. Asserts what each of them says, that times are in order, and that nothing is left running.
 */
export async function liveThrough(context: TestContext, agent: RealAgent): Promise<void> {
  const before = new Set(readProcessTable().map((entry) => entry.pid));
  const dpe = await scriptedDpe();
  const resource = `web.${agent.type}`;
  const intervalMs = monitorIntervalMs[agent.toldBy];
  const order = (operation: string, everyMs = 0): Draft<ExecuteOperation> => ({
    resource,
    resourceClass: 'ocf',
    provider: agent.provider ?? 'heartbeat',
    type: agent.type,
    operation,
    intervalMs: everyMs,
    timeoutMs,
    expectedRc: 0,
    parameters: { ...agent.parameters },
  });
  const expect = async (operation: string, rc: number, everyMs = 0): Promise<OperationResult> => {
    const result = await dpe.run(order(operation, everyMs));
    const said = `${operation}: ${result.rc} ${result.status} ${result.exitReason}\n${result.output}`;
    assert.deepEqual([result.rc, result.status], [rc, 'done'], said);
    return result;
  };
  try {
    await dpe.startAgent();
    await expect('monitor', 7);
    const lives = [await expect('start', 0), await expect('monitor', 0)];
    await expect('monitor', 0, intervalMs);

    const reported = await failAndHear(dpe, agent);
    context.diagnostic(`the failed monitor of the first: rc ${reported.rc}, ${reported.exitReason}`);
    lives.push(reported, await expect('stop', 0), await expect('start', 0));
    lives.push(await expect('monitor', 0));
    assertInOrder(lives);

    await delegate(dpe, resource);
    await expect('monitor', 0, intervalMs);
    const failedAt = Date.now();
    const recovery = await failAndRecover(dpe, agent);
    const detectedMs = recovery.detectedUnixMs - failedAt;
    context.diagnostic(
      `seen ${detectedMs} ms after the failure, recovered ${recovery.recoveredUnixMs - failedAt} ms after it`,
    );
    assert.ok(agent.toldBy === 'interval' || detectedMs < toldWithinMs, `seen after ${detectedMs} ms`);
    const { failure, stop, start, monitor } = recovery;
    assert.deepEqual([stop?.rc, start?.rc, monitor?.rc], [0, 0, 0], JSON.stringify(recovery));
    assert.ok(recovery.detectedUnixMs + clockMs >= failedAt && recovery.recoveredUnixMs >= recovery.detectedUnixMs);
    assertInOrder([...lives, failure, stop, start, monitor].flatMap((result) => result ?? []));
    await expect('monitor', 0);
    assert.equal(reportsOf(dpe.reports, 'localRecovery').length, 1);

    await expect('stop', 0);
    await expect('monitor', 7);
  } finally {
    await dpe.run(order('stop')).catch(() => undefined);
    await dpe.close();
  }
  await assertGone(before);
}

async function failAndHear(dpe: ScriptedDpe, agent: RealAgent): Promise<OperationResult> {
  const count = reportsOf(dpe.reports, 'monitorChanged').length;
  await agent.fail();
  const { value } = await dpe.until('the report of a failed monitor', () =>
    reportsOf(dpe.reports, 'monitorChanged').find(({ value }, at) => at >= count && value.rc !== 0),
  );
  return value;
}

async function delegate(dpe: ScriptedDpe, resource: string): Promise<void> {
  const timeouts = { startTimeoutMs: timeoutMs, stopTimeoutMs: timeoutMs, monitorTimeoutMs: timeoutMs };
  const delegations = [{ resource, failures: 3, periodMs: 600_000, ...timeouts }];
  const outcome = await dpe.request({ kind: 'setDelegation', value: { delegations } });
  assert.equal(outcome.kind, 'reply');
}

async function failAndRecover(dpe: ScriptedDpe, agent: RealAgent): Promise<LocalRecovery> {
  await agent.fail();
  const { value } = await dpe.until('a recovery by the agent', () => reportsOf(dpe.reports, 'localRecovery')[0]);
  assert.equal(value.verdict, 'recovered', JSON.stringify(value, undefined, 2));
  return value;
}

/** Each began when the one before it had ended, under a higher number. */
function assertInOrder(results: readonly OperationResult[]): void {
  for (const [at, result] of results.entries()) {
    const said = `${result.operation} (${result.callId})`;
    assert.ok(result.endedUnixMs >= result.startedUnixMs, `${said} ended before it began`);
    const earlier = results[at - 1];
    if (earlier === undefined) continue;
    assert.ok(result.callId > earlier.callId, `${said} has no higher number than ${earlier.callId}`);
    // Two clocks meet in a time, and both are rounded.
    assert.ok(
      result.startedUnixMs + clockMs >= earlier.endedUnixMs,
      `${said} began before ${earlier.operation} had ended`,
    );
  }
}

/** Nothing runs that did not run before. */
async function assertGone(before: ReadonlySet<number>): Promise<void> {
  const deadline = performance.now() + goneDeadlineMs;
  for (;;) {
    const left = readProcessTable().filter((entry) => isAlive(entry) && !before.has(entry.pid) && isOurs(entry.pid));
    if (left.length === 0) return;
    const names = left.map(({ pid }) => `${pid}: ${readArguments(pid).join(' ')}`);
    assert.ok(performance.now() < deadline, `still running:\n${names.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Kernel threads come and go. */
function isOurs(pid: number): boolean {
  return readArguments(pid).length > 0;
}

/** Kills, by SIGKILL, every process whose argv matches; there has to be one. */
export function killMatching(pattern: RegExp): void {
  const found = readProcessTable().filter(
    (entry) => entry.pid !== process.pid && pattern.test(readArguments(entry.pid).join(' ')),
  );
  assert.ok(found.length > 0, `nothing that matches ${pattern} is running`);
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
}

/** Kills the process that a pid file names. */
export function killByPidFile(path: string): void {
  process.kill(Number(readFileSync(path, 'utf8').trim()), 'SIGKILL');
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
