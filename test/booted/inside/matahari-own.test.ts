/** Our own Matahari on a Debian that systemd has booted: what only a real machine has, beyond the contract. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { temporaryDirectory, until } from '../../../agent/executors/executor-fixture.js';
import type { Done } from '../../../agent/matahari/matahari.js';
import { connectSystemd } from '../../../agent/systemd/connect-systemd.js';
import { openOwnAgent } from '../../contract/matahari-own-agent.js';
import { doneValue as value } from '../../contract/matahari-under-test.js';
import { systemctl, testUnits } from '../test-units.js';

const systemd = connectSystemd();
const matahari = openOwnAgent({
  stateDirectory: temporaryDirectory(),
  ocfRoot: '/usr/lib/ocf',
  initScripts: '/etc/init.d',
  systemd: async () => systemd,
});
const units = testUnits();
after(async () => {
  await matahari.close();
  systemd.close();
  units.remove();
});

test("Debian's services and resource agents are found and described", async () => {
  const { services, resources } = matahari;
  const names = value(await services.list());
  for (const name of ['dbus', 'nginx', 'redis-server', 'systemd-journald']) assert.ok(names.includes(name), name);
  assert.ok(!names.some((name) => name.endsWith('@')), 'a template is no service');
  assert.match(value(await services.describe('nginx')), /<resource-agent name="nginx"[\s\S]*<shortdesc[^>]*>[^<]+</);
  assert.deepEqual(value(await resources.listStandards()), ['ocf', 'lsb', 'systemd', 'service']);
  assert.deepEqual(value(await resources.listProviders('ocf')), ['heartbeat', 'pacemaker']);
  assert.ok(value(await resources.list('systemd', '')).includes('nginx'));
  assert.ok(value(await resources.list('lsb', '')).includes('nginx'));
  for (const provider of value(await resources.listProviders('ocf'))) {
    for (const agent of value(await resources.list('ocf', provider)).slice(0, 25)) {
      const described = await resources.describe('ocf', provider, agent);
      assert.equal(described.kind, 'done', `${provider}/${agent}: ${JSON.stringify(described)}`);
    }
  }
});

test('a unit that fails, hangs, is masked or restarts itself is told as it is', async () => {
  const { services, resources } = matahari;
  const failing = units.write('w-failing.service', ['Type=oneshot', 'ExecStart=/bin/false']);
  assert.equal(value(await services.start('w-failing', 20_000)), 1);
  assert.equal(value(await services.status(failing, 20_000)), 3);
  units.write('w-hanging.service', ['Type=notify', 'ExecStart=/bin/sleep infinity']);
  assert.equal(codeOf(await services.start('w-hanging', 500)), 'timeout');
  units.mask('w-masked.service');
  assert.equal(codeOf(await services.start('w-masked', 20_000)), 'failed');
  assert.equal(codeOf(await services.start('w-template@', 20_000)), 'invalid-argument');
  assert.equal(codeOf(await services.start('w-nowhere', 20_000)), 'not-found');
  units.write('w-steady.service', ['ExecStart=/bin/sleep infinity', 'Restart=always']);
  const steady = (action: string) =>
    resources.invoke({
      name: 'steady',
      standard: 'systemd',
      provider: '',
      agent: 'w-steady',
      action,
      intervalMs: 0,
      parameters: {},
      timeoutMs: 20_000,
      expectedRc: 0,
      userdata: '',
    });
  const codes: number[] = [];
  for (const action of ['status', 'start', 'monitor', 'reload', 'stop', 'monitor', 'dance']) {
    codes.push(value(await steady(action)).rc);
  }
  assert.deepEqual(codes, [3, 0, 0, 3, 0, 3, 3]);
  assert.equal(
    systemctl('show', '--property=Restart', '--value', 'w-steady'),
    'always\n',
    'it stays as its owner has it',
  );
});

test('a recurring status tells when a unit ends', async () => {
  const { resources } = matahari;
  units.write('w-short.service', ['ExecStart=/bin/sleep infinity']);
  systemctl('start', 'w-short');
  const told: number[] = [];
  const remove = resources.onResourceOp(({ name, rc }) => name === 'short' && told.push(rc));
  const invocation = { name: 'short', standard: 'service', provider: '', agent: 'w-short', action: 'status' };
  const rest = { intervalMs: 100, parameters: {}, timeoutMs: 20_000, expectedRc: 0, userdata: '' };
  assert.equal(value(await resources.invoke({ ...invocation, ...rest })).rc, 0);
  systemctl('kill', '--signal=KILL', 'w-short');
  await until('the end was told', () => told.includes(3));
  value(await resources.cancel('short', 'status', 100, 5000));
  remove();
});

test('an init script of Debian is a service of the standard lsb', async () => {
  const asked = { name: 'script', standard: 'lsb', provider: '', agent: 'nginx', intervalMs: 0, parameters: {} };
  const rest = { timeoutMs: 20_000, expectedRc: 0, userdata: '' };
  const status = value(await matahari.resources.invoke({ ...asked, ...rest, action: 'status' }));
  assert.equal(status.rc, 3);
});

test('what is enabled is found so at the next boot', async () => {
  const { services } = matahari;
  for (const [verb, isWanted] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    assert.equal(value(await services[verb]('nginx')), 0);
    assert.equal(isSystemctl('is-enabled', 'nginx'), isWanted);
  }
});

test('augeas changes the files of the machine, and keeps what was there', async () => {
  const { sysconfig } = matahari;
  const change = 'set /files/etc/hosts/01/ipaddr 192.0.2.9\nset /files/etc/hosts/01/canonical shop.example.org\nsave\n';
  const status = value(await sysconfig.runString(change, 0, 'augeas', 'hosts'));
  assert.match(status, /^OK\nSaved 1 file/);
  assert.match(readFileSync('/etc/hosts', 'utf8'), /192\.0\.2\.9\s+shop\.example\.org/);
  assert.doesNotMatch(readFileSync('/etc/hosts.augsave', 'utf8'), /shop/);
  const path = "/files/etc/hosts/*[ipaddr = '192.0.2.9']/canonical";
  assert.equal(value(await sysconfig.query(path, 0, 'augeas')), 'shop.example.org');
  const several = await sysconfig.query('/files/etc/passwd/*/uid', 0, 'augeas');
  assert.equal(several.kind === 'problem' ? several.problem.code : '', 'not-found');
});

test('identify and the hardware say what they are on this machine', async () => {
  const { host } = matahari;
  const identified = await host.identify();
  assert.ok(identified.kind === 'done' || identified.problem.code === 'unavailable', JSON.stringify(identified));
  const { os, uuid } = value(await host.get());
  assert.match(os, /^Linux \(/);
  assert.equal(uuid.replaceAll('-', ''), readFileSync('/etc/machine-id', 'utf8').trim());
});

function codeOf(outcome: Done<unknown>): string {
  return outcome.kind === 'done' ? `done ${JSON.stringify(outcome.value)}` : outcome.problem.code;
}

function isSystemctl(...words: string[]): boolean {
  return spawnSync('systemctl', ['--quiet', ...words]).status === 0;
}
