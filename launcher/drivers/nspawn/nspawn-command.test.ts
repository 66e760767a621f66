import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { containerNames } from './container.js';
import { type ContainerPlan, groupsOfCommand, nspawnCommand } from './nspawn-command.js';

const plan: ContainerPlan = {
  names: containerNames('/home', 'one', 'shop.db.one.1'),
  hostname: 'db',
  tree: '/images/a:b\\c/tree',
  upper: '/var/upper',
  bridge: 'cpe01234567',
  cgroups: ['/sys/fs/cgroup/a b', '/sys/fs/cgroup/c'],
  credentials: new Map([['cpe.identity', '/var/identity.json']]),
};

describe('the command of a container', () => {
  test('names what belongs to it, and no secret', () => {
    const command = nspawnCommand(plan);
    for (const part of [
      '--overlay=/images/a\\:b\\\\c/tree:/var/upper:/',
      '--directory=/images/a:b\\c/tree',
      '--network-bridge=cpe01234567',
      '--hostname=db',
      `--machine=${plan.names.machine}`,
      '--load-credential=cpe.identity:/var/identity.json',
    ]) {
      assert.ok(command.includes(part), part);
    }
  });

  test('tells its groups again', () => {
    assert.deepEqual(groupsOfCommand(nspawnCommand(plan)), plan.cgroups);
    assert.deepEqual(groupsOfCommand(['/bin/sh', '-c', 'sleep 1', 'sh', '/sys', '--']), []);
    assert.deepEqual(groupsOfCommand([]), []);
  });

  /** With another program in the place of systemd-nspawn, and files in the place of groups. */
  const run = (groups: readonly string[], program: readonly string[]) => {
    const command = nspawnCommand({ ...plan, cgroups: groups });
    const [shell = '', ...args] = [...command.slice(0, command.indexOf('--') + 1), ...program];
    return spawnSync(shell, args, { encoding: 'utf8' });
  };

  test('joins its groups, runs again what was rebooted, and ends as it has ended', () => {
    const directory = mkdtempSync(join(tmpdir(), 'cpe-nspawn-command-'));
    try {
      const groups = ['one', 'the other'].map((name) => join(directory, name));
      execFileSync('mkdir', groups);
      const count = join(directory, 'count');
      const program = ['sh', '-c', `echo again >>${count}; [ $(wc -l <${count}) = 3 ] && exit 7; exit 133`];
      assert.equal(run(groups, program).status, 7);
      assert.equal(readFileSync(count, 'utf8'), 'again\nagain\nagain\n');
      for (const group of groups) assert.equal(readFileSync(join(group, 'cgroup.procs'), 'utf8'), '0\n');
      writeFileSync(count, '');
      const missing = run([join(directory, 'missing')], program);
      assert.equal(missing.status, 1, 'it does not start outside of its groups');
      assert.equal(readFileSync(count, 'utf8'), '');
      assert.equal(run(groups, ['sh', '-c', 'kill -9 $$']).status, 137);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
