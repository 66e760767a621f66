/** What a guest makes of the addresses that it is given, on interfaces that are its own. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { configureNetwork } from '../../../agent/guest/configure-network.js';
import { findOwnAddress } from '../../../agent/own-address.js';

const mac = '52:54:00:00:77:05';
const addresses = { address: '10.77.3.5/24', gateway: '10.77.3.1', nameservers: ['10.77.3.1', '10.77.3.2'], mac };
const directory = mkdtempSync(join(tmpdir(), 'guest-network-'));
const resolvConf = join(directory, 'resolv.conf');
// What is mounted at /sys shows the interfaces of the machine, not those of this unit.
const sysfs = join(directory, 'sys');
mkdirSync(sysfs);
execFileSync('mount', ['-t', 'sysfs', 'sysfs', sysfs]);
const settings = { interfaces: join(sysfs, 'class/net'), resolvConf };
after(() => {
  execFileSync('umount', [sysfs]);
  rmSync(directory, { recursive: true });
});

function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8' });
}

test('an interface that comes late gets its address and route, once', { timeout: 60_000 }, async () => {
  ip('link', 'add', 'other0', 'type', 'veth', 'peer', 'name', 'far0');
  assert.equal(await findOwnAddress(['nats://10.77.3.1:4222']), '');
  const configuring = configureNetwork(addresses, settings);
  await pause(300);
  ip('link', 'add', 'late0', 'address', mac, 'type', 'veth', 'peer', 'name', 'far1');
  await configuring;
  const state = () =>
    [ip('-o', '-4', 'address', 'show', 'dev', 'late0').replace(/valid_lft.*/, ''), ip('route')].join('');
  const first = state();
  assert.match(first, /inet 10\.77\.3\.5\/24 brd 10\.77\.3\.255 scope global late0/);
  assert.match(first, /^default via 10\.77\.3\.1 dev late0 onlink/m);
  assert.match(ip('link', 'show', 'late0'), /[<,]UP[,>]/);
  assert.match(ip('link', 'show', 'lo'), /[<,]UP[,>]/);
  assert.equal(await findOwnAddress(['nats://192.0.2.7:4222']), '10.77.3.5');

  await configureNetwork(addresses, settings);
  assert.equal(state(), first);
  assert.equal(ip('-o', '-4', 'address', 'show', 'dev', 'other0'), '');
  assert.match(readFileSync(resolvConf, 'utf8'), /^nameserver 10\.77\.3\.1\nnameserver 10\.77\.3\.2\n$/m);
});

test('a link in place of resolv.conf is replaced, where there are name servers', async () => {
  const link = join(directory, 'linked.conf');
  symlinkSync('/run/nowhere/stub-resolv.conf', link);
  await configureNetwork({ ...addresses, nameservers: [] }, { ...settings, resolvConf: link });
  assert.ok(lstatSync(link).isSymbolicLink());
  await configureNetwork(addresses, { ...settings, resolvConf: link });
  assert.ok(lstatSync(link).isFile());
});

test('without a hardware address it is the first interface that is no loopback', async () => {
  await configureNetwork({ address: '10.78.0.2/32', gateway: undefined, nameservers: [], mac: undefined }, settings);
  const shown = ip('-o', '-4', 'address');
  assert.match(shown, /\d+: (?!lo)\S+\s+inet 10\.78\.0\.2\/32/);
});

test('an interface that does not come is told', async () => {
  await assert.rejects(
    configureNetwork({ ...addresses, mac: '52:54:00:00:77:06' }, { ...settings, deadlineMs: 100 }),
    /no network interface with/,
  );
});
