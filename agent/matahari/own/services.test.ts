import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory, until, writeScript } from '../../executors/executor-fixture.js';
import type { SystemdManager, UnitState } from '../../systemd/systemd-manager.js';
import { machineWith, ownSetting, problemOf, valueFrom } from './own-fixture.js';
import { parseInitInfo, renderDescription } from './service-description.js';
import { serviceNames } from './systemd-services.js';
import { turns } from './turns.js';

const header = `### BEGIN INIT INFO
# Provides:          web
# Short-Description: Serves <pages> & "files"
# Description:       First line
#                    second line
#	third line
# Something-Else:    x
### END INIT INFO
`;

/** An init script whose service is a file beside it. */
const service = `${header}
state=$(dirname "$0")/../running
case "$1" in
  start) touch "$state" ;;
  stop) rm -f "$state" ;;
  status) test -e "$state" || exit 3 ;;
  *) exit 2 ;;
esac`;

function scripts(files: Readonly<Record<string, string>>): string {
  const directory = join(temporaryDirectory(), 'init.d');
  mkdirSync(directory);
  for (const [name, text] of Object.entries(files)) writeScript(join(directory, name), text);
  return directory;
}

const setting = (initScripts: string, machineRoot = machineWith({})) => ownSetting({ initScripts, machineRoot });

test('without systemd, services are the init scripts that can be run', async () => {
  const directory = scripts({ web: service, db: service, README: '' });
  chmodSync(join(directory, 'README'), 0o644);
  mkdirSync(join(directory, 'more'));
  const { services } = setting(directory).matahari;
  assert.deepEqual(await valueFrom(services.list()), ['db', 'web']);
  assert.deepEqual(await valueFrom(setting('/no/such/directory').matahari.services.list()), []);
});

test("an init script's own codes are the answer", async () => {
  const odd = 'case "$1" in start) exit 6;; stop) exit 4;; status) exit 1;; esac';
  const { services } = setting(scripts({ web: service, odd })).matahari;
  assert.equal(await valueFrom(services.status('web', 5000)), 3);
  assert.equal(await valueFrom(services.start('web', 5000)), 0);
  assert.equal(await valueFrom(services.status('web', 0)), 0);
  assert.equal(await valueFrom(services.stop('web', 5000)), 0);
  assert.equal(await valueFrom(services.status('web', 5000)), 3);
  assert.equal(await valueFrom(services.start('odd', 5000)), 6);
  assert.equal(await valueFrom(services.stop('odd', 5000)), 4);
  assert.equal(await valueFrom(services.status('odd', 5000)), 1);
});

test('a service that does not answer in time is a problem, and nothing of it is left', async () => {
  const pids = join(temporaryDirectory(), 'pids');
  const slow = `trap '' TERM; sleep 60 & echo $! $$ > ${pids}; wait; wait; sleep 60`;
  const { services } = setting(scripts({ slow })).matahari;
  assert.equal((await problemOf(services.start('slow', 500))).code, 'timeout');
  for (const pid of readFileSync(pids, 'utf8').trim().split(' ')) {
    await until(`${pid} has ended`, () => !existsSync(`/proc/${pid}`) || /\bZ\b/.test(stateOf(pid)));
  }
});

function stateOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.slice(0, 1) ?? 'Z';
  } catch {
    return 'Z';
  }
}

test('an unknown service is not found, and what is no name of one is refused', async () => {
  const { services } = setting(scripts({ web: service })).matahari;
  const methods = [
    (name: string) => services.start(name, 1000),
    (name: string) => services.stop(name, 1000),
    (name: string) => services.status(name, 1000),
    (name: string) => services.enable(name),
    (name: string) => services.disable(name),
    (name: string) => services.describe(name),
  ];
  for (const method of methods) {
    const unknown = await problemOf(method('zzzzz'));
    assert.deepEqual([unknown.code, unknown.argument], ['not-found', 'name']);
    for (const bad of ['', '.', '..', '../web', '-h', 'a b', 'a/b', 'a\nb', 'x'.repeat(300)]) {
      const problem = await problemOf(method(bad));
      assert.deepEqual([problem.code, problem.argument], ['invalid-argument', 'name'], bad);
    }
  }
  for (const bad of [-1, 0.5, Number.NaN, 2 ** 32]) {
    assert.equal((await problemOf(services.start('web', bad))).argument, 'timeout');
  }
});

