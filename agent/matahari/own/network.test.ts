/**
 * The machine's own network is only looked at. What changes interfaces runs in a network namespace of the test's own:
 * this file once more, as a child of `ip netns exec`, which also shows that namespace's /sys.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAddresses } from './network.js';
import { machineWith, ownSetting, problemOf, valueFrom } from './own-fixture.js';

const namespace = process.env.CPE_TEST_NETWORK_NAMESPACE;

if (namespace !== undefined) testInNamespace();
else testOnMachine();

function testOnMachine(): void {
  test('every interface of the machine is listed, and lo is up and running', async () => {
    const { network } = ownSetting().matahari;
    const known = execFileSync('/bin/sh', ['-c', "sed -n 's/^ *\\([^:]*\\):.*/\\1/p' /proc/net/dev"], {
      encoding: 'utf8',
    });
    assert.deepEqual(await valueFrom(network.list()), known.trim().split('\n').sort());
    assert.equal(await valueFrom(network.status('lo')), 0);
    assert.equal(await valueFrom(network.getMacAddress('lo')), '00:00:00:00:00:00');
    const address = networkInterfaces().lo?.find(({ family }) => family === 'IPv4')?.address;
    assert.equal(await valueFrom(network.getIpAddress('lo')), address);
  });

  test('what is no interface is refused by every method', async () => {
    const { network } = ownSetting().matahari;
    const methods = ['start', 'stop', 'status', 'getIpAddress', 'getMacAddress'] as const;
    for (const method of methods) {
      for (const [iface, code] of [
        ['bad', 'not-found'],
        ['-h', 'not-found'],
        ['', 'invalid-argument'],
        ['..', 'invalid-argument'],
        ['../net/lo', 'invalid-argument'],
        ['lo; reboot', 'invalid-argument'],
        ['a-name-far-too-long', 'invalid-argument'],
      ] as const) {
        const problem = await problemOf(network[method](iface));
        assert.deepEqual([problem.code, problem.argument], [code, 'iface'], `${method} ${iface}`);
      }
    }
  });

  test('an interface needs ip to be changed', async () => {
    const root = machineWith({ '/sys/class/net/x0/flags': '0x1002\n', '/sys/class/net/x0/operstate': 'down\n' });
    const { network } = ownSetting({ machineRoot: root }).matahari;
    assert.deepEqual(await valueFrom(network.list()), ['x0']);
    assert.equal(await valueFrom(network.status('x0')), 1);
    assert.equal((await problemOf(network.start('x0'))).code, 'not-installed');
    assert.equal((await problemOf(network.getIpAddress('x0'))).code, 'not-installed');
    assert.equal((await problemOf(network.getMacAddress('x0'))).code, 'not-found');
  });

  test('answers of ip that are none have no addresses', () => {
    for (const text of ['', 'null', '{}', '[null]', '[{"addr_info":1}]', '[{"addr_info":[null,{"family":"inet"}]}]']) {
      assert.deepEqual(parseAddresses(text), [], text);
    }
  });

  const isRoot = process.getuid?.() === 0;
  test('interfaces are started and stopped', { skip: isRoot ? false : 'needs root for a network namespace' }, () => {
    const name = `matahari-own-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name]);
    try {
      const child = spawnSync('ip', ['netns', 'exec', name, process.execPath, fileURLToPath(import.meta.url)], {
        encoding: 'utf8',
        env: { ...process.env, CPE_TEST_NETWORK_NAMESPACE: name, NODE_TEST_CONTEXT: undefined },
        timeout: 60_000,
      });
      assert.equal(child.status, 0, child.stdout + child.stderr);
      assert.match(child.stdout, /# pass 3/);
    } finally {
      execFileSync('ip', ['netns', 'delete', name]);
    }
  });
}

function testInNamespace(): void {
  const ip = (...argv: readonly string[]) => execFileSync('ip', argv);

  test('an interface is stopped, started, and has its addresses', async () => {
    ip('link', 'add', 'plug0', 'type', 'veth', 'peer', 'name', 'plug1');
    ip('link', 'set', 'dev', 'plug1', 'up');
    const { network } = ownSetting().matahari;
    assert.equal(await valueFrom(network.status('plug0')), 1);
    assert.equal((await problemOf(network.getIpAddress('plug0'))).code, 'not-found');
    assert.equal(await valueFrom(network.start('plug0')), 0);
    assert.equal(await valueFrom(network.status('plug0')), 0);
    assert.match(await valueFrom(network.getIpAddress('plug0')), /^fe80:/);
    ip('address', 'add', '2001:db8::7/64', 'dev', 'plug0', 'nodad');
    assert.equal(await valueFrom(network.getIpAddress('plug0')), '2001:db8::7');
    ip('address', 'add', '192.0.2.7/24', 'dev', 'plug0');
    assert.equal(await valueFrom(network.getIpAddress('plug0')), '192.0.2.7');
    assert.match(await valueFrom(network.getMacAddress('plug0')), /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    assert.equal(await valueFrom(network.stop('plug0')), 1);
    assert.equal(await valueFrom(network.status('plug0')), 1);
  });

  test('an interface without its peer is up, and does not run', async () => {
    ip('link', 'add', 'cable0', 'type', 'veth', 'peer', 'name', 'cable1');
    const { network } = ownSetting().matahari;
    assert.equal(await valueFrom(network.start('cable0')), 1);
    const started = network.start('cable0');
    ip('link', 'set', 'dev', 'cable1', 'up');
    assert.equal(await valueFrom(started), 0);
  });

  test('an interface that is gone is not found', async () => {
    ip('link', 'add', 'brief0', 'type', 'veth', 'peer', 'name', 'brief1');
    const { network } = ownSetting().matahari;
    assert.equal(await valueFrom(network.status('brief0')), 1);
    ip('link', 'delete', 'brief0');
    assert.equal((await problemOf(network.status('brief0'))).code, 'not-found');
  });
}
