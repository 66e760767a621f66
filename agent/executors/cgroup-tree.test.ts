import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { openCgroupTree } from './cgroup-tree.js';
import { temporaryDirectory, withoutCgroups } from './executor-fixture.js';

test('instances of the same name, of two coordinators on one machine, share nothing', {
  skip: withoutCgroups,
}, async () => {
  const instance = `shop.web.local.${process.pid}-1`;
  const trees = [temporaryDirectory(), temporaryDirectory()].map((stateDirectory) =>
    openCgroupTree({ instance, stateDirectory }),
  );
  const [one, other] = trees;
  const group = one?.enter('web.a', 'run', 'run.1');
  const child = spawn('sh', ['-c', `echo 0 >${group}/cgroup.procs; echo ready; exec sleep 600`]);
  await once(child.stdout, 'data');
  assert.equal(other?.populated('web.a', 'run'), undefined);
  assert.deepEqual(await other?.kill('web.a', 'run'), []);
  assert.ok(one?.populated('web.a', 'run'));
  const ended = once(child, 'exit');
  assert.deepEqual(await one?.kill('web.a', 'run'), []);
  await ended;
  for (const tree of trees) tree.close();
});
