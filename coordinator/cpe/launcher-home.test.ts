import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type LauncherHomeOptions, parseBusServers, readLauncherHome, setUpLauncherHome } from './launcher-home.js';

const root = mkdtempSync(join(tmpdir(), 'cpe-launcher-home-'));
after(() => rmSync(root, { recursive: true }));
const credentialsFile = join(root, 'right.creds');
writeFileSync(credentialsFile, '');
const all: LauncherHomeOptions = {
  launcherHost: 'right',
  busServers: ['nats://10.0.0.1:4222'],
  credentialsFile,
  isForeground: false,
};

test('what is left out the next time is as it was', () => {
  const home = join(root, 'kept');
  assert.equal(setUpLauncherHome(home, { ...all, driver: 'qemu' }).kind, 'ready');
  const busServers = ['nats://10.0.0.1:4222', 'nats://10.0.0.2:4222'];
  assert.equal(setUpLauncherHome(home, { busServers, isForeground: true }).kind, 'ready');
  assert.deepEqual(readLauncherHome(home), { ...all, busServers, driver: 'qemu', isForeground: true });
});

const problems: readonly [why: string, home: string, options: LauncherHomeOptions, message: RegExp][] = [
  ['nothing is known of it yet', 'fresh', { isForeground: false }, /--host, --bus and --credentials are needed/],
  ['it is another launcher host', 'kept', { ...all, launcherHost: 'left' }, /is that of launcher host right/],
  ['it is a coordinator', 'site', all, /is a coordinator's/],
  ['there are no credentials', 'fresh', { ...all, credentialsFile: '/nowhere' }, /there is no \/nowhere; make it/],
  ['it is too long a path', 'x'.repeat(120), all, /too long/],
];
for (const [why, home, options, message] of problems) {
  test(`a home is not set up when ${why}`, () => {
    if (home === 'site') writeFileSync(join(root, 'config.json'), '{}');
    const outcome = setUpLauncherHome(home === 'site' ? root : join(root, home), options);
    assert.match(outcome.kind === 'problem' ? outcome.message : '', message);
  });
}

const servers: readonly [text: string, expected: readonly string[] | RegExp][] = [
  ['nats://10.0.0.1:4222', ['nats://10.0.0.1:4222']],
  ['bus1, tls://bus2:4223', ['bus1', 'tls://bus2:4223']],
  ['nats://[fd00::1]:4222', ['nats://[fd00::1]:4222']],
  ['', /"" is no address/],
  ['nats://a,,nats://b', /"" is no address/],
  ['http://a', /"http:\/\/a" is no address/],
  ['nats://user:secret@a', /no address/],
  ['nats://a/path', /no address/],
  ['bus1,bus1', /named twice/],
];
for (const [text, expected] of servers) {
  test(`bus servers ${JSON.stringify(text)} are ${expected instanceof RegExp ? 'refused' : 'read'}`, () => {
    const read = parseBusServers(text);
    if (expected instanceof RegExp) assert.match(String(read), expected);
    else assert.deepEqual(read, expected);
  });
}
