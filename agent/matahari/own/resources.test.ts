import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { temporaryDirectory, until, writeScript } from '../../executors/executor-fixture.js';
import { type ResourceExecutors, resourceExecutors } from '../../executors/resource-executors.js';
import type { Invocation, ResourcesObject } from '../matahari.js';
import { machineWith, ownSetting, problemOf, valueFrom } from './own-fixture.js';
import type { OwnMatahariOptions } from './own-options.js';

const opened: ResourceExecutors[] = [];
after(() => {
  for (const executors of opened) executors.close();
});

const agents = {
  'acme/Probe': `
case "$1" in
  meta-data) echo 'a warning' >&2; echo '<?xml version="1.0"?>'; echo '<resource-agent name="Probe"></resource-agent>'
    echo 'more of it' ;;
  monitor) echo "$OCF_RESOURCE_INSTANCE" > "$OCF_RESKEY_said"; test -z "$OCF_RESKEY_rc" || exit "$OCF_RESKEY_rc" ;;
  start|stop) echo "$1" >> "$OCF_RESKEY_said" ;;
  die) kill -KILL $$ ;;
  *) exit 3 ;;
esac`,
  'acme/Garbage': 'head -c 100000 /dev/urandom',
  'acme/Failing': 'echo broken >&2; exit 5',
  'other/Plain': 'exit 0',
};

interface Setting {
  readonly resources: ResourcesObject;
  readonly directory: string;
  readonly failed: string[];
}

function setting(more: Partial<OwnMatahariOptions> = {}, init: Readonly<Record<string, string>> = {}): Setting {
  const directory = temporaryDirectory();
  const ocfRoot = join(directory, 'ocf');
  for (const [path, text] of Object.entries(agents)) {
    mkdirSync(join(ocfRoot, 'resource.d', path, '..'), { recursive: true });
    writeScript(join(ocfRoot, 'resource.d', path), text);
  }
  writeFileSync(join(ocfRoot, 'resource.d/acme/.hidden'), '', { mode: 0o755 });
  writeFileSync(join(ocfRoot, 'resource.d/acme/README'), '');
  mkdirSync(join(ocfRoot, 'resource.d/empty'));
  const initScripts = join(directory, 'init.d');
  mkdirSync(initScripts);
  for (const [name, text] of Object.entries(init)) writeScript(join(initScripts, name), text);
  const failed: string[] = [];
  const journal = { entries: () => new Map<string, unknown>(), append: () => undefined };
  const executor = resourceExecutors({
    instance: `own-${process.pid}-${opened.length}`,
    stateDirectory: directory,
    journal,
    ocfRoot,
    initScripts,
    onChange: () => undefined,
  });
  opened.push(executor);
  const { matahari } = ownSetting({
    ocfRoot,
    initScripts,
    executor,
    machineRoot: machineWith({}),
    isManaged: (name) => name === 'web.app',
    failManaged: (name, rc) => {
      failed.push(`${name} ${rc}`);
      return rc !== 13;
    },
    ...more,
  });
  return { resources: matahari.resources, directory, failed };
}

function probe(change: Partial<Invocation> = {}): Invocation {
  return {
    name: 'probe',
    standard: 'ocf',
    provider: 'acme',
    agent: 'Probe',
    action: 'monitor',
    intervalMs: 0,
    parameters: {},
    timeoutMs: 20_000,
    expectedRc: 0,
    userdata: '',
    ...change,
  };
}

test('what can be run is listed: agents are programs, and providers have some', async () => {
  const { resources } = setting({}, { web: 'true' });
  assert.deepEqual(await valueFrom(resources.listStandards()), ['ocf', 'lsb', 'service']);
  assert.deepEqual(await valueFrom(resources.listProviders('ocf')), ['acme', 'other']);
  assert.deepEqual(await valueFrom(resources.listProviders('LSB')), []);
  assert.deepEqual(await valueFrom(resources.list('ocf', 'acme')), ['Failing', 'Garbage', 'Probe']);
  assert.deepEqual(await valueFrom(resources.list('lsb', '')), ['web']);
  assert.deepEqual(await valueFrom(resources.list('service', '')), ['web']);
  const problem = await problemOf(resources.list('systemd', ''));
  assert.deepEqual([problem.code, problem.argument], ['invalid-argument', 'standard']);
});

