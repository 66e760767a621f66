/** The agents of a running deployable, asked by an operator with cpectl, and by a stranger with the .proto files. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { NatsConnection } from 'nats';
import protobuf from 'protobufjs';
import { packageRoot } from '../../launcher/package-root.js';
import { credentialsIdentity } from '../../proto/credentials-identity.js';
import { inboxesOf } from '../../proto/subjects.js';
import { plainConnect } from '../contract/plain-client.js';
import { type Ran, type Site, startSite } from './site.js';

let site: Site;
const mark = `${process.pid}`;

before(async () => {
  site = await startSite();
  await site.launch(
    'shop',
    `
deployable: shop
assemblies:
  db: { resources: { store: { exec: { command: [sleep, "1${mark}"] } } } }
  web:
    resources:
      app: { exec: { command: [sleep, "2${mark}"] }, monitor: { interval: 5s } }
      dummy: { agent: "ocf:heartbeat:Dummy", monitor: { interval: 10s, timeout: 20s } }
`,
  );
  await site.must(
    'deployable',
    'create',
    '-f',
    site.document(
      'idle.yaml',
      'deployable: idle\nassemblies: { db: { resources: { a: { exec: { command: [sleep, "9"] } } } } }\n',
    ),
  );
});
after(() => site.end());

const agent = (...args: readonly string[]): Promise<Ran> => site.run('agent', ...args);
const agentJson = async (...args: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await site.must('--json', 'agent', ...args)) as Record<string, unknown>;

interface DescriptionJson {
  readonly instance: string;
  readonly backends: Readonly<Record<string, string>>;
  readonly resources: readonly {
    readonly resource: string;
    readonly agent: string;
    readonly watch: string;
    readonly watchedBy: string;
    readonly delegated: boolean;
    readonly expectedToRun: boolean;
    readonly monitors: readonly { readonly intervalMs: number; readonly dueInMs: number; readonly last: string }[];
    readonly lastOperation: { readonly operation: string; readonly rc: number; readonly started: string };
  }[];
}

test('agents are listed where they run, with what they say of themselves', async () => {
  const listed = JSON.parse(await site.must('--json', 'agent', 'list')) as Record<string, unknown>[];
  assert.deepEqual(
    listed.map(({ deployable, assembly, launcherHost, answers }) => ({ deployable, assembly, launcherHost, answers })),
    ['db', 'web'].map((assembly) => ({ deployable: 'shop', assembly, launcherHost: 'local', answers: true })),
  );
  const [db, web] = listed;
  assert.deepEqual([db?.resources, web?.resources, web?.incarnation], [1, 2, 1]);
  assert.match(String(web?.version), /^\d+\.\d+\.\d+/);
  assert.equal((web?.backends as Record<string, string> | undefined)?.Host, 'own');
  assert.match(await site.must('agent', 'list', 'shop'), /shop\/web +shop\.web\.local\./);
  assert.match((await agent('list', 'idle')).stderr, /no instance runs/);
});

test('an agent describes what it manages: how it is watched, when it is monitored next, what was done last', async () => {
  const described = (await agentJson('describe', 'web')) as unknown as DescriptionJson;
  const [app, dummy] = described.resources;
  assert.deepEqual([app?.resource, app?.agent, app?.watch], ['web.app', 'exec', 'exit']);
  assert.match(app?.watchedBy ?? '', /exit of process \d+ is seen at once/);
  assert.deepEqual([dummy?.resource, dummy?.agent, dummy?.watch], ['web.dummy', 'ocf:heartbeat:Dummy', 'interval']);
  assert.match(dummy?.watchedBy ?? '', /the interval of its monitor decides: /);
  for (const each of [app, dummy]) {
    assert.deepEqual([each?.delegated, each?.expectedToRun, each?.lastOperation.operation], [true, true, 'start']);
    assert.equal(each?.lastOperation.rc, 0);
  }
  const [monitor] = dummy?.monitors ?? [];
  assert.equal(monitor?.intervalMs, 10_000);
  // Its place within the interval, but not within a moment of the first run.
  assert.ok(monitor !== undefined && monitor.dueInMs <= 11_000, `${monitor?.dueInMs}`);
  const one = (await agentJson('describe', 'shop', 'web.dummy')) as unknown as DescriptionJson;
  assert.deepEqual(
    one.resources.map(({ resource }) => resource),
    ['web.dummy'],
  );
  assert.match(await site.must('agent', 'describe', 'shop/web.app'), /watched by +the exit of process/);
  const wrong = await agent('describe', 'web.vm');
  assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
  assert.match(wrong.stderr, /the VM itself/);
});

test('Host: properties, statistics, identities, and what this machine cannot do', async () => {
  const host = await agentJson('host', 'get', 'web');
  assert.equal(host.wordsize, 64);
  assert.ok((host.memory as number) > 1000 && (host.cpuCount as number) >= 1);
  assert.equal(typeof (host.load as Record<string, number>)['1'], 'number');
  assert.match(await site.must('agent', 'host', 'get', 'shop', 'web'), /^process_statistics +\d+ /m);

  const uuid = async (...lifetime: readonly string[]) => (await agentJson('host', 'get-uuid', 'web', ...lifetime)).uuid;
  assert.equal(await uuid(), host.uuid);
  assert.equal(await uuid('filesystem'), host.uuid);
  assert.equal(await uuid('Reboot'), readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  assert.notEqual(await uuid('Agent'), (await agentJson('host', 'get_uuid', 'db', 'Agent')).uuid);
  const mine = randomUUID();
  assert.equal((await agent('host', 'set-uuid', 'web', mine)).stdout, 'done (rc 0)\n');
  assert.equal(await uuid('--lifetime', 'CUSTOM'), mine);
  const others: readonly [readonly string[], RegExp][] = [
    [['get-uuid', 'web', '--lifetime', 'forever'], /lifetime/],
    [['set-uuid', 'web', mine, '--lifetime', 'Hardware'], /Hardware|Custom/],
    [['shutdown', 'web'], /say that you mean it with --yes/],
    [['reboot', 'shop/web'], /say that you mean it with --yes/],
  ];
  for (const [args, message] of others) {
    const ran = await agent('host', ...args);
    assert.match(ran.stderr, message);
    assert.notEqual(ran.code, 0);
  }
});

test('Services: listed, and a name that is none of them is an error', async () => {
  const { names } = (await agentJson('services', 'list', 'web')) as { names: string[] };
  assert.ok(names.length > 0);
  const unknown = await agent('services', 'status', 'web', 'no-such-service');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /no-such-service/);
});

test('Resources: listed, described, invoked once and again and again, and cancelled', async () => {
  const names = async (...args: readonly string[]) =>
    ((await agentJson('resources', ...args)) as { names: string[] }).names;
  assert.ok((await names('list-standards', 'web')).includes('ocf'));
  assert.ok((await names('list-providers', 'web', 'ocf')).includes('heartbeat'));
  assert.ok((await names('list', 'web', 'ocf:heartbeat')).includes('Dummy'));
  assert.match(
    await site.must('agent', 'resources', 'describe', 'web', 'ocf:heartbeat:Dummy'),
    /^<\?xml|<resource-agent/,
  );

  const dummy = ['ocf:heartbeat:Dummy'] as const;
  const state = ['--param', `state=/tmp/cpe-agent-calls-${mark}.state`] as const;
  const invoke = (action: string, ...more: readonly string[]) =>
    agent('resources', 'invoke', 'web', 'probe', ...dummy, action, ...state, ...more);
  const stopped = await invoke('monitor');
  assert.deepEqual([stopped.code, stopped.stdout], [5, 'rc 7 not running (expected: 0)\n']);
  const probed = await invoke('monitor', '--expected-rc', '7', '--userdata', 'mine', '--json');
  assert.equal(probed.code, 0);
  const { rc, userdata } = JSON.parse(probed.stdout) as Record<string, unknown>;
  assert.deepEqual([rc, userdata], [7, 'mine']);
  assert.equal((await invoke('start')).code, 0);
  assert.equal((await invoke('monitor', '--interval', '1s')).code, 0);

  assert.equal((await agent('host', 'set-update-interval', 'web', '0')).code, 0);
  let isHeard = false;
  const heard = agent('events', 'shop', 'web', '--json', '--count', '1', '--timeout', '60s').finally(() => {
    isHeard = true;
  });
  // Nothing says from when on it listens: the result changes until it has heard of one.
  for (let isUp = true; !isHeard; isUp = !isUp) assert.equal((await invoke(isUp ? 'stop' : 'start')).code, 0);
  const changed = JSON.parse((await heard).stdout) as Record<string, unknown>;
  assert.deepEqual([changed.kind, changed.name, changed.action], ['resource_op', 'probe', 'monitor']);
  assert.deepEqual([changed.interval, changed.expectedRc, [0, 7].includes(changed.rc as number)], [1000, 0, true]);
  assert.equal((await agent('resources', 'cancel', 'web', 'probe', 'monitor', '--interval', '1s')).code, 0);
  assert.equal((await invoke('stop')).code, 0);
  const gone = await agent('resources', 'cancel', 'web', 'probe', 'monitor', '--interval', '1s');
  assert.equal(gone.code, 1);
  for (const wrong of [
    ['invoke', 'web', 'x', 'ocf:heartbeat:NoSuchAgent', 'monitor'],
    ['describe', 'web', 'ocf:heartbeat:../../../etc/passwd'],
    ['fail', 'web', 'no-such-operation'],
  ]) {
    const ran = await agent('resources', ...wrong);
    assert.equal(ran.code, 1, wrong.join(' '));
    assert.equal(ran.stdout, '');
  }
});

test('a managed resource that is declared failed is recovered, and is stopped by nobody but its deployable', async () => {
  const since = await site.lastSeq();
  assert.equal((await agent('resources', 'fail', 'web', 'web.app', '--rc', '7')).code, 0);
  const recovered = await site.event(
    since,
    ({ kind, resource }) => kind === 'resource-recovered' && resource === 'app',
  );
  assert.equal(recovered.assembly, 'web');
  const taken = await agent('resources', 'invoke', 'web', 'web.dummy', 'ocf:heartbeat:Dummy', 'stop');
  assert.equal(taken.code, 1);
  assert.match(taken.stderr, /cpectl resource/);
});

test('Network: interfaces with their addresses; an unknown one is an error', async () => {
  assert.ok(((await agentJson('network', 'list', 'web')) as { names: string[] }).names.includes('lo'));
  assert.equal(await site.must('agent', 'network', 'get-ip-address', 'web', 'lo'), '127.0.0.1\n');
  assert.equal(await site.must('agent', 'network', 'status', 'web', 'lo'), 'up (rc 0)\n');
  const unknown = await agent('network', 'get-mac-address', 'web', 'nic0');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /nic0/);
});

test('Sysconfig: a script is run once for its key, and its result is kept', async () => {
  const script = site.document('setup.sh', 'echo "configured $0"; exit 3\n');
  const scheme = ['--scheme', 'script', '--key', `base.${mark}`] as const;
  const failed = await agent('sysconfig', 'run-string', 'web', '-f', script, ...scheme);
  assert.equal(failed.code, 5);
  assert.match(failed.stdout, /^FAILED\n3\nconfigured /);
  const kept = await agent('sysconfig', 'is-configured', 'shop', 'web', `base.${mark}`);
  assert.deepEqual([kept.code, kept.stdout], [5, failed.stdout]);
  const forced = await agent('sysconfig', 'run-string', 'web', 'echo again', ...scheme, '--force');
  assert.deepEqual([forced.code, forced.stdout.split('\n')[0]], [0, 'OK']);
  assert.equal((await agent('sysconfig', 'set-postboot-configured', 'web', '1')).code, 0);
  assert.equal((await agentJson('sysconfig', 'get', 'web')).isPostbootConfigured, 1);
  const path = await agent('sysconfig', 'is-configured', 'web', '../secret');
  assert.equal(path.code, 1);
  assert.match(path.stderr, /key/);
});

test('heartbeats of the machine come at its update interval', async () => {
  assert.equal((await agent('host', 'set-update-interval', 'web', '1')).code, 0);
  const heard = await site.must('agent', 'events', 'web', '--json', '--count', '3', '--timeout', '60s');
  const beats = heard
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { kind: string; assembly: string; sequence: number; timestamp: string })
    .filter(({ kind }) => kind === 'heartbeat');
  assert.ok(beats.length >= 2);
  for (const [index, beat] of beats.entries()) {
    assert.equal(beat.assembly, 'web');
    assert.match(beat.timestamp, /Z$/);
    if (index > 0) assert.equal(beat.sequence, (beats[index - 1]?.sequence ?? 0) + 1);
  }
});

test('what does not run has no agent, and names are helped with', async () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [['host', 'get', 'idle/db'], /idle\/db/],
    [['host', 'get', 'shop/wbe'], /did you mean web/],
    [['host', 'get', 'nothing'], /no assembly nothing/],
    [['events', 'nowhere'], /nowhere/],
  ];
  for (const [args, message] of cases) {
    const ran = await agent(...args);
    assert.deepEqual([ran.code, ran.stdout], [1, ''], args.join(' '));
    assert.match(ran.stderr, message);
  }
});

/** As somebody without this project's code would do it: a NATS client, the .proto files, the operator's credentials. */
interface Stranger {
  readonly connection: NatsConnection;
  ask(subject: string, body: Record<string, unknown>, more?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

async function stranger(): Promise<Stranger> {
  const info = JSON.parse(await site.must('--json', 'info')) as { busUrl: string; credentialsFile: string };
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(packageRoot(), 'proto', target);
  await root.load('cpe/v1/envelope.proto', { keepCase: true });
  const Envelope = root.lookupType('cpe.v1.Envelope');
  const { role, id } = credentialsIdentity(info.credentialsFile);
  const connection = await plainConnect(info.busUrl, readFileSync(info.credentialsFile), {
    inboxPrefix: inboxesOf(role, id).slice(0, -2),
  });
  return {
    connection,
    async ask(subject, body, more = {}) {
      const sender = { role: 5, id: 'stranger', incarnation: '1' };
      const message = { message_id: randomUUID(), protocol_major: 1, sender, ...more, ...body };
      const bytes = Envelope.encode(Envelope.fromObject(message)).finish();
      const reply = await connection.request(subject, bytes, { timeout: 20_000 });
      return Envelope.toObject(Envelope.decode(reply.data), { longs: Number }) as Record<string, unknown>;
    },
  };
}

async function callSubject(): Promise<string> {
  const { instance } = await agentJson('describe', 'web');
  return `cpe.v1.agent.${instance}.call`;
}

test('a stranger with the .proto files calls a method, and is told what is wrong with another', async () => {
  const { connection, ask } = await stranger();
  try {
    const subject = await callSubject();
    const answer = await ask(subject, { host_get_uuid: { lifetime: 'Reboot' } });
    assert.deepEqual(answer.host_uuid, { uuid: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() });
    const names = await ask(subject, { network_list: {} }, { deployable: 'shop' });
    assert.ok((names.name_list as { names: string[] }).names.includes('lo'));
    const wrong = await ask(subject, { host_get_uuid: { lifetime: 'forever' } });
    const { code, details } = wrong.error as { code: string; details: Record<string, string> };
    assert.deepEqual([code, details], ['invalid-request', { argument: 'lifetime' }]);
    const missing = await ask(subject, { network_get_ip_address: { iface: 'nic0' } });
    assert.equal((missing.error as { code: string }).code, 'not-found');
    const other = await ask(subject, { host_get_uuid: {} }, { deployable: 'other' });
    assert.equal((other.error as { code: string }).code, 'invalid-request');
    const claimed = await ask(subject, { host_get_uuid: {} }, { sender: { role: 4, id: 'x', incarnation: '1' } });
    assert.equal((claimed.error as { code: string }).code, 'invalid-request');
  } finally {
    await connection.close();
  }
});

test('what changes something is not done after its deadline, and questions are answered all the same', async () => {
  const { connection, ask } = await stranger();
  try {
    const subject = await callSubject();
    const late = { deadline_unix_ms: Date.now() - 60_000 };
    const refused = await ask(subject, { sysconfig_set_postboot_configured: { is_postboot_configured: 9 } }, late);
    assert.equal((refused.error as { code: string }).code, 'deadline');
    const { sysconfig_object: sysconfig } = await ask(subject, { sysconfig_get: {} }, late);
    assert.notEqual((sysconfig as { is_postboot_configured: number }).is_postboot_configured, 9);
  } finally {
    await connection.close();
  }
});
