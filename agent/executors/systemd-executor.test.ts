import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { connectSystemd } from '../systemd/connect-systemd.js';
import { memoryJournal, run, temporaryDirectory } from './executor-fixture.js';
import { systemdExecutor } from './systemd-executor.js';

const directory = temporaryDirectory();
const systemd = connectSystemd(`unix:path=${directory}/no-bus`);
after(() => systemd.close());

test('a machine that systemd has not booted has no units, and none runs there', async () => {
  const executor = systemdExecutor({
    systemd,
    journal: memoryJournal(),
    onChange: () => undefined,
    isBooted: () => false,
  });
  for (const name of ['monitor', 'start', 'reload']) {
    const { rc, status, exitReason } = await run(executor, name, { type: 'nginx' });
    assert.deepEqual([rc, status], [5, 'not-installed'], name);
    assert.match(exitReason, /systemd has not booted this instance/);
  }
  assert.equal((await run(executor, 'stop', { type: 'nginx' })).rc, 0);
  assert.equal(executor.watch('web.a'), undefined);
  executor.close();
});

test('where only the bus is missing nobody knows what runs', async () => {
  const executor = systemdExecutor({
    systemd,
    journal: memoryJournal(),
    onChange: () => undefined,
    isBooted: () => true,
  });
  for (const name of ['monitor', 'start', 'stop']) {
    const { rc, status, exitReason } = await run(executor, name, { type: 'nginx' });
    assert.deepEqual([rc, status], [1, 'error'], name);
    assert.match(exitReason, /systemd cannot be reached over D-Bus: no message bus: ENOENT/);
  }
  executor.close();
});
