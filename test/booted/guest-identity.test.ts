/** A guest that is told who it is: by systemd's credentials, late, wrongly, and by a file. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { configuredIdentity } from '../../agent/guest/configured-identity.js';
import { builtAgent } from '../../launcher/agent-program.js';
import { packageRoot } from '../../launcher/package-root.js';
import { guestCredentials, waitingForIdentity } from '../../proto/guest-credentials.js';
import { until } from '../e2e/site.js';
import { type BootedMachine, bootMachine, explainNoMachine } from './booted-machine.js';
import { guestSite } from './guest-site.js';

const obstacle = explainNoMachine();
const skip = obstacle !== undefined && !process.env.CI ? `NOT RUN: ${obstacle}` : false;
const limitMs = 60_000;
const worker = { resource: 'web.worker', resourceClass: 'systemd', type: 'worker', timeoutMs: 60_000 };
const kept = ['/run/cpe-agent/bus.creds', '/run/cpe-agent/identity.json'];

/** Boots the shipped unit and program, as an image would have them. */
async function bootGuest(context: TestContext, credentials: Readonly<Record<string, string>>): Promise<BootedMachine> {
  // A directory that systemd reads and no package uses.
  const units = mkdtempSync(join(tmpdir(), 'guest-units-'));
  context.after(() => rmSync(units, { recursive: true }));
  copyFileSync(join(packageRoot(), 'agent/cpe-agent.service'), join(units, 'cpe-agent.service'));
  mkdirSync(join(units, 'multi-user.target.wants'));
  writeFileSync(join(units, 'worker.service'), '[Service]\nExecStart=/bin/sleep 86000\n');
  symlinkSync('../cpe-agent.service', join(units, 'multi-user.target.wants/cpe-agent.service'));
  const machine = await bootMachine({
    name: 'guest',
    credentials,
    mounts: {
      ...Object.fromEntries(builtAgent().map(({ name, path }) => [`/usr/lib/cpe-agent/${name}`, path])),
      '/usr/local/lib/systemd/system': units,
    },
  });
  context.after(() => machine.end());
  return machine;
}

async function show(machine: BootedMachine, property: string): Promise<string> {
  return (await machine.mustRun(['systemctl', 'show', '--value', `--property=${property}`, 'cpe-agent'])).trim();
}

/** In the microseconds of systemd's own clock. */
async function reachedAt(machine: BootedMachine, target: string): Promise<number> {
  const at = await machine.mustRun([
    'systemctl',
    'show',
    '--value',
    '--property=ActiveEnterTimestampMonotonic',
    target,
  ]);
  return Number(at);
}

test('a guest learns who it is from credentials, early in its boot, and registers', { skip }, async (context) => {
  const { identity, creds, registered, run } = await guestSite(context);
  const told = { ...identity, hostname: 'web-guest', credentialsFile: '/of/the/launcher', stateDirectory: '/too' };
  // As soon as there is an agent: long before there is a system bus.
  const started = registered(1).then(() => run({ ...worker, operation: 'start' }));
  const machine = await bootGuest(context, {
    [guestCredentials.identity]: JSON.stringify(told),
    [guestCredentials.bus]: creds,
  });
  const { instance, hostname, address } = await registered(1);
  assert.deepEqual([instance, hostname, address], [identity.instance, 'web-guest', '127.0.0.1']);
  assert.equal(await machine.mustRun(['hostname']), 'web-guest\n');
  const modes = await machine.mustRun(['stat', '-c', '%a %n', '/run/cpe-agent', ...kept]);
  assert.equal(modes, `700 /run/cpe-agent\n${kept.map((path) => `600 ${path}\n`).join('')}`);
  assert.equal(await machine.mustRun(['ls', '/var/lib/cpe-agent']), `${identity.instance}\n`);
  assert.equal(await show(machine, 'ActiveState'), 'active');
  assert.ok(
    Number(await show(machine, 'ExecMainStartTimestampMonotonic')) < (await reachedAt(machine, 'sysinit.target')),
  );

  assert.equal((await started).rc, 0, JSON.stringify(await started));
  assert.equal(await machine.mustRun(['systemctl', 'is-active', 'worker']), 'active\n');

  // What it mounts, as a Filesystem resource would, has to be there for everybody.
  const pid = await show(machine, 'MainPID');
  const namespace = await machine.mustRun(['readlink', `/proc/${pid}/ns/mnt`]);
  assert.equal(namespace, await machine.mustRun(['readlink', '/proc/1/ns/mnt']));

  // The same boot, the same instance: whatever is handed over meanwhile.
  await machine.mustRun(['sh', '-c', 'echo renewed >> /run/cpe-agent/bus.creds']);
  await machine.mustRun(['systemctl', 'restart', 'cpe-agent']);
  assert.equal((await registered(2)).instance, identity.instance);
  assert.match(await machine.mustRun(['tail', '-n', '1', '/run/cpe-agent/bus.creds']), /^renewed$/m);
  const shown = await machine.mustRun([
    'systemctl',
    'show',
    '--property=LoadCredential,SetCredential,Environment',
    'cpe-agent',
  ]);
  assert.ok(!shown.includes('JWT'));
});

test('a guest without an identity boots, says that it waits, and is an instance once it has one', {
  skip,
}, async (context) => {
  const { identity, creds, registered } = await guestSite(context);
  const machine = await bootGuest(context, {});
  await until(
    'the word of it on the console',
    limitMs,
    async () => machine.console().includes(waitingForIdentity) || undefined,
  );
  assert.equal(await show(machine, 'ActiveState'), 'active');
  const pid = await show(machine, 'MainPID');
  // Not all at once, as a program might write them.
  await machine.writeFile(configuredIdentity, '{');
  await machine.writeFile(configuredIdentity, JSON.stringify({ ...identity, hostname: 'web-guest' }));
  await machine.writeFile('/etc/cpe-agent/bus.creds', creds, '600');
  const { hostname } = await registered(1);
  assert.equal(hostname, 'web-guest');
  assert.equal(await show(machine, 'MainPID'), pid);
  assert.equal(await machine.mustRun(['ls', '/var/lib/cpe-agent']), `${identity.instance}\n`);
  assert.equal((await machine.run(['test', '-e', '/run/cpe-agent'])).code, 1);
});

test('a guest that was told rubbish says so, and becomes nobody else', { skip }, async (context) => {
  const { identity, creds, registrations } = await guestSite(context);
  const machine = await bootGuest(context, {
    [guestCredentials.identity]: '{"deployable": 1}',
    [guestCredentials.bus]: creds,
  });
  await machine.writeFile('/etc/cpe-agent/bus.creds', creds, '600');
  await machine.writeFile(configuredIdentity, JSON.stringify(identity));
  const problem = /cpe\.identity: deployable: a text is required/;
  await until('the problem', limitMs, async () => problem.test(machine.console()) || undefined);
  assert.match(await machine.journal(1000), problem);
  await until('an end of it', limitMs, async () => (await show(machine, 'ActiveState')) === 'failed' || undefined);
  assert.deepEqual(registrations, []);
});
