import assert from 'node:assert/strict';
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type GuestNetworkOptions, openGuestNetwork, removeGuestNetwork } from './guest-network.js';

/** Set in the runs of this file in a network of its own, and without any right. */
const nested = 'CPE_TEST_IN_OWN_NETWORK';

const isRoot = process.getuid?.() === 0;

switch (process.env[nested]) {
  case undefined:
    describe('networks of guests', { timeout: 300_000 }, () => {
      test('hold in a network namespace', () => {
        // Also without root: a user namespace has capabilities in networks of its own.
        runNested('network', ['unshare', '--net', ...(isRoot ? [] : ['--user', '--map-root-user'])]);
      });

      test('need root, and say so', () => {
        runNested('nobody', isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env']);
      });
    });
    break;
  case 'nobody':
    test('without root it is said what is missing', async () => {
      const home = mkdtempSync(join(tmpdir(), 'cpe-network-'));
      await assert.rejects(openGuestNetwork({ home, ...options('one') }), /Operation not permitted: .* need root/);
      rmSync(home, { recursive: true });
    });
    break;
  default:
    describeNetworks();
}

function runNested(as: string, wrapper: readonly string[]): void {
  const [program = '', ...args] = [
    ...wrapper,
    process.execPath,
    '--enable-source-maps',
    fileURLToPath(import.meta.url),
  ];
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  const env = { ...environment, [nested]: as };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
}

function options(launcherHost: string): Omit<GuestNetworkOptions, 'home'> {
  return { launcherHost, busServers: ['nats://127.0.0.1:4222'], onTrouble: () => undefined };
}

function describeNetworks(): void {
  describe('networks of guests', { timeout: 240_000 }, () => {
    let home: string;
    let bus: Server;
    before(async () => {
      home = mkdtempSync(join(tmpdir(), 'cpe-network-'));
      ip('link', 'set', 'lo', 'up');
      bus = createServer((socket) => socket.end('hello')).listen(4222, '127.0.0.1');
      await once(bus, 'listening');
    });
    after(() => {
      bus.close();
      rmSync(home, { recursive: true });
    });
    const open = (launcherHost = 'one', more: Partial<GuestNetworkOptions> = {}) =>
      openGuestNetwork({ home, ...options(launcherHost), ...more });

    test('a launcher host gets a bridge, and a later launcherd finds everything as it was', async () => {
      const network = await open();
      assert.deepEqual(addressesOf(network.bridge), [`${network.gateway}/24`]);
      assert.ok(network.bridge.length <= 15);
      assert.equal(network.addresses.length, 253);
      assert.deepEqual(network.busServers, [`nats://${network.gateway}:4222`]);
      const index = indexOf(network.bridge);
      await network.close();
      const later = await open();
      assert.deepEqual(
        [later.bridge, later.gateway, later.busServers],
        [network.bridge, network.gateway, network.busServers],
      );
      assert.equal(indexOf(network.bridge), index, 'it is the same bridge');
      await later.close();
    });

    test('guests hear nothing of other networks unless an operator forwards', async () => {
      const network = await open();
      assert.deepEqual(network.guestAddresses('10.64.1.2', '52:54:00:00:00:01'), {
        address: '10.64.1.2/24',
        gateway: undefined,
        nameservers: [],
        mac: '52:54:00:00:00:01',
      });
      await network.close();
      const forwarding = await open('one', { uplink: { nameservers: ['192.0.2.53'] } });
      const { gateway, nameservers } = forwarding.guestAddresses('10.64.1.2');
      assert.deepEqual([gateway, nameservers], [forwarding.gateway, ['192.0.2.53']]);
      await forwarding.close();
    });

    test('two launcher hosts of one machine have two networks', async () => {
      const [one, two] = await Promise.all([open('one'), open('two')]);
      assert.notEqual(one.bridge, two.bridge);
      assert.notEqual(one.gateway, two.gateway);
      await Promise.all([one.close(), two.close()]);
      assert.deepEqual(await removeGuestNetwork({ home, launcherHost: 'two' }), { kind: 'removed' });
      assert.equal(addressesOf(two.bridge), undefined);
      assert.deepEqual(addressesOf(one.bridge), [`${one.gateway}/24`]);
    });

    test('a network that is routed elsewhere is not taken', async () => {
      const first = await open('three');
      await first.close();
      await removeGuestNetwork({ home, launcherHost: 'three' });
      const taken = first.gateway.replace(/\.1$/, '.0/24');
      ip('route', 'add', 'unreachable', taken);
      try {
        const second = await open('three');
        assert.notEqual(second.gateway, first.gateway);
        assert.deepEqual(addressesOf(second.bridge), [`${second.gateway}/24`]);
        await second.close();
        await removeGuestNetwork({ home, launcherHost: 'three' });
        await assert.rejects(open('three', { subnet: taken }), /routed elsewhere/);
      } finally {
        ip('route', 'delete', 'unreachable', taken);
      }
      const chosen = await open('three', { subnet: '172.20.5.0/24' });
      assert.equal(chosen.gateway, '172.20.5.1');
      await chosen.close();
      await assert.rejects(open('three', { subnet: '172.20.5.0/16' }), /not a network/);
    });

    test('what someone has taken away is made again with the next start', async () => {
      const network = await open();
      for (const vandalise of [
        () => ip('link', 'delete', 'dev', network.bridge),
        () => ip('address', 'flush', 'dev', network.bridge),
        () => ip('link', 'set', 'dev', network.bridge, 'down'),
      ]) {
        vandalise();
        await network.ensure();
        assert.deepEqual(addressesOf(network.bridge), [`${network.gateway}/24`]);
        assert.equal(await readAll(network.gateway), 'hello', 'the relay answers');
      }
      await network.close();
    });

    test('an instance has one tap, on the bridge, gone when it is removed', async () => {
      const network = await open();
      const taps = [await network.addTap('shop.db.one.1'), await network.addTap('shop.db.one.1')];
      const other = await network.addTap('shop.db.one.2');
      assert.equal(taps[0], taps[1]);
      assert.notEqual(taps[0], other);
      for (const tap of [...taps, other]) {
        assert.ok(tap.length <= 15);
        const [link] = ip('-details', 'link', 'show', 'dev', tap);
        assert.deepEqual(
          [link?.master, link?.linkinfo?.info_data?.type, link?.linkinfo?.info_data?.persist],
          [network.bridge, 'tap', true],
        );
      }
      for (const instance of ['shop.db.one.1', 'shop.db.one.2', 'shop.db.one.2']) await network.removeTap(instance);
      assert.deepEqual(
        ip('link', 'show', 'master', network.bridge).filter((link) => link.ifname !== undefined),
        [],
      );
      await network.close();
    });

    test('addresses of interfaces are fixed, local and differ', async () => {
      const network = await open();
      const macs = ['shop.db.one.1', 'shop.db.one.2'].map(network.macOf);
      assert.notEqual(macs[0], macs[1]);
      assert.equal(network.macOf('shop.db.one.1'), macs[0]);
      for (const mac of macs) assert.match(mac, /^52:54(:[0-9a-f]{2}){4}$/);
      await network.close();
    });

    test('an interface of the same name that is something else is left alone', async () => {
      const network = await open('four');
      await network.close();
      ip('link', 'delete', 'dev', network.bridge);
      ip('tuntap', 'add', 'dev', network.bridge, 'mode', 'tap');
      await assert.rejects(open('four'), /is no bridge of ours/);
      ip('link', 'delete', 'dev', network.bridge);
    });

    test('a guest reaches the bus through the relay; what comes from another network does not', async () => {
      const network = await open();
      const [guest, stranger] = [await namespace(), await namespace()];
      try {
        plug(guest, network.bridge, `${network.addresses[0]}/24`);
        const outcome = await fromInside(guest, network.gateway);
        assert.equal(outcome, 'hello');
        // The kernel answers for every address of the machine on every interface of it.
        ip('link', 'add', 'name', 'lan', 'type', 'bridge');
        ip('address', 'add', '192.0.2.1/24', 'dev', 'lan');
        ip('link', 'set', 'dev', 'lan', 'up');
        plug(stranger, 'lan', '192.0.2.7/24');
        inside(stranger, 'ip', 'route', 'add', network.gateway, 'via', '192.0.2.1');
        assert.equal(await fromInside(stranger, network.gateway), 'ECONNRESET');
        assert.deepEqual(await removeGuestNetwork({ home, launcherHost: 'one' }), {
          kind: 'in-use',
          ports: [`p${guest.pid}`],
        });
      } finally {
        for (const child of [guest, stranger]) {
          child.kill('SIGKILL');
          await once(child, 'exit');
        }
        await network.close();
      }
    });

    test('guests that run keep their network, whatever is chosen, or forgotten, above them', async () => {
      const network = await open('five', { subnet: '172.20.6.0/24' });
      await network.close();
      const guest = await namespace();
      try {
        plug(guest, network.bridge, '172.20.6.2/24');
        rmSync(join(home, 'launcher', 'five', 'network.json'));
        const later = await open('five');
        assert.equal(later.gateway, '172.20.6.1');
        await later.close();
        await assert.rejects(open('five', { subnet: '172.20.7.0/24' }), /guests run in 172\.20\.6\.1\/24: end them/);
        assert.deepEqual(addressesOf(network.bridge), ['172.20.6.1/24']);
      } finally {
        guest.kill('SIGKILL');
        await once(guest, 'exit');
      }
      await until('its end of the cable is gone', () =>
        ip('link', 'show', 'master', network.bridge).every(({ ifname }) => ifname === undefined),
      );
      const moved = await open('five', { subnet: '172.20.7.0/24' });
      assert.deepEqual(addressesOf(network.bridge), ['172.20.7.1/24']);
      await moved.close();
    });

    test('what was chosen is forgotten with a file that cannot be read, and chosen again', async () => {
      const network = await open();
      await network.close();
      const file = join(home, 'launcher', 'one', 'network.json');
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, before.slice(0, 10));
      const later = await open();
      assert.equal(later.gateway, network.gateway);
      await later.close();
      assert.equal(readFileSync(file, 'utf8'), before);
    });
  });
}

