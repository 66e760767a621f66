/** A real agent in a container, from its identity to its registration and back after everything between them was away. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LauncherDriver, RunningInstance } from '../../launcher/driver.js';
import { allAgents } from '../../proto/subjects.js';
import { agentParts } from '../../tools/image/agent-parts.js';
import { startBusFixture } from '../contract/bus-server-fixture.js';
import { until } from '../contract/launcher-driver-local-fixture.js';
import { bootedTree, createNspawnFixture, explainNoContainer } from '../contract/launcher-driver-nspawn-fixture.js';
import { startInstance } from '../contract/launcher-driver-suite.js';

const obstacle = explainNoContainer();

test('an agent in a container reaches the bus on its launcher host, and again after each was away', {
  timeout: 300_000,
  skip: obstacle ?? false,
}, async (context) => {
  const bus = await startBusFixture(context);
  const fixture = await createNspawnFixture({
    tree: treeWithAgent(context),
    busServers: [bus.server.url],
    credentialsFile: await bus.credentials('agent', 'shop.db.local.1-1'),
  });
  // Before the tree is unmounted: hooks run in the order in which they were added.
  let driver: LauncherDriver | undefined;
  try {
    const dpe = await bus.connect('dpe', 'shop');
    const heard = { registrations: 0, heartbeats: 0 };
    dpe.subscribe(allAgents('shop', 'register'), () => {
      heard.registrations += 1;
      return { kind: 'registered', value: { heartbeatIntervalMs: 200, epoch: 1 } };
    });
    dpe.subscribe(allAgents('shop', 'heartbeat'), () => {
      heard.heartbeats += 1;
    });
    await dpe.flush();
    const untilHeard = async (what: string) => {
      const before = heard.heartbeats;
      await until(`heartbeats ${what}`, () => heard.heartbeats > before + 2);
    };

    driver = await fixture.open();
    const spec = fixture.spec({ assembly: 'db', incarnation: 1 });
    const began = performance.now();
    const view = await startInstance(driver, spec, { startMs: 60_000 });
    const startedMs = Math.round(performance.now() - began);
    await until('the agent has registered', () => heard.registrations > 0);
    const registeredMs = Math.round(performance.now() - began);
    context.diagnostic(`started after ${startedMs} ms, registered after ${registeredMs} ms`);
    await untilHeard('from the container');
    assert.match(
      await fixture.run(view, 'ip', '-brief', 'address', 'show', 'dev', 'host0'),
      new RegExp(` ${view.address}/24 `),
    );
    assert.equal((await fixture.run(view, 'ip', 'route', 'show', 'default')).trim(), '', 'it reaches nothing else');

    const agentPid = await agentPidOf(driver, view);
    process.kill(agentPid, 'SIGKILL');
    await until('another agent runs', async () => (await agentPidOf(driver, view)) !== agentPid);
    await untilHeard('of another agent');

    await bus.kill();
    bus.start();
    await untilHeard('after the bus was killed');

    // A launcherd that is started again takes its relay along.
    await driver.close();
    driver = await fixture.open();
    await untilHeard('after launcherd was started again');

    assert.equal((await driver.reboot(spec.instance)).kind, 'rebooting');
    const { registrations } = heard;
    await until('it has registered after a reboot', () => heard.registrations > registrations);
    assert.equal((await driver.inspect(spec.instance)).kind, 'running');
    const outcome = await driver.stop(spec.instance, 60_000);
    assert.ok(outcome.kind === 'dead' && !outcome.wasForced, JSON.stringify(outcome));
  } finally {
    await driver?.close();
    await fixture.dispose();
  }
});

async function agentPidOf(driver: LauncherDriver | undefined, { instance }: RunningInstance): Promise<number> {
  let pid: number | undefined;
  await until('the agent runs', async () => {
    const view = await driver?.inspect(instance);
    pid = view?.kind === 'running' ? view.agentPid : undefined;
    return pid !== undefined;
  });
  return pid ?? 0;
}

/** The booted Debian with the agent in it, as baking an image puts it there. */
function treeWithAgent(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'cpe-nspawn-tree-'));
  const [layer, tree] = [join(directory, 'layer'), join(directory, 'tree')];
  const put = (path: string, write: (path: string) => void) => {
    const inLayer = join(layer, path);
    mkdirSync(dirname(inLayer), { recursive: true });
    write(inLayer);
  };
  const { files, enabled, node } = agentParts();
  for (const { path, content, mode } of files) put(path, (to) => writeFileSync(to, content, { mode }));
  for (const unit of enabled) {
    const wanted = `/etc/systemd/system/multi-user.target.wants/${unit}`;
    put(wanted, (to) => symlinkSync(`/usr/lib/systemd/system/${unit}`, to));
  }
  put('/usr/bin/node', (to) => copyFileSync(node.program, to));
  mkdirSync(tree);
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${layer}:${bootedTree()}`, tree]);
  context.after(() => {
    execFileSync('umount', [tree]);
    rmSync(directory, { recursive: true });
  });
  return tree;
}