test('meta-data are the document in what an agent writes, or a problem', async () => {
  const { resources } = setting({}, { web: '### BEGIN INIT INFO\n# Short-Description: A web\n### END INIT INFO' });
  const xml = await valueFrom(resources.describe('ocf', 'acme', 'Probe'));
  assert.match(xml, /^<\?xml version="1\.0"\?>\n[\s\S]*<\/resource-agent>\n$/);
  assert.equal((await problemOf(resources.describe('ocf', 'acme', 'Garbage'))).code, 'failed');
  assert.match((await problemOf(resources.describe('ocf', 'acme', 'Failing'))).message, /exit code 5: broken/);
  assert.match(await valueFrom(resources.describe('service', '', 'web')), /name="web"[\s\S]*A web/);
});

test('a managed resource may be looked at, and is changed by its deployable only', async () => {
  const { resources, directory, failed } = setting();
  const said = join(directory, 'said');
  const managed = (action: string) => resources.invoke(probe({ name: 'web.app', action, parameters: { said } }));
  assert.equal((await valueFrom(managed('monitor'))).rc, 0);
  assert.equal(readFileSync(said, 'utf8'), 'web.app\n');
  for (const action of ['start', 'stop', 'promote', 'reload', 'migrate_to', 'enable', 'anything']) {
    const problem = await problemOf(managed(action));
    assert.deepEqual([problem.code, problem.argument], ['invalid-argument', 'name'], action);
    assert.match(problem.message, /cpectl resource/);
  }
  assert.equal(readFileSync(said, 'utf8'), 'web.app\n');
  await valueFrom(resources.fail('web.app', 7));
  assert.equal((await problemOf(resources.fail('web.app', 0))).argument, 'rc');
  assert.deepEqual(failed, ['web.app 7']);
  assert.equal((await problemOf(resources.fail('web.app', 13))).code, 'not-found');
});

test('a managed resource is looked at with its own parameters, and with what is given instead', async () => {
  const parameters: Record<string, string> = {};
  const definitionOf = (name: string) =>
    name === 'web.app'
      ? { class: 'ocf', provider: 'acme', type: 'Probe', parameters, meta: {}, exec: undefined }
      : undefined;
  const { resources, directory } = setting({ definitionOf });
  Object.assign(parameters, { said: join(directory, 'said'), rc: '7' });
  const look = async (change: Partial<Invocation>) => (await valueFrom(resources.invoke(probe(change)))).rc;
  assert.equal(await look({ name: 'web.app' }), 7);
  assert.equal(readFileSync(join(directory, 'said'), 'utf8'), 'web.app\n');
  assert.equal(await look({ name: 'web.app', parameters: { rc: '9' } }), 9);
  assert.equal(await look({ name: 'web.app', provider: 'other', agent: 'Plain' }), 0);
  assert.equal(await look({ parameters: { said: join(directory, 'probe') } }), 0);
});

test("nothing of what is invoked is taken for the managed resource's own", async () => {
  const { resources, directory } = setting();
  const [executors] = opened.slice(-1);
  const said = join(directory, 'said');
  await valueFrom(resources.invoke(probe({ name: 'web.app', parameters: { said } })));
  assert.equal(executors?.watch('web.app'), undefined);
});

test('what an agent does not say is a problem, what it says is its own', async () => {
  const { resources } = setting();
  assert.equal((await valueFrom(resources.invoke(probe({ action: 'frobnicate' })))).rc, 3);
  assert.match((await problemOf(resources.invoke(probe({ action: 'die' })))).message, /SIGKILL/);
  for (const [parameters, argument] of [
    [{ 'a=b': 'x' }, 'parameters'],
    [{ a: 'x\0y' }, 'parameters'],
    [{ a: 'x'.repeat(70_000) }, 'parameters'],
  ] as const) {
    const problem = await problemOf(resources.invoke(probe({ parameters })));
    assert.deepEqual([problem.code, problem.argument], ['invalid-argument', argument]);
  }
  for (const name of ['a b', '../x', 'a/b', '-x', 'a\nb', 'x'.repeat(121)]) {
    assert.equal((await problemOf(resources.invoke(probe({ name })))).argument, 'name', name);
  }
  for (const action of ['-h', 'a b', '../x', 'x'.repeat(65)]) {
    assert.equal((await problemOf(resources.invoke(probe({ action })))).argument, 'action', action);
  }
  assert.equal((await problemOf(resources.invoke(probe({ intervalMs: 99 })))).argument, 'interval');
  const tooLong = probe({ userdata: 'x'.repeat(70_000) });
  assert.equal((await problemOf(resources.invoke(tooLong))).argument, 'userdata');
});

