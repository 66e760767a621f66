/** What every starter of commands promises. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { isPopulated, listCgroup } from './cgroup.js';
import type { Launch } from './exec-launch.js';
import {
  scriptFixture,
  spawnerStarter,
  temporaryDirectory,
  until,
  withoutCgroups,
  writeScript,
} from './executor-fixture.js';
import { nodeStarter } from './node-starter.js';
import type { ProcessEnd, ProcessStarter, StartedProcess, StartResult } from './process-starter.js';
import { isRunning, listProcesses, readArguments, readEnvironmentValues, readProcess } from './process-table.js';
import { runVariable } from './resource-executor.js';
import { settleExecutions, settleSpawners } from './spawner-file.js';
import { encodeRequest } from './spawner-request.js';

const isRoot = process.getuid?.() === 0;
const withoutRoot = isRoot ? false : 'only root starts commands as other users';

interface Fixture {
  readonly directory: string;
  readonly log: string;
  readonly starter: ProcessStarter;
  start(launch: Partial<Launch>, more?: { readonly token?: string; readonly cgroup?: string }): Promise<StartResult>;
  /** Of a start that has to succeed. */
  started(
    launch: Partial<Launch>,
    more?: { readonly token?: string; readonly cgroup?: string },
  ): Promise<StartedProcess>;
  /** Its output, when it has ended. */
  output(launch: Partial<Launch>): Promise<string>;
}

type Open = (context: TestContext, directory: string) => ProcessStarter;

const starters: Readonly<Record<string, Open>> = {
  spawner: (context, directory) => spawnerStarter(context, directory),
  node: () => nodeStarter,
};

function fixture(context: TestContext, open: Open): Fixture {
  const directory = temporaryDirectory();
  // A user has to be able to go there.
  chmodSync(directory, 0o755);
  const log = join(directory, 'log');
  const starter = open(context, directory);
  const running: StartedProcess[] = [];
  // What is waited for is told by processes that keep nobody from ending.
  const waiting = setInterval(() => undefined, 1000);
  context.after(() => {
    clearInterval(waiting);
    for (const { identity } of running) if (isRunning(identity)) process.kill(identity.pid, 'SIGKILL');
  });
  const all: Fixture = {
    directory,
    log,
    starter,
    async start(launch, { token = directory, cgroup } = {}) {
      const whole = {
        path: '/bin/sh',
        argv: ['sh'],
        environment: { PATH: '/usr/bin:/bin' },
        directory: '/',
        ...launch,
      };
      const result = await starter.start(
        { owner: undefined, limits: {}, ...whole },
        { token, log, cgroup, deadlineMs: 10_000 },
      );
      if (result.kind === 'started') running.push(result.process);
      return result;
    },
    async started(launch, more) {
      const result = await all.start(launch, more);
      assert.ok(result.kind === 'started', JSON.stringify(result));
      return result.process;
    },
    async output(launch) {
      writeFileSync(log, '');
      const { ended } = await all.started(launch);
      const end = await ended;
      assert.deepEqual(end, { kind: 'exited', code: 0 }, readFileSync(log, 'utf8'));
      return readFileSync(log, 'utf8');
    },
  };
  return all;
}

function shell(script: string): Partial<Launch> {
  return { path: '/bin/sh', argv: ['sh', '-c', script] };
}

const sleeper: Partial<Launch> = { path: '/bin/sleep', argv: ['sleep', '600'] };

function contract(name: string, what: string, check: (all: Fixture, context: TestContext) => Promise<void>): void {
  const open = starters[name];
  assert.ok(open !== undefined);
  test(`${name}: ${what}`, (context) => check(fixture(context, open), context));
}

