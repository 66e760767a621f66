import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite } from './site.js';

const mark = `8${process.pid}`;
const app = `sleep ${mark}`;
const document = `
deployable: shop
hosts: [right]
assemblies: { web: { resources: { app: { exec: { command: [sleep, "${mark}"] } } } } }
`;

let site: Site;
let launcherHome: string;

/** cpectl with the home of the launcher host. */
function onLauncher(...args: readonly string[]): void {
  const program = join(import.meta.dirname, '..', '..', 'tools', 'cpectl', 'main.js');
  const ran = spawnSync(process.execPath, [program, '--home', launcherHome, ...args], { encoding: 'utf8' });
  assert.equal(ran.status, 0, `cpectl ${args.join(' ')}: ${ran.stdout}${ran.stderr}`);
}

before(async () => {
  site = await startSite('--no-launcher-host');
  launcherHome = join(site.home, '..', 'right');
  const credentials = join(site.home, '..', 'right.creds');
  await site.must('auth', 'create', 'right', '--role', 'launcher', '--out', credentials);
  const { busUrl } = JSON.parse(await site.must('--json', 'info')) as { busUrl: string };
  onLauncher('launcher', 'up', '--host', 'right', '--bus', busUrl, '--credentials', credentials);
  await site.launch('shop', document);
  await site.settled('shop');
});
after(async () => {
  onLauncher('launcher', 'down', '--destroy');
  await site.end();
});

test('the coordinator goes down without waiting for what is on a launcher host that has left', async () => {
  assert.equal(pidsOf(app).length, 1);
  onLauncher('launcher', 'down', '--destroy');
  assert.equal(pidsOf(app).length, 0);
  const startedAt = performance.now();
  const down = await site.run('down', '--grace', '100');
  const seconds = (performance.now() - startedAt) / 1000;
  assert.equal(down.code, 0, down.stderr);
  assert.ok(seconds < 60, `down took ${seconds.toFixed(1)} s\n${down.stdout}${down.stderr}`);
  assert.match(down.stderr, /web of shop cannot be stopped, launcher host right is silent: .*cpectl up/);
});

test('what was started goes on when both are there again', async () => {
  await site.must('up');
  onLauncher('launcher', 'up');
  await site.settled('shop');
  assert.equal(pidsOf(app).length, 1);
});
