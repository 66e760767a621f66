/** What operators ask of an agent on a real Debian: its own software, and what the agent manages there. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import type { Matahari } from '../../../agent/matahari/matahari.js';
import { agentsOn } from '../../../tools/cpectl/agents.js';
import { matahariOverBus } from '../../contract/matahari-over-bus.js';
import { assertProblem, doneValue } from '../../contract/matahari-under-test.js';
import { reportsOf } from '../../e2e/agent-scripted-dpe.js';
import { type AgentOnBus, agentOnBus } from '../agent-on-bus.js';
import { testUnits } from '../test-units.js';

const units = testUnits();
let agent: AgentOnBus;
let matahari: Matahari;

before(async () => {
  agent = await agentOnBus();
  matahari = await matahariOverBus(agent.operator, agent.instance);
});
after(async () => {
  await matahari?.close();
  await agent?.close();
  units.remove();
});

async function describe(resource: string) {
  const asked = { value: { resource }, deadlineMs: 20_000 };
  const answered = await agentsOn(agent.operator).call(agent.instance, 'agentDescribe', asked);
  return answered.kind === 'answer' ? answered.value : assert.fail(answered.error.message);
}

test('every object is our own where no Matahari service is on the system bus, and the agent says so', async () => {
  const { backends, classes } = await describe('');
  assert.deepEqual(backends, { Host: 'own', Services: 'own', Resources: 'own', Network: 'own', Sysconfig: 'own' });
  for (const name of ['ocf', 'systemd', 'lsb', 'service', 'exec']) assert.ok(classes.includes(name), name);
});

test('the software of Debian is there: services, resource agents of every standard, their descriptions', async () => {
  const { services, resources } = matahari;
  const listed = doneValue(await services.list());
  for (const name of ['nginx', 'redis-server', 'mariadb']) assert.ok(listed.includes(name), name);
  assert.equal(doneValue(await services.status('dbus', 20_000)), 0);
  assert.equal(doneValue(await services.status('nginx', 20_000)), 3);
  assert.match(doneValue(await services.describe('nginx')), /<resource-agent[^>]* name="nginx"/);
  const standards = doneValue(await resources.listStandards());
  for (const standard of ['ocf', 'lsb', 'systemd', 'service']) assert.ok(standards.includes(standard), standard);
  assert.ok(doneValue(await resources.listProviders('ocf')).includes('heartbeat'));
  assert.ok(doneValue(await resources.list('ocf', 'heartbeat')).includes('IPaddr2'));
  assert.match(doneValue(await resources.describe('ocf', 'heartbeat', 'redis')), /<resource-agent[^>]* name="redis"/);
  assert.ok(doneValue(await resources.list('systemd', '')).some((name) => /^nginx(\.service)?$/.test(name)));
});

test('a service of systemd that does not start in its time is a timeout, and is not left starting', async () => {
  const unit = units.write('call-slow.service', ['Type=oneshot', 'ExecStart=/bin/sleep 3600']);
  const began = performance.now();
  assertProblem(await matahari.services.start('call-slow', 1_000), 'timeout');
  assert.ok(performance.now() - began < 20_000);
  const state = execFileSync('systemctl', ['show', '--property=ActiveState', '--value', unit], { encoding: 'utf8' });
  assert.notEqual(state.trim(), 'active');
});

test('a resource of the standard systemd is invoked: started, monitored again and again, and seen to fail', async () => {
  units.write('call-unit.service', ['ExecStart=/bin/sleep infinity']);
  const unit = {
    name: 'unit',
    standard: 'systemd',
    provider: '',
    agent: 'call-unit',
    intervalMs: 0,
    parameters: {},
    timeoutMs: 20_000,
    expectedRc: 0,
    userdata: '',
  };
  const { resources } = matahari;
  assert.equal(doneValue(await resources.invoke({ ...unit, action: 'monitor' })).rc, 3);
  assert.equal(doneValue(await resources.invoke({ ...unit, action: 'start' })).rc, 0);
  const changed = new Promise<number>((resolve) => {
    resources.onResourceOp(({ name, rc }) => {
      if (name === 'unit') resolve(rc);
    });
  });
  assert.equal(doneValue(await resources.invoke({ ...unit, action: 'monitor', intervalMs: 200 })).rc, 0);
  execFileSync('systemctl', ['stop', 'call-unit.service']);
  assert.equal(await changed, 3);
  doneValue(await resources.cancel('unit', 'monitor', 200, 5_000));
});

test('a managed unit: how it is watched, what changes it, and what becomes of it when it is declared failed', async () => {
  units.write('call-managed.service', ['ExecStart=/bin/sleep infinity']);
  const order = { resource: 'web.managed', resourceClass: 'systemd', type: 'call-managed', timeoutMs: 30_000 };
  assert.equal((await agent.dpe.run({ ...order, operation: 'start' })).rc, 0);
  assert.equal((await agent.dpe.run({ ...order, operation: 'monitor', intervalMs: 10_000 })).rc, 0);
  const [managed] = (await describe('web.managed')).resources;
  assert.equal(managed?.agent, 'systemd:call-managed');
  assert.deepEqual([managed?.watch, managed?.expectedToRun], ['unit', true]);
  assert.match(managed?.watchedBy ?? '', /call-managed\.service/);
  // Its place within the interval, but not within a moment of the first run.
  const { dueInMs = Number.NaN } = managed?.monitors[0] ?? {};
  assert.ok(dueInMs <= 11_000, `${dueInMs}`);

  const stop = {
    name: 'web.managed',
    standard: 'systemd',
    provider: '',
    agent: 'call-managed',
    action: 'stop',
    intervalMs: 0,
    parameters: {},
    timeoutMs: 20_000,
    expectedRc: 0,
    userdata: '',
  };
  assertProblem(await matahari.resources.invoke(stop), 'invalid-argument', 'name');
  doneValue(await matahari.resources.fail('web.managed', 7));
  const told = await agent.dpe.until('the declared failure', () => {
    return reportsOf(agent.dpe.reports, 'monitorChanged').find(({ value }) => value.resource === 'web.managed');
  });
  assert.equal(told.value.rc, 7);
});