for (const name of Object.keys(starters)) {
  contract(name, 'a command gets its arguments, argv[0] among them, as they are', async ({ started, output }) => {
    const { identity } = await started({ path: '/bin/sleep', argv: ['a name', '600'] });
    // The kernel says that it runs a little before it says what.
    await until('its arguments', () => readArguments(identity.pid).length > 0);
    assert.deepEqual(readArguments(identity.pid), ['a name', '600']);
    const rest = ['', 'a b', '$(id)', 'ä\n"', '-c'];
    const said = await output({ path: '/bin/sh', argv: ['sh', '-c', 'printf "%s|" "$@"', 'sh', ...rest] });
    assert.equal(said, rest.map((each) => `${each}|`).join(''));
  });

  contract(name, 'its environment is what it was given and the token, and nothing else', async ({ output }) => {
    const environment = { 'odd.name': 'x', EMPTY: '', TEXT: 'ä\n=b' };
    const text = await output({ path: '/usr/bin/env', argv: ['env', '-0'], environment });
    const [token, ...others] = text.split('\0').filter(Boolean).sort();
    assert.match(token ?? '', new RegExp(`^${runVariable}=`));
    assert.deepEqual(others, ['EMPTY=', 'TEXT=ä\n=b', 'odd.name=x']);
  });

  contract(name, 'it starts in its directory, in a session of its own, with a log that is appended to', async (all) => {
    writeFileSync(all.log, 'before\n');
    const { identity, ended } = await all.started({ ...shell('pwd; echo err >&2; exec sleep 600'), directory: '/usr' });
    await until('its exec', () => readFileSync(`/proc/${identity.pid}/comm`, 'utf8') === 'sleep\n');
    assert.equal(readFileSync(all.log, 'utf8'), 'before\n/usr\nerr\n');
    const entry = readProcess(identity.pid);
    assert.deepEqual([entry?.session, entry?.startTime], [identity.pid, identity.startTime]);
    process.kill(identity.pid, 'SIGKILL');
    assert.deepEqual(await ended, { kind: 'signalled', signal: 'SIGKILL' });
  });

  contract(name, 'a log is made for its owner and group only', async ({ started, log }) => {
    await started(shell('true'));
    assert.equal(statSync(log).mode & 0o137, 0);
  });

  contract(name, 'it has /dev/null as its input, and no other open file than its log', async ({ started, log }) => {
    const { identity } = await started(sleeper);
    // Node hands on what it was itself given open.
    const given = name === 'node' ? inheritable() : [];
    const files = readdirSync(`/proc/${identity.pid}/fd`).filter((file) => !given.includes(file));
    const targets = files.map((file) => readlinkSync(`/proc/${identity.pid}/fd/${file}`));
    assert.deepEqual(
      [files, targets],
      [
        ['0', '1', '2'],
        ['/dev/null', log, log],
      ],
    );
  });

  contract(name, 'no signal is blocked or ignored', async ({ started }) => {
    const { identity } = await started(sleeper);
    // Node sets none of the real-time signals back: whoever starts this may ignore some.
    const ignored = name === 'node' ? signalMask('self', 'SigIgn') & realTimeSignals : 0n;
    assert.equal(signalMask(identity.pid, 'SigIgn'), ignored);
    assert.equal(signalMask(identity.pid, 'SigBlk'), 0n);
  });

  contract(name, 'how it ended is told', async ({ started }) => {
    const ends: [string, ProcessEnd][] = [
      ['exit 0', { kind: 'exited', code: 0 }],
      ['exit 255', { kind: 'exited', code: 255 }],
      ['kill -TERM $$', { kind: 'signalled', signal: 'SIGTERM' }],
      ['kill -SEGV $$', { kind: 'signalled', signal: 'SIGSEGV' }],
    ];
    for (const [script, end] of ends) assert.deepEqual(await (await started(shell(script))).ended, end);
  });

  contract(name, 'limits are set, soft and hard', async ({ output }) => {
    const limits = { 'open-files': 77, core: 0, 'file-size': 2 ** 30 };
    const text = await output({ ...shell('ulimit -Sn; ulimit -Hn; ulimit -c; ulimit -f'), limits });
    assert.equal(text, `77\n77\n0\n${2 ** 21}\n`);
  });

  test(`${name}: it runs as its user, with its groups`, { skip: withoutRoot }, async (context) => {
    const open = starters[name];
    assert.ok(open !== undefined);
    const { output } = fixture(context, open);
    const id = 'id -u; id -g; id -G | tr " " "\\n" | sort -n | tr "\\n" " "';
    const limits = { 'open-files': 64 };
    const many = await output({ ...shell(id), owner: { uid: 65534, gid: 65534, groups: [65534, 4, 20] }, limits });
    assert.equal(many, '65534\n65534\n4 20 65534 ');
    const one = await output({ ...shell(id), owner: { uid: 65534, gid: 65533, groups: [65533] } });
    assert.equal(one, '65534\n65533\n65533 ');
    const own = await output(shell('id -u'));
    assert.equal(own, '0\n');
  });

  contract(name, 'a script without an interpreter is run by the shell', async ({ directory, output }) => {
    const path = join(directory, 'plain');
    writeFileSync(path, 'echo "$1"\n', { mode: 0o755 });
    assert.equal(await output({ path, argv: ['plain', 'said'] }), 'said\n');
  });

  contract(name, 'what cannot be started says why', async ({ directory, start }) => {
    const lost = writeScript(join(directory, 'lost'), '');
    writeFileSync(lost, '#!/no/such/interpreter\n');
    const closed = join(directory, 'closed');
    writeFileSync(closed, '#!/bin/sh\n', { mode: 0o644 });
    const rows: [Partial<Launch>, number, RegExp][] = [
      [{ path: lost, argv: ['lost'] }, 5, /lost could not be started: ENOENT$/],
      [{ path: closed, argv: ['closed'] }, 1, /closed could not be started: EACCES$/],
      [{ ...sleeper, directory: join(directory, 'none') }, name === 'node' ? 5 : 1, /could not be \w+: ENOENT$/],
    ];
    for (const [launch, rc, reason] of rows) {
      const result = await start(launch);
      assert.ok(result.kind === 'failed');
      assert.deepEqual(result.outcome.rc, rc, result.outcome.exitReason);
      assert.match(result.outcome.exitReason, reason);
    }
    await assert.rejects(start({ ...sleeper, argv: ['sleep', '6\u00000'] }), TypeError);
    const huge = await start({ ...sleeper, argv: ['sleep', 'x'.repeat(9 * 1024 * 1024)] });
    assert.ok(huge.kind === 'failed' && huge.outcome.exitReason.endsWith(': E2BIG'), JSON.stringify(huge));
  });

  contract(name, 'a log that cannot be opened says so', async ({ starter, directory }) => {
    const launch = { path: '/bin/true', argv: ['true'], environment: {}, directory: '/', owner: undefined, limits: {} };
    const log = join(directory, 'none', 'log');
    const result = await starter.start(launch, { token: 't', log, cgroup: undefined, deadlineMs: 10_000 });
    assert.ok(result.kind === 'failed');
    assert.equal(result.outcome.exitReason, `${log} could not be opened: ENOENT`);
  });

  contract(name, 'a hundred at once are a hundred processes, each with its own end', async ({ started }) => {
    const codes = Array.from({ length: 100 }, (_, code) => code);
    const ends = await Promise.all(codes.map(async (code) => (await started(shell(`exit ${code}`))).ended));
    assert.deepEqual(
      ends,
      codes.map((code) => ({ kind: 'exited', code })),
    );
  });
}

