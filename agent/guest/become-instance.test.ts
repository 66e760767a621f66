import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { guestCredentials } from '../../proto/guest-credentials.js';
import type { AgentIdentity } from '../identity.js';
import { becomeInstance, type GuestOptions } from './become-instance.js';
import { configuredSource } from './configured-identity.js';
import { directorySource } from './identity-source.js';

const instance = 'shop.web.local.7-1';
const told = {
  deployable: 'shop',
  assembly: 'web',
  instance,
  launcherHost: 'local',
  epoch: 3,
  busServers: ['nats://10.77.3.1:4222'],
  credentialsFile: '/of/the/launcher',
  heartbeatIntervalMs: 1000,
  hostname: 'web',
  stateDirectory: '/of/the/launcher/too',
};
const network = { address: '10.77.3.5/24', gateway: '10.77.3.1', nameservers: ['10.77.3.1'], mac: '52:54:00:AB:00:01' };

/** A machine whose files are below a directory, and which writes down what is done to it. */
function guest(context: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'guest-'));
  context.after(() => rmSync(root, { recursive: true }));
  const directories = { run: join(root, 'run'), state: join(root, 'state') };
  const [first, second, configured] = [join(root, 'first'), join(root, 'second'), join(root, 'identity.json')];
  for (const directory of [first, second]) mkdirSync(directory);
  const done: string[] = [];
  const note = (what: string) => async (value: unknown) => {
    done.push(`${what} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  };
  const logged: string[] = [];
  const options: GuestOptions = {
    deadlineMs: 0,
    log: (level, message, details = {}) => logged.push(`${level} ${message} ${JSON.stringify(details)}`),
    environment: {},
    onWaiting: () => done.push('waits'),
    directories,
    sources: [
      directorySource('the first', first),
      directorySource('the second', second),
      configuredSource(directories.state, configured),
    ],
    machine: {
      announceWaiting: () => () => true,
      wakeUp: async ({ timeUnixMs }, { mayBeRestored }) => {
        done.push(`wakes up ${timeUnixMs} ${mayBeRestored}`);
      },
      configureNetwork: note('network'),
      setHostname: note('name'),
    },
  };
  return {
    ...{ root, directories, configured, done, logged },
    tell(directory: 'first' | 'second', files: Readonly<Partial<Record<keyof typeof guestCredentials, unknown>>>) {
      for (const [key, value] of Object.entries(files)) {
        const name = guestCredentials[key as keyof typeof guestCredentials];
        writeFileSync(join(root, directory, name), typeof value === 'string' ? value : JSON.stringify(value));
      }
    },
    become: (change: Partial<GuestOptions> = {}): Promise<AgentIdentity> => becomeInstance({ ...options, ...change }),
  };
}

test('a guest is what the first of its sources says, with files of its own', async (context) => {
  const { tell, become, directories, done, root } = guest(context);
  tell('first', { identity: told, bus: 'secret', network, time: '1700000000000\n' });
  tell('second', { identity: { ...told, instance: 'shop.web.local.6-1' }, bus: 'older secret' });
  const identity = await become();
  assert.equal(identity.instance.incarnation, '7-1');
  assert.equal(identity.address, '');
  assert.equal(identity.credentialsFile, join(directories.run, 'bus.creds'));
  assert.equal(identity.stateDirectory, join(directories.state, instance));
  assert.equal(readFileSync(identity.credentialsFile, 'utf8'), 'secret');
  assert.deepEqual(done, [
    'wakes up 1700000000000 false',
    `network ${JSON.stringify({ ...network, mac: '52:54:00:ab:00:01' })}`,
    'name web',
  ]);
  assert.deepEqual(readdirSync(directories.run).sort(), ['bus.creds', 'identity.json']);
  for (const [path, mode] of [
    ['run', 0o700],
    ['run/bus.creds', 0o600],
    ['run/identity.json', 0o600],
  ] as const) {
    assert.equal(statSync(join(root, path)).mode & 0o777, mode, path);
  }
});

test('another agent of the same boot is the same instance, and keeps credentials that were renewed', async (context) => {
  const { tell, become, directories, done } = guest(context);
  tell('first', { identity: told, bus: 'secret' });
  const identity = await become();
  writeFileSync(identity.credentialsFile, 'renewed');
  tell('first', { identity: { ...told, instance: 'shop.web.local.8-1' }, bus: 'another' });
  done.length = 0;
  assert.deepEqual(await become(), identity);
  assert.deepEqual(done, []);
  assert.equal(readFileSync(join(directories.run, 'bus.creds'), 'utf8'), 'renewed');
});

test('what was left by other instances on a cloned disk is removed, and nothing else', async (context) => {
  const { tell, become, directories, logged, root } = guest(context);
  tell('first', { identity: told, bus: 'secret' });
  const outside = join(root, 'outside');
  for (const directory of ['shop.web.local.6-1/agent', `${instance}/agent`, 'agent', 'lost+found']) {
    mkdirSync(join(directories.state, directory), { recursive: true });
    writeFileSync(join(directories.state, directory, 'journal'), directory);
  }
  mkdirSync(outside);
  writeFileSync(join(outside, 'file'), '');
  symlinkSync(outside, join(directories.state, 'shop.web.local.5-1'));
  await become();
  assert.deepEqual(readdirSync(directories.state).sort(), ['agent', 'lost+found', instance]);
  assert.equal(readFileSync(join(directories.state, instance, 'agent/journal'), 'utf8'), `${instance}/agent`);
  assert.ok(existsSync(join(outside, 'file')));
  assert.ok(logged.some((line) => line.includes('other instances') && line.includes('shop.web.local.6-1')));
});

test('without an identity it waits for one, says so once, and then may have been restored', async (context) => {
  const { tell, become, done } = guest(context);
  const becoming = become({ deadlineMs: 60_000 });
  await pause(250);
  assert.deepEqual(done, ['waits']);
  tell('second', { bus: 'secret' });
  tell('second', { identity: told });
  assert.equal((await becoming).hostname, 'web');
  assert.deepEqual(done, ['waits', 'wakes up undefined true', 'name web']);
});

test('a guest that nobody tells anything in time says where it has looked', async (context) => {
  const { become, root } = guest(context);
  const error: Error = await become({ deadlineMs: 150 }).then(
    () => assert.fail(),
    (reason: Error) => reason,
  );
  for (const place of ['first/cpe.identity', 'second/cpe.identity', 'identity.json']) {
    assert.ok(error.message.includes(join(root, place)), error.message);
  }
});

test('a machine that is configured by its owner is left as it is', async (context) => {
  const { become, configured, directories, done, root } = guest(context);
  const { credentialsFile: _, stateDirectory: __, ...rest } = told;
  writeFileSync(configured, JSON.stringify(rest));
  writeFileSync(join(root, 'bus.creds'), 'secret');
  mkdirSync(join(directories.state, 'shop.web.local.6-1'), { recursive: true });
  const identity = await become();
  assert.equal(identity.credentialsFile, join(root, 'bus.creds'));
  assert.equal(identity.stateDirectory, join(directories.state, instance));
  assert.deepEqual(done, []);
  assert.ok(!existsSync(directories.run));

  writeFileSync(configured, JSON.stringify({ ...told, credentialsFile: join(root, 'bus.creds') }));
  assert.equal((await become()).stateDirectory, '/of/the/launcher/too');
});

test('a configuration that is still being written is read when it is whole', async (context) => {
  const { become, configured, root } = guest(context);
  writeFileSync(configured, '{"deployable":');
  const becoming = become({ deadlineMs: 60_000 });
  await pause(250);
  writeFileSync(configured, JSON.stringify({ ...told, credentialsFile: join(root, 'bus.creds') }));
  await pause(250);
  writeFileSync(join(root, 'bus.creds'), 'secret');
  assert.equal((await becoming).hostname, 'web');
});

test('a name that cannot be set is no reason not to run; an address is', async (context) => {
  const { tell, become, directories, logged } = guest(context);
  tell('first', { identity: told, bus: 'secret', network });
  const refuse = async (): Promise<void> => {
    throw new Error('refused');
  };
  const machine = { announceWaiting: () => () => false, wakeUp: async () => undefined };
  await assert.rejects(become({ machine: { ...machine, configureNetwork: refuse, setHostname: refuse } }), /refused/);
  assert.ok(!existsSync(directories.run), 'another attempt begins from the beginning');
  await become({ machine: { ...machine, configureNetwork: async () => undefined, setHostname: refuse } });
  assert.ok(logged.some((line) => line.startsWith('error the host name cannot be set')));
});

const { mac: _mac, ...anyInterface } = network;
const unusable: readonly {
  readonly what: string;
  readonly files: Parameters<ReturnType<typeof guest>['tell']>[1];
  readonly problem: RegExp;
}[] = [
  { what: 'no JSON', files: { identity: 'secret rubbish', bus: 'x' }, problem: /: cpe\.identity: not JSON$/ },
  { what: 'a list', files: { identity: [], bus: 'x' }, problem: /: cpe\.identity: not a JSON object$/ },
  {
    what: 'an identity with holes',
    files: { identity: { ...told, epoch: -1, busServers: [] }, bus: 'x' },
    problem: /cpe\.identity: busServers: .*; cpe\.identity: epoch: /,
  },
  { what: 'no credentials', files: { identity: told }, problem: /cpe\.creds: not there, but an identity is$/ },
  { what: 'blank credentials', files: { identity: told, bus: ' \n' }, problem: /cpe\.creds: not there/ },
  {
    what: 'too much',
    files: { identity: told, bus: 'x'.repeat(65_537) },
    problem: /cpe\.creds: larger than 65536 bytes$/,
  },
  {
    what: 'an address without prefix',
    files: { identity: told, bus: 'x', network: { ...network, address: '10.0.0.1' } },
    problem: /cpe\.network: address:/,
  },
  {
    what: 'a command for an address',
    files: { identity: told, bus: 'x', network: { ...network, address: '10.0.0.1/8 dev lo\nlink set lo down/8' } },
    problem: /cpe\.network: address:/,
  },
  {
    what: 'a command for a gateway',
    files: { identity: told, bus: 'x', network: { ...network, gateway: '10.0.0.1\nlink del eth0' } },
    problem: /cpe\.network: gateway:/,
  },
  {
    what: 'a name for a name server',
    files: { identity: told, bus: 'x', network: { ...anyInterface, nameservers: ['dns'] } },
    problem: /cpe\.network: nameservers:/,
  },
  {
    what: 'rubbish for a hardware address',
    files: { identity: told, bus: 'x', network: { ...network, mac: '../lo' } },
    problem: /cpe\.network: mac:/,
  },
  { what: 'rubbish for a time', files: { identity: told, bus: 'x', time: 'noon' }, problem: /cpe\.time: / },
];

for (const { what, files, problem } of unusable) {
  test(`a guest that is told ${what} is nobody, and says what is wrong`, async (context) => {
    const { tell, become, directories, done } = guest(context);
    tell('first', files);
    tell('second', { identity: told, bus: 'secret' });
    await assert.rejects(become(), (error: Error) => {
      assert.match(error.message, problem);
      assert.ok(!error.message.includes('secret'));
      return true;
    });
    assert.deepEqual(
      done.filter((word) => word !== 'waits'),
      [],
    );
    assert.ok(!existsSync(directories.run));
  });
}

test('what cannot be read is told, and no other source is asked', async (context) => {
  const { tell, become, root } = guest(context);
  tell('second', { identity: told, bus: 'secret' });
  symlinkSync('cpe.identity', join(root, 'first/cpe.identity'));
  await assert.rejects(become({ deadlineMs: 10_000 }), /the first .*ELOOP/);
  rmSync(join(root, 'first/cpe.identity'));
  mkdirSync(join(root, 'first/cpe.identity'));
  await assert.rejects(become({ deadlineMs: 10_000 }), /the first .*EISDIR/);
});
