import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { until } from './executors/executor-fixture.js';
import { openWatchdog, type WatchdogOptions } from './watchdog.js';

/** With a systemd-notify that writes down where it was to say what. */
function fixture(context: TestContext, environment: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), 'watchdog-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const log = join(directory, 'said');
  writeFileSync(join(directory, 'systemd-notify'), `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${log}\n`, { mode: 0o755 });
  const state = { isWorking: (): Promise<void> => Promise.resolve() };
  const options: WatchdogOptions = {
    environment: { PATH: `${directory}:/usr/bin:/bin`, ...environment },
    pid: process.pid,
    isWorking: () => state.isWorking(),
    log: () => undefined,
  };
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return { watchdog: openWatchdog(options), said, state };
}

const socket = '/run/systemd/notify';

test('without a service manager nothing is said', async (context) => {
  const { watchdog, said } = fixture(context, { WATCHDOG_USEC: '1000' });
  watchdog.ready();
  await watchdog.stopping();
  assert.deepEqual(said(), []);
});

test('the manager hears that the agent is ready, goes on working, and ends', async (context) => {
  const { watchdog, said } = fixture(context, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '100000' });
  watchdog.ready();
  await until('three words', () => said().filter((word) => word === `${socket} WATCHDOG=1`).length >= 3);
  await watchdog.stopping();
  assert.ok(said().includes(`${socket} --ready`));
  assert.ok(said().includes(`${socket} STOPPING=1`));
});

test('an agent that does not work, or of which that is not known, is not said to work', async (context) => {
  const { watchdog, said, state } = fixture(context, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '40000' });
  let asked = 0;
  state.isWorking = () => {
    asked += 1;
    return asked % 2 === 0 ? Promise.reject(new Error('EIO')) : new Promise(() => undefined);
  };
  watchdog.ready();
  await until('some questions', () => asked > 5);
  await watchdog.stopping();
  assert.deepEqual(
    said().filter((word) => word.includes('WATCHDOG')),
    [],
  );
});

for (const environment of [{ WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' }, {}]) {
  test(`nobody watches: ${JSON.stringify(environment)}`, async (context) => {
    const { watchdog, said } = fixture(context, { NOTIFY_SOCKET: socket, ...environment });
    watchdog.ready();
    await until('the word', () => said().length > 0);
    await watchdog.stopping();
    assert.deepEqual(said().sort(), [`${socket} --ready`, `${socket} STOPPING=1`]);
  });
}
