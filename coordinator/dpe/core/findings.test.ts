import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentReportBody, DpeEvent, OperationOutcome } from './dpe-event.js';
import type { DurableState } from './dpe-state.js';
import { shopInstances, shopState } from './sample-shop.js';
import { sampleNow as now } from './sample-state.js';
import { step } from './step.js';

const { overrides: none } = shopState().durable;
const unmanaged = { overrides: { ...none, resources: { 'db.redis': { isManaged: false } } } };
const inMaintenance = { overrides: { ...none, isInMaintenance: true } };

function monitor(rc: number, { intervalMs = 0, expectedRc = 0 } = {}): OperationOutcome {
  const order = {
    transition: 1,
    action: 2,
    expectedRc,
    digest: '',
    class: 'ocf',
    provider: 'heartbeat',
    type: 'Dummy',
  };
  const times = { startedAt: now, endedAt: now, queueMs: 0, timeoutMs: 20_000 };
  const about = { resource: 'db.redis', operation: 'monitor', intervalMs, callId: 3, userData: order, ...times };
  return { ...about, rc, status: 'done', exitReason: '', output: '' };
}

const probe = (rc: number, expectedRc: number): AgentReportBody => {
  return { kind: 'order-result', operationId: 'o', result: monitor(rc, { expectedRc }) };
};
const changed = (rc: number): AgentReportBody => {
  return { kind: 'monitor-changed', result: monitor(rc, { intervalMs: 10_000 }) };
};

const cases: readonly {
  readonly name: string;
  readonly report: AgentReportBody;
  readonly durable?: Partial<DurableState>;
  /** Kind and reason of each event about the resource. */
  readonly told: readonly (readonly [kind: string, reason: string])[];
}[] = [
  {
    name: 'a monitor that fails where nothing is managed says that nothing is done',
    report: changed(7),
    durable: unmanaged,
    told: [['resource-failed', 'monitor failed: not running (exit code 7); it is unmanaged, nothing is done']],
  },
  {
    name: 'so does one in maintenance',
    report: changed(7),
    durable: inMaintenance,
    told: [['resource-failed', 'monitor failed: not running (exit code 7); it is in maintenance, nothing is done']],
  },
  {
    name: 'a monitor of what is managed says what failed',
    report: changed(7),
    told: [['resource-failed', 'monitor failed: not running (exit code 7)']],
  },
  {
    name: 'a monitor that is good again is told: nobody else has started it',
    report: changed(0),
    durable: unmanaged,
    told: [['resource-found', 'its monitor finds it well again']],
  },
  {
    name: 'a probe that finds it running, which nobody expected',
    report: probe(0, 7),
    told: [['resource-found', 'found running']],
  },
  {
    name: 'a probe that finds it promoted',
    report: probe(8, 7),
    told: [['resource-found', 'found promoted']],
  },
  {
    name: 'a probe that finds it running where nobody acts',
    report: probe(0, 7),
    durable: unmanaged,
    told: [['resource-found', 'found running; it is unmanaged, nothing is done']],
  },
  { name: 'a probe that finds it running as known', report: probe(0, 0), told: [] },
  { name: 'a probe that finds it stopped before it is started', report: probe(7, 7), told: [] },
  {
    name: 'a probe that finds stopped what nobody starts',
    report: probe(7, 7),
    durable: unmanaged,
    told: [['resource-stopped', 'found stopped; it is unmanaged, nothing is done']],
  },
  {
    name: 'a probe that finds stopped what is to be stopped',
    report: probe(7, 7),
    durable: { ...unmanaged, desired: { revision: 2, state: 'stopped' } },
    told: [],
  },
];

for (const { name, report, durable, told } of cases) {
  test(`findings: ${name}`, () => {
    const instance = shopInstances.db.id;
    const event: DpeEvent = { kind: 'agent-report', instance, sequence: 1, report, token: 1, now, chance: 0 };
    const { events } = step(shopState(durable), event);
    assert.deepEqual(
      events.filter(({ resource }) => resource === 'redis').map(({ kind, reason }) => [kind, reason]),
      told,
    );
  });
}
