import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AgentReport, Draft, ExecuteOperation, LocalRecovery } from '../../proto/messages.js';
import { type ScriptedDpe, scriptedDpe } from './agent-scripted-dpe.js';

const names = Array.from({ length: 10 }, (_, index) => `web.app${index}`);
const rounds = 10;
/** From a start to the end of the recovery that it is part of, generously. */
const settleMs = 700;

/** Sleeps, and says who it is. */
function operation(dpe: ScriptedDpe, resource: string, name: string, intervalMs = 0): Draft<ExecuteOperation> {
  const command = ['sh', '-c', `echo $$ > ${join(dpe.directory, resource)}; exec sleep 600`];
  const run = { operation: name, intervalMs, timeoutMs: 20_000 };
  return { resource, resourceClass: 'exec', type: 'exec', ...run, exec: { command } };
}

function readPid(dpe: ScriptedDpe, resource: string): number {
  try {
    return Number(readFileSync(join(dpe.directory, resource), 'utf8'));
  } catch {
    return 0;
  }
}

/** Ten resources that are delegated and run. */
async function startAll(context: TestContext): Promise<ScriptedDpe> {
  const dpe = await scriptedDpe();
  context.after(async () => {
    for (const resource of names) await dpe.run(operation(dpe, resource, 'stop')).catch(() => undefined);
    await dpe.close();
  });
  await dpe.startAgent();
  const timeouts = { startTimeoutMs: 20_000, stopTimeoutMs: 20_000, monitorTimeoutMs: 20_000 };
  const delegations = names.map((resource) => ({ resource, failures: 1000, periodMs: 60_000, ...timeouts }));
  for (const resource of names) assert.equal((await dpe.run(operation(dpe, resource, 'start'))).rc, 0);
  assert.equal((await dpe.request({ kind: 'setDelegation', value: { delegations } })).kind, 'reply');
  for (const resource of names) assert.equal((await dpe.run(operation(dpe, resource, 'monitor', 10_000))).rc, 0);
  return dpe;
}

interface Killed {
  readonly resource: string;
  readonly at: number;
}

/** Ends every resource once; resolves when all run again. */
async function killAll(dpe: ScriptedDpe): Promise<readonly Killed[]> {
  const pids = new Map(names.map((resource) => [resource, readPid(dpe, resource)]));
  const killed = names.map((resource) => {
    const at = Date.now();
    process.kill(pids.get(resource) ?? 0, 'SIGKILL');
    return { resource, at };
  });
  await restarted(dpe, pids);
  return killed;
}

/** All have new processes, which have run for long enough to be failures of their own when they are ended. */
function restarted(dpe: ScriptedDpe, before: ReadonlyMap<string, number>): Promise<true> {
  let sinceAt = 0;
  return dpe.until('new processes', () => {
    const isNew = names.every((resource) => {
      const pid = readPid(dpe, resource);
      return pid > 0 && pid !== before.get(resource);
    });
    if (!isNew) return undefined;
    if (sinceAt === 0) sinceAt = Date.now();
    return Date.now() - sinceAt >= settleMs ? true : undefined;
  });
}

/** As the decider takes them: a sequence that came before is none. */
function recoveriesIn(reports: readonly AgentReport[]): readonly LocalRecovery[] {
  const sequences = new Set<number>();
  return reports.flatMap(({ sequence, report }) => {
    if (sequences.has(sequence)) return [];
    sequences.add(sequence);
    return report.kind === 'localRecovery' ? [report.value] : [];
  });
}

function check(recoveries: readonly LocalRecovery[], killed: readonly Killed[], latestMs: number): void {
  assert.equal(recoveries.length, killed.length);
  assert.ok(recoveries.every(({ verdict }) => verdict === 'recovered'));
  // Call-ids grow with everything that happens in the instance.
  const ends = recoveries.map(({ monitor }) => monitor?.callId ?? 0);
  assert.deepEqual(
    ends,
    [...new Set(ends)].toSorted((a, b) => a - b),
    'each once, in the order in which they ended',
  );
  for (const resource of names) {
    const told = recoveries.filter((recovery) => recovery.resource === resource);
    const truth = killed.filter((each) => each.resource === resource);
    for (const [index, { detectedUnixMs, recoveredUnixMs }] of told.entries()) {
      const lateMs = detectedUnixMs - (truth[index]?.at ?? 0);
      assert.ok(lateMs >= -20 && lateMs < latestMs, `${resource} failure ${index} told ${lateMs} ms off`);
      assert.ok(recoveredUnixMs >= detectedUnixMs);
      assert.ok(recoveredUnixMs < (truth[index + 1]?.at ?? Number.POSITIVE_INFINITY) + 20);
    }
  }
}

/** Long enough for an agent that gives up on a bus, or on reports, to do so. */
async function cutFor(dpe: ScriptedDpe, ms: number): Promise<void> {
  const endAt = Date.now() + ms;
  await dpe.until('the cut', () => (Date.now() >= endAt ? true : undefined));
}

test('a hundred failures while the bus is cut: a hundred recoveries, and as many reports, each once, in order', async (context) => {
  const dpe = await startAll(context);
  await dpe.stopBus();
  const cutAt = Date.now();
  const killed: Killed[] = [];
  for (let round = 0; round < rounds; round += 1) killed.push(...(await killAll(dpe)));
  assert.equal(recoveriesIn(dpe.reports).length, 0);
  await cutFor(dpe, Math.max(0, 20_000 - (Date.now() - cutAt)));
  // The word that the first two are taken is lost.
  dpe.loseAcknowledgements(2);
  await dpe.startBus();
  await dpe.until('all reports', () => (recoveriesIn(dpe.reports).length >= killed.length ? true : undefined));
  await dpe.run(operation(dpe, names[0] ?? '', 'monitor'));
  check(recoveriesIn(dpe.reports), killed, 3000);
  const sequences = dpe.reports.map(({ sequence }) => sequence);
  assert.deepEqual(
    sequences,
    sequences.toSorted((a, b) => a - b),
    'none before an earlier one',
  );
});

test('an agent that is killed while it is cut off loses no failure, and takes care of those it slept through', async (context) => {
  const dpe = await startAll(context);
  await dpe.stopBus();
  const killed: Killed[] = [];
  for (let round = 0; round < 3; round += 1) {
    // At once after a restart of the resources: some of their reports are on their way to the disk.
    killed.push(...(await killAll(dpe)));
    await dpe.killAgent('SIGKILL');
    const pids = new Map(names.map((resource) => [resource, readPid(dpe, resource)]));
    for (const resource of names) {
      killed.push({ resource, at: Date.now() });
      process.kill(pids.get(resource) ?? 0, 'SIGKILL');
    }
    dpe.launchAgent();
    await restarted(dpe, pids);
  }
  await dpe.startBus();
  await dpe.until('all reports', () => (recoveriesIn(dpe.reports).length >= killed.length ? true : undefined));
  await dpe.run(operation(dpe, names[0] ?? '', 'monitor'));
  check(recoveriesIn(dpe.reports), killed, 20_000);
});
