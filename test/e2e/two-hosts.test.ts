import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pidsOf, type Site, startSite, until } from './site.js';

let site: Site;
let log: string;
const mark = `${process.pid}`;

before(async () => {
  site = await startSite('--launcher-host', 'left,right');
  log = join(site.home, '..', 'configured');
  const script = site.document('configure.sh', `#!/bin/sh\necho "$OCF_RESKEY_state" >>'${log}'\n`);
  chmodSync(script, 0o755);
  await site.launch(
    'duo',
    `
deployable: duo
assemblies:
  db:
    escalation: { failures: 20, period: 1h }
    resources: { store: { exec: { command: [sleep, "1${mark}"] } } }
  web:
    resources:
      app:
        agent: ocf:heartbeat:Dummy
        parameters: { state: "${site.home}/dummy-\${db.ipaddress}" }
        configure: { url: "${script}" }
      user:
        exec: { command: [sh, -c, "exec sleep 2${mark}", "\${db.ipaddress}"] }
constraints:
  - { order: [db.store, web.app] }
`,
  );
});
after(() => site.end());

interface Assembly {
  readonly name: string;
  readonly launcherHost: string;
  readonly address: string;
  readonly instance: string;
}

async function assembly(name: string): Promise<Assembly> {
  const status = JSON.parse(await site.must('--json', 'deployable', 'status', 'duo')) as { assemblies: Assembly[] };
  const found = status.assemblies.find((each) => each.name === name);
  assert.ok(found !== undefined);
  return found;
}

const configured = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []);

test('assemblies spread over the launcher hosts, and instances are named after theirs', async () => {
  const [db, web] = [await assembly('db'), await assembly('web')];
  assert.deepEqual([db.launcherHost, web.launcherHost].sort(), ['left', 'right']);
  assert.equal(db.instance.split('.')[2], db.launcherHost);
  assert.notEqual(db.address.split('.').slice(0, 3).join(), web.address.split('.').slice(0, 3).join());
});

test('a parameter that refers to an address is resolved, and its configure step ran before the start', async () => {
  const { address } = await assembly('db');
  assert.deepEqual(configured(), [`${site.home}/dummy-${address}`]);
  assert.ok(existsSync(`${site.home}/dummy-${address}`));
});

test('an assembly that keeps failing moves to the other host, and what refers to its address follows', async () => {
  const first = await assembly('db');
  for (let failures = 0; failures < 5; failures++) {
    const seq = await site.lastSeq();
    process.kill(await site.pid('instance', 'db'), 'SIGKILL');
    await site.event(seq, ({ kind }) => kind === 'deployable-running', 120_000);
    if ((await assembly('db')).launcherHost !== first.launcherHost) break;
  }
  const moved = await assembly('db');
  assert.notEqual(moved.launcherHost, first.launcherHost);
  assert.notEqual(moved.address, first.address);
  await until('the configure step to run again', 180_000, async () =>
    configured().at(-1) === `${site.home}/dummy-${moved.address}` ? true : undefined,
  );
  assert.equal(pidsOf(`sleep 2${mark}`).length, 1);
});

test('a launcher that is killed leaves the other host and every instance alone', async () => {
  const seq = await site.lastSeq();
  const inits = [await site.pid('instance', 'db'), await site.pid('instance', 'web')];
  const pid = await site.pid('launcherd', 'launcherd-left');
  process.kill(pid, 'SIGKILL');
  await until('another launcherd', 180_000, async () => {
    const now = await site.pid('launcherd', 'launcherd-left').catch(() => pid);
    return now === pid ? undefined : now;
  });
  await site.settled('duo');
  assert.deepEqual([await site.pid('instance', 'db'), await site.pid('instance', 'web')], inits);
  assert.deepEqual(await site.events(seq), []);
});