interface ShownLink {
  readonly ifname?: string;
  readonly ifindex?: number;
  readonly master?: string;
  readonly addr_info?: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[];
  readonly linkinfo?: { readonly info_data?: { readonly type?: string; readonly persist?: boolean } };
}

function ip(...args: readonly string[]): readonly ShownLink[] {
  const text = execFileSync('ip', ['-json', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return text.trim() === '' ? [] : (JSON.parse(text) as ShownLink[]);
}

function addressesOf(device: string): readonly string[] | undefined {
  try {
    const [link] = ip('address', 'show', 'dev', device);
    return (link?.addr_info ?? []).map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  } catch {
    return undefined;
  }
}

function indexOf(device: string): number | undefined {
  return ip('link', 'show', 'dev', device)[0]?.ifindex;
}

/** A process in a network namespace of its own. */
async function namespace(): Promise<ChildProcess> {
  const child = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec sleep 1000'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(child.stdout ?? child, 'data');
  return child;
}

function plug({ pid = 0 }: ChildProcess, bridge: string, address: string): void {
  ip('link', 'add', 'name', `p${pid}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(pid));
  ip('link', 'set', 'dev', `p${pid}`, 'master', bridge, 'up');
  inside({ pid }, 'ip', 'address', 'add', address, 'dev', 'eth0');
  inside({ pid }, 'ip', 'link', 'set', 'dev', 'eth0', 'up');
}

function inside({ pid }: { readonly pid?: number | undefined }, ...argv: readonly string[]): string {
  return execFileSync('nsenter', ['--net', `--target=${pid}`, ...argv], { encoding: 'utf8', timeout: 30_000 });
}

/** What a client inside reads from the relay until its end, or the code of its error. */
async function fromInside({ pid }: ChildProcess, address: string): Promise<string> {
  const script = `
    const socket = require('node:net').connect(4222, '${address}');
    socket.on('data', (data) => process.stdout.write(data)).on('error', ({ code }) => process.stdout.write(code));`;
  const run = promisify(execFile);
  return (await run('nsenter', ['--net', `--target=${pid}`, process.execPath, '-e', script], { timeout: 30_000 }))
    .stdout;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function readAll(address: string): Promise<string> {
  const socket = connect(4222, address);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}
