import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type FencingOutcome, runFencer } from './run-fencer.js';

/** A power switch as a shell script: `$action` from standard input, its state and a log of actions in files. */
const preamble = `#!/bin/sh
while IFS='=' read -r key value; do
  case "$key" in action) action=$value;; nodename) nodename=$value;; passwd) passwd=$value;; esac
done
cd "$(dirname "$0")" && echo "$action $nodename" >> log
`;

const withState = `
case $action in
  off) echo off > state;;
  on) echo on > state;;
  status) [ "$(cat state 2>/dev/null)" = off ] && exit 2; exit 0;;
esac
`;

interface Situation {
  readonly name: string;
  readonly script: string;
  readonly operation?: 'off' | 'reboot';
  readonly timeoutMs?: number;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Does not read its input. */
  readonly isDeaf?: boolean;
  readonly kind: FencingOutcome['kind'];
  readonly says: RegExp;
  /** Actions in order; undefined: not compared. */
  readonly log?: readonly string[];
}

const situations: readonly Situation[] = [
  {
    name: 'switches the host off and says so is believed',
    script: withState,
    kind: 'fenced',
    says: /off ended with 0; its status says that it is off$/,
    log: ['off h1', 'status h1'],
  },
  {
    name: 'is to reboot a host switches it on again after the proof',
    script: withState,
    operation: 'reboot',
    kind: 'fenced',
    says: /status says that it is off; on ended with 0$/,
    log: ['off h1', 'status h1', 'on h1'],
  },
  {
    name: 'cannot switch it on again has fenced it all the same',
    script: `${withState}\n[ "$action" = on ] && exit 1`,
    operation: 'reboot',
    kind: 'fenced',
    says: /on ended with 1$/,
  },
  {
    name: 'has no status is believed by its exit code',
    script: '[ "$action" = off ] || { echo "no such action"; exit 1; }',
    kind: 'fenced',
    says: /it has no status \(status ended with 1, and said "no such action"\)/,
  },
  {
    name: 'says done while the host stays on is not believed',
    script: 'exit 0',
    timeoutMs: 1_200,
    kind: 'failed',
    says: /status says that it is on/,
  },
  {
    name: 'fails on a host that is off already has fenced it',
    script: '[ "$action" = status ] && exit 2; exit 1',
    kind: 'fenced',
    says: /off ended with 1; its status says that it is off/,
  },
  {
    name: 'fails has not fenced anything',
    script: 'echo "no route to 10.0.0.1" >&2; exit 1',
    kind: 'failed',
    says: /off ended with 1, and said "no route to 10.0.0.1"/,
    log: ['off h1', 'status h1'],
  },
  {
    name: 'does not end is killed, with what it has started',
    script: 'sleep 600 & echo $! > child; wait',
    timeoutMs: 500,
    kind: 'failed',
    says: /off was killed: it did not end in time \(500 ms\)/,
  },
  {
    name: 'dies of a signal has failed',
    script: 'kill -9 $$',
    kind: 'failed',
    says: /off was killed: signal SIGKILL/,
  },
  {
    name: 'floods its output is quoted with the end of it',
    script: 'head -c 3000000 /dev/urandom; echo; echo the end >&2; exit 1',
    kind: 'failed',
    says: /.{1,600}$/s,
  },
  {
    name: 'prints its password is quoted without it',
    script: 'echo "login with $passwd failed"; exit 1',
    parameters: { passwd: 'hunter2' },
    kind: 'failed',
    says: /said "login with \*\*\* failed"/,
  },
  {
    name: 'reads nothing of its input may do so',
    script: 'exit 1',
    isDeaf: true,
    parameters: { large: 'x'.repeat(2_000_000) },
    kind: 'failed',
    says: /^off ended with 1$/,
  },
  {
    name: 'never says what the status is, is not believed',
    script: '[ "$action" = off ] || sleep 600',
    timeoutMs: 700,
    kind: 'failed',
    says: /off ended with 0; status was killed/,
  },
];

for (const {
  name,
  script,
  operation = 'off',
  timeoutMs = 20_000,
  parameters = {},
  isDeaf = false,
  kind,
  says,
  log,
} of situations) {
  test(`a fencer that ${name}`, () =>
    inDirectory(async (directory) => {
      const command = [await program(directory, isDeaf ? '#!/bin/sh\n' : preamble, script)];
      const expiresAt = Date.now() + timeoutMs;
      const fencer = { command, parameters, timeoutMs };
      const outcome = await runFencer({ host: 'h1', operation, fencer, expiresAt });
      assert.equal(outcome.kind, kind, JSON.stringify(outcome));
      const text = outcome.kind === 'fenced' ? outcome.evidence : outcome.reason;
      assert.match(text, says);
      assert.ok(text.length < 2_000, `bounded, not ${text.length} characters`);
      const lines = (await readFile(join(directory, 'log'), 'utf8').catch(() => '')).trim().split('\n');
      if (log !== undefined) assert.deepEqual(lines, log);
      const child = Number(await readFile(join(directory, 'child'), 'utf8').catch(() => '0'));
      if (child > 0) await untilGone(child);
    }));
}

test('a fencer that is not there, or has no command, has failed', async () => {
  const run = (command: readonly string[]) =>
    runFencer({
      host: 'h1',
      operation: 'off',
      fencer: { command, parameters: {}, timeoutMs: 5_000 },
      expiresAt: Date.now() + 5_000,
    });
  const missing = await run(['/nonexistent/fence_me']);
  assert.ok(missing.kind === 'failed');
  assert.match(missing.reason, /off could not be run: .*ENOENT/);
  assert.deepEqual(await run([]), { kind: 'failed', reason: 'the fencer has no command' });
});

test('a parameter cannot smuggle in another one', async () => {
  const fencer = { command: ['/bin/true'], parameters: { ip: '10.0.0.1\naction=on' }, timeoutMs: 5_000 };
  const outcome = await runFencer({ host: 'h1', operation: 'off', fencer, expiresAt: Date.now() + 5_000 });
  assert.ok(outcome.kind === 'failed');
  assert.match(outcome.reason, /parameter "ip" cannot be passed/);
});

test('letting go ends a fencer at once', () =>
  inDirectory(async (directory) => {
    const command = [await program(directory, preamble, 'echo $$ > child; sleep 600')];
    const letGo = new AbortController();
    const fencer = { command, parameters: {}, timeoutMs: 60_000 };
    const running = runFencer({ host: 'h1', operation: 'off', fencer, expiresAt: Date.now() + 60_000 }, letGo.signal);
    const pid = await until(async () => Number(await readFile(join(directory, 'child'), 'utf8').catch(() => '')));
    letGo.abort();
    const outcome = await running;
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.reason, /lets go of the deployable/);
    await untilGone(pid);
  }));

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'run-fencer-'));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function program(directory: string, head: string, script: string): Promise<string> {
  const path = join(directory, 'fence_test');
  await writeFile(path, `${head}${script}\n`);
  await chmod(path, 0o755);
  return path;
}

async function untilGone(pid: number): Promise<void> {
  await until(async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    return stat === undefined || stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  });
}

/** The first true answer within ten seconds. */
async function until<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    assert.ok(Date.now() < deadline, 'not in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
