import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, scriptFixture, temporaryDirectory, writeScript } from './executor-fixture.js';
import { initScriptEnvironment } from './init-script-environment.js';
import { lsbExecutor } from './lsb-executor.js';
import { unsupportedExecutor } from './unsupported-executor.js';

test('exit codes of init scripts become OCF codes', async () => {
  const directory = temporaryDirectory();
  const executor = lsbExecutor({ directory, scripts: scriptFixture(directory).scripts });
  writeScript(join(directory, 'service'), 'echo "$1" >&2; exit $(cat "$0.$1")');
  const table = [
    { name: 'monitor', action: 'status', code: 0, rc: 0 },
    { name: 'monitor', action: 'status', code: 1, rc: 7 },
    { name: 'monitor', action: 'status', code: 2, rc: 7 },
    { name: 'monitor', action: 'status', code: 3, rc: 7 },
    { name: 'monitor', action: 'status', code: 4, rc: 1 },
    { name: 'status', action: 'status', code: 3, rc: 7 },
    { name: 'start', action: 'start', code: 0, rc: 0 },
    { name: 'start', action: 'start', code: 5, rc: 5 },
    { name: 'stop', action: 'stop', code: 1, rc: 1 },
    { name: 'stop', action: 'stop', code: 77, rc: 1 },
  ];
  for (const { name, action, code, rc } of table) {
    writeFileSync(join(directory, `service.${action}`), String(code));
    const done = await run(executor, name, { class: 'lsb', type: 'service' });
    assert.equal(done.rc, rc, `${name} ${code}`);
    assert.match(done.output, new RegExp(`^${action}\n`));
  }
  assert.equal((await run(executor, 'promote', { class: 'lsb', type: 'service' })).rc, 3);
  const absent = await run(executor, 'start', { class: 'lsb', type: 'absent' });
  assert.deepEqual([absent.rc, absent.exitReason], [5, `${join(directory, 'absent')}: there is no such file`]);
});

test('init scripts hand over to units only where systemd has booted the instance itself', () => {
  const root = temporaryDirectory();
  for (const directory of ['proc/1', 'run/systemd/system']) mkdirSync(join(root, directory), { recursive: true });
  writeFileSync(join(root, 'proc/1/comm'), 'systemd\n');
  assert.equal(initScriptEnvironment(root).SYSTEMCTL_SKIP_REDIRECT, undefined);
  writeFileSync(join(root, 'proc/1/comm'), 'cpe-instance-in\n');
  assert.equal(initScriptEnvironment(root).SYSTEMCTL_SKIP_REDIRECT, '1');
});

test('a class that cannot be run is named, and stopping it is good', async () => {
  const unknown = await run(unsupportedExecutor, 'start', { class: 'nagios', type: 'x' });
  assert.deepEqual([unknown.rc, unknown.status], [5, 'not-installed']);
  assert.equal(unknown.exitReason, 'resource class "nagios" is not known');
  assert.equal((await run(unsupportedExecutor, 'stop', { class: 'nagios', type: 'x' })).rc, 0);
});
