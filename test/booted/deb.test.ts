/** The agent's packages on a machine that was not baked with it: installed, updated, removed, purged. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { agentProgram } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';
import { guestCredentials } from '../../proto/guest-credentials.js';
import { agentPackage } from '../../tools/deb/agent-package.js';
import { makeDeb } from '../../tools/deb/make-deb.js';
import { nodePackage } from '../../tools/deb/node-package.js';
import { type BootedMachine, bootMachine, explainNoMachine } from './booted-machine.js';
import { guestSite } from './guest-site.js';

const obstacle = agentProgram().endsWith('.mjs') ? explainNoMachine() : 'the agent was not built: run make build';
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN: ${obstacle}` : false;
const options = { architecture: 'amd64', epoch: 1_700_000_000 };
const directory = mkdtempSync(join(tmpdir(), 'deb-test-'));
after(() => rmSync(directory, { recursive: true }));

/** Makes the packages; returns their paths. */
function build(version: string, where = directory): readonly string[] {
  const made = { directory: where, epoch: options.epoch, compression: 'none' } as const;
  return [makeDeb(agentPackage({ ...options, version }), made), makeDeb(nodePackage(options), made)];
}

test('the same sources make the same packages, with nothing in them that is not of root', { skip }, () => {
  const [first = '', node = ''] = build('1.0');
  const other = join(directory, 'other');
  const previous = process.umask(0o077);
  const [second = ''] = build('1.0', other);
  process.umask(previous);
  assert.ok(readFileSync(first).equals(readFileSync(second)));
  for (const file of [first, node]) {
    const listed = execFileSync('dpkg-deb', ['--contents', file], { encoding: 'utf8' }).trim().split('\n');
    for (const line of listed) assert.match(line, /^[d-]rw(-r--r--|xr-xr-x) root\/root /);
  }
  const [field] = execFileSync('dpkg-deb', ['--field', first, 'Depends'], { encoding: 'utf8' }).split(',');
  const about = join(packageRoot(), 'package.json');
  const engines = (JSON.parse(readFileSync(about, 'utf8')) as { engines: { node: string } }).engines.node;
  assert.equal(field, `nodejs (>= ${engines.replace('>=', '')}) | cpe-agent-node`);
});

const app = { resource: 'web.app', resourceClass: 'exec', timeoutMs: 20_000, exec: { command: ['sleep', '86000'] } };
const inside = '/opt/packages';

/** Installs the packages of a version, as an operator does. */
async function install({ mustRun }: BootedMachine, version: string): Promise<void> {
  const files = build(version).map((file) => join(inside, basename(file)));
  await mustRun(['dpkg', '--install', ...files], { environment: { DEBIAN_FRONTEND: 'noninteractive' } });
}

async function pidOf({ run }: BootedMachine): Promise<string> {
  return (await run(['pidof', 'sleep'])).stdout.trim();
}

test('the agent is installed, updated while a resource runs, removed, and purged', { skip }, async (context) => {
  const { identity, creds, registered, run } = await guestSite(context);
  const machine = await bootMachine({
    name: 'packages',
    credentials: { [guestCredentials.identity]: JSON.stringify(identity), [guestCredentials.bus]: creds },
    mounts: { [inside]: directory },
  });
  context.after(() => machine.end());
  await install(machine, '1.0');
  assert.equal((await registered(1)).instance, identity.instance);
  assert.equal(await machine.mustRun(['systemctl', 'is-enabled', 'cpe-agent']), 'enabled\n');
  assert.match(await machine.mustRun(['cpe-agent', '--version']), /^\d+\.\d+/);
  const agent = async () => machine.mustRun(['systemctl', 'show', '--value', '--property=MainPID', 'cpe-agent']);
  const [before, exe] = [await agent(), `/proc/${(await agent()).trim()}/exe`];
  assert.equal(await machine.mustRun(['readlink', exe]), '/usr/lib/cpe-agent/node\n');
  assert.equal((await run({ ...app, operation: 'start' })).rc, 0);
  const pid = await pidOf(machine);
  assert.match(pid, /^\d+$/);

  await install(machine, '1.1');
  await registered(2);
  assert.notEqual(await agent(), before);
  assert.equal(await machine.mustRun(['dpkg-query', '--show', 'cpe-agent']), 'cpe-agent\t1.1\n');
  assert.equal(await pidOf(machine), pid, 'an update is no restart of what runs');
  assert.equal((await run({ ...app, operation: 'monitor' })).rc, 0);

  await machine.mustRun(['dpkg', '--remove', 'cpe-agent']);
  assert.notEqual((await machine.run(['systemctl', 'is-active', 'cpe-agent'])).code, 0);
  assert.equal(await pidOf(machine), pid, 'nor is the end of the agent the end of it');
  assert.equal(await machine.mustRun(['ls', '/var/lib/cpe-agent']), `${identity.instance}\n`);

  await install(machine, '1.2');
  await registered(3);
  assert.equal((await run({ ...app, operation: 'monitor' })).rc, 0);
  await machine.mustRun(['dpkg', '--purge', 'cpe-agent', 'cpe-agent-node']);
  const left = ['/var/lib/cpe-agent', '/run/cpe-agent', '/etc/cpe-agent', '/usr/lib/cpe-agent', '/usr/sbin/cpe-agent'];
  const links = '/etc/systemd/system/multi-user.target.wants/cpe-agent.service';
  for (const path of [...left, links]) assert.equal((await machine.run(['test', '-e', path])).code, 1, path);
  assert.equal((await machine.run(['test', '-L', links])).code, 1);
});

test('a machine that is told by its owner who it is has the agent with it', { skip }, async (context) => {
  const { identity, creds, registered } = await guestSite(context);
  const machine = await bootMachine({ name: 'owned', mounts: { [inside]: directory } });
  context.after(() => machine.end());
  await machine.writeFile('/etc/cpe-agent/bus.creds', creds, '600');
  await machine.writeFile('/etc/cpe-agent/identity.json', JSON.stringify(identity), '600');
  await install(machine, '1.0');
  const { hostname, address } = await registered(1);
  assert.deepEqual([hostname, address], ['owned', '127.0.0.1']);
  await machine.mustRun(['dpkg', '--purge', 'cpe-agent']);
  assert.equal((await machine.run(['test', '-e', '/etc/cpe-agent'])).code, 1);
});
