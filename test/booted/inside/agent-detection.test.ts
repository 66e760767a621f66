import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { withoutCgroups } from '../../../agent/executors/executor-fixture.js';
import type { Draft, ExecuteOperation } from '../../../proto/messages.js';
import { type AgentInstance, startAgentInstance } from '../../e2e/agent-instance.js';
import { reportsOf } from '../../e2e/agent-scripted-dpe.js';

const rounds = 5;

async function startInstance(context: TestContext): Promise<AgentInstance> {
  const instance = await startAgentInstance();
  context.after(() => instance.end());
  return instance;
}

interface Killed {
  readonly name: string;
  readonly definition: (directory: string, port: number) => Draft<ExecuteOperation>;
  /** What is killed, by its command line. */
  readonly victim: string;
}

const daemons: readonly Killed[] = [
  {
    name: 'ocf:heartbeat:redis',
    victim: 'redis-server',
    definition(directory, port) {
      const config = join(directory, 'redis.conf');
      writeFileSync(config, `port ${port}\nbind 127.0.0.1\nsave ""\ndaemonize yes\n`);
      const rundir = join(directory, 'redis');
      mkdirSync(rundir);
      const names = { pidfile_name: 'redis.pid', socket_name: 'redis.sock' };
      return {
        provider: 'heartbeat',
        type: 'redis',
        parameters: { config, rundir, port: String(port), user: 'root', ...names },
      };
    },
  },
  {
    name: 'ocf:heartbeat:anything',
    victim: 'sleep 86399',
    definition: (directory) => ({
      provider: 'heartbeat',
      type: 'anything',
      parameters: { binfile: '/bin/sleep', cmdline_options: '86399', pidfile: join(directory, 'anything.pid') },
    }),
  },
  {
    name: 'ocf:heartbeat:nginx, of which only the master dies',
    victim: 'nginx: master',
    definition(directory, port) {
      const configfile = join(directory, 'nginx.conf');
      const files = `pid ${directory}/nginx.pid; error_log ${directory}/error.log; worker_processes 2;`;
      const server = `server { listen 127.0.0.1:${port}; location / { return 200 "ok"; } }`;
      writeFileSync(configfile, `${files} events {} http { access_log off; ${server} }\n`);
      const parameters = { configfile, httpd: '/usr/sbin/nginx', port: String(port) };
      return { provider: 'heartbeat', type: 'nginx', parameters };
    },
  },
];

for (const { name, definition, victim } of daemons) {
  test(`${name}, killed, runs again at once although its monitor is due every ten minutes`, {
    skip: withoutCgroups,
  }, async (context) => {
    const instance = await startInstance(context);
    const { dpe, directory, run, delegate, pidsOf } = instance;
    const order = definition(directory, await freePort());
    const started = await run('d', 'start', order);
    assert.equal(started.rc, 0, JSON.stringify(started));
    // Each failure is the first in its window: none waits.
    await delegate(['d'], { periodMs: 1 });
    const expectedRc = started.rc;
    assert.equal((await run('d', 'monitor', { ...order, intervalMs: 600_000, expectedRc })).rc, 0);
    for (let round = 1; round <= rounds; round += 1) {
      const [pid] = await dpe.until(victim, () => {
        const pids = pidsOf(victim);
        return pids.length > 0 ? pids : undefined;
      });
      assert.ok(pid !== undefined);
      const killedAt = Date.now();
      process.kill(pid, 'SIGKILL');
      const { value } = await dpe.until('the recovery', () => reportsOf(dpe.reports, 'localRecovery')[round - 1]);
      assert.equal(value.verdict, 'recovered', JSON.stringify(value));
      const { failure, stop, start } = value;
      assert.ok(failure !== undefined && stop !== undefined && start !== undefined);
      const ofScript = Number(failure.execMs) + Number(stop.execMs) + Number(start.execMs);
      const beyondMs = Number(start.endedUnixMs) - killedAt - ofScript;
      context.diagnostic(
        `detected ${Number(value.detectedUnixMs) - killedAt} ms, its monitor ${failure.execMs}, stop ${stop.execMs}, start ${start.execMs}, beyond the script ${beyondMs} ms`,
      );
    }
    assert.equal((await run('d', 'stop', order)).rc, 0);
    assert.deepEqual(pidsOf(victim), []);
  });
}

test('an agent that was killed takes over what runs, and sees it end as before', {
  skip: withoutCgroups,
}, async (context) => {
  const { dpe, directory, agent, run, delegate, killAgent, pidsOf, log } = await startInstance(context);
  agent('daemon', daemonScript(directory));
  const order = { provider: 'test', type: 'daemon' };
  assert.equal((await run('d', 'start', order)).rc, 0);
  await delegate(['d']);
  await run('d', 'monitor', { ...order, intervalMs: 60_000 });
  const [pid] = pidsOf('sleep 86398');
  await killAgent();
  assert.deepEqual(pidsOf('sleep 86398'), [pid], 'it was not touched');
  const killedAt = performance.now();
  process.kill(pid ?? 0, 'SIGKILL');
  await dpe.until('the recovery', () => reportsOf(dpe.reports, 'localRecovery')[0]);
  assert.ok(performance.now() - killedAt < 50_000, log());
  assert.equal((await run('d', 'stop', order)).rc, 0);
  const cgroup = readFileSync(join(directory, 'agent/cgroup'), 'utf8').trim();
  assert.ok(!existsSync(join(cgroup, 'web.d')));
});

function daemonScript(directory: string): string {
  const pid = join(directory, 'daemon.pid');
  return `
    alive() { test -s ${pid} && kill -0 $(cat ${pid}) 2>/dev/null; }
    case $1 in
    start) alive || { setsid env -i sh -c 'echo $$ > ${pid}; exec sleep 86398' </dev/null >/dev/null 2>&1 & until alive; do sleep 0.01; done; } ;;
    stop) alive && kill -9 $(cat ${pid}); while alive; do sleep 0.01; done; rm -f ${pid} ;;
    monitor) alive || exit 7 ;;
    esac`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
