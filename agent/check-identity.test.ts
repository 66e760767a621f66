import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { encodeUser, fmtCreds } from '@nats-io/jwt';
import { createAccount, createUser } from 'nkeys.js';
import { checkIdentity } from './check-identity.js';

const directory = mkdtempSync(join(tmpdir(), 'check-identity-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const user = createUser();
const credentials = join(directory, 'agent.creds');
writeFileSync(credentials, fmtCreds(await encodeUser('agent', user, createAccount()), user));
const notCredentials = join(directory, 'not.creds');
writeFileSync(notCredentials, 'hello\n');

function identity(change: Record<string, unknown>): string {
  const file = join(directory, 'identity.json');
  const whole = {
    deployable: 'shop',
    assembly: 'web',
    instance: 'shop.web.local.1763807520123-1',
    launcherHost: 'local',
    epoch: 3,
    busServers: ['nats://127.0.0.1:4222'],
    credentialsFile: credentials,
    heartbeatIntervalMs: 1000,
    address: '127.1.2.3',
    hostname: 'web',
    stateDirectory: join(directory, 'not', 'yet', 'there'),
  };
  writeFileSync(file, JSON.stringify({ ...whole, ...change }));
  return file;
}

test('an identity whose files can be used has no problem', () => {
  assert.deepEqual(checkIdentity(identity({})), []);
});

const broken: readonly { readonly change: Record<string, unknown>; readonly problem: RegExp }[] = [
  { change: { epoch: 'one' }, problem: /epoch: a whole number/ },
  { change: { credentialsFile: '/nowhere/agent.creds' }, problem: /credentials \/nowhere\/agent\.creds: ENOENT/ },
  { change: { credentialsFile: notCredentials }, problem: /not\.creds: no JWT, or no seed/ },
  { change: { stateDirectory: join(notCredentials, 'state') }, problem: /not\.creds is not a directory/ },
];

for (const { change, problem } of broken) {
  test(`a problem is told: ${problem.source}`, () => {
    const problems = checkIdentity(identity(change));
    assert.equal(problems.length, 1, problems.join('\n'));
    assert.match(problems[0] ?? '', problem);
  });
}

test('a file that is not there is a problem', () => {
  assert.match(checkIdentity(join(directory, 'none.json'))[0] ?? '', /none\.json/);
});