/** Of 32 to 64: a bit each, from that of signal 1 on. */
const realTimeSignals = 0xffff_ffff_8000_0000n;

function signalMask(pid: number | 'self', field: 'SigBlk' | 'SigIgn'): bigint {
  const digits = new RegExp(`^${field}:\\s+([0-9a-f]+)$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  assert.ok(digits !== undefined);
  return BigInt(`0x${digits}`);
}

/** Open files of this process, above the usual three, that are not closed by execve(2). */
function inheritable(): readonly string[] {
  return readdirSync('/proc/self/fd').filter((file) => {
    try {
      const flags = /^flags:\s+([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${file}`, 'latin1'))?.[1] ?? '0';
      return Number(file) > 2 && (Number.parseInt(flags, 8) & 0o2000000) === 0;
    } catch {
      return false;
    }
  });
}

function spawnersOf(directory: string): readonly number[] {
  return listProcesses().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/exe`).startsWith(`${directory}/spawner/`);
    } catch {
      return false;
    }
  });
}

const open = starters.spawner as Open;

test('the spawner starts a command in its cgroup, which it makes', { skip: withoutCgroups }, async (context) => {
  const all = fixture(context, open);
  const { cgroups } = scriptFixture(all.directory);
  const cgroup = cgroups.place('web.a');
  assert.ok(cgroup !== undefined);
  const children = await all.started(shell('sleep 600 & exec sleep 600'), { cgroup });
  assert.ok(isPopulated(cgroup));
  await until('its child', () => listCgroup(cgroup).length === 2);
  assert.ok(listCgroup(cgroup).includes(children.identity.pid));
  await cgroups.kill('web.a', 'exec');
  assert.deepEqual(await children.ended, { kind: 'signalled', signal: 'SIGKILL' });
  const { identity } = await all.started(sleeper, { cgroup });
  assert.ok(isRunning(identity) && isPopulated(cgroup), 'also one that was killed before');
  await cgroups.kill('web.a', 'exec');
  cgroups.tidy('web.a');
});

test('a cgroup that cannot be had is no reason not to start a command', async (context) => {
  const { started, directory } = fixture(context, open);
  mkdirSync(join(directory, 'no-cgroup'));
  for (const cgroup of [join(directory, 'no-cgroup'), '/proc/no/such', '/etc/passwd']) {
    assert.deepEqual(await (await started(shell('exit 3'), { cgroup })).ended, { kind: 'exited', code: 3 });
  }
});

test('a spawner that is killed takes nothing along, and the next start has a new one', async (context) => {
  const all = fixture(context, open);
  const running = await Promise.all(Array.from({ length: 50 }, () => all.started(sleeper)));
  const [first] = spawnersOf(all.directory);
  assert.ok(first !== undefined);
  process.kill(first, 'SIGKILL');
  const ends = await Promise.all(running.map(({ ended }) => ended));
  assert.ok(ends.every(({ kind }) => kind === 'untold'));
  assert.ok(running.every(({ identity }) => isRunning(identity)));
  assert.deepEqual(await (await all.started(shell('exit 4'))).ended, { kind: 'exited', code: 4 });
  assert.notDeepEqual(spawnersOf(all.directory), [first]);
});

test('what a spawner was starting when it was killed runs once', async (context) => {
  const all = fixture(context, open);
  await (await all.started(shell('exit 0'))).ended;
  const [first] = spawnersOf(all.directory);
  assert.ok(first !== undefined);
  const tokens = Array.from({ length: 100 }, (_, index) => `${all.directory}/${index}`);
  const starts = tokens.map((token) => all.started(sleeper, { token }));
  await starts[0];
  process.kill(first, 'SIGKILL');
  const identities = (await Promise.all(starts)).map(({ identity }) => identity);
  assert.ok(identities.every(isRunning));
  await settleExecutions();
  const carriers = listProcesses().filter((pid) =>
    readEnvironmentValues(pid, runVariable).some((token) => token.startsWith(`${all.directory}/`)),
  );
  assert.deepEqual(
    carriers.sort((a, b) => a - b),
    identities.map(({ pid }) => pid).sort((a, b) => a - b),
  );
});

test('a spawner that hangs is given up, and what it was to start is started', async (context) => {
  const { starter, directory, log, started } = fixture(context, open);
  await (await started(shell('exit 0'))).ended;
  const [first] = spawnersOf(directory);
  assert.ok(first !== undefined);
  process.kill(first, 'SIGSTOP');
  const launch = { path: '/bin/true', argv: ['true'], environment: {}, directory: '/', owner: undefined, limits: {} };
  const result = await starter.start(launch, { token: directory, log, cgroup: undefined, deadlineMs: 200 });
  assert.ok(result.kind === 'started');
  assert.deepEqual(await result.process.ended, { kind: 'exited', code: 0 });
  assert.ok(!spawnersOf(directory).includes(first));
});

test('a spawner that is always killed is left alone for a while', async (context) => {
  const reasons: string[] = [];
  const all = fixture(context, (_context, directory) =>
    spawnerStarter(context, directory, { otherwise: nodeStarter, onTrouble: (reason) => reasons.push(reason) }),
  );
  for (let round = 1; round <= 3; round += 1) {
    await (await all.started(shell('exit 0'))).ended;
    for (const pid of spawnersOf(all.directory)) process.kill(pid, 'SIGKILL');
    await until('its end', () => reasons.length === round);
  }
  const { ended, isInCgroup } = await all.started(shell('exit 6'));
  assert.deepEqual([await ended, isInCgroup], [{ kind: 'exited', code: 6 }, false]);
  assert.deepEqual(reasons, ['ended by SIGKILL', 'ended by SIGKILL', 'ended by SIGKILL']);
});

const unusable: readonly [string, Buffer | undefined, RegExp][] = [
  ['none was built', undefined, /has none for this machine/],
  ['it is no program', Buffer.from('\x7fELF of another machine'), /ENOEXEC|EACCES|exit code/],
  ['it is another program', Buffer.from('#!/bin/sh\nexit 3\n'), /^exit code 3$/],
  ['it does not say what a spawner says', Buffer.from('#!/bin/sh\necho hello; exec sleep 600\n'), /does not say/],
];

for (const [why, binary, reason] of unusable) {
  test(`commands are started without a spawner when ${why}`, async (context) => {
    const reasons: string[] = [];
    const all = fixture(context, (_context, directory) =>
      spawnerStarter(context, directory, {
        otherwise: nodeStarter,
        onTrouble: (text) => reasons.push(text),
        binary: async () => binary,
      }),
    );
    const starts = [all.started(shell('exit 1')), all.started(shell('exit 2'))];
    const ends = await Promise.all(starts.map(async (start) => (await start).ended));
    assert.deepEqual(
      ends.map((end) => end.kind === 'exited' && end.code),
      [1, 2],
    );
    await all.started(shell('exit 3'));
    assert.equal(reasons.length, 1, 'it is said once');
    assert.match(reasons[0] ?? '', reason);
  });
}

test('a program that somebody has changed is put there anew, and what an older agent left goes', async (context) => {
  const all = fixture(context, open);
  await (await all.started(shell('exit 0'))).ended;
  const [first] = spawnersOf(all.directory);
  const path = readlinkSync(`/proc/${first}/exe`);
  all.starter.close();
  await settleSpawners(join(all.directory, 'spawner'));
  const program = readFileSync(path);
  writeFileSync(path, '#!/bin/sh\necho ready\n');
  writeFileSync(join(all.directory, 'spawner', 'cpe-spawner-0000'), '');
  const next = spawnerStarter(context, all.directory);
  const launch = { path: '/bin/true', argv: ['true'], environment: {}, directory: '/', owner: undefined, limits: {} };
  const how = { token: 't', log: all.log, cgroup: undefined, deadlineMs: 10_000 };
  assert.equal((await next.start(launch, how)).kind, 'started');
  assert.deepEqual(readFileSync(path), program);
  assert.throws(() => statSync(join(all.directory, 'spawner', 'cpe-spawner-0000')));
});

test('what an agent that was killed had begun to start is a command, or nothing, before the next one looks', async (context) => {
  const all = fixture(context, open);
  await (await all.started(shell('exit 0'))).ended;
  const program = readlinkSync(`/proc/${spawnersOf(all.directory)[0]}/exe`);
  all.starter.close();
  // One that its agent has left, and that hangs.
  const left = spawn(program, [], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
  assert.ok(left.pid !== undefined && left.stdout !== null);
  await new Promise((resolve) => left.stdout?.once('data', resolve));
  process.kill(left.pid, 'SIGSTOP');
  const next = spawnerStarter(context, all.directory);
  await next.settle();
  assert.deepEqual(spawnersOf(all.directory), []);
  next.prepare();
  await next.settle();
  assert.equal(spawnersOf(all.directory).length, 1, 'its own is left alone');
});

/**
 * Executes its arguments with every signal ignored and blocked, which only the kernel's own calls can do for 32 and 33:
 * rt_sigaction(2) with SIG_IGN, rt_sigprocmask(2) with SIG_SETMASK.
 */
const deafness = `
my ($action, $mask) = (0 + shift, 0 + shift);
my ($ignored, $all) = (pack('Q4', 1), pack('Q', ~0));
syscall($action, $_, $ignored, 0, 8) for 1..64;
syscall($mask, 2, $all, 0, 8) == 0 or die;
exec { $ARGV[0] } @ARGV or die;`;
const systemCalls: Partial<Record<NodeJS.Architecture, readonly [sigaction: string, sigprocmask: string]>> = {
  x64: ['13', '14'],
  arm64: ['134', '135'],
};

test('a spawner that inherits every signal ignored and blocked hands on none', async (context) => {
  const all = fixture(context, open);
  await (await all.started(shell('exit 0'))).ended;
  const program = readlinkSync(`/proc/${spawnersOf(all.directory)[0]}/exe`);
  const calls = systemCalls[process.arch];
  assert.ok(calls !== undefined, process.arch);
  const deaf = spawn('perl', ['-e', deafness, ...calls, program], { stdio: ['pipe', 'pipe', 'inherit'] });
  context.after(() => deaf.kill('SIGKILL'));
  const told = createInterface({ input: deaf.stdout });
  const lines: string[] = [];
  told.on('line', (line) => lines.push(line));
  await until('it is ready', () => lines.length === 1);
  assert.ok(deaf.pid !== undefined);
  assert.equal(signalMask(deaf.pid, 'SigIgn'), 0n);
  const argv = ['sleep', '600'];
  const launch = { path: '/bin/sleep', argv, environment: {}, directory: '/', owner: undefined, limits: {} };
  const how = { token: all.directory, log: all.log, cgroup: undefined, deadlineMs: 10_000 };
  deaf.stdin.write(encodeRequest('one', launch, how));
  await until('it has started the command', () => lines.length === 2);
  const pid = Number(/^started one (\d+) /.exec(lines[1] ?? '')?.[1]);
  context.after(() => process.kill(pid, 'SIGKILL'));
  assert.equal(signalMask(pid, 'SigIgn'), 0n);
  assert.equal(signalMask(pid, 'SigBlk'), 0n);
  deaf.stdin.end();
  await new Promise((resolve) => deaf.once('close', resolve));
});

test('garbage ends a spawner with a message', async (context) => {
  const all = fixture(context, open);
  await (await all.started(shell('exit 0'))).ended;
  const program = readlinkSync(`/proc/${spawnersOf(all.directory)[0]}/exe`);
  const frame = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    return Buffer.concat([length, Buffer.from(text, 'latin1')]);
  };
  const strings = (...list: string[]) => frame(list.map((text) => `${text}\0`).join(''));
  const bad = [
    Buffer.from('GET / HTTP/1.1\r\n\r\n'),
    Buffer.from([0, 0, 0, 0]),
    Buffer.from([255, 255, 255, 255]),
    frame('no end'),
    strings('1', '/bin/true', '/', '/dev/null', '', '', '', '', '', '7', 'true'),
    strings('1', '/bin/true', '/', '/dev/null', '', '', '', '', '', '-1', 'true'),
    strings('1', '/bin/true', '/', '/dev/null', '', '', '', '', '', '0'),
    strings('1', '/bin/true', '/', '/dev/null', '', '-5', '0', '', '', '1', 'true'),
    strings('1', '/bin/true', '/', '/dev/null', '', '4294967295', '0', '', '', '1', 'true'),
    strings('1', '/bin/true', '/', '/dev/null', '', '1', '1', '1,,2', '', '1', 'true'),
    strings('1', '/bin/true', '/', '/dev/null', '', '', '', '5', '', '1', 'true'),
    strings('a b', '/bin/true', '/', '/dev/null', '', '', '', '', '', '1', 'true'),
    strings('x'.repeat(64), '/bin/true', '/', '/dev/null', '', '', '', '', '', '1', 'true'),
  ];
  for (const bytes of bad) {
    const child = spawn(program, [], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(bytes);
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.deepEqual([code, said.startsWith('cpe-spawner: this is no request')], [65, true], said);
  }
});