test('what is asked of one service is done one after the other', async () => {
  const log = join(temporaryDirectory(), 'log');
  const { services } = setting(scripts({ web: `echo begin >> ${log}; sleep 0.1; echo end >> ${log}` })).matahari;
  await Promise.all([services.start('web', 9000), services.status('web', 9000), services.stop('web', 9000)]);
  assert.equal(readFileSync(log, 'utf8'), 'begin\nend\n'.repeat(3));
  const many = await Promise.all(Array.from({ length: 40 }, () => services.status('web', 9000)));
  const refused = many.filter((answer) => answer.kind === 'problem');
  assert.ok(refused.length > 0 && refused.every(({ problem }) => problem.code === 'unavailable'));
});

test('turns of one name are in order, and those of others do not wait', async () => {
  const queue = turns(1);
  const seen: string[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const first = queue.take('a', () => gate.then(() => seen.push('first')));
  const second = queue.take('a', async () => seen.push('second'));
  assert.equal(
    queue.take('a', async () => undefined),
    undefined,
  );
  await queue.take('b', async () => seen.push('other'));
  open();
  await Promise.all([first, second]);
  assert.deepEqual(seen, ['other', 'first', 'second']);
  await queue.take('a', async () => seen.push('again'));
  assert.deepEqual(seen.at(-1), 'again');
});

const updateRc = '#!/bin/sh\necho "$@" >> "$(dirname "$0")/calls"\ntest "$1" != broken || { echo no >&2; exit 1; }\n';

test('a service is started at boot by update-rc.d, else by chkconfig, else by nothing', async () => {
  const directory = scripts({ web: service, broken: service });
  const debian = machineWith({ '/usr/sbin/update-rc.d': updateRc });
  const { services } = setting(directory, debian).matahari;
  assert.equal(await valueFrom(services.enable('web')), 0);
  assert.equal(await valueFrom(services.disable('web')), 0);
  assert.equal(
    readFileSync(join(debian, 'usr/sbin/calls'), 'utf8'),
    'web defaults\nweb enable\nweb defaults\nweb disable\n',
  );
  assert.match((await problemOf(services.enable('broken'))).message, /exit code 1: no/);
  const other = machineWith({ '/sbin/chkconfig': updateRc });
  assert.equal(await valueFrom(setting(directory, other).matahari.services.enable('web')), 0);
  assert.equal(readFileSync(join(other, 'sbin/calls'), 'utf8'), 'web on\n');
  assert.equal((await problemOf(setting(directory).matahari.services.enable('web'))).code, 'not-installed');
});

test('a service is described by its own header, as XML', async () => {
  const { services } = setting(scripts({ web: service, bare: 'true' })).matahari;
  const xml = await valueFrom(services.describe('web'));
  assert.match(xml, /<resource-agent name="web"/);
  assert.match(xml, /<shortdesc lang="en">Serves &lt;pages&gt; &amp; &quot;files&quot;<\/shortdesc>/);
  assert.match(xml, /First line\nsecond line\nthird line<\/longdesc>/);
  assert.match(await valueFrom(services.describe('bare')), /<shortdesc lang="en"><\/shortdesc>/);
  assert.deepEqual(parseInitInfo('### BEGIN INIT INFO\n# Description: x\n'), { short: '', long: '' });
  assert.match(renderDescription({ name: 'a', short: 'x\u0000\u001by', long: '', actions: [] }), />xy</);
});

/** systemd as far as services ask it; what it says is the table of a test. */
function systemdWith(units: Readonly<Record<string, Partial<UnitState>>>, jobs: Readonly<Record<string, string>> = {}) {
  const calls: string[] = [];
  const unit = (name: string): UnitState => ({
    name,
    description: '',
    loadState: units[name] === undefined ? 'not-found' : 'loaded',
    activeState: 'inactive',
    subState: '',
    result: '',
    mainPid: 0,
    exitStatus: 0,
    fragmentPath: '',
    ...units[name],
  });
  const manager: SystemdManager = {
    unit: async (name) => ({ kind: 'done', value: unit(name) }),
    runJob: async (name, job) => {
      calls.push(`${job} ${name}`);
      return { kind: 'done', value: jobs[name] ?? 'done' };
    },
    listServices: async () => ({
      kind: 'done',
      value: Object.keys(units).map((name) => ({ name, state: 'enabled' })),
    }),
    reload: async () => ({ kind: 'done', value: undefined }),
    resetFailed: async () => ({ kind: 'done', value: undefined }),
    enable: async (name) => {
      calls.push(`enable ${name}`);
      return units[name]?.fragmentPath?.startsWith('/run') === true
        ? { kind: 'refused', name: 'org.freedesktop.systemd1.UnitGenerated', message: 'generated' }
        : { kind: 'done', value: undefined };
    },
    disable: async (name) => {
      calls.push(`disable ${name}`);
      return { kind: 'done', value: undefined };
    },
    onUnitChange: () => () => undefined,
  };
  return { manager, calls };
}

const booted = { '/run/systemd/system/x': '', '/proc/1/comm': 'systemd\n' };

test('with systemd, services are its units', async () => {
  const { manager, calls } = systemdWith(
    {
      'web.service': { activeState: 'active', description: 'The web', fragmentPath: '/lib/systemd/system/web.service' },
      'db.service': { activeState: 'failed' },
      'starting.service': { activeState: 'activating' },
      'tty@.service': {},
    },
    { 'db.service': 'failed', 'starting.service': 'timeout' },
  );
  const { services } = ownSetting({ machineRoot: machineWith(booted), systemd: async () => manager }).matahari;
  assert.deepEqual(await valueFrom(services.list()), ['db', 'starting', 'web']);
  assert.equal(await valueFrom(services.status('web', 1000)), 0);
  assert.equal(await valueFrom(services.status('web.service', 1000)), 0);
  assert.equal(await valueFrom(services.status('db', 1000)), 3);
  assert.equal(await valueFrom(services.status('starting', 1000)), 3);
  assert.equal(await valueFrom(services.start('web', 1000)), 0);
  assert.equal(await valueFrom(services.stop('db', 1000)), 1);
  assert.equal((await problemOf(services.start('starting', 1000))).code, 'timeout');
  assert.equal(await valueFrom(services.enable('web')), 0);
  assert.equal(await valueFrom(services.disable('web')), 0);
  assert.deepEqual(calls, [
    'start web.service',
    'stop db.service',
    'start starting.service',
    'enable web.service',
    'disable web.service',
  ]);
  assert.match(await valueFrom(services.describe('web')), /name="web"[\s\S]*The web/);
  assert.equal((await problemOf(services.start('zzz', 1000))).code, 'not-found');
  assert.equal((await problemOf(services.enable('zzz'))).code, 'not-found');
});

test('an instance with a PID 1 of its own does not take the units of the machine whose files it shares', async () => {
  const machineRoot = machineWith({ ...booted, '/proc/1/comm': 'cpe-instance-in\n' });
  const { services, resources } = ownSetting({ machineRoot, initScripts: scripts({ web: service }) }).matahari;
  assert.deepEqual(await valueFrom(services.list()), ['web']);
  assert.deepEqual(await valueFrom(resources.listStandards()), ['ocf', 'lsb', 'service']);
});

test('a unit that was made of an init script is started at boot by its links', async () => {
  const { manager } = systemdWith({ 'web.service': { fragmentPath: '/run/systemd/generator.late/web.service' } });
  const machineRoot = machineWith({ ...booted, '/usr/sbin/update-rc.d': updateRc });
  const more = { machineRoot, initScripts: scripts({ web: service }), systemd: async () => manager };
  assert.equal(await valueFrom(ownSetting(more).matahari.services.enable('web')), 0);
  assert.equal(readFileSync(join(machineRoot, 'usr/sbin/calls'), 'utf8'), 'web defaults\nweb enable\n');
});

test('a systemd that does not answer is said to be unavailable', async () => {
  const machineRoot = machineWith(booted);
  const failing = ownSetting({ machineRoot, systemd: async () => Promise.reject(new Error('no bus')) }).matahari;
  for (const answer of [failing.services.start('web', 1000), failing.services.list(), failing.services.enable('web')]) {
    assert.equal((await problemOf(answer)).code, 'unavailable');
  }
  const hanging = ownSetting({ machineRoot, systemd: () => new Promise(() => undefined) }).matahari;
  assert.equal((await problemOf(hanging.services.status('web', 200))).code, 'timeout');
});

test('names of services are those of units without templates', () => {
  assert.deepEqual(serviceNames(['b.service', 'a@.service', 'a@x.service', 'a.socket', 'b.service']), ['a@x', 'b']);
});

test('the real init scripts of this machine are listed and described', { skip: noScripts() }, async () => {
  const { services } = ownSetting({ machineRoot: machineWith({}) }).matahari;
  for (const name of await valueFrom(services.list())) {
    assert.match(await valueFrom(services.describe(name)), new RegExp(`name="${name.replaceAll('.', '\\.')}"`));
  }
});

function noScripts(): string | false {
  return existsSync('/etc/init.d') ? false : 'this machine has no /etc/init.d';
}
