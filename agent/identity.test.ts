import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseIdentity, readIdentity } from './identity.js';

const whole = {
  deployable: 'shop',
  assembly: 'web',
  instance: 'shop.web.local.1763807520123-1',
  launcherHost: 'local',
  epoch: 3,
  busServers: ['nats://127.0.0.1:4222'],
  credentialsFile: '/var/lib/cpe/agent.creds',
  heartbeatIntervalMs: 1000,
  address: '127.1.2.3',
  hostname: 'web',
  stateDirectory: '/var/lib/cpe',
};

test('a whole identity is taken, with what a newer launcher adds', () => {
  const parsed = parseIdentity({ ...whole, later: true });
  assert.ok(parsed.kind === 'identity');
  assert.equal(parsed.identity.instance.assembly, 'web');
  assert.equal(parsed.identity.epoch, 3);
});

test('an identity without address and host name leaves both to the machine', () => {
  for (const change of [
    { address: '', hostname: '' },
    { address: undefined, hostname: undefined },
  ]) {
    const parsed = parseIdentity({ ...whole, ...change });
    assert.ok(parsed.kind === 'identity');
    assert.deepEqual([parsed.identity.address, parsed.identity.hostname], ['', '']);
  }
});

const broken = [
  { change: { instance: 'shop.web' }, problem: 'instance: not an instance id' },
  { change: { busServers: [] }, problem: 'busServers: a list of at least one URL is required' },
  { change: { epoch: -1 }, problem: 'epoch: a whole number from 0 is required' },
  { change: { stateDirectory: 'state' }, problem: 'stateDirectory: an absolute path is required' },
  { change: { hostname: 7 }, problem: 'hostname: a text is required' },
] as const;

for (const { change, problem } of broken) {
  test(`an identity that is not whole is refused: ${problem}`, () => {
    assert.deepEqual(parseIdentity({ ...whole, ...change }), { kind: 'problems', problems: [problem] });
  });
}

test('every problem of an identity is told at once, and so is a file that cannot be read', () => {
  const parsed = parseIdentity('text');
  assert.ok(parsed.kind === 'problems' && parsed.problems.length > 8);
  assert.throws(() => readIdentity('/no/such/identity.json'), /^Error: \/no\/such\/identity\.json: ENOENT/);
});

test('a file that leaves out where things are has its credentials beside it, and state by its instance', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'identity-'));
  context.after(() => rmSync(directory, { recursive: true }));
  const { credentialsFile: _, stateDirectory: __, ...rest } = whole;
  const file = join(directory, 'identity.json');
  writeFileSync(file, JSON.stringify(rest));
  const { credentialsFile, stateDirectory } = readIdentity(file);
  assert.equal(credentialsFile, join(directory, 'bus.creds'));
  assert.equal(stateDirectory, `/var/lib/cpe-agent/${whole.instance}`);
  writeFileSync(file, JSON.stringify(whole));
  assert.equal(readIdentity(file).stateDirectory, whole.stateDirectory);
});
