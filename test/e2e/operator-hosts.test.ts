import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Site, startSite, until } from './site.js';

/** Two launcher hosts; one of them falls silent, launcher and agents, as a machine does that loses its power. */
let site: Site;
const mark = `${process.pid}`;
const stopped = new Set<number>();

before(async () => {
  site = await startSite('--launcher-host', 'left,right', '--agent-lost-ms', '5000');
  await site.launch(
    'duo',
    `
deployable: duo
defaults: { assembly: { escalation: { failures: 20, period: 1h } } }
assemblies:
  db: { resources: { store: { exec: { command: [sleep, "1${mark}"] } } } }
  web: { resources: { app: { exec: { command: [sleep, "2${mark}"] } } } }
  aside: { resources: { app: { exec: { command: [sleep, "3${mark}"] } } } }
constraints:
  - { order: [db.store, web.app] }
  - { location: { assembly: db, host: left, score: 50 } }
  - { location: { assembly: aside, host: right, score: 50 } }
`,
  );
});
after(async () => {
  for (const pid of stopped) resume(pid);
  await site.end();
});

function resume(pid: number): void {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // It was killed meanwhile.
  }
  stopped.delete(pid);
}

interface Instance {
  readonly assembly: string;
  readonly launcherHost: string;
  readonly pid: number;
  readonly agentPid: number;
}

async function instancesOn(host: string): Promise<readonly Instance[]> {
  const info = JSON.parse(await site.must('--json', 'info')) as { instances: Instance[] };
  return info.instances.filter(({ launcherHost }) => launcherHost === host);
}

/** Nothing of the host is heard any more; its instances are gone too where its power is. */
async function silence(host: string, isPowerGone: boolean): Promise<void> {
  const instances = await instancesOn(host);
  for (const pid of [await site.pid('launcherd', `launcherd-${host}`), ...instances.map(({ agentPid }) => agentPid)]) {
    process.kill(pid, 'SIGSTOP');
    stopped.add(pid);
  }
  if (isPowerGone) for (const { pid } of instances) process.kill(pid, 'SIGKILL');
}

const hostState = async (host: string) =>
  (JSON.parse(await site.must('--json', 'host', 'list')) as { name: string; state: string }[]).find(
    ({ name }) => name === host,
  )?.state;

async function backInService(host: string): Promise<void> {
  for (const pid of stopped) resume(pid);
  await until(`${host} to be in service`, 180_000, async () =>
    (await hostState(host)) === 'in-service' ? true : undefined,
  );
  await site.settled('duo');
}

test('a drained launcher host is empty, and what was not there is left alone', async () => {
  const aside = await site.pid('agent', 'aside');
  await site.must('host', 'drain', 'left', '--timeout', '60s');
  assert.deepEqual(await instancesOn('left'), []);
  assert.equal(await site.pid('agent', 'aside'), aside);
  await site.must('host', 'drain', 'left', '--off');
  await site.must('resource', 'move', 'duo', 'db.vm', 'left', '--timeout', '60s');
  assert.deepEqual(
    (await instancesOn('left')).map(({ assembly }) => assembly),
    ['db'],
  );
});

test('what ran on a silent launcher host starts elsewhere on an operator’s word, and not before', async () => {
  const seq = await site.lastSeq();
  const aside = await site.pid('agent', 'aside');
  await silence('left', true);
  await site.event(seq, ({ kind }) => kind === 'host-suspect', 90_000);
  assert.equal((await site.run('host', 'confirm-dead', 'left')).code, 2);
  const kinds = (await site.events(seq)).map(({ kind }) => kind);
  assert.ok(!kinds.includes('assembly-started') && !kinds.includes('assembly-failed'), kinds.join());
  await site.must('host', 'confirm-dead', 'left', '--evidence', 'no power', '--force');
  await site.event(seq, ({ kind }) => kind === 'deployable-running');
  assert.deepEqual((await instancesOn('right')).map(({ assembly }) => assembly).includes('db'), true);
  assert.equal(await site.pid('agent', 'aside'), aside);
  await backInService('left');
});

test('a launcher host with a fencer is switched off, and only then what it ran starts elsewhere', async () => {
  const log = join(site.home, '..', 'fenced');
  const pids = (await instancesOn('left')).map(({ pid }) => pid);
  assert.ok(pids.length > 0);
  const fencer = site.document(
    'fence',
    `#!/bin/sh
while read -r line; do case $line in action=*) action=\${line#action=} ;; esac; done
echo "$action" >>'${log}'
case $action in
  off) kill -9 ${pids.join(' ')} ;;
  status) exit 2 ;;
esac
`,
  );
  chmodSync(fencer, 0o755);
  await site.must('host', 'fencer', 'left', '--command', fencer);
  const seq = await site.lastSeq();
  await silence('left', false);
  await site.event(seq, ({ kind }) => kind === 'deployable-running', 120_000);
  const kinds = (await site.events(seq)).map(({ kind }) => kind);
  assert.ok(kinds.indexOf('host-fencing') < kinds.indexOf('host-dead'), kinds.join());
  assert.ok(kinds.indexOf('host-dead') < kinds.indexOf('assembly-started'), kinds.join());
  assert.ok(existsSync(log) && readFileSync(log, 'utf8').startsWith('off\nstatus\n'));
  await backInService('left');
});
