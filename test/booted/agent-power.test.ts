/** Shutdown and reboot over the bus: of a machine each, which has to end. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { isRunning, readProcess } from '../../agent/executors/process-table.js';
import { agentProgram } from '../../launcher/agent-program.js';
import { parseInstanceId } from '../../proto/instance-id.js';
import { allAgents } from '../../proto/subjects.js';
import { agentsOn } from '../../tools/cpectl/agents.js';
import { startBusFixture } from '../contract/bus-server-fixture.js';
import { until } from '../e2e/site.js';
import { type BootedMachine, bootMachine, explainNoMachine, pathInside } from './booted-machine.js';

const obstacle = explainNoMachine();
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN, 2 tests: ${obstacle}` : false;
const id = 'shop.web.local.1-1';
const limitMs = 60_000;

for (const [call, word] of [
  ['hostShutdown', 'shut down'],
  ['hostReboot', 'rebooted'],
] as const) {
  test(`a machine is ${word} over the bus: the answer comes, then it ends`, { skip }, async (context) => {
    const machine = await bootMachine({ name: 'power' });
    context.after(() => machine.end());
    const identity = { pid: machine.leader, startTime: readProcess(machine.leader)?.startTime ?? 0 };
    assert.ok(isRunning(identity));
    const agents = await agentIn(machine, context);
    const instance = parseInstanceId(id) ?? assert.fail();
    const boot = await machine.mustRun(['cat', '/proc/sys/kernel/random/boot_id']);
    const known = await agents.call(instance, 'hostGetUuid', { value: { lifetime: 'Reboot' }, deadlineMs: limitMs });
    assert.deepEqual(known, { kind: 'answer', value: { uuid: boot.trim() } });
    const answered = await agents.call(instance, call, { value: {}, deadlineMs: limitMs });
    assert.deepEqual(answered, { kind: 'answer', value: {} });
    await until(`the end of what was booted`, limitMs, async () => (isRunning(identity) ? undefined : true));
  });
}

/** An agent inside, on a bus outside: the network is one. Resolves when it has registered. */
async function agentIn(machine: BootedMachine, context: TestContext) {
  const fixture = await startBusFixture(context);
  const dpe = await fixture.connect('dpe', 'shop');
  const operator = await fixture.connect('operator', 'tester');
  const registered = new Promise<void>((resolve) => {
    dpe.subscribe(allAgents('shop', 'register'), () => {
      resolve();
      return { kind: 'registered', value: { heartbeatIntervalMs: 1000, epoch: 1 } };
    });
  });
  await dpe.flush();
  await machine.mustRun(['mkdir', '-p', '/var/lib/cpe']);
  await machine.writeFile('/etc/cpe/agent.creds', readFileSync(await fixture.credentials('agent', id)), '600');
  await machine.writeFile(
    '/etc/cpe/identity.json',
    JSON.stringify({
      deployable: 'shop',
      assembly: 'web',
      instance: id,
      launcherHost: 'local',
      epoch: 1,
      busServers: [fixture.server.url],
      credentialsFile: '/etc/cpe/agent.creds',
      heartbeatIntervalMs: 1000,
      address: '127.0.0.1',
      hostname: 'power',
      stateDirectory: '/var/lib/cpe',
    }),
  );
  const argv = ['node', pathInside(agentProgram()), '--identity', '/etc/cpe/identity.json'];
  await machine.mustRun(['systemd-run', '--quiet', '--unit=cpe-agent', ...argv]);
  await registered;
  return agentsOn(operator);
}
