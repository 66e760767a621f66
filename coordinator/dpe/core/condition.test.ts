import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDeployable } from '../../model/parse-deployable.js';
import { conditionOf } from './condition.js';
import type { Condition, DpeState, DurableState, InstanceRecord, VolatileState } from './dpe-state.js';
import { sampleNow as now, sampleHistory, sampleResource, sampleState, withResult } from './sample-state.js';

const document = `
deployable: shop
assemblies: { web: { resources: { app: { agent: "ocf:heartbeat:Dummy" } } } }
`;

interface Situation {
  readonly name: string;
  readonly instance?: InstanceRecord['kind'];
  readonly durable?: Partial<DurableState>;
  readonly volatile?: Partial<VolatileState>;
  readonly condition: Condition;
  readonly reason?: RegExp;
}

const stopped = { desired: { revision: 2, state: 'stopped' } } as const;
const adopted = { h1: { isAdopted: true, lastBeatAt: now, running: [] } };
const halted = { recovery: { kind: 'halted', since: now, reason: 'web failed 3 times' } } as const;
const crashed = withResult(sampleHistory(), 'web', sampleResource, { operation: 'start', rc: 1, callId: 3 });

const situations: readonly Situation[] = [
  { name: 'everything runs', condition: 'running' },
  { name: 'the first start is under way', volatile: { isSettled: false }, condition: 'starting' },
  {
    name: 'no launcher host is in touch',
    volatile: { isSettled: false },
    condition: 'starting',
    reason: /waiting for launcher host any/,
  },
  { name: 'a launcher host is in touch', volatile: { isSettled: false, launchers: adopted }, condition: 'starting' },
  {
    name: 'something is done about what ran before',
    durable: { hasRun: true },
    volatile: { isSettled: false },
    condition: 'recovering',
  },
  {
    name: 'it is restarted',
    durable: { recovery: { kind: 'restarting', since: now, reason: 'web failed 3 times' } },
    condition: 'recovering',
    reason: /web failed 3 times/,
  },
  { name: 'attempts are exhausted', durable: halted, condition: 'failed', reason: /cpectl deployable start shop/ },
  { name: 'a halted one is to stop', durable: { ...stopped, ...halted }, condition: 'failed' },
  { name: 'it is to stop and an instance is alive', durable: stopped, condition: 'stopping' },
  { name: 'it is to stop and its instance is held', instance: 'held', durable: stopped, condition: 'stopping' },
  { name: 'it is to stop and its instance is dead', instance: 'dead', durable: stopped, condition: 'stopped' },
  {
    name: 'it is to stop, nothing runs, and a decision is due',
    instance: 'none',
    durable: stopped,
    volatile: { pendingTrigger: 'definition revision 2' },
    condition: 'stopping',
  },
  {
    name: 'the scheduler gives no decision',
    volatile: { lastDecisionFailure: 'refused' },
    condition: 'failed',
    reason: /no decision: refused/,
  },
  {
    name: 'nothing is left to do and an instance is missing',
    instance: 'dead',
    condition: 'failed',
    reason: /assembly web does not run/,
  },
  {
    name: 'nothing is left to do and its agent is missing',
    instance: 'lost',
    condition: 'failed',
    reason: /assembly web does not run/,
  },
  {
    name: 'nothing is left to do and a resource is missing',
    durable: { history: crashed },
    condition: 'failed',
    reason: /resource web\.app does not run/,
  },
];

const { overrides } = sampleState().durable;
const wishes: readonly Situation[] = [
  {
    name: 'it is held while everything runs',
    durable: { overrides: { ...overrides, hold: { since: now, by: 'operator alice', reason: '' } } },
    condition: 'held',
    reason: /held by operator alice: .*cpectl deployable resume shop/,
  },
  {
    name: 'something has failed in maintenance',
    durable: { overrides: { ...overrides, isInMaintenance: true }, history: crashed },
    condition: 'failed',
    reason: /web\.app does not run.*cpectl deployable maintenance shop off/,
  },
  {
    name: 'its only resource is to be stopped',
    durable: { overrides: { ...overrides, resources: { 'web.app': { target: 'stopped' } } }, history: {} },
    condition: 'running',
  },
  {
    name: 'its only assembly is in standby',
    durable: { overrides: { ...overrides, assemblies: { web: 'standby' } }, history: {} },
    condition: 'running',
  },
  {
    name: 'its only assembly is drained',
    instance: 'dead',
    durable: { overrides: { ...overrides, assemblies: { web: 'drained' } }, history: {} },
    condition: 'running',
  },
  {
    name: 'a resource does not run that is not managed',
    durable: { overrides: { ...overrides, resources: { 'web.app': { isManaged: false } } }, history: {} },
    condition: 'failed',
    reason: /web\.app does not run: it is unmanaged/,
  },
];

for (const { name, instance, durable, volatile, condition, reason = /^/ } of [...situations, ...wishes]) {
  test(`when ${name}, the deployable is ${condition}`, () => {
    const found = conditionOf(state(instance, durable, volatile), now);
    assert.equal(found.condition, condition);
    assert.match(found.reason, reason);
    if (condition === 'failed') assert.notEqual(found.reason, '');
  });
}

test('an assembly that waits for its next boot is no failure', () => {
  const { durable, volatile } = state('dead', { hasRun: true });
  const web = durable.assemblies.web;
  assert.ok(web);
  const waiting = { ...durable, assemblies: { web: { ...web, mayStartAt: now + 1_000 } } };
  assert.equal(conditionOf({ durable: waiting, volatile }, now).condition, 'recovering');
  assert.equal(conditionOf({ durable: waiting, volatile }, now + 1_000).condition, 'failed');
});

function state(
  instance: InstanceRecord['kind'] | undefined,
  durable: Partial<DurableState> = {},
  volatile: Partial<VolatileState> = {},
): DpeState {
  const parsed = parseDeployable(document, 'yaml');
  assert.ok(parsed.kind === 'deployable');
  const sample = sampleState(instance === undefined ? {} : { instance });
  const definition = { revision: 1, deployable: parsed.deployable };
  return {
    durable: { ...sample.durable, definition, ...durable },
    volatile: { ...sample.volatile, ...volatile },
  };
}
