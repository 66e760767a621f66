/** A deployable of three machines with real services, driven as an operator would, and looked at from outside. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { packageRoot } from '../../launcher/package-root.js';
import type { EventJson } from '../../tools/cpectl/views/event-view.js';
import { type Site, startSite, until } from '../e2e/site.js';
import { type InstanceCensus, type Machine, machinesOf, takeCensus } from './instance-census.js';

export const deployable = 'shop';
export const launcherHost = 'vms';

/** The order in which its resources start. */
const resources = ['db.redis', 'web.nginx', 'worker.counter'] as const;

// What they do is little: where processors are emulated, three busy machines leave nothing for what is being tested.
const document = `
deployable: ${deployable}
defaults:
  assembly: { image: shop, size: { cpus: 1, memory: 320MiB }, escalation: { failures: 50, period: 10s }, boot-timeout: 5m }
  resource: { escalation: { failures: 50, period: 10s } }
assemblies:
  db:
    resources:
      redis: { agent: "systemd:redis-server", monitor: { interval: 10s }, start: { timeout: 120s } }
  web:
    resources:
      nginx: { agent: "ocf:heartbeat:nginx", monitor: { interval: 30s, timeout: 60s }, start: { timeout: 120s } }
  worker:
    resources:
      counter:
        exec:
          command: [redis-cli, -h, "\${db.ipaddress}", -r, "-1", -i, "0.5", incr, beats]
constraints:
  - { order: [db.redis, web.nginx, worker.counter] }
`;

export interface VmSite extends Site {
  readonly census: InstanceCensus;
  /** Runs a script in the machine of an assembly, by way of its agent; whether it answers is not waited for. */
  inside(assembly: string, script: string): Promise<void>;
  address(assembly: string): Promise<string>;
  /** The one instance of an assembly that runs. */
  instance(assembly: string): Machine;
  /** What tells one run of the database from another. */
  databaseRun(): Promise<string>;
  /** Resolves when database, web server and worker do their work. */
  serving(deadlineMs?: number): Promise<void>;
}

/**
 * Bakes the image (once for each checkout and recipe), starts a coordinator whose launcher host has this driver, and
 * the deployable.
 */
export async function startVmSite(driver: string, ...options: readonly string[]): Promise<VmSite> {
  process.env.CPE_IMAGES ??= join(packageRoot(), '.build', 'images');
  execFileSync(
    process.execPath,
    [
      join(import.meta.dirname, '..', '..', 'tools', 'cpectl', 'main.js'),
      ...['image', 'bake', join(packageRoot(), 'test', 'vm', 'shop.yaml')],
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const site = await startSite('--launcher-host', `${launcherHost}=${driver}`, ...options);
  const census = takeCensus(site.home);
  let scripts = 0;
  const vmSite: VmSite = {
    ...site,
    census,
    async inside(assembly, script) {
      const later = `setsid sh -c ${quote(`sleep 0.2; ${script}`)} >/dev/null 2>&1 </dev/null &`;
      const key = `fault-${++scripts}`;
      const words = ['agent', 'sysconfig', 'run-string', deployable, assembly, later, '--scheme', 'script'];
      await site.must(...words, '--key', key, '--force');
    },
    async address(assembly) {
      const status = JSON.parse(await site.must('--json', 'deployable', 'status', deployable)) as {
        assemblies: { name: string; address: string }[];
      };
      return status.assemblies.find(({ name }) => name === assembly)?.address ?? '';
    },
    instance(assembly) {
      const found = machinesOf(site.home).filter(({ instance }) => instance.startsWith(`${deployable}.${assembly}.`));
      assert.equal(found.length, 1, `instances of ${assembly}: ${found.map(({ instance }) => instance).join(', ')}`);
      return found[0] as Machine;
    },
    async databaseRun() {
      const answer = await askRedis(await vmSite.address('db'), 'INFO server', /^run_id:(\w+)/m);
      assert.ok(answer !== undefined, 'the database does not answer');
      return answer;
    },
    serving: (deadlineMs = 240_000) => serving(vmSite, deadlineMs),
    async end() {
      census.close();
      await site.end();
    },
  };
  try {
    await site.must('deployable', 'create', '-f', site.document(`${deployable}.yaml`, document));
    await site.must('--timeout', '8m', 'deployable', 'start', deployable);
    await vmSite.serving();
    return vmSite;
  } catch (error) {
    await vmSite.end().catch(() => undefined);
    throw error;
  }
}

async function serving(site: VmSite, deadlineMs: number): Promise<void> {
  const look = async () => {
    const [db, web] = [await site.address('db'), await site.address('web')];
    const before = await askRedis(db, 'GET beats');
    if (before === undefined || !(await answersHttp(web))) return undefined;
    const isCounting = async () => ((await askRedis(db, 'GET beats')) === before ? undefined : true);
    return until('the worker to count', 5_000, isCounting).catch(() => undefined);
  };
  await until('every service to answer', deadlineMs, look, async () => {
    const status = await site.run('deployable', 'status', deployable);
    return `${status.stdout}${(await site.run('events')).stdout}`;
  });
}

/** Resolves with the part of the answer that is wanted; undefined when there is none within a second. */
function askRedis(address: string, command: string, wanted = /(?:^|\n)(\d+)\r\n$/): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 6379, timeout: 1_000 });
    const settle = (answer: string | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (data: Buffer) => settle(wanted.exec(data.toString())?.[1]));
    socket.once('error', () => settle(undefined));
    socket.once('timeout', () => settle(undefined));
  });
}

function answersHttp(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: address, port: 80, path: '/', agent: false, timeout: 1_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

/**
 * What an operator may expect of every recovery: nothing doubles, dependents start after what they need, and at the end
 * everything runs and answers. Returns what was told since.
 */
export async function assertRecovered(site: VmSite, since: number): Promise<readonly EventJson[]> {
  await site.settled(deployable, 'running', 240_000);
  await site.serving();
  assert.deepEqual(site.census.violations(), []);
  const events = await site.events(since);
  const starts = events.filter(({ kind }) => kind === 'resource-started');
  const lastStart = (name: string) =>
    starts.findLastIndex(({ assembly, resource }) => `${assembly}.${resource}` === name);
  const order = resources.map(lastStart).filter((at) => at >= 0);
  const told = starts.map(({ assembly, resource }) => `${assembly}.${resource}`).join(', ');
  assert.deepEqual(
    order,
    order.toSorted((a, b) => a - b),
    `started in this order: ${told}`,
  );
  return events;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
