import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { configureExecutor } from './configure-executor.js';
import { run, scriptFixture, temporaryDirectory, writeScript } from './executor-fixture.js';

test('a configuration is remembered for exactly the parameters with which it succeeded', async () => {
  const directory = temporaryDirectory();
  const log = join(directory, 'log');
  const url = writeScript(
    join(directory, 'configure'),
    `echo "$color $OCF_RESKEY_color" >> ${log}; [ "$color" != bad ] || { echo "no such color" >&2; exit 3; }`,
  );
  const open = () =>
    configureExecutor({ directory: join(directory, 'done'), scripts: scriptFixture(directory).scripts });
  const with_ = (color: string, location = url) => ({ class: 'configure', parameters: { url: location, color } });
  const executor = open();
  const rcs: number[] = [];
  for (const [name, color] of [
    ['monitor', 'red'],
    ['start', 'red'],
    ['monitor', 'red'],
    ['monitor', 'blue'],
    ['stop', 'red'],
    ['monitor', 'red'],
    ['start', 'blue'],
    ['monitor', 'blue'],
    ['monitor', 'red'],
  ] as const) {
    rcs.push((await run(executor, name, with_(color))).rc);
  }
  assert.deepEqual(rcs, [7, 0, 0, 7, 0, 0, 0, 0, 7]);
  assert.equal((await run(open(), 'monitor', with_('blue'))).rc, 0, 'also by the next agent');

  const bad = await run(executor, 'start', with_('bad'));
  assert.deepEqual([bad.rc, bad.exitReason], [1, `${url}: no such color`]);
  assert.equal((await run(executor, 'monitor', with_('bad'))).rc, 7);
  assert.equal((await run(executor, 'start', with_('red', pathToFileURL(url).href))).rc, 0);
  assert.equal(readFileSync(log, 'utf8'), 'red red\nblue blue\nbad bad\nred red\n');
});

test('an executable that cannot be found or named is a precise error', async () => {
  const directory = temporaryDirectory();
  const executor = configureExecutor({ directory, scripts: scriptFixture(directory).scripts });
  const table = [
    { url: join(directory, 'absent'), rc: 5, reason: `${join(directory, 'absent')}: there is no such file` },
    { url: '', rc: 6, reason: 'configure: "" is no absolute path or file: URL' },
    { url: 'http://example/x', rc: 6, reason: 'configure: "http://example/x" is no absolute path or file: URL' },
  ];
  for (const { url, rc, reason } of table) {
    const done = await run(executor, 'start', { class: 'configure', parameters: { url } });
    assert.deepEqual([done.rc, done.exitReason], [rc, reason]);
  }
});