test("a service's codes are LSB's: 3 is stopped, as a resource and as a service", async () => {
  const web = `state=$(dirname "$0")/../running
case "$1" in
  start) touch "$state" ;;
  stop) rm -f "$state" ;;
  status) test -e "$state" || exit 3 ;;
  reload) exit 3 ;;
esac`;
  const { resources } = setting({}, { web });
  for (const standard of ['lsb', 'service']) {
    const run = async (action: string) =>
      (await valueFrom(resources.invoke(probe({ standard, provider: '', agent: 'web', action })))).rc;
    const codes: number[] = [];
    for (const action of ['status', 'start', 'status', 'monitor', 'stop', 'monitor', 'reload', 'dance']) {
      codes.push(await run(action));
    }
    assert.deepEqual(codes, [3, 0, 0, 0, 0, 3, 3, 3], standard);
  }
});

test('enable and disable are actions of services', async () => {
  const machineRoot = machineWith({ '/usr/sbin/update-rc.d': '#!/bin/sh\necho "$@" >> "$(dirname "$0")/calls"\n' });
  const { resources } = setting({ machineRoot }, { web: 'true' });
  const asked = probe({ standard: 'lsb', provider: '', agent: 'web', action: 'enable' });
  assert.equal((await valueFrom(resources.invoke(asked))).rc, 0);
  assert.equal((await valueFrom(resources.invoke({ ...asked, action: 'disable' }))).rc, 0);
  assert.match(readFileSync(join(machineRoot, 'usr/sbin/calls'), 'utf8'), /web enable\n[\s\S]*web disable\n/);
});

const realRoot = '/usr/lib/ocf/resource.d/heartbeat';

test('a real agent is started, seen failed, and stopped', { skip: noRealAgents() }, async () => {
  const { resources, directory } = setting();
  for (const part of ['resource.d/heartbeat', 'lib'])
    symlinkSync(join('/usr/lib/ocf', part), join(directory, 'ocf', part));
  const dummy = (action: string, more: Partial<Invocation> = {}) =>
    resources.invoke(probe({ provider: 'heartbeat', agent: 'Dummy', action, parameters: { state }, ...more }));
  const state = join(directory, 'dummy');
  const ops: number[] = [];
  resources.onResourceOp(({ rc }) => ops.push(rc));
  assert.equal((await valueFrom(dummy('monitor'))).rc, 7);
  assert.equal((await valueFrom(dummy('start'))).rc, 0);
  assert.equal((await valueFrom(dummy('monitor', { intervalMs: 100 }))).rc, 0);
  assert.equal((await valueFrom(dummy('stop'))).rc, 0);
  await until('the recurring monitor tells', () => ops.includes(7));
  await valueFrom(resources.cancel('probe', 'monitor', 100, 5000));
  assert.equal(existsSync(state), false);
  assert.match(await valueFrom(resources.describe('ocf', 'heartbeat', 'Dummy')), /<resource-agent name="Dummy"/);
});

function noRealAgents(): string | false {
  return existsSync(realRoot) ? false : 'resource-agents is not installed: apt-get install resource-agents';
}

test('a listener that fails harms nobody else', async () => {
  const logged: string[] = [];
  const { resources } = setting({ log: (_, message) => logged.push(message) });
  resources.onResourceOp(() => {
    throw new Error('broken');
  });
  const told: number[] = [];
  resources.onResourceOp(({ rc }) => told.push(rc));
  await valueFrom(resources.invoke(probe({ provider: 'other', agent: 'Plain' })));
  await valueFrom(resources.fail('probe', 3));
  assert.deepEqual([told, logged], [[3], ['a listener of resource_op has failed']]);
});
