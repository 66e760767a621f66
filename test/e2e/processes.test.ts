import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { plainConnect } from '../contract/plain-client.js';
import { credentialsForEverySubject } from './every-subject.js';
import { pidsOf, type Site, startSite, until } from './site.js';

let site: Site;
const mark = `${process.pid}`;
const command = (number: number) => `sleep ${number}${mark}`;
const resource = (number: number) => `exec: { command: [sleep, "${number}${mark}"] }`;

before(async () => {
  site = await startSite();
  await site.launch(
    'pair',
    `
deployable: pair
assemblies:
  first: { resources: { one: { ${resource(1)}, escalation: { failures: 1000, period: 1m } } } }
  second: { resources: { two: { ${resource(2)}, escalation: { failures: 1000, period: 1m } } } }
`,
  );
});
after(() => site.end());

const pids = () => [1, 2].map((number) => pidsOf(command(number))[0]);

for (const [role, name] of [
  ['cped', 'cped'],
  ['dped', 'dped-pair'],
  ['launcherd', 'launcherd-local'],
  ['nats-server', 'nats-server'],
  ['pm2', 'pm2'],
  ['supervisor', 'supervisor'],
] as const) {
  test(`${name} that is killed comes back, and nothing that runs is touched`, async () => {
    const before = pids();
    const seq = await site.lastSeq();
    const pid = await site.pid(role, name);
    process.kill(pid, 'SIGKILL');
    await until(`another ${name}`, 180_000, async () => {
      const now = await site.pid(role, name).catch(() => pid);
      return now === pid ? undefined : now;
    });
    await site.settled('pair');
    assert.deepEqual(pids(), before);
    assert.deepEqual(await site.events(seq), []);
  });
}

test('failures while the deciders are away are each reported once, when they are back', async () => {
  const seq = await site.lastSeq();
  const rounds = 3;
  for (let round = 0; round < rounds; round++) {
    const dped = await site.pid('dped', 'dped-pair');
    const bus = await site.pid('nats-server', 'nats-server');
    process.kill(dped, 'SIGSTOP');
    const [one] = pids();
    assert.ok(one !== undefined);
    process.kill(one, 'SIGKILL');
    await until('the agent to restart it', 180_000, async () => pidsOf(command(1)).find((pid) => pid !== one));
    process.kill(round % 2 === 0 ? dped : bus, 'SIGKILL');
    if (round % 2 === 1) process.kill(dped, 'SIGCONT');
    await until(`the report of round ${round}`, 180_000, async () => {
      const found = (await site.events(seq)).filter(({ kind }) => kind === 'resource-recovered');
      return found.length === round + 1 ? true : undefined;
    });
  }
  await site.settled('pair');
  const told = (await site.events(seq)).map(({ kind }) => kind);
  assert.equal(told.filter((kind) => kind === 'resource-failed').length, rounds);
  assert.equal(told.filter((kind) => kind === 'resource-recovered').length, rounds);
});

test('garbage on every subject changes nothing and stops nobody', async () => {
  const before = pids();
  const seq = await site.lastSeq();
  const info = JSON.parse(await site.must('--json', 'info')) as {
    busUrl: string;
    instances: { name: string }[];
  };
  const daemons = ['cped', 'dped-pair', 'launcherd-local'];
  const daemonPids = await Promise.all(daemons.map((name) => site.pid(name.split('-')[0] ?? '', name)));
  const nats = await plainConnect(info.busUrl, await credentialsForEverySubject(site.home));
  const subjects = [
    'cpe.v1.cpe.main.request.operator.root',
    'cpe.v1.cpe.main.request.viewer.root',
    'cpe.v1.dpe.pair.request',
    'cpe.v1.launcher.local.order',
    'cpe.v1.launcher.local.list',
    'cpe.v1.launcher.local.beat',
    'cpe.v1.launcher.local.report.pair',
    'cpe.v1.events.pair',
    ...info.instances.flatMap(({ name }) =>
      ['order', 'register', 'heartbeat', 'report'].map((channel) => `cpe.v1.agent.${name}.${channel}`),
    ),
  ];
  for (const subject of subjects) {
    for (const size of [0, 1, 17, 300, 70_000]) nats.publish(subject, randomBytes(size), { reply: '_INBOX.nobody' });
  }
  await nats.drain();
  await site.settled('pair');
  assert.deepEqual(pids(), before);
  assert.deepEqual(await site.events(seq), []);
  const after = await Promise.all(daemons.map((name) => site.pid(name.split('-')[0] ?? '', name)));
  assert.deepEqual(after, daemonPids);
});

test('pacemaker’s own tools read the CIB and find nothing to do', async () => {
  const file = site.document('cib.xml', await site.must('cib', 'pair'));
  const { spawnSync } = await import('node:child_process');
  const environment = { ...process.env, CIB_shadow_dir: join(site.home, '..'), CIB_file: file };
  const verify = spawnSync('crm_verify', ['-V', '-x', file], { encoding: 'utf8', env: environment });
  assert.equal(`${verify.stdout}${verify.stderr}`, '');
  assert.equal(verify.status, 0);
  assert.equal(spawnSync('crm_mon', ['-1'], { env: environment }).status, 0);
  const simulate = spawnSync('crm_simulate', ['-S', '-x', file], { encoding: 'utf8', env: environment });
  assert.doesNotMatch(simulate.stdout, /action:/);
});
